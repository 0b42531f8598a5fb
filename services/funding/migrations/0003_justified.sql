-- What justifies a movement of money. A balanced transfer is not enough: it must be
-- the budget of its programme, the commitment of an approved application, or a
-- payment that the application counts; and no application counts what is not booked.

-- One form for one person: `user:x`, `User:X ` and another composition of the same
-- letters are the same two eyes.
create function person(subject text) returns text language sql immutable strict parallel safe
    return lower(normalize(btrim(subject, e' \t\r\n\u00a0'), nfc));

alter table application
    drop constraint application_four_eyes,
    add constraint application_four_eyes check (
        approver is null or appraiser is null or person(approver) <> person(appraiser)),
    add constraint application_approved_where_decided check (
        (state in ('approved', 'disbursed')) = (approved_vnd > 0)),
    add constraint application_disbursed_when_paid check (
        (state = 'disbursed') = (approved_vnd > 0 and disbursed_vnd = approved_vnd));

-- A budget is opened once, an application committed once.
create unique index transfer_one_budget on transfer (programme_id) where kind = 'budget';
create unique index transfer_one_commitment on transfer (application_id) where kind = 'commitment';
create index transfer_by_application on transfer (application_id) where application_id is not null;

create function booked_refuse(broken text, what text) returns void language plpgsql as $$
begin
    raise exception using errcode = 'check_violation', constraint = broken, message = what;
end $$;

-- What each kind takes from one account and brings to another.
create table movement (
    kind    text not null,
    out_of  text not null,
    into_it text not null,

    constraint movement_pkey primary key (kind),
    constraint movement_moves check (out_of <> into_it)
);
comment on table movement is 'read-only';
insert into movement (kind, out_of, into_it)
values ('budget', 'budget', 'available'),
       ('commitment', 'available', 'committed'),
       ('disbursement', 'committed', 'disbursed');

-- A transfer by the account that its kind fills.
create view moved as
select t.id, t.kind, t.programme_id, t.application_id, t.posted_by,
       coalesce(sum(e.amount_vnd) filter (where e.account = m.into_it), 0) as amount_vnd,
       coalesce(sum(e.amount_vnd), 0) as total_vnd,
       count(e.line) as lines,
       count(e.line) = 2
           and count(*) filter (where e.account = m.into_it and e.amount_vnd > 0) = 1
           and count(*) filter (where e.account = m.out_of) = 1
           and coalesce(bool_and(e.programme_id = t.programme_id), false) as is_of_its_kind
from transfer t
join movement m on m.kind = t.kind
left join entry e on e.transfer_id = t.id
group by t.id, m.kind;

-- What applications count, and what is booked of them.
create view application_money as
select a.id, a.programme_id, a.appraiser, a.approver,
       case when p.kind = 'grant' then a.approved_vnd else 0 end as approved_vnd,
       a.disbursed_vnd,
       (select coalesce(sum(e.amount_vnd), 0) from transfer t join entry e on e.transfer_id = t.id
        where t.application_id = a.id and t.kind = 'commitment' and e.account = 'committed') as committed_vnd,
       (select coalesce(sum(e.amount_vnd), 0) from transfer t join entry e on e.transfer_id = t.id
        where t.application_id = a.id and t.kind = 'disbursement' and e.account = 'disbursed') as paid_vnd
from application a
join programme p on p.id = a.programme_id;

create function transfer_is_justified() returns trigger language plpgsql as $$
declare
    money record;
    booked record;
begin
    select * into booked from moved m where m.id = new.id;
    if not booked.is_of_its_kind then
        perform booked_refuse('transfer_moves_by_its_kind', 'a transfer moves between the accounts of its kind');
    end if;
    if new.kind = 'budget' then
        if not exists (
            select from programme p
            where p.id = new.programme_id and p.kind = 'grant' and p.budget_vnd = booked.amount_vnd
        ) then
            perform booked_refuse('transfer_is_justified', 'a budget is the one of its programme');
        end if;
        return null;
    end if;
    select * into money from application_money m where m.id = new.application_id;
    if money.programme_id <> new.programme_id
        or money.approved_vnd <> money.committed_vnd or money.disbursed_vnd <> money.paid_vnd
        or (new.kind = 'commitment' and person(money.approver) is distinct from person(new.posted_by)) then
        perform booked_refuse('transfer_is_justified',
            'money is committed and paid as its application was approved, by those who did it');
    end if;
    return null;
end $$;
create constraint trigger transfer_is_justified after insert on transfer
    deferrable initially deferred for each row execute function transfer_is_justified();

create function application_is_booked() returns trigger language plpgsql as $$
begin
    if exists (
        select from application_money m
        where m.id = new.id and (m.approved_vnd <> m.committed_vnd or m.disbursed_vnd <> m.paid_vnd)
    ) then
        perform booked_refuse('application_is_booked', 'what an application counts is booked');
    end if;
    return null;
end $$;
create constraint trigger application_is_booked after insert or update on application
    deferrable initially deferred for each row execute function application_is_booked();

create function programme_is_booked() returns trigger language plpgsql as $$
begin
    if new.kind = 'grant' and not exists (
        select from transfer t where t.programme_id = new.id and t.kind = 'budget'
    ) then
        perform booked_refuse('programme_is_booked', 'the budget of a programme is booked with it');
    end if;
    return null;
end $$;
create constraint trigger programme_is_booked after insert on programme
    deferrable initially deferred for each row execute function programme_is_booked();

-- A budget that was opened is never another one.
comment on table programme is 'append-only';
create trigger programme_stays before update or delete or truncate on programme
    for each statement execute function posted_stays_posted();

-- An application comes in as a request and takes one step at a time, each on the
-- version before it; what was asked for and what was decided stay as they were.
create function application_comes_in() returns trigger language plpgsql as $$
begin
    if new.state <> 'submitted' or new.version <> 1 or new.appraiser is not null or new.approver is not null
        or new.approved_vnd <> 0 or new.disbursed_vnd <> 0 then
        perform booked_refuse('application_comes_in', 'an application comes in undecided');
    end if;
    return new;
end $$;
create trigger application_comes_in before insert on application
    for each row execute function application_comes_in();

create function application_steps() returns trigger language plpgsql as $$
begin
    if new.version <> old.version + 1 then
        perform booked_refuse('application_version_follows', 'a step is taken on the version before it');
    end if;
    if (new.id, new.programme_id, new.applicant_id, new.purpose, new.requested_vnd, new.created_at)
        <> (old.id, old.programme_id, old.applicant_id, old.purpose, old.requested_vnd, old.created_at) then
        perform booked_refuse('application_request_stays', 'what was asked for stays as it was');
    end if;
    if old.state in ('approved', 'rejected', 'disbursed')
        and (new.appraiser, new.approver, new.approved_vnd, new.decision_number)
            is distinct from (old.appraiser, old.approver, old.approved_vnd, old.decision_number) then
        perform booked_refuse('application_decision_stays', 'what was decided stays as it was');
    end if;
    if (old.state, new.state) not in (
        ('submitted', 'supplement_requested'), ('supplement_requested', 'supplement_requested'),
        ('supplement_requested', 'submitted'), ('submitted', 'appraised'),
        ('submitted', 'withdrawn'), ('supplement_requested', 'withdrawn'), ('appraised', 'withdrawn'),
        ('appraised', 'approved'), ('appraised', 'rejected'),
        ('approved', 'approved'), ('approved', 'disbursed')) then
        perform booked_refuse('application_steps_known', 'an application takes the steps of its procedure');
    end if;
    return new;
end $$;
create trigger application_steps before update on application
    for each row execute function application_steps();
create trigger application_stays before delete or truncate on application
    for each statement execute function posted_stays_posted();

-- Who pays out is neither who appraised nor who approved, however they write themselves.
create or replace function disburser_is_a_third_person() returns trigger language plpgsql as $$
begin
    if new.kind = 'disbursement' and exists (
        select 1 from application a
        where a.id = new.application_id
          and person(new.posted_by) in (person(a.appraiser), person(a.approver))
    ) then
        perform booked_refuse('disburser_is_a_third_person',
            'who pays out is neither who appraised nor who approved');
    end if;
    return null;
end $$;

-- A reminder is saved on the one before it.
create function obligation_follows() returns trigger language plpgsql as $$
begin
    if new.sequence <> old.sequence + 1 then
        perform booked_refuse('obligation_sequence_follows', 'a reminder is changed on the state before it');
    end if;
    return new;
end $$;
create trigger obligation_follows before update on obligation
    for each row execute function obligation_follows();
