-- A person holding a position in an organisation (đầu mối), or its office.
create table contact (
    id                 uuid        not null,
    organisation_id    uuid        not null,
    person_name        text        not null default '',
    salutation         text        not null default '',
    position           text        not null,
    -- The order in which positions are listed.
    position_rank      integer     not null generated always as (array_position(array[
        'chair', 'director', 'accountant', 'supervisor', 'office', 'head', 'officer'], position)) stored,
    email              text        not null default '',
    phone              text        not null default '',
    phone_receives_sms boolean     not null default false,
    phone_shared       boolean     not null default false,
    language           text        not null,
    do_not_contact     boolean     not null default false,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    version            bigint      not null,

    constraint contact_pkey primary key (id),
    constraint contact_organisation_fkey foreign key (organisation_id) references organisation (id),
    constraint contact_position_known check (position in (
        'chair', 'director', 'accountant', 'supervisor', 'office', 'head', 'officer')),
    constraint contact_person_name_length check (char_length(person_name) <= 200),
    constraint contact_email_length check (char_length(email) <= 254),
    constraint contact_phone_shape check (phone ~ '^(\+84[0-9]{9,10})?$'),
    constraint contact_sms_needs_phone check (phone <> '' or not phone_receives_sms),
    constraint contact_language_known check (language in ('vi', 'en')),
    constraint contact_version_positive check (version > 0)
);

create index contact_by_organisation on contact (organisation_id, position_rank, id);

-- Consents and refusals with their evidence: every one is kept, the latest
-- of a purpose counts.
create table consent (
    id          uuid        not null,
    contact_id  uuid        not null,
    purpose     text        not null,
    granted     boolean     not null,
    evidence    text        not null,
    recorded_at timestamptz not null,

    constraint consent_pkey primary key (id),
    constraint consent_contact_fkey foreign key (contact_id) references contact (id),
    constraint consent_purpose_known check (purpose in ('work', 'advert')),
    constraint consent_has_evidence check (char_length(evidence) between 1 and 500)
);

-- Ids are time-ordered, so they decide between consents of the same instant.
create index consent_latest on consent (contact_id, purpose, recorded_at desc, id desc);

comment on table consent is 'append-only';
create trigger consent_append_only
    before update or delete or truncate on consent
    for each statement execute function append_only();
