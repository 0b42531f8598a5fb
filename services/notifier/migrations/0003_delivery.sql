-- What all messages of one occurrence say, frozen when the first of them is written.
create table occurrence_letter (
    occurrence_id uuid primary key references occurrence (id),
    letter jsonb not null
);

-- A process that sends. It holds a session advisory lock while it lives; when
-- the lock is free, whatever it had in hand is settled.
create table worker (
    id uuid primary key,
    lock_key integer generated always as identity unique,
    started_at timestamptz not null default now(),
    buried_at timestamptz
);

-- One occurrence to one address on one channel, or the record that a party gets nothing.
create table delivery (
    id uuid primary key,
    occurrence_id uuid not null references occurrence (id),
    obligation_id uuid not null references obligation (id),
    anchor_version bigint not null,
    organisation_id uuid not null,
    organisation_name text not null,
    channel text not null constraint delivery_channel check (channel in ('none', 'email', 'sms')),
    address text not null default '',
    class text not null constraint delivery_class check (class in ('LEGAL_DEADLINE', 'INVITATION', 'CARE', 'ADVERT')),
    bulk boolean not null,
    -- A correction may leave although the obligation no longer stands.
    outlives_obligation boolean not null,
    party jsonb not null,
    state text not null constraint delivery_state check (state in (
        'QUEUED', 'CLAIMED', 'SENDING', 'RETRY_WAIT', 'UNKNOWN', 'PARKED',
        'SENT', 'DELIVERED', 'BOUNCED', 'FAILED',
        'SUPPRESSED', 'SUPERSEDED', 'SATISFIED', 'MISSED')),
    reason text not null default '',
    -- Rises whenever the row is offered to the workers again: older orders lose their power.
    generation integer not null default 1,
    -- The claim that holds the row; a slow worker with an older one is powerless.
    lease uuid,
    leased_by uuid references worker (id),
    attempts integer not null default 0,
    -- Where the row stands in the retry schedule; a paused channel does not move it.
    setbacks smallint not null default 0,
    -- How often the provider was about to be given it. From the first time on
    -- the bytes never change.
    sends integer not null default 0,
    resends integer not null default 0,
    -- Business clock: when the source was asked about the party, when the text
    -- was dated, until when it helps, since when the state holds.
    asked_at timestamptz not null,
    dated_at timestamptz,
    useful_until timestamptz not null,
    state_at timestamptz not null,
    -- Database clock: the alarm without which no row that is not final can be.
    next_action_at timestamptz,
    first_sent_at timestamptz,
    provider_reference text not null default '',
    segments smallint not null default 0,
    recorded_at timestamptz not null default now(),
    constraint delivery_once unique (occurrence_id, organisation_id, channel),
    constraint delivery_live_has_alarm check (
        (next_action_at is not null) = (state in ('QUEUED', 'CLAIMED', 'SENDING', 'RETRY_WAIT', 'UNKNOWN'))),
    constraint delivery_lease_while_in_hand check (
        (lease is not null and leased_by is not null) or state not in ('CLAIMED', 'SENDING')),
    constraint delivery_none_is_final check (
        channel <> 'none' or state in ('SUPPRESSED', 'SATISFIED', 'SUPERSEDED')),
    constraint delivery_address_where_sent check (channel = 'none' or address <> ''),
    constraint delivery_dated_before_sent check (sends = 0 or dated_at is not null)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

create index delivery_alarm on delivery (next_action_at) where next_action_at is not null;
create index delivery_of_obligation on delivery (obligation_id, id);
create index delivery_parked on delivery (id) where state = 'PARKED';
