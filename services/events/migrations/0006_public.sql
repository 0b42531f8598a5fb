-- Whether members that take no part in it may know of an announced event.
alter table event add column is_public boolean not null default false;
