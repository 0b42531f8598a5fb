-- What reply pages show and ask: where an event stood before its last move or
-- postponement, and who comes, as far as was said: names of persons, for officers only.
alter table event add column moved_from jsonb;
alter table invitation
    add column attendee_names text not null default '',
    add constraint invitation_names_length check (char_length(attendee_names) <= 500),
    add constraint invitation_names_of_those_who_come
        check (attendee_names = '' or state = 'accepted');
