-- Dots, strokes, blanks, width, hidden signs and tags of a mailbox make no second person.
create or replace function person(subject text) returns text language sql immutable strict parallel safe
    return regexp_replace(lower(normalize(subject, nfkc)), '\+[^@]*|[^a-z0-9à-ỹ:@/|]', '', 'g');
