//! Measures what is under way, and tells when all messages of an occurrence are settled.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use kit::error::Result;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::desk::Desk;
use super::words;
use crate::channel::gate::{Gate, Gates};
use crate::domain::delivery::{Channel, State};
use crate::store::gauges::{self, Group};

/// As often as a collector asks.
const EVERY: Duration = Duration::from_secs(15);

/// Where a delivery can stand that is not ended.
const STATES: [State; 6] = [
    State::Queued,
    State::Claimed,
    State::Sending,
    State::RetryWait,
    State::Unknown,
    State::Parked,
];

/// Measures until `shutdown`.
pub async fn run(desk: Desk, gates: Gates, shutdown: CancellationToken) {
    let mut under_way = HashSet::new();
    while !shutdown.is_cancelled() {
        rests(&gates);
        if let Err(error) = look(&desk, &mut under_way).await {
            tracing::debug!(cause = words(&error), "nothing could be measured");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(desk.clock.waits().of(EVERY)) => {}
        }
    }
}

fn rests(gates: &Gates) {
    let show = |channel: Channel, gate: &Gate| {
        let rests = f64::from(u8::from(gate.rest().is_some()));
        metrics::gauge!("notifier_channel_at_rest", "channel" => channel.as_str()).set(rests);
    };
    show(Channel::Email, &gates.email);
    show(Channel::Sms, &gates.sms);
}

async fn look(desk: &Desk, under_way: &mut HashSet<Uuid>) -> Result<()> {
    // Before their rows are counted: what goes out meanwhile is of the next look.
    under_way.extend(desk.take_gone_out());
    let session = desk.pool.get().await?;
    let (live, all) = gauges::live(&session).await?;
    let parked = gauges::parked(&session).await?;
    show(live.iter().chain(&parked));
    let now = desk.clock.now();
    let (overdue, oldest) = gauges::overdue(&session, now).await?;
    metrics::gauge!("notifier_overdue_occurrences").set(overdue as f64);
    let late = oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64());
    metrics::gauge!("notifier_overdue_seconds").set(late);
    let undecided = gauges::undecided(&session).await?;
    metrics::gauge!("notifier_parked_messages").set(undecided as f64);
    if all {
        let present: HashSet<Uuid> = live.iter().map(|group| group.occurrence_id).collect();
        let settled: Vec<Uuid> = under_way.difference(&present).copied().collect();
        for account in gauges::accounts(&session, &settled).await? {
            tracing::info!(
                obligation = %account.obligation_id,
                occurrence = %account.id,
                step = account.step,
                states = account.states,
                "all of its messages are settled"
            );
        }
        *under_way = present;
    }
    metrics::gauge!("notifier_measured_timestamp_seconds")
        .set(Timestamp::now().as_duration().as_secs_f64());
    Ok(())
}

/// Every channel and state, so that what is over shows as none.
fn show<'g>(groups: impl Iterator<Item = &'g Group>) {
    let mut rows: HashMap<(&str, &str), i64> = HashMap::new();
    for channel in [Channel::Email, Channel::Sms] {
        for state in STATES {
            rows.insert((channel.as_str(), state.as_str()), 0);
        }
    }
    for group in groups {
        *rows.entry((&group.channel, &group.state)).or_default() += group.rows;
    }
    for ((channel, state), rows) in rows {
        metrics::gauge!(
            "notifier_deliveries",
            "channel" => channel.to_owned(),
            "state" => state.to_owned()
        )
        .set(rows as f64);
    }
}
