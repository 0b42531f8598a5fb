-- A party that shares an address gets no message of its own where another's says all that it
-- would: the row in which that message goes.
alter table delivery
    add column carried_by uuid,
    add constraint delivery_carried_is_final check (carried_by is null or state = 'SUPPRESSED');

update delivery d
set carried_by = (
    select c.id
    from delivery c
    where c.occurrence_id = d.occurrence_id and c.channel = d.channel
      and lower(c.address) = lower(d.address) and c.reason <> 'same_address'
    order by c.id
    limit 1)
where d.reason = 'same_address';

create index delivery_carried on delivery (carried_by) where carried_by is not null;
