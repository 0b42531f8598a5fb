-- Refuses every change of a row: the last line behind missing grants. Usable as a
-- trigger on any table whose rows are never changed.
create function append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

-- Who did what. Written in the transaction of the deed, sealed afterwards.
create table audit (
    seq bigint generated always as identity,
    recorded_at timestamptz not null default clock_timestamp(),
    subject text not null,
    organisation text,
    method text not null,
    resource text,
    request_id uuid not null,
    request_hash bytea not null,
    constraint audit_pkey primary key (seq),
    constraint audit_request_hash_is_sha256 check (octet_length(request_hash) = 32)
);
comment on table audit is 'append-only';
create index audit_resource on audit (resource, seq) where resource is not null;
create trigger audit_append_only
    before update or delete or truncate on audit
    for each statement execute function append_only();

-- Audit rows that wait for their seal.
create table audit_pending (
    seq bigint not null,
    constraint audit_pending_pkey primary key (seq)
) with (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);

-- The chain: each seal covers a batch of rows and the seal before it.
create table audit_seal (
    number bigint not null,
    -- The covered rows and their SHA-256, 32 bytes each, in the same order.
    seqs bigint[] not null,
    leaves bytea not null,
    previous bytea not null,
    hash bytea not null,
    sealed_at timestamptz not null default clock_timestamp(),
    constraint audit_seal_pkey primary key (number),
    constraint audit_seal_number_positive check (number > 0),
    constraint audit_seal_covers_rows check (cardinality(seqs) > 0),
    constraint audit_seal_one_leaf_per_row check (octet_length(leaves) = 32 * cardinality(seqs)),
    constraint audit_seal_hashes_are_sha256 check (octet_length(previous) = 32 and octet_length(hash) = 32)
);
comment on table audit_seal is 'append-only';
create trigger audit_seal_append_only
    before update or delete or truncate on audit_seal
    for each statement execute function append_only();

-- The end of the chain, apart from it: a chain that was cut does not reach it.
create table audit_head (
    only_row boolean not null default true,
    number bigint not null,
    entries bigint not null,
    hash bytea not null,
    constraint audit_head_pkey primary key (only_row),
    constraint audit_head_is_one_row check (only_row)
);
