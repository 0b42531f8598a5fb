-- A mail's way from QUEUED to SENT updates its row three times. An update that changes no
-- indexed column and finds room on the row's page (HOT) touches no index: what changes at each
-- step stands in none.

-- More than half of a page is kept free, so that all rows of a page can be claimed at once: a
-- claim makes each somewhat longer.
alter table delivery set (fillfactor = 45);

-- Database clock: until when the claim that holds the row is good. While it is, the row need not
-- be looked at, though its next_action_at, set when it was queued, may have come.
alter table delivery add column held_until timestamptz;

-- state changes at each step; whether a person must decide hardly ever does.
drop index delivery_parked;
alter table delivery add column parked boolean not null generated always as (state = 'PARKED') stored;
create index delivery_parked on delivery (id) where parked;
