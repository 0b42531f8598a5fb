-- An obligation as its source last told it: the highest sequence counts.
create table obligation (
    id uuid primary key,
    name text not null constraint obligation_name_key unique,
    source text not null,
    kind text not null,
    class text not null constraint obligation_class check (class in ('LEGAL_DEADLINE', 'INVITATION', 'CARE', 'ADVERT')),
    title text not null,
    anchor_version bigint not null constraint obligation_anchor_version check (anchor_version >= 0),
    status text not null constraint obligation_status check (status in ('SCHEDULED', 'POSTPONED', 'SATISFIED', 'CANCELLED')),
    -- Whether a date is fixed: what is not is listed for people, never guessed.
    fixed boolean not null,
    sequence bigint not null,
    -- Everything that its source told.
    body jsonb not null,
    -- Business clock.
    updated_at timestamptz not null,
    recorded_at timestamptz not null default now()
) with (fillfactor = 80);

create index obligation_undated on obligation (id) where not fixed and status = 'SCHEDULED';

-- What messages of an anchor version state: a correction compares it with what holds.
create table obligation_version (
    obligation_id uuid not null references obligation (id),
    anchor_version bigint not null,
    telling jsonb not null,
    -- Business clock.
    told_at timestamptz not null,
    primary key (obligation_id, anchor_version)
);

-- What only this service knows: page tokens are made with it.
create table secret (
    name text primary key,
    value bytea not null
);
