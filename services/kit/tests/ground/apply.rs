use std::sync::atomic::{AtomicU32, Ordering};

use kit::consumer::{Outcome, apply};
use kit::database::Session;

use crate::bed::Bed;

/// What a database says to a value that it cannot hold.
async fn refused(bed: &Bed) -> kit::error::Result<()> {
    let session = bed.pool.get().await?;
    session.query("select 1 / 0", &[]).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_message_that_the_database_refuses_is_poison() {
    let bed = Bed::open().await;
    let take = async |some: Vec<u8>| {
        if some.contains(&2) {
            refused(&bed).await
        } else {
            Ok(())
        }
    };
    let outcomes = apply(vec![1, 2, 3], take).await;
    assert_eq!(outcomes[0], Outcome::Done);
    assert!(matches!(outcomes[1], Outcome::Poison(_)), "{outcomes:?}");
    assert_eq!(outcomes[2], Outcome::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_was_in_the_way_of_is_no_poison() {
    let bed = Bed::open().await;
    let tries = AtomicU32::new(0);
    let take = async |_: Vec<u8>| match tries.fetch_add(1, Ordering::SeqCst) {
        0 => refused(&bed).await,
        _ => Ok(()),
    };
    assert_eq!(apply(vec![1], take).await, [Outcome::Done]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_all_messages_wait() {
    let take = async |_: Vec<u8>| Err(kit::error::Error::unavailable(anyhow::anyhow!("away")));
    assert_eq!(apply(vec![1, 2], take).await, vec![Outcome::NotNow; 2]);
}
