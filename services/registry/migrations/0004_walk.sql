-- Organisations that hold words which many have are not looked up but walked, in
-- the order of their entry: an index of a few bytes each tells which may fit.
alter table organisation
    add column entry            bigint not null generated always as identity,
    -- What beginnings its words have; all bits where nothing is known of them.
    add column search_signature bigint not null default -1,
    add constraint organisation_entry_key unique (entry) include (search_signature);

-- An older program changes the words alone.
create function signature_is_unknown() returns trigger language plpgsql as $$
begin
    new.search_signature := -1;
    return new;
end $$;
create trigger signature_is_unknown before update on organisation
    for each row when (new.search_terms <> old.search_terms and new.search_signature = old.search_signature)
    execute function signature_is_unknown();
