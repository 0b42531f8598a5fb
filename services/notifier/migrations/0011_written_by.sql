-- The transaction that wrote the row. A dump that is read back into the same place brings the
-- row back in another one.
alter table dwelling add column written_by bigint;
