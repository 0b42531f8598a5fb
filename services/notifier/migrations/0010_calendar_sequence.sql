-- SEQUENCE of the calendar entry of an obligation: rises with what is told anew and never falls,
-- while a version may be taken back by its source.
alter table obligation
    add column calendar_sequence bigint not null default 0
        constraint obligation_calendar_sequence check (calendar_sequence >= 0);
update obligation set calendar_sequence = anchor_version;
