-- Imports recognise an organisation by its codes. Where its own member wrote them, and no
-- officer has confirmed it since, an import that finds it by them waits for a person.
alter table organisation add column codes_by_member boolean not null default false;

-- Members could write their codes until now; the audit knows who changed anything.
update organisation o
set codes_by_member = true
where (o.roster_code is not null or o.tax_code is not null) and exists (
    select from audit a
    where a.resource = 'organisations/' || o.id and a.organisation is not null
      and a.method = 'lienminh.registry.v1.OrganisationService/UpdateOrganisation');
