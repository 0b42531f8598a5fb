create table plan (
    id uuid constraint plan_pkey primary key,
    issuer uuid not null,
    parent uuid constraint plan_parent_fkey references plan (id),
    title text not null,
    theme text not null,
    document jsonb not null,
    document_date date,
    number_year smallint,
    number text,
    span jsonb,
    peak jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    revision bigint not null,
    constraint plan_title_length check (char_length(title) between 1 and 300),
    constraint plan_theme_length check (char_length(theme) <= 300),
    constraint plan_revision_positive check (revision >= 1),
    constraint plan_not_its_own_parent check (parent <> id),
    constraint plan_number_whole check ((number_year is null) = (number is null)),
    constraint plan_number_length check (char_length(number) between 1 and 60)
);

-- The normal form holds type, body and running number, which starts again each
-- year: one plan per issuer, year and number. Drafts have none yet.
create unique index plan_number_key on plan (issuer, number_year, number)
    where number is not null;
create index plan_by_date on plan ((coalesce(document_date, date '0001-01-01')) desc, id desc);

create table plan_item (
    id uuid constraint plan_item_pkey primary key,
    plan uuid not null constraint plan_item_plan_fkey references plan (id),
    number text not null,
    title text not null,
    kind text not null,
    anchor jsonb not null,
    place text not null,
    lead_unit uuid,
    coordinating text[] not null,
    audience_roles text[] not null,
    remarks text[] not null,
    created_at timestamptz not null,
    revision bigint not null,
    -- What activities refer to, so that an item and its plan always fit.
    constraint plan_item_of_plan_key unique (id, plan),
    constraint plan_item_title_length check (char_length(title) between 1 and 300),
    constraint plan_item_number_length check (char_length(number) <= 60),
    constraint plan_item_kind_form check (kind ~ '^[a-z_]{1,40}$'),
    constraint plan_item_revision_positive check (revision >= 1)
);
create index plan_item_by_plan on plan_item (plan, id);
