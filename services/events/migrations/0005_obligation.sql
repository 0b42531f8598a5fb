-- Every obligation as it was last told: what the outbox carried, what a
-- comparison finds and what an audience is told for are the same bytes.
create table obligation (
    name text constraint obligation_pkey primary key,
    anchor_version bigint not null,
    sequence bigint not null,
    updated_at timestamptz not null,
    message bytea not null,
    constraint obligation_sequence_positive check (sequence >= 1),
    constraint obligation_message_length check (octet_length(message) between 1 and 65536)
);
create trigger obligation_never_falls before update on obligation
    for each row execute function never_falls();
create index obligation_by_update on obligation (updated_at, name);
