-- Any body that is a member, leads, coordinates, hosts or is invited (đơn vị),
-- with its present relation to the alliance.
create table organisation (
    id                       uuid        not null,
    kind                     text        not null,
    display_name             text        not null,
    short_name               text        not null,
    tax_code                 text,
    tax_code_override_reason text        not null default '',
    registration_number      text        not null default '',
    roster_code              text,
    address                  text        not null default '',
    province_code            text        not null default '',
    locality                 text        not null default '',
    cluster                  text        not null default '',
    parent_id                uuid,
    status                   text        not null,
    successor_id             uuid,
    membership_kind          text,
    membership_state         text,
    decision_number          text        not null default '',
    admit_date               date,
    admission_batch          text        not null default '',
    -- Order of the Vietnamese alphabet, compared as bytes.
    sort_key                 text        collate "C" not null,
    -- Folded name with the usual abbreviations, for searches by its beginning.
    search_name              text        collate "C" not null,
    -- Folded words of names, codes and locality.
    search_terms             tsvector    not null,
    -- Business clock.
    created_at               timestamptz not null,
    updated_at               timestamptz not null,
    -- Rises with every change: the etag, and the sequence of its facts.
    version                  bigint      not null,

    constraint organisation_pkey primary key (id),
    constraint organisation_tax_code_key unique (tax_code),
    constraint organisation_roster_code_key unique (roster_code),
    constraint organisation_parent_fkey foreign key (parent_id) references organisation (id),
    constraint organisation_successor_fkey foreign key (successor_id) references organisation (id),
    constraint organisation_kind_known check (kind in (
        'cooperative', 'cooperative_group', 'union', 'credit_fund', 'enterprise',
        'alliance', 'unit', 'authority', 'other')),
    constraint organisation_status_known check (status in ('active', 'suspended', 'dissolved', 'merged')),
    constraint organisation_display_name_length check (char_length(display_name) between 2 and 300),
    constraint organisation_short_name_length check (char_length(short_name) between 1 and 40),
    constraint organisation_tax_code_shape check (tax_code ~ '^[0-9]{10}(-[0-9]{3})?$'),
    constraint organisation_roster_code_length check (char_length(roster_code) between 1 and 40),
    constraint organisation_province_code_shape check (province_code ~ '^([0-9]{2})?$'),
    constraint organisation_not_its_own_parent check (parent_id <> id),
    constraint organisation_not_its_own_successor check (successor_id <> id),
    constraint organisation_merged_has_successor check ((status = 'merged') = (successor_id is not null)),
    constraint organisation_membership_kind_known check (membership_kind in ('official', 'affiliate')),
    constraint organisation_membership_state_known check (membership_state in (
        'applicant', 'admitted', 'suspended', 'withdrawn')),
    constraint organisation_admitted_is_complete check (
        membership_state is distinct from 'admitted' or membership_kind is not null),
    constraint organisation_version_positive check (version > 0)
);

-- Lists walk an index in their order, so a page costs the same at any size.
create index organisation_by_kind_and_name on organisation (kind, sort_key, id);
create index organisation_members_by_kind_and_name on organisation (kind, sort_key, id)
    where membership_state = 'admitted';
create index organisation_by_cluster_and_name on organisation (cluster, sort_key, id)
    where cluster <> '';
create index organisation_by_update_time on organisation (updated_at, id);
create index organisation_by_search_name on organisation (search_name, id);
create index organisation_by_registration_number on organisation (registration_number)
    where registration_number <> '';
create index organisation_by_search_terms on organisation using gin (search_terms);
