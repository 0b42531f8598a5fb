use kit::database::Session;
use kit::outbox::{self, DELIVERIES, MAX_PAYLOAD, Order, OutboxProbe};
use kit::settled::Probe;
use uuid::Uuid;

use crate::bed::{Bed, obligation_moved, receipt};

#[tokio::test]
async fn a_fact_lives_and_dies_with_its_transaction() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    outbox::put(&tx, &[obligation_moved(1)]).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(bed.count("select count(*) from outbox").await, 0);
    let tx = bed.pool.begin().await.unwrap();
    outbox::put(&tx, &[obligation_moved(1), obligation_moved(2)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let connection = bed.pool.get().await.unwrap();
    let rows = connection
        .query(
            "select routing_key, stream, mandatory, aggregate, aggregate_sequence from outbox order by seq",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get::<_, &str>(0), "events.v1.obligation.moved");
    assert_eq!(rows[0].get::<_, &str>(1), "facts:obligation");
    assert!(rows[0].get::<_, bool>(2));
    assert_eq!(rows[0].get::<_, &str>(3), "events/obligations/event-1");
    assert_eq!([rows[0].get::<_, i64>(4), rows[1].get::<_, i64>(4)], [1, 2]);
}

#[tokio::test]
async fn nobody_needs_to_wait_for_other_facts_than_obligations() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    let fact = outbox::Fact {
        aggregate: "event",
        ..obligation_moved(1)
    };
    outbox::put(&tx, &[fact]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        bed.count("select count(*) from outbox where not mandatory")
            .await,
        1
    );
}

#[tokio::test]
async fn twenty_thousand_orders_are_a_few_statements() {
    let bed = Bed::open().await;
    let orders: Vec<Order> = (0..20_000).map(receipt).collect();
    let tx = bed.pool.begin().await.unwrap();
    outbox::put_orders(&tx, DELIVERIES, &orders).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        bed.count("select count(*) from outbox where stream = 'deliveries'")
            .await,
        20_000
    );
    let settled = OutboxProbe::new(bed.pool.clone()).settled().await.unwrap();
    assert_eq!(settled.waiting_for, ["20000 messages in the outbox"]);
}

#[tokio::test]
async fn a_message_over_64_kib_is_refused_before_it_is_stored() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    let order = Order {
        payload: vec![0; MAX_PAYLOAD + 1],
        id: Uuid::now_v7(),
        ..receipt(1)
    };
    assert!(outbox::put_orders(&tx, DELIVERIES, &[order]).await.is_err());
    // The database says the same where our code would not.
    let refused = tx
        .execute(
            "insert into outbox (id, exchange, routing_key, stream, mandatory, type, payload)
             values (gen_random_uuid(), 'x', 'x', 'x', true, 'x', decode(repeat('00', 65537), 'hex'))",
            &[],
        )
        .await
        .unwrap_err();
    assert_eq!(refused.constraint(), Some("outbox_payload_at_most_64_kib"));
}
