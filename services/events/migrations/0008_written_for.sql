-- For which time the texts were written, by text, where that was another one than now.
alter table event
    add column written_for jsonb not null default '{}',
    add constraint event_written_for_object check (jsonb_typeof(written_for) = 'object');
alter table deadline
    add column written_for jsonb not null default '{}',
    add constraint deadline_written_for_object check (jsonb_typeof(written_for) = 'object');
