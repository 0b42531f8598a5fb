use kit::audit::{self, Fault, verify};
use kit::database::{Connection, Pool, Session};
use kit::mutation::run;
use uuid::Uuid;

use crate::bed::{Bed, caller};

async fn deeds(bed: &Bed, count: usize) {
    let (mutations, who) = (bed.mutations(), caller("user:lan"));
    for _ in 0..count {
        let id = Uuid::now_v7().to_string();
        run(
            &mutations,
            &who,
            "tests/Deed",
            &id,
            &String::new(),
            |tx| async move {
                tx.about("notes/1");
                Ok(String::new())
            },
        )
        .await
        .unwrap();
    }
}

/// The hands of somebody who may do everything in this database.
async fn tamper(bed: &Bed, sql: &str) {
    let owner = Pool::open(&bed.owner_url, 1, "owner").unwrap();
    let connection = owner.get().await.unwrap();
    for table in ["audit", "audit_seal"] {
        let off = format!("alter table {table} disable trigger all");
        // The owner of a table may switch its own triggers off.
        connection
            .client()
            .batch_execute(&off.replace("all", "user"))
            .await
            .unwrap();
    }
    connection.client().batch_execute(sql).await.unwrap();
}

async fn reader(bed: &Bed) -> Connection {
    bed.pool.get().await.unwrap()
}

#[tokio::test]
async fn an_untouched_chain_holds_and_grows() {
    let bed = Bed::open().await;
    deeds(&bed, 3).await;
    let before = verify(&reader(&bed).await, None).await.unwrap();
    assert!(before.holds());
    assert_eq!(
        (before.entries, before.pending, before.anchor),
        (0, 3, None)
    );
    assert_eq!(audit::seal(&bed.pool).await.unwrap(), 3);
    assert_eq!(audit::seal(&bed.pool).await.unwrap(), 0);
    deeds(&bed, 2).await;
    audit::seal(&bed.pool).await.unwrap();
    let after = verify(&reader(&bed).await, None).await.unwrap();
    assert!(after.holds(), "{:?}", after.faults);
    assert_eq!((after.entries, after.pending), (5, 0));
    assert_eq!(after.anchor.unwrap().number, 2);
    assert!(
        verify(&reader(&bed).await, after.anchor)
            .await
            .unwrap()
            .holds()
    );
}

#[tokio::test]
async fn an_edited_row_is_named() {
    let bed = Bed::open().await;
    deeds(&bed, 3).await;
    audit::seal(&bed.pool).await.unwrap();
    tamper(&bed, "update audit set subject = 'user:minh' where seq = 2").await;
    let report = verify(&reader(&bed).await, None).await.unwrap();
    assert_eq!(report.faults, [Fault::Edited(2)]);
}

#[tokio::test]
async fn a_removed_row_is_named_and_so_is_one_that_was_put_in() {
    let bed = Bed::open().await;
    deeds(&bed, 4).await;
    audit::seal(&bed.pool).await.unwrap();
    tamper(
        &bed,
        "delete from audit where seq = 3;
         insert into audit (subject, method, request_id, request_hash)
         values ('user:x', 'm', gen_random_uuid(), decode(repeat('00', 32), 'hex'))",
    )
    .await;
    let report = verify(&reader(&bed).await, None).await.unwrap();
    assert_eq!(report.faults, [Fault::Removed(3), Fault::PutIn(5)]);
}

#[tokio::test]
async fn a_cut_tail_is_found_even_with_its_seals() {
    let bed = Bed::open().await;
    deeds(&bed, 2).await;
    audit::seal(&bed.pool).await.unwrap();
    deeds(&bed, 2).await;
    audit::seal(&bed.pool).await.unwrap();
    let kept = verify(&reader(&bed).await, None).await.unwrap().anchor;
    tamper(
        &bed,
        "delete from audit_seal where number = 2; delete from audit where seq > 2",
    )
    .await;
    let report = verify(&reader(&bed).await, None).await.unwrap();
    assert_eq!(report.faults, [Fault::SealRemoved(2)]);
    // Whoever also turns the head back is found by the anchor that was kept outside.
    tamper(
        &bed,
        "update audit_head set number = 1, hash = (select hash from audit_seal where number = 1)",
    )
    .await;
    assert!(verify(&reader(&bed).await, None).await.unwrap().holds());
    let report = verify(&reader(&bed).await, kept).await.unwrap();
    assert_eq!(report.faults, [Fault::BehindAnchor(2)]);
}

#[tokio::test]
async fn a_forged_seal_breaks_the_chain() {
    let bed = Bed::open().await;
    for _ in 0..3 {
        deeds(&bed, 1).await;
        audit::seal(&bed.pool).await.unwrap();
    }
    tamper(
        &bed,
        "update audit_seal set hash = previous where number = 2",
    )
    .await;
    let report = verify(&reader(&bed).await, None).await.unwrap();
    assert_eq!(report.faults, [Fault::SealBroken(2)]);
    tamper(&bed, "delete from audit_seal where number = 2").await;
    let report = verify(&reader(&bed).await, None).await.unwrap();
    assert_eq!(report.faults, [Fault::SealRemoved(2), Fault::PutIn(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sealers_at_once_and_writers_beside_them_leave_one_whole_chain() {
    let bed = Bed::open().await;
    let sealing = async {
        for _ in 0..10 {
            let (one, two) = tokio::join!(audit::seal(&bed.pool), audit::seal(&bed.pool));
            one.unwrap();
            two.unwrap();
        }
    };
    tokio::join!(deeds(&bed, 40), deeds(&bed, 40), sealing);
    audit::seal(&bed.pool).await.unwrap();
    let report = verify(&reader(&bed).await, None).await.unwrap();
    assert!(report.holds(), "{:?}", report.faults);
    assert_eq!((report.entries, report.pending), (80, 0));
}

#[tokio::test]
async fn a_backlog_larger_than_one_seal_is_sealed_whole() {
    let bed = Bed::open().await;
    let connection = reader(&bed).await;
    connection
        .execute(
            "with entry as (
                insert into audit (subject, method, request_id, request_hash)
                select 'user:lan', 'tests/Deed', gen_random_uuid(), decode(repeat('00', 32), 'hex')
                from generate_series(1, 2500)
                returning seq
            )
            insert into audit_pending (seq) select seq from entry",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(audit::seal(&bed.pool).await.unwrap(), 2_500);
    let report = verify(&connection, None).await.unwrap();
    assert!(report.holds());
    assert_eq!((report.entries, report.anchor.unwrap().number), (2_500, 3));
}
