-- A batch of admissions (đợt kết nạp) with the day by which it must be finished.
create table admission_batch (
    id                         uuid        not null,
    batch                      text        not null,
    deadline_date              date        not null,
    deadline_bound             text        not null,
    lead_unit_id               uuid        not null,
    organiser_id               uuid        not null,
    document_number_as_printed text        not null default '',
    document_number            text        not null default '',
    document_issuer            text        not null default '',
    document_date              date,
    document_dates_seen        date[]      not null default '{}',
    document_title             text        not null default '',
    document_uri               text        not null default '',
    state                      text        not null,
    created_at                 timestamptz not null,
    updated_at                 timestamptz not null,
    -- Rises with every change: the etag, and the sequence of its obligation.
    version                    bigint      not null,
    -- Rises when the last day changes.
    anchor_version             bigint      not null,

    constraint admission_batch_pkey primary key (id),
    constraint admission_batch_batch_key unique (batch),
    constraint admission_batch_lead_unit_fkey foreign key (lead_unit_id) references organisation (id),
    constraint admission_batch_organiser_fkey foreign key (organiser_id) references organisation (id),
    constraint admission_batch_batch_length check (char_length(batch) between 1 and 40),
    constraint admission_batch_bound_known check (deadline_bound in ('through', 'before')),
    constraint admission_batch_state_known check (state in ('open', 'completed')),
    constraint admission_batch_version_positive check (version > 0),
    constraint admission_batch_anchor_version_positive check (anchor_version > 0)
);

create index admission_batch_by_update_time on admission_batch (updated_at, id);

create table admission_applicant (
    batch_id        uuid not null,
    organisation_id uuid not null,
    admitted_at     timestamptz,

    constraint admission_applicant_pkey primary key (batch_id, organisation_id),
    constraint admission_applicant_batch_fkey foreign key (batch_id) references admission_batch (id),
    constraint admission_applicant_organisation_fkey foreign key (organisation_id) references organisation (id)
);

-- An admission looks for the open places of one applicant.
create index admission_applicant_open on admission_applicant (organisation_id)
    where admitted_at is null;
