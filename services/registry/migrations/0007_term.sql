-- Since when a contact holds its position no more (business clock): nobody is written to there,
-- and what was agreed and refused stays.
alter table contact
    add column ended_at timestamptz,
    add constraint contact_ends_after_it_began check (ended_at >= created_at);
