//! Decisions over a set of rows, made by two at once.

use std::sync::Arc;

use kit::database::{Isolation, Session, Tx};
use kit::error::{Error, Result};
use kit::mutation::Mutation;
use uuid::Uuid;

use crate::bed::{Bed, caller};

const METHOD: &str = "lienminh.tests.v1.BudgetService/Approve";

async fn approve(tx: Arc<Tx>, amount: i64) -> Result<String> {
    let row = tx
        .query_one(
            "select b.left_vnd - (select coalesce(sum(l.amount_vnd), 0)::bigint from ledger l)
             from budget b",
            &[],
        )
        .await?;
    let left: i64 = row.get(0);
    // Everybody has looked before anybody writes.
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    if left < amount {
        return Err(
            Error::failed_precondition("BUDGET_SPENT", "Hết ngân sách.", "Spent.")
                .with("left_vnd", left),
        );
    }
    tx.execute("insert into ledger (amount_vnd) values ($1)", &[&amount])
        .await?;
    Ok(format!("{left}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_approve_the_last_money_at_once_leave_one_refusal_with_the_figures() {
    let bed = Bed::open().await;
    let mutations = bed.mutations();
    let approvals = (0..2).map(|number| {
        let mutations = mutations.clone();
        tokio::spawn(async move {
            let who = caller(&format!("user:{number}"));
            let id = Uuid::now_v7().to_string();
            Mutation::new(&mutations, &who, METHOD, &id)
                .isolation(Isolation::Serializable)
                .run::<_, String, _, _>(&String::new(), |tx| approve(tx, 500))
                .await
        })
    });
    let outcomes: Vec<Result<String>> = futures_util::future::join_all(approvals)
        .await
        .into_iter()
        .map(std::result::Result::unwrap)
        .collect();
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    let refused = outcomes.into_iter().find_map(Result::err).unwrap();
    let Error::FailedPrecondition(refusal) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.metadata, [("left_vnd", "0".to_owned())]);
    assert_eq!(bed.count("select count(*) from ledger").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlocked_mutations_are_run_again_and_both_succeed() {
    let bed = Bed::open().await;
    let mutations = bed.mutations();
    let connection = bed.pool.get().await.unwrap();
    connection
        .execute("insert into note (text) values ('left'), ('right')", &[])
        .await
        .unwrap();
    drop(connection);
    let crossing = [["left", "right"], ["right", "left"]].map(|order| {
        let mutations = mutations.clone();
        tokio::spawn(async move {
            let (who, id) = (caller(order[0]), Uuid::now_v7().to_string());
            Mutation::new(&mutations, &who, METHOD, &id)
                .run::<_, String, _, _>(&String::new(), |tx| async move {
                    for text in order {
                        let lock = "select n.text from note n where n.text = $1 for update";
                        tx.query_one(lock, &[&text]).await?;
                        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    }
                    Ok(String::new())
                })
                .await
        })
    });
    for outcome in futures_util::future::join_all(crossing).await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(bed.count("select count(*) from request").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_58_equal_serializable_requests_in_two_processes_have_one_effect() {
    let bed = Bed::open().await;
    let id = Uuid::now_v7().to_string();
    let requests = (0..8).map(|_| {
        let (mutations, id) = (bed.mutations(), id.clone());
        tokio::spawn(async move {
            Mutation::new(&mutations, &caller("user:lan"), METHOD, &id)
                .isolation(Isolation::Serializable)
                .run::<_, String, _, _>(&String::new(), |tx| approve(tx, 10))
                .await
                .unwrap()
        })
    });
    for answer in futures_util::future::join_all(requests).await {
        assert_eq!(answer.unwrap(), "500");
    }
    assert_eq!(bed.count("select count(*) from ledger").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn mutations_survive_that_their_database_sessions_are_terminated() {
    let bed = Bed::open().await;
    let mutations = bed.mutations();
    let superuser = bed
        .stage
        .servers()
        .postgres
        .connect("postgres")
        .await
        .unwrap();
    let name = bed.runtime_url.rsplit('/').next().unwrap().to_owned();
    let mut ended = 0;
    for number in 0..30_i64 {
        let (who, id) = (caller("user:lan"), Uuid::now_v7().to_string());
        let body = String::new();
        let call = Mutation::new(&mutations, &who, METHOD, &id).run::<_, String, _, _>(
            &body,
            |tx| async move {
                tx.execute("insert into ledger (amount_vnd) values ($1)", &[&number])
                    .await?;
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                Ok(String::new())
            },
        );
        let terminate = "
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where application_name = 'kit tests' and datname = $1";
        let (answer, row) = tokio::join!(call, async {
            tokio::time::sleep(std::time::Duration::from_millis(
                u64::try_from(number % 10).unwrap(),
            ))
            .await;
            superuser.query_one(terminate, &[&name]).await.unwrap()
        });
        ended += row.get::<_, i64>(0);
        answer.unwrap();
    }
    assert!(ended > 10, "the fault did not bite: {ended}");
    let each_once = "select count(*) from (select distinct amount_vnd from ledger) l";
    crate::bed::eventually("the pool has recovered", async || bed.pool.is_ready().await).await;
    assert_eq!(bed.count(each_once).await, 30);
    assert_eq!(bed.count("select count(*) from ledger").await, 30);
}
