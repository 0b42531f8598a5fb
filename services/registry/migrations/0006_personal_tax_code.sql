-- Persons and households have their personal number of twelve digits as tax code since 1 July 2025.
alter table organisation
    drop constraint organisation_tax_code_shape,
    add constraint organisation_tax_code_shape check (tax_code ~ '^([0-9]{12}|[0-9]{10}(-[0-9]{3})?)$');
