use kit::database::{Session, Tx};
use kit::inbox::{self, InboxProbe, admit};
use kit::settled::Probe;
use uuid::Uuid;

use crate::bed::Bed;

const STREAM: &str = "facts:obligation";

/// Which of these ids are admitted.
async fn admitted(tx: &Tx, consumer: &str, ids: &[Uuid]) -> Vec<Uuid> {
    let messages = ids.iter().map(|id| (*id, ())).collect();
    let fresh = admit(tx, consumer, messages).await.unwrap();
    fresh.into_iter().map(|(id, ())| id).collect()
}

#[tokio::test]
async fn an_id_is_admitted_once_per_consumer() {
    let bed = Bed::open().await;
    let ids: Vec<Uuid> = (0..5).map(|_| Uuid::now_v7()).collect();
    let tx = bed.pool.begin().await.unwrap();
    assert_eq!(admitted(&tx, STREAM, &ids[..3]).await, ids[..3]);
    tx.commit().await.unwrap();
    let tx = bed.pool.begin().await.unwrap();
    let twice = [ids[4], ids[1], ids[3], ids[4]];
    assert_eq!(admitted(&tx, STREAM, &twice).await, [ids[4], ids[3]]);
    assert_eq!(admitted(&tx, "receipts", &ids[..1]).await, ids[..1]);
    tx.commit().await.unwrap();
    let settled = InboxProbe::new(bed.pool.clone()).settled().await.unwrap();
    assert_eq!(settled.consumed[STREAM], 5);
    assert_eq!(settled.consumed["receipts"], 1);
}

#[tokio::test]
async fn an_id_whose_transaction_failed_is_admitted_again() {
    let bed = Bed::open().await;
    let id = [Uuid::now_v7()];
    let tx = bed.pool.begin().await.unwrap();
    admitted(&tx, STREAM, &id).await;
    tx.rollback().await.unwrap();
    let tx = bed.pool.begin().await.unwrap();
    assert_eq!(admitted(&tx, STREAM, &id).await, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_handled_at_once_are_admitted_once_and_never_deadlock() {
    let bed = Bed::open().await;
    let ids: Vec<Uuid> = (0..200).map(|_| Uuid::now_v7()).collect();
    let handlers = (0..6).map(|turn| {
        let (pool, mut ids) = (bed.pool.clone(), ids.clone());
        // Each has them in another order.
        ids.rotate_left(turn * 31);
        tokio::spawn(async move {
            let tx = pool.begin().await.unwrap();
            let fresh = admitted(&tx, STREAM, &ids).await;
            tx.commit().await.unwrap();
            fresh.len()
        })
    });
    let admitted = futures_util::future::join_all(handlers).await;
    let total: usize = admitted.into_iter().map(Result::unwrap).sum();
    assert_eq!(total, 200);
}

#[tokio::test]
async fn old_ids_are_forgotten_and_still_counted() {
    let bed = Bed::open().await;
    let tx = bed.pool.begin().await.unwrap();
    let ids: Vec<Uuid> = (0..10).map(|_| Uuid::now_v7()).collect();
    admitted(&tx, STREAM, &ids).await;
    let age = "update inbox set received_on = current_date - 36 where message_id = any ($1)";
    tx.execute(age, &[&&ids[..7]]).await.unwrap();
    tx.commit().await.unwrap();
    let connection = bed.pool.get().await.unwrap();
    assert_eq!(inbox::purge(&connection).await.unwrap(), 7);
    assert_eq!(inbox::purge(&connection).await.unwrap(), 0);
    assert_eq!(bed.count("select count(*) from inbox").await, 3);
    assert_eq!(inbox::consumed(&connection).await.unwrap()[STREAM], 10);
    kit::retention::purge(&bed.pool).await.unwrap();
}
