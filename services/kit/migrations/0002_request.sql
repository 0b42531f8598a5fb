-- Mutations that were carried out, with their answers: the same request_id again
-- gives the same answer.
create table request (
    request_id uuid not null,
    method text not null,
    subject text not null,
    request_hash bytea not null,
    response bytea not null,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint request_pkey primary key (request_id, method, subject),
    constraint request_hash_is_sha256 check (octet_length(request_hash) = 32)
);
create index request_recorded_at on request using brin (recorded_at);
