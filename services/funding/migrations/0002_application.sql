-- Applications for support and what the notifier must remind of about them.

create table application (
    id                uuid        not null,
    programme_id      uuid        not null,
    applicant_id      uuid        not null,
    purpose           text        not null,
    requested_vnd     bigint      not null,
    approved_vnd      bigint      not null default 0,
    disbursed_vnd     bigint      not null default 0,
    state             text        not null,
    missing_papers    text[]      not null default '{}',
    supplement_date   date,
    opinion           text        not null default '',
    appraiser         text,
    approver          text,
    decision_number   text        not null default '',
    disbursement_date date,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    version           bigint      not null,

    constraint application_pkey primary key (id),
    constraint application_programme_fkey foreign key (programme_id) references programme (id),
    constraint application_state_known check (state in ('submitted', 'supplement_requested', 'appraised',
        'approved', 'rejected', 'disbursed', 'withdrawn')),
    constraint application_amounts_in_order check (
        requested_vnd > 0 and approved_vnd between 0 and requested_vnd and disbursed_vnd between 0 and approved_vnd),
    constraint application_four_eyes check (approver is null or appraiser is null or approver <> appraiser),
    constraint application_appraised_by_somebody check (
        state not in ('appraised', 'approved', 'disbursed') or appraiser is not null),
    constraint application_approved_by_somebody check (
        state not in ('approved', 'disbursed') or (approver is not null and approved_vnd > 0 and decision_number <> '')),
    constraint application_supplement_complete check (
        state <> 'supplement_requested' or (supplement_date is not null and cardinality(missing_papers) > 0)),
    constraint application_version_positive check (version > 0)
);
create index application_by_programme on application (programme_id, created_at desc, id desc);
create index application_by_age on application (created_at desc, id desc);

alter table transfer add constraint transfer_application_fkey
    foreign key (application_id) references application (id);

-- Who pays out is neither who appraised nor who approved.
create function disburser_is_a_third_person() returns trigger language plpgsql as $$
begin
    if new.kind = 'disbursement' and exists (
        select 1 from application a
        where a.id = new.application_id and new.posted_by in (a.appraiser, a.approver)
    ) then
        raise exception using errcode = 'check_violation', constraint = 'disburser_is_a_third_person',
            message = 'who pays out is neither who appraised nor who approved';
    end if;
    return null;
end $$;
create constraint trigger disburser_is_a_third_person after insert on transfer
    deferrable initially deferred for each row execute function disburser_is_a_third_person();

create table obligation (
    id             uuid        not null,
    application_id uuid        not null,
    kind           text        not null,
    title          text        not null,
    last_day       date        not null,
    status         text        not null,
    lead_unit_id   uuid        not null,
    organiser_id   uuid        not null,
    -- The applicant, where it must do something; null where only the unit does.
    party_id       uuid,
    variables      jsonb       not null default '{}',
    attributes     jsonb       not null default '{}',
    anchor_version bigint      not null,
    sequence       bigint      not null,
    updated_at     timestamptz not null,

    constraint obligation_pkey primary key (id),
    constraint obligation_application_fkey foreign key (application_id) references application (id),
    constraint obligation_kind_known check (kind in ('funding_step', 'dossier_supplement', 'disbursement')),
    constraint obligation_status_known check (status in ('scheduled', 'satisfied', 'cancelled')),
    constraint obligation_sequence_positive check (sequence > 0 and anchor_version > 0)
);
create index obligation_by_update on obligation (updated_at, id);
create unique index obligation_open_key on obligation (application_id, kind) where status = 'scheduled';
