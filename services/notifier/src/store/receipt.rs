//! What providers report after they took a message over.

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::Result;
use kit::outbox::{self, Order, RECEIPTS};
use prost::Message;
use uuid::Uuid;
use vietnam::text::{reference, remark};

use crate::domain::delivery::State;

/// The type name of a [`ReceiptNotice`] in message properties.
pub const RECEIPT_TYPE: &str = "lienminh.notifier.internal.ReceiptNotice";

/// A receipt on its way through the broker.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ReceiptNotice {
    /// Who reports: "esms".
    #[prost(string, tag = "1")]
    pub provider: String,
    /// Our reference as the provider repeats it; perhaps none of ours.
    #[prost(string, tag = "2")]
    pub reference: String,
    /// "delivered", "failed", "rejected" or "pending".
    #[prost(string, tag = "3")]
    pub status: String,
    /// The provider's own code.
    #[prost(string, tag = "4")]
    pub code: String,
    /// The provider's name for the message: with it the provider can be asked.
    #[prost(string, tag = "5")]
    pub message_id: String,
}

/// Puts a receipt into the outbox; it is applied by the consumer, like any other fact.
///
/// # Errors
/// What the database says.
pub async fn publish(tx: &Tx, notice: &ReceiptNotice) -> Result<()> {
    let order = Order {
        id: Uuid::now_v7(),
        routing_key: notice.provider.clone(),
        type_name: RECEIPT_TYPE,
        payload: notice.encode_to_vec(),
    };
    outbox::put_orders(tx, RECEIPTS, &[order]).await
}

// Deliveries are locked in the order of their ids, as everywhere else.
const APPLY: &str = "
    with reported as (
        select r.id, r.provider, r.reference, r.status, r.code, r.delivery_id, r.message_id
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[],
                    $8::text[])
             as r (id, provider, reference, status, code, delivery_id, message_id)
    ), verdict as (
        select d.id, bool_or(r.status = 'delivered') as delivered, min(r.code) as code,
               min(r.status) filter (where r.status not in ('delivered', 'pending')) as failure,
               max(r.message_id) as message_id
        from reported r join delivery d on d.id = r.delivery_id
        group by d.id
    ), named as (
        -- It waits at the provider, who by this name can be asked what became of it.
        update delivery d
        set provider_reference = v.message_id
        from verdict v
        where d.id = v.id and not v.delivered and v.failure is null and v.message_id <> ''
          and d.provider_reference = '' and d.state in ('SENDING', 'UNKNOWN')
    ), moved as (
        update delivery d
        set state = case when v.delivered then 'DELIVERED' else 'BOUNCED' end,
            reason = case when v.delivered then '' else v.failure || ' ' || v.code end,
            state_at = $1, next_action_at = null
        from verdict v
        where d.id = v.id and (v.delivered or v.failure is not null)
          and ((v.delivered and (d.state in ('SENDING', 'UNKNOWN', 'PARKED', 'SENT', 'BOUNCED')
                  or (d.sends > 0 and d.state in ('QUEUED', 'CLAIMED', 'RETRY_WAIT'))))
               or (not v.delivered and d.state in ('SENDING', 'UNKNOWN', 'PARKED', 'SENT')))
        returning d.id
    )
    insert into receipt (id, provider, reference, delivery_id, status, code, applied)
    select r.id, r.provider, r.reference, d.id, r.status, r.code,
           r.status <> 'pending' and exists (select 1 from moved m where m.id = d.id)
    from reported r left join delivery d on d.id = r.delivery_id
    on conflict (id) do nothing
    returning applied, status";

/// Applies receipts, whose ids are those of their messages; `now` is the
/// business instant. They may come before the answer, out of order, twice, or
/// for references that are not ours: each is kept, and moves what it can. Answers the
/// states that deliveries came into.
///
/// # Errors
/// What the database says.
pub async fn apply(
    tx: &Tx,
    now: Timestamp,
    notices: &[(Uuid, ReceiptNotice)],
) -> Result<Vec<State>> {
    use kit::database::Session as _;
    let ids: Vec<Uuid> = notices.iter().map(|(id, _)| *id).collect();
    // A provider's words, and those of whoever found the address where it reports.
    let text = |of: fn(&ReceiptNotice) -> String| -> Vec<String> {
        notices.iter().map(|(_, notice)| of(notice)).collect()
    };
    let deliveries: Vec<Option<Uuid>> = notices
        .iter()
        .map(|(_, notice)| Uuid::parse_str(&notice.reference).ok())
        .collect();
    let rows = tx
        .query(
            APPLY,
            &[
                &now,
                &ids,
                &text(|notice| reference(&notice.provider)),
                &text(|notice| reference(&notice.reference)),
                &text(|notice| remark(&notice.status)),
                &text(|notice| remark(&notice.code)),
                &deliveries,
                &text(|notice| reference(&notice.message_id)),
            ],
        )
        .await?;
    let moved = rows.iter().filter(|row| row.get(0));
    Ok(moved
        .map(|row| match row.get(1) {
            "delivered" => State::Delivered,
            _ => State::Bounced,
        })
        .collect())
}
