-- Versions and sequences only rise: receivers keep the highest, so one that fell
-- would hide every later fact.
create function never_falls() returns trigger language plpgsql as $$
begin
    if new.anchor_version < old.anchor_version or new.sequence < old.sequence then
        raise exception 'a version or a sequence of % fell', tg_table_name
            using errcode = 'check_violation', constraint = tg_table_name || '_never_falls';
    end if;
    return new;
end $$;

create table event (
    id uuid constraint event_pkey primary key,
    kind text not null,
    title text not null,
    anchor jsonb not null,
    -- Order of timelines: 0 dated, 1 window, 2 undated (which ends in the year 9999).
    anchor_group smallint not null,
    anchor_from timestamptz not null,
    anchor_until timestamptz not null,
    anchor_version bigint not null,
    place jsonb not null,
    organiser uuid not null,
    lead_unit uuid not null,
    plan uuid,
    plan_item uuid,
    document jsonb not null,
    chair text not null,
    agenda text[] not null,
    bring text not null,
    reply_by date,
    class text not null,
    state text not null,
    reason text not null,
    sequence bigint not null,
    revision bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint event_plan_item_fkey foreign key (plan_item, plan) references plan_item (id, plan),
    constraint event_plan_item_whole check ((plan is null) = (plan_item is null)),
    constraint event_kind_known check (kind in (
        'ceremony', 'seminar', 'information_meeting', 'meeting', 'dialogue', 'training', 'fair',
        'visit')),
    constraint event_class_known
        check (class in ('legal_deadline', 'invitation', 'care', 'advert')),
    constraint event_state_known
        check (state in ('draft', 'scheduled', 'postponed', 'cancelled', 'completed')),
    constraint event_title_length check (char_length(title) between 1 and 300),
    constraint event_agenda_length check (cardinality(agenda) <= 40),
    constraint event_anchor_group_known check (anchor_group between 0 and 2),
    constraint event_anchor_ordered check (anchor_until >= anchor_from),
    constraint event_anchor_version_positive check (anchor_version >= 1),
    constraint event_revision_positive check (revision >= 1),
    -- A draft was told to nobody; everything announced was told at least once.
    constraint event_draft_untold check (state <> 'draft' or sequence = 0),
    constraint event_announced_told
        check (state not in ('scheduled', 'postponed', 'completed') or sequence >= 1),
    constraint event_postponed_undated check (state <> 'postponed' or anchor_group = 2),
    constraint event_updated_after_entry check (updated_at >= created_at)
);
create trigger event_never_falls before update on event
    for each row execute function never_falls();
create index event_by_time on event (anchor_group, anchor_from, id);
create index event_by_plan_item on event (plan_item) where plan_item is not null;

create table invitation (
    id uuid constraint invitation_pkey primary key,
    event uuid not null constraint invitation_event_fkey references event (id),
    organisation uuid not null,
    positions text[] not null,
    state text not null,
    attendees integer not null,
    answered_by text,
    answered_at timestamptz,
    answered_version bigint,
    constraint invitation_party_key unique (event, organisation),
    constraint invitation_state_known
        check (state in ('invited', 'accepted', 'declined', 'withdrawn')),
    constraint invitation_positions_known check (positions <@ array[
        'chair', 'director', 'accountant', 'supervisor', 'office', 'head', 'officer']),
    constraint invitation_attendees_range check (attendees between 0 and 500),
    constraint invitation_answer_whole
        check (num_nonnulls(answered_by, answered_at, answered_version) in (0, 3)),
    constraint invitation_answer_known check (answered_by in ('page', 'code', 'officer')),
    constraint invitation_answered
        check (state not in ('accepted', 'declined') or answered_by is not null),
    constraint invitation_declined_alone check (state <> 'declined' or attendees = 0)
);
