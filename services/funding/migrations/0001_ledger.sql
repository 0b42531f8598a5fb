-- The double-entry ledger. Its guards hold whatever the programs do:
-- every transfer has two entries or more and sums to zero, an account moves
-- only by an entry, its versions have no gap and no fork, its balance never
-- falls below its floor, and nothing that was posted is ever changed.

create table programme (
    id                         uuid        not null,
    title                      text        not null,
    kind                       text        not null,
    budget_vnd                 bigint      not null,
    organiser_id               uuid        not null,
    lead_unit_id               uuid        not null,
    lender                     text        not null,
    document_number_as_printed text        not null,
    document_title             text        not null,
    document_date              date,
    start_date                 date,
    end_date                   date,
    created_at                 timestamptz not null,
    version                    bigint      not null,

    constraint programme_pkey primary key (id),
    constraint programme_kind_known check (kind in ('grant', 'application_help')),
    constraint programme_budget_fits_kind check (
        (kind = 'grant' and budget_vnd > 0) or (kind = 'application_help' and budget_vnd = 0)),
    constraint programme_dates_in_order check (start_date is null or end_date is null or start_date <= end_date),
    constraint programme_version_positive check (version > 0)
);

create table account (
    programme_id uuid   not null,
    kind         text   not null,
    floor_vnd    bigint,
    balance_vnd  bigint not null default 0,
    version      bigint not null default 0,

    constraint account_pkey primary key (programme_id, kind),
    constraint account_programme_fkey foreign key (programme_id) references programme (id),
    constraint account_kind_known check (kind in ('budget', 'available', 'committed', 'disbursed', 'returned')),
    constraint account_floor_held check (floor_vnd is null or balance_vnd >= floor_vnd),
    constraint account_version_not_negative check (version >= 0)
);
comment on table account is 'append-only';

create table transfer (
    id             uuid        not null,
    kind           text        not null,
    programme_id   uuid        not null,
    application_id uuid,
    bank_reference text,
    effective_on   date        not null,
    posted_at      timestamptz not null,
    posted_by      text        not null,

    constraint transfer_pkey primary key (id),
    constraint transfer_programme_fkey foreign key (programme_id) references programme (id),
    constraint transfer_kind_known check (kind in ('budget', 'commitment', 'disbursement')),
    constraint transfer_bank_reference_key unique (bank_reference),
    constraint transfer_disbursement_has_reference check ((kind = 'disbursement') = (bank_reference is not null)),
    constraint transfer_application_where_due check ((kind = 'budget') = (application_id is null)),
    constraint transfer_posted_by_named check (posted_by <> '')
);
comment on table transfer is 'append-only';
create index transfer_by_programme on transfer (programme_id, posted_at, id);

create table entry (
    transfer_id       uuid   not null,
    line              int    not null,
    programme_id      uuid   not null,
    account           text   not null,
    amount_vnd        bigint not null,
    account_version   bigint not null,
    balance_after_vnd bigint not null,

    constraint entry_pkey primary key (transfer_id, line),
    constraint entry_transfer_fkey foreign key (transfer_id) references transfer (id),
    constraint entry_account_fkey foreign key (programme_id, account) references account (programme_id, kind),
    constraint entry_amount_not_zero check (amount_vnd <> 0),
    constraint entry_line_positive check (line > 0),
    constraint entry_account_version_key unique (programme_id, account, account_version)
);
comment on table entry is 'append-only';

-- An account starts empty and moves by entries alone.
create function account_starts_empty() returns trigger language plpgsql as $$
begin
    if new.balance_vnd <> 0 or new.version <> 0 then
        raise exception using errcode = 'check_violation', constraint = 'account_starts_empty',
            message = 'an account starts empty';
    end if;
    return new;
end $$;
create trigger account_starts_empty before insert on account
    for each row execute function account_starts_empty();

create function account_moves_with_its_entries() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from entry e
        where e.programme_id = new.programme_id and e.account = new.kind
          and e.account_version = new.version and e.balance_after_vnd = new.balance_vnd
    ) then
        raise exception using errcode = 'check_violation', constraint = 'account_moves_with_its_entries',
            message = 'an account moves only with an entry';
    end if;
    return null;
end $$;
create constraint trigger account_moves_with_its_entries after update on account
    deferrable initially deferred for each row execute function account_moves_with_its_entries();

-- Runs with the owner's rights: the runtime role cannot change an account.
create function entry_moves_account() returns trigger language plpgsql security definer
    set search_path from current as $$
declare
    before record;
begin
    select balance_vnd, version into before from account
    where programme_id = new.programme_id and kind = new.account for no key update;
    if new.account_version <> before.version + 1 or new.balance_after_vnd <> before.balance_vnd + new.amount_vnd then
        raise exception using errcode = 'check_violation', constraint = 'entry_follows_its_account',
            message = 'an entry continues its account without gap or fork';
    end if;
    update account set balance_vnd = new.balance_after_vnd, version = new.account_version
    where programme_id = new.programme_id and kind = new.account;
    return new;
end $$;
create trigger entry_moves_account before insert on entry
    for each row execute function entry_moves_account();

create function transfer_balances() returns trigger language plpgsql as $$
declare
    the_transfer uuid;
    lines int;
    total numeric;
    programmes int;
begin
    if tg_table_name = 'transfer' then
        the_transfer := new.id;
    else
        the_transfer := new.transfer_id;
    end if;
    select count(*), coalesce(sum(e.amount_vnd), 0),
           count(distinct e.programme_id) + (count(*) filter (where e.programme_id <> t.programme_id))
    into lines, total, programmes
    from transfer t left join entry e on e.transfer_id = t.id
    where t.id = the_transfer;
    if lines < 2 or total <> 0 or programmes <> 1 then
        raise exception using errcode = 'check_violation', constraint = 'transfer_balances',
            message = 'a transfer has two entries or more of one programme and sums to zero';
    end if;
    return null;
end $$;
create constraint trigger transfer_balances after insert on transfer
    deferrable initially deferred for each row execute function transfer_balances();
create constraint trigger entry_balances after insert on entry
    deferrable initially deferred for each row execute function transfer_balances();

create function posted_stays_posted() returns trigger language plpgsql as $$
begin
    raise exception using errcode = 'check_violation', constraint = 'posted_stays_posted',
        message = 'what was posted is never changed';
end $$;
create trigger transfer_stays before update or delete or truncate on transfer
    for each statement execute function posted_stays_posted();
create trigger entry_stays before update or delete or truncate on entry
    for each statement execute function posted_stays_posted();
create trigger account_stays before delete or truncate on account
    for each statement execute function posted_stays_posted();
