-- Database clock: when it was last about to be handed over. What is asked of an unknown outcome
-- is how long ago that was, not when it was tried for the first time.
alter table delivery rename column first_sent_at to sent_at;

-- Database clock: until when the gateway knows the same order again, counted from the first copy
-- of which nobody knows whether it arrived; null where there is none, or where it was sent again
-- whatever became of it. After this instant the same order would be a second message.
alter table delivery add column guarded_until timestamptz;

-- Whether an earlier copy may have arrived of which nobody knows: said once, for every statement.
alter table delivery add column in_doubt boolean not null
    generated always as (resends > 0 or guarded_until is not null) stored;

-- What was never handed over cannot be in doubt.
alter table delivery add constraint delivery_guarded_was_sent check (guarded_until is null or sends > 0);
