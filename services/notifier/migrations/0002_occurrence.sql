-- One step of one obligation at one anchor version.
create table occurrence (
    id uuid primary key,
    obligation_id uuid not null references obligation (id),
    anchor_version bigint not null,
    step text not null,
    repetition smallint not null constraint occurrence_repetition check (repetition >= 0),
    audience text not null constraint occurrence_audience check (audience in ('concerned', 'lead')),
    -- Whether its messages state the anchor, so that a change owes a correction.
    tells boolean not null,
    state text not null constraint occurrence_state check (state in (
        'SCHEDULED', 'FANNED_OUT', 'SUPERSEDED', 'SATISFIED', 'MISSED', 'SUPPRESSED')),
    reason text not null default '',
    -- Business clock: by the rule, when handled, until when it helps.
    nominal_at timestamptz not null,
    due_at timestamptz not null,
    useful_until timestamptz not null,
    -- It waits for a correction of the same version, which may say it all.
    held boolean not null default false,
    -- Of a correction: since when nothing of the obligation went out.
    since timestamptz,
    worst_hour boolean not null default false,
    -- The fan-out that works on it: an older one is powerless.
    claim uuid,
    -- Database clock: not before this instant, after so many vain attempts.
    retry_at timestamptz,
    attempts integer not null default 0,
    recorded_at timestamptz not null default now(),
    constraint occurrence_once unique (obligation_id, anchor_version, step, repetition),
    constraint occurrence_held_waits check (not held or state in ('SCHEDULED', 'SUPERSEDED', 'SATISFIED', 'MISSED')),
    constraint occurrence_correction_since check ((since is not null) = (step = 'correction')),
    constraint occurrence_reasoned check (reason <> '' or state in ('SCHEDULED', 'FANNED_OUT'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

create index occurrence_due on occurrence (due_at) where state = 'SCHEDULED';
create index occurrence_by_due on occurrence (due_at, id);

-- Every decision, in order: why something was planned, sent, or not.
create table decision (
    id bigint generated always as identity primary key,
    obligation_id uuid not null references obligation (id),
    occurrence_id uuid references occurrence (id),
    -- Business clock.
    at timestamptz not null,
    body jsonb not null,
    recorded_at timestamptz not null default now()
);
create index decision_of_obligation on decision (obligation_id, id);
comment on table decision is 'append-only';

-- Messages that no consumer could handle, until a person decides.
create table parked_message (
    id uuid primary key,
    queue text not null,
    exchange text not null,
    routing_key text not null,
    message_id text not null,
    type text not null,
    headers jsonb not null,
    payload bytea not null,
    reason text not null,
    state text not null default 'parked' constraint parked_message_state check (state in ('parked', 'redriven', 'discarded')),
    state_reason text not null default '',
    -- Database clock.
    parked_at timestamptz not null default now(),
    decided_at timestamptz
);
create index parked_message_open on parked_message (parked_at, id) where state = 'parked';

