-- A short name for text messages; empty where the title does.
alter table plan_item
    add column short_title text not null default '',
    add constraint plan_item_short_title_length check (char_length(short_title) <= 40);
alter table event
    add column short_title text not null default '',
    add constraint event_short_title_length check (char_length(short_title) <= 40);
alter table deadline
    add column short_title text not null default '',
    add constraint deadline_short_title_length check (char_length(short_title) <= 40);
