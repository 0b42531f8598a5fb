create table deadline (
    id uuid constraint deadline_pkey primary key,
    kind text not null,
    title text not null,
    anchor jsonb not null,
    -- As in event.
    anchor_group smallint not null,
    anchor_from timestamptz not null,
    anchor_until timestamptz not null,
    anchor_version bigint not null,
    organiser uuid not null,
    lead_unit uuid not null,
    plan uuid,
    plan_item uuid,
    document jsonb not null,
    contents text[] not null,
    submit_to text not null,
    class text not null,
    state text not null,
    reason text not null,
    claim_submission uuid,
    claim_organisation uuid,
    sequence bigint not null,
    revision bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint deadline_plan_item_fkey
        foreign key (plan_item, plan) references plan_item (id, plan),
    constraint deadline_plan_item_whole check ((plan is null) = (plan_item is null)),
    constraint deadline_kind_known check (kind in ('report', 'task', 'claim_confirmation')),
    constraint deadline_class_known
        check (class in ('legal_deadline', 'invitation', 'care', 'advert')),
    constraint deadline_state_known check (state in ('open', 'closed', 'cancelled')),
    constraint deadline_title_length check (char_length(title) between 1 and 300),
    constraint deadline_contents_length check (cardinality(contents) <= 40),
    constraint deadline_anchor_group_known check (anchor_group between 0 and 2),
    constraint deadline_anchor_ordered check (anchor_until >= anchor_from),
    constraint deadline_anchor_version_positive check (anchor_version >= 1),
    constraint deadline_revision_positive check (revision >= 1),
    constraint deadline_told check (sequence >= 1),
    constraint deadline_claim_fits check (
        num_nonnulls(claim_submission, claim_organisation)
        = case kind when 'claim_confirmation' then 2 else 0 end),
    constraint deadline_updated_after_entry check (updated_at >= created_at)
);
create trigger deadline_never_falls before update on deadline
    for each row execute function never_falls();
create index deadline_by_time on deadline (anchor_group, anchor_from, id);
create index deadline_by_plan_item on deadline (plan_item) where plan_item is not null;

create table submission (
    id uuid constraint submission_pkey primary key,
    deadline uuid not null constraint submission_deadline_fkey references deadline (id),
    organisation uuid not null,
    state text not null,
    state_at timestamptz not null,
    remark text not null,
    constraint submission_party_key unique (deadline, organisation),
    constraint submission_state_known
        check (state in ('awaited', 'claimed', 'submitted', 'exempt'))
);
create index submission_owed on submission (deadline) where state in ('awaited', 'claimed');

alter table deadline add constraint deadline_claim_fkey
    foreign key (claim_submission) references submission (id);
-- The unit in charge is asked once per claim.
create unique index deadline_claim_key on deadline (claim_submission)
    where claim_submission is not null and state = 'open';
