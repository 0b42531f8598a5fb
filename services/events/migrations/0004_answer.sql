-- Codes that people tell a clerk. A code whose matter is over stays taken for a
-- while, so that an old message never answers somebody else's invitation.
create table answer_code (
    code text constraint answer_code_pkey primary key,
    invitation uuid constraint answer_code_invitation_fkey references invitation (id),
    submission uuid constraint answer_code_submission_fkey references submission (id),
    released_at timestamptz,
    constraint answer_code_form check (code ~ '^[0-9]{6}$'),
    constraint answer_code_of_one check (num_nonnulls(invitation, submission) = 1),
    constraint answer_code_invitation_key unique (invitation),
    constraint answer_code_submission_key unique (submission)
);
create index answer_code_released on answer_code (released_at) where released_at is not null;
