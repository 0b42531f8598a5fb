-- A payment is booked for a day that has come, and that is not before its approval.
alter table transfer add constraint transfer_not_ahead check (
    kind = 'budget' or effective_on <= (posted_at at time zone 'Asia/Ho_Chi_Minh')::date);

create function payment_follows_approval() returns trigger language plpgsql as $$
begin
    if new.kind = 'disbursement' and exists (
        select from transfer t
        where t.application_id = new.application_id and t.kind = 'commitment' and t.effective_on > new.effective_on
    ) then
        perform booked_refuse('payment_follows_approval', 'nothing is paid before it was approved');
    end if;
    return null;
end $$;
create constraint trigger payment_follows_approval after insert on transfer
    deferrable initially deferred for each row execute function payment_follows_approval();
