//! Orders in, claimed jobs out: the first of the three steps.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kit::broker::Depth;
use kit::consumer::{Handler, Message, Outcome};
use kit::error::Result;
use prost::Message as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Dispatch;
use super::doubt::doubted_to_the_end;
use super::finish::withdrawn;
use super::freshness::{is_stale, refresh};
use super::jobs::Jobs;
use crate::channel::gate::Gate;
use crate::domain::delivery::State;
use crate::store::delivery::{Claimed, CommitSend, claim};
use crate::store::order::{DeliveryOrder, ORDER_TYPE};
use crate::work::ring::Pulse;
use crate::work::words;

/// Tries of one claim before its orders go back to wait: a lost connection is
/// replaced at the second.
const TRIES: u32 = 5;

/// Takes the orders of one queue and feeds the lanes of its channel.
pub struct Orders {
    /// What all senders share.
    pub dispatch: Dispatch,
    /// The lanes' queue.
    pub jobs: Arc<Jobs>,
    /// The channel's gate.
    pub gate: Arc<Gate>,
    /// Whether this is the queue of large mailings.
    pub bulk: bool,
    /// Shows that orders are being taken.
    pub pulse: Arc<Pulse>,
    /// Told when the queue was found, after a start or a loss.
    pub found: Arc<Notify>,
    /// Ends the wait for room.
    pub shutdown: CancellationToken,
}

impl Handler for Orders {
    async fn handle(&self, batch: &[Message]) -> Vec<Outcome> {
        self.pulse.begins();
        let orders: Vec<Option<(Uuid, i32)>> = batch.iter().map(read).collect();
        let good: Vec<(Uuid, i32)> = orders.iter().flatten().copied().collect();
        let taken = self.take(&good).await;
        self.pulse.ends();
        orders
            .iter()
            .map(|order| match (order, taken) {
                (None, _) => Outcome::Poison(NONE.to_owned()),
                (Some(_), true) => Outcome::Done,
                (Some(_), false) => Outcome::NotNow,
            })
            .collect()
    }

    async fn connected(&self, _: Depth) -> Result<()> {
        // A wiped broker has lost orders: whoever rings looks at once.
        self.found.notify_one();
        Ok(())
    }
}

const NONE: &str = "it is no delivery order";

/// Why a message in a queue of orders can never be carried out; `None` where it can.
#[must_use]
pub fn problem(message: &Message) -> Option<String> {
    read(message).is_none().then(|| NONE.to_owned())
}

fn read(message: &Message) -> Option<(Uuid, i32)> {
    if message.type_name != ORDER_TYPE {
        return None;
    }
    let order = DeliveryOrder::decode(message.payload.as_slice()).ok()?;
    Some((order.id()?, order.generation))
}

impl Orders {
    /// Claims and passes on; `false` when these orders must wait.
    async fn take(&self, orders: &[(Uuid, i32)]) -> bool {
        if orders.is_empty() {
            return true;
        }
        let room = tokio::select! {
            () = self.shutdown.cancelled() => return false,
            room = self.room(orders.len()) => room,
        };
        let Some(room) = room else { return false };
        let now = self.dispatch.desk.clock.now();
        let Some(claimed) = self.claim(orders, now).await else {
            return false;
        };
        kit::failpoint::hit("dispatch.claimed");
        let ready = self.sort(claimed, now).await;
        if !ready.is_empty() {
            self.jobs.push(ready, room);
        }
        true
    }

    async fn room(&self, jobs: usize) -> Option<tokio::sync::OwnedSemaphorePermit> {
        self.gate.awake().await;
        self.jobs.room(self.bulk, jobs).await
    }

    /// One claim, tried again under the same lease: it finds its own traces.
    async fn claim(&self, orders: &[(Uuid, i32)], now: Timestamp) -> Option<Vec<Claimed>> {
        let lease = Uuid::now_v7();
        let dispatch = &self.dispatch;
        for attempt in 0..TRIES {
            let claiming = async {
                let connection = dispatch.desk.pool.get().await?;
                claim(&connection, dispatch.worker, lease, now, orders).await
            };
            match claiming.await {
                Ok(claimed) => return Some(claimed),
                Err(error) if attempt == 0 => {
                    tracing::warn!(cause = words(&error), "a claim failed, trying again");
                }
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
        }
        None
    }

    /// Ends what must not go out and loads what the rest needs.
    async fn sort(&self, claimed: Vec<Claimed>, now: Timestamp) -> Vec<Claimed> {
        let dispatch = &self.dispatch;
        let mut good = Vec::with_capacity(claimed.len());
        for each in claimed {
            if each.useful_until <= now {
                end_late(dispatch, &each).await;
            } else if each.suppressed {
                self.end(withdrawn(
                    dispatch,
                    &each,
                    State::Suppressed,
                    "address_dead",
                ))
                .await;
            } else if !dispatch.mode.allows(&each.address) {
                self.end(withdrawn(dispatch, &each, State::Suppressed, "trial"))
                    .await;
            } else {
                good.push(each);
            }
        }
        self.prepare(good, now).await
    }

    /// Asks again about the stale and loads letters; the rows are ours, so what
    /// the database does not give now is asked for until it does.
    async fn prepare(&self, claimed: Vec<Claimed>, now: Timestamp) -> Vec<Claimed> {
        let dispatch = &self.dispatch;
        loop {
            let loading = dispatch.letters.load(&dispatch.desk.pool, &claimed);
            let prepared = match loading.await {
                // The usual case: everybody was asked a moment ago.
                Ok(()) if !claimed.iter().any(|each| is_stale(each, now)) => return claimed,
                Ok(()) => refresh(dispatch, claimed.clone(), now).await,
                Err(error) => Err(error),
            };
            match prepared {
                Ok((ready, ended)) => {
                    for finish in ended {
                        self.end(finish).await;
                    }
                    return ready;
                }
                Err(error) => {
                    tracing::warn!(
                        cause = words(&error),
                        "what is claimed cannot be prepared, trying again"
                    );
                    tokio::select! {
                        // Left claimed: it is settled when this process is gone.
                        () = self.shutdown.cancelled() => return Vec::new(),
                        () = tokio::time::sleep(Duration::from_millis(500)) => {}
                    }
                }
            }
        }
    }

    async fn end(&self, finish: crate::store::delivery::Finish) {
        self.dispatch.finisher.tell(finish).await;
    }
}

/// Its usefulness is over: the second step ends it as MISSED, or leaves the
/// doubt about an earlier copy to a person. What was refused and in doubt has failed.
async fn end_late(dispatch: &Dispatch, claimed: &Claimed) {
    if !claimed.doubt.is_empty()
        && let Some(finish) = doubted_to_the_end(dispatch, claimed).await
    {
        dispatch.finisher.tell(finish).await;
        return;
    }
    dispatch.committer.tell(CommitSend::of(claimed)).await;
}
