-- Organisations may call through one system under its one subject: what was answered
-- to one of them is no other's answer. Empty: a caller of the house.
alter table request add column organisation text not null default '';
alter table request
    drop constraint request_pkey,
    add constraint request_pkey primary key (request_id, method, subject, organisation);

-- The audit remembers for whom the requests so far were carried out.
update request r
set organisation = a.organisation
from audit a
where a.request_id = r.request_id and a.method = r.method and a.subject = r.subject
  and a.organisation is not null;
