-- A member that answers from its own account is no officer.
alter table invitation
    drop constraint invitation_answer_known,
    add constraint invitation_answer_known
        check (answered_by in ('page', 'code', 'officer', 'member'));
