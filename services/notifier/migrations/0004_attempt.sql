-- What became of each attempt. Written when it ends; an attempt cut off by a
-- crash is written by whoever settles it. Always written by the statement that
-- moves the delivery, so a foreign key would only double the work of each mail.
create table attempt (
    delivery_id uuid not null,
    number integer not null,
    worker_id uuid not null,
    outcome text not null constraint attempt_outcome check (outcome in (
        'accepted', 'refused', 'deferred', 'unknown', 'withdrawn')),
    code text not null,
    detail text not null,
    business_at timestamptz not null,
    ended_at timestamptz not null default now(),
    primary key (delivery_id, number)
);
comment on table attempt is 'append-only';

-- Addresses that a receiving server does not know (RFC 3463: 5.1.1, 5.1.2, 5.1.6).
create table suppression (
    channel text not null constraint suppression_channel check (channel in ('email', 'sms')),
    address text not null,
    reason text not null,
    delivery_id uuid not null references delivery (id),
    business_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (channel, address)
);

-- What providers reported, as they reported it, also for references unknown to us.
create table receipt (
    id uuid primary key,
    provider text not null,
    reference text not null,
    delivery_id uuid references delivery (id),
    status text not null constraint receipt_status check (status in ('delivered', 'failed', 'rejected', 'pending')),
    code text not null,
    applied boolean not null,
    recorded_at timestamptz not null default now()
);
create index receipt_of_delivery on receipt (delivery_id) where delivery_id is not null;
