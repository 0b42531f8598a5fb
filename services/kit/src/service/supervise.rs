//! The loops of a process: watched while it runs, waited for when it stops.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::Loop;

/// Runs the loops. One that ends or panics before `shutdown` stops the process:
/// a service with a silent loop looks alive and does half its work. Returns
/// the name of that loop. After `shutdown` the others get `patience`.
pub(super) async fn supervise(
    loops: Vec<Loop>,
    shutdown: CancellationToken,
    stop: CancellationToken,
    patience: Duration,
) -> Option<&'static str> {
    let mut running = JoinSet::new();
    let names: HashMap<Id, &'static str> = loops
        .into_iter()
        .map(|each| (running.spawn(each.future).id(), each.name))
        .collect();
    let mut failed = None;
    let watch = async {
        while let Some(ended) = running.join_next_with_id().await {
            let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
            let name = names.get(&id).copied().unwrap_or("unknown");
            if shutdown.is_cancelled() {
                continue;
            }
            tracing::error!(name, "a loop ended while the service was running");
            failed = failed.or(Some(name));
            stop.cancel();
        }
    };
    if bounded(watch, shutdown.clone(), patience).await.is_none() {
        tracing::warn!("loops were cut off after {} s", patience.as_secs());
    }
    // A process without loops stays up until it is told.
    shutdown.cancelled().await;
    failed
}

/// Runs `work` and, once `stop` is cancelled, waits at most `limit` for its end.
async fn bounded<F: Future>(
    work: F,
    stop: CancellationToken,
    limit: Duration,
) -> Option<F::Output> {
    let out_of_patience = async {
        stop.cancelled().await;
        tokio::time::sleep(limit).await;
    };
    tokio::select! {
        output = work => Some(output),
        () = out_of_patience => None,
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn a_loop_that_ends_early_stops_the_process() {
        let (shutdown, stop) = (CancellationToken::new(), CancellationToken::new());
        let loops = vec![
            Loop::new("short", async {}),
            Loop::new("good", shutdown.clone().cancelled_owned()),
        ];
        let watched = tokio::spawn(supervise(
            loops,
            shutdown.clone(),
            stop.clone(),
            Duration::from_secs(5),
        ));
        stop.cancelled().await;
        shutdown.cancel();
        assert_eq!(watched.await.ok().flatten(), Some("short"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_does_not_stop_is_cut_off() {
        let (shutdown, stop) = (CancellationToken::new(), CancellationToken::new());
        shutdown.cancel();
        let loops = vec![Loop::new("deaf", pending())];
        let failed = supervise(loops, shutdown, stop, Duration::from_secs(5)).await;
        assert_eq!(failed, None);
    }
}
