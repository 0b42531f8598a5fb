-- Where this database lay when the notifier last began: server, timeline and database. Found
-- elsewhere, it is a copy of what was: whatever it left undone may have been done since.
create table dwelling (
    one boolean primary key default true constraint dwelling_one check (one),
    place text not null
);

-- Nothing is sent while one is open: a restored database does not know what left after the cut.
create table hold (
    id bigint generated always as identity primary key,
    reason text not null constraint hold_reason check (reason in ('restored')),
    -- Database clock.
    began_at timestamptz not null default now(),
    released_at timestamptz,
    -- Business clock: after this instant the former system sent nothing.
    stopped_at timestamptz,
    -- Of which channels everything that was taken over is known.
    complete text[] not null default '{}' constraint hold_complete check (complete <@ array['email', 'sms']),
    constraint hold_released_whole check ((released_at is null) = (stopped_at is null))
);
create unique index hold_one on hold ((true)) where released_at is null;

-- Messages that a relay or a gateway says it took over, by our reference, also those of which
-- the restored database knows nothing yet.
create table hold_accepted (
    reference uuid primary key,
    recorded_at timestamptz not null default now()
);
