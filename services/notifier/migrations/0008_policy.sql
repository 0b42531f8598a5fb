-- A mail that a policy refused (5.7.x at RCPT) waits until what befalls other domains tells
-- whether it or we are meant: what was said, and when it was said first (database clock).
alter table delivery
    add column doubt text not null default '',
    add column doubted_since timestamptz,
    add constraint delivery_doubt_since check ((doubt = '') = (doubted_since is null));

-- A mail that is never refused so touches no entry.
create index delivery_doubted on delivery (doubt) where doubted_since is not null;

-- Attempts are appended in the order in which they end: ranges of pages are enough to find
-- those since an instant, and cost the mail nothing.
create index attempt_ended on attempt using brin (ended_at) with (pages_per_range = 16);
