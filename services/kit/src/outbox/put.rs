//! Writing into the outbox, set by set.

use jiff::Timestamp;
use uuid::Uuid;

use super::{FACTS, Fact, MAX_PAYLOAD, Order};
use crate::database::{Session, Tx};
use crate::error::{Error, Result};
use crate::facts::redact;

/// Rows per statement: large enough that round trips do not count, small enough
/// that a statement's parameters stay in the low megabytes.
const ROWS_PER_STATEMENT: usize = 1_000;

const INSERT_FACTS: &str = "
    insert into outbox (id, exchange, routing_key, stream, mandatory, type, aggregate,
                        aggregate_sequence, occurred_at, traceparent, payload)
    select f.id, $1, f.routing_key, f.stream, f.mandatory, f.type, f.aggregate,
           f.aggregate_sequence, f.occurred_at, $2, f.payload
    from unnest($3::uuid[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[],
                $9::bigint[], $10::timestamptz[], $11::bytea[])
         as f (id, routing_key, stream, mandatory, type, aggregate,
               aggregate_sequence, occurred_at, payload)";

const INSERT_ORDERS: &str = "
    insert into outbox (id, exchange, routing_key, stream, mandatory, type, traceparent, payload)
    select o.id, $1, o.routing_key, $2, true, o.type, $3, o.payload
    from unnest($4::uuid[], $5::text[], $6::text[], $7::bytea[])
         as o (id, routing_key, type, payload)";

/// Puts facts into the outbox of this transaction.
///
/// # Errors
/// [`Error::Internal`] when a state is larger than [`MAX_PAYLOAD`] or of a type
/// the contracts do not know; what the database says.
pub async fn put(tx: &Tx, facts: &[Fact]) -> Result<()> {
    for chunk in facts.chunks(ROWS_PER_STATEMENT) {
        insert_facts(tx, chunk).await?;
    }
    if !facts.is_empty() {
        tx.will_ring();
        crate::failpoint::hit("outbox.inserted");
    }
    Ok(())
}

/// Puts orders for an exchange ([`super::DELIVERIES`], [`super::RECEIPTS`]) into the outbox of
/// this transaction.
///
/// # Errors
/// [`Error::Internal`] when a payload is larger than [`MAX_PAYLOAD`]; what the
/// database says.
pub async fn put_orders(tx: &Tx, exchange: &'static str, orders: &[Order]) -> Result<()> {
    for chunk in orders.chunks(ROWS_PER_STATEMENT) {
        insert_orders(tx, exchange, chunk).await?;
    }
    if !orders.is_empty() {
        tx.will_ring();
        crate::failpoint::hit("outbox.inserted");
    }
    Ok(())
}

async fn insert_facts(tx: &Tx, facts: &[Fact]) -> Result<()> {
    let payloads = facts
        .iter()
        .map(|fact| sized(redact(fact.type_name, &fact.message)?, fact.type_name))
        .collect::<Result<Vec<_>>>()?;
    let ids: Vec<Uuid> = facts.iter().map(|_| Uuid::now_v7()).collect();
    let keys: Vec<String> = facts.iter().map(Fact::routing_key).collect();
    let streams: Vec<String> = facts.iter().map(Fact::stream).collect();
    let awaited: Vec<bool> = facts.iter().map(Fact::is_awaited).collect();
    let types: Vec<&str> = facts.iter().map(|fact| fact.type_name).collect();
    let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    let sequences: Vec<i64> = facts.iter().map(|fact| fact.sequence).collect();
    let instants: Vec<Timestamp> = facts.iter().map(|fact| fact.occurred_at).collect();
    let trace = crate::trace::current();
    tx.execute(
        INSERT_FACTS,
        &[
            &FACTS, &trace, &ids, &keys, &streams, &awaited, &types, &names, &sequences, &instants,
            &payloads,
        ],
    )
    .await?;
    Ok(())
}

async fn insert_orders(tx: &Tx, exchange: &'static str, orders: &[Order]) -> Result<()> {
    for order in orders {
        fits(&order.payload, order.type_name)?;
    }
    let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
    let keys: Vec<&str> = orders
        .iter()
        .map(|order| order.routing_key.as_str())
        .collect();
    let types: Vec<&str> = orders.iter().map(|order| order.type_name).collect();
    let payloads: Vec<&[u8]> = orders
        .iter()
        .map(|order| order.payload.as_slice())
        .collect();
    let trace = crate::trace::current();
    tx.execute(
        INSERT_ORDERS,
        &[
            &exchange,
            &stream_of(exchange),
            &trace,
            &ids,
            &keys,
            &types,
            &payloads,
        ],
    )
    .await?;
    Ok(())
}

/// `lienminh.deliveries` is counted as `deliveries`.
fn stream_of(exchange: &str) -> &str {
    exchange.strip_prefix("lienminh.").unwrap_or(exchange)
}

fn sized(payload: Vec<u8>, type_name: &str) -> Result<Vec<u8>> {
    fits(&payload, type_name)?;
    Ok(payload)
}

fn fits(payload: &[u8], type_name: &str) -> Result<()> {
    if payload.len() <= MAX_PAYLOAD {
        return Ok(());
    }
    let size = payload.len();
    Err(Error::Internal(anyhow::anyhow!(
        "a {type_name} of {size} bytes does not fit into a message of {MAX_PAYLOAD}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_counted_under_the_exchange_without_the_house_prefix() {
        assert_eq!(stream_of(super::super::DELIVERIES), "deliveries");
        assert_eq!(stream_of("elsewhere"), "elsewhere");
    }

    #[test]
    fn a_message_over_64_kib_is_refused() {
        assert!(fits(&vec![0; MAX_PAYLOAD], "t").is_ok());
        assert!(fits(&vec![0; MAX_PAYLOAD + 1], "t").is_err());
    }
}
