-- Messages that were committed with what they tell of and are not yet with the broker.
create table outbox (
    seq bigint generated always as identity,
    id uuid not null,
    exchange text not null,
    routing_key text not null,
    -- Under which name the message is counted once it is published.
    stream text not null,
    -- Whether it is a fault when no queue takes the message.
    mandatory boolean not null,
    type text not null,
    aggregate text,
    aggregate_sequence bigint,
    occurred_at timestamptz,
    traceparent text,
    payload bytea not null,
    recorded_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    -- Null until an attempt failed: such a row steps aside for those behind it.
    retry_at timestamptz,
    last_error text,
    constraint outbox_pkey primary key (seq),
    constraint outbox_payload_at_most_64_kib check (octet_length(payload) <= 65536),
    constraint outbox_attempts_not_negative check (attempts >= 0),
    constraint outbox_failure_has_a_retry check ((last_error is null) = (retry_at is null))
) with (
    -- Rows live for milliseconds: without frequent vacuuming the index grows a dead head.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 100000
);
-- Compressing what is read once costs more than it saves.
alter table outbox alter column payload set storage external;

-- How many messages of each stream the broker has confirmed, ever.
create table published (
    stream text not null,
    messages bigint not null,
    constraint published_pkey primary key (stream),
    constraint published_messages_positive check (messages > 0)
);

-- Messages that were taken in: a second copy finds its id here.
create table inbox (
    consumer text not null,
    message_id uuid not null,
    received_on date not null default current_date,
    constraint inbox_pkey primary key (consumer, message_id)
);
create index inbox_received_on on inbox using brin (received_on);

-- How many inbox rows of each consumer have been purged, so that its count stays true.
create table inbox_purged (
    consumer text not null,
    messages bigint not null,
    constraint inbox_purged_pkey primary key (consumer),
    constraint inbox_purged_messages_positive check (messages > 0)
);
