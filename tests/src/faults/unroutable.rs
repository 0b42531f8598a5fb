//! A binding or a queue is gone: the broker returns what it cannot route, the row
//! stays, somebody is told, and all of it leaves once the way is there again.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use lienminh_local::{ServiceName, wait};

use super::watch::{logged, metric};
use super::{Ground, Outcome, Plan};

const NAME: &str = "unroutable";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// Whoever watches is told within this time.
const TOLD: Duration = Duration::from_secs(60);

/// Everything has left within this time of the mend: a returned message is tried
/// again every fifteen seconds at least.
const DRAINED: Duration = Duration::from_secs(60);

/// How long the way stays broken after the first return.
const BROKEN: Duration = Duration::from_secs(3);

/// A way that an operator's slip can break.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// From the sources to the notifier.
    Facts,
    /// From the rows to the senders of emails.
    Orders,
    /// The queue itself, with all it holds.
    Queue,
}

/// Binding by binding: exchange, queue, routing key.
const FACTS: [(&str, &str, &str); 1] = [("lienminh.facts", "notifier.facts", "*.v1.obligation.#")];
const ORDERS: [(&str, &str, &str); 2] = [
    ("lienminh.deliveries", "notifier.email", "email"),
    ("lienminh.deliveries", "notifier.email.bulk", "email.bulk"),
];
const QUEUES: [&str; 2] = ["notifier.sms", "notifier.sms.bulk"];

/// Plays it: each round breaks every way once.
///
/// # Errors
/// When the broker refuses, or what was returned does not leave afterwards.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::shared(plan).await?;
    for _ in 0..plan.rounds {
        for way in [Way::Facts, Way::Orders, Way::Queue] {
            play(&ground, way).await?;
            progress.inc(1);
        }
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

async fn play(ground: &Ground, way: Way) -> anyhow::Result<()> {
    let fault = way.words();
    ground.plan(fault);
    let before = refusals(ground, way.publisher()).await?;
    way.break_in(ground).await?;
    ground.note(format_args!("broken: {fault}"));
    // Small mailings travel with the urgent ones, large ones in bulk.
    ground.invite_all().await?;
    ground.invite(ground.parties().len() / 6 + 1).await?;
    let begun = Instant::now();
    wait::until("a returned message is told of", TOLD, || async {
        Ok(refusals(ground, way.publisher()).await? > before)
    })
    .await?;
    ground.measure(
        "until a metric tells of a returned message",
        begun.elapsed(),
        Some(TOLD),
    );
    let words = "the broker does not take a message";
    ground.demand(logged(ground, way.publisher(), words), || {
        format!("{} logged nothing of {fault}", way.publisher())
    });
    tokio::time::sleep(BROKEN).await;
    ground.bite(fault, kept(ground, way.publisher()).await?);
    way.mend(ground).await?;
    ground.note(format_args!("mended: {fault}"));
    let took = ground.outboxes_drain(DRAINED).await?;
    ground.measure("from the mend to empty outboxes", took, Some(DRAINED));
    Ok(())
}

/// Messages that the broker returned to a service so far.
async fn refusals(ground: &Ground, service: ServiceName) -> anyhow::Result<f64> {
    let refused = metric(ground, service, "outbox_refused_total").await?;
    Ok(refused.unwrap_or_default())
}

/// Rows that were returned and are kept.
async fn kept(ground: &Ground, service: ServiceName) -> anyhow::Result<u64> {
    let session = ground.stage.look_into(service).await?;
    let row = session
        .query_one(
            "select count(*) from outbox where last_error like 'returned: %'",
            &[],
        )
        .await?;
    Ok(u64::try_from(row.try_get::<_, i64>(0)?)?)
}

impl Way {
    const fn words(self) -> &'static str {
        match self {
            Self::Facts => "facts without a binding",
            Self::Orders => "orders of emails without bindings",
            Self::Queue => "queues of SMS deleted",
        }
    }

    /// Whose messages come back.
    const fn publisher(self) -> ServiceName {
        match self {
            Self::Facts => ServiceName::Events,
            Self::Orders | Self::Queue => ServiceName::Notifier,
        }
    }

    const fn bindings(self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self {
            Self::Facts => &FACTS,
            Self::Orders => &ORDERS,
            Self::Queue => &[],
        }
    }

    async fn break_in(self, ground: &Ground) -> anyhow::Result<()> {
        let (broker, vhost) = (ground.stage.rabbitmq(), ground.stage.vhost());
        for (exchange, queue, key) in self.bindings() {
            broker.unbind(vhost, exchange, queue, key).await?;
        }
        if matches!(self, Self::Queue) {
            for queue in QUEUES {
                broker.delete_queue(vhost, queue).await?;
            }
        }
        Ok(())
    }

    async fn mend(self, ground: &Ground) -> anyhow::Result<()> {
        let (broker, vhost) = (ground.stage.rabbitmq(), ground.stage.vhost());
        for (exchange, queue, key) in self.bindings() {
            broker.bind(vhost, exchange, queue, key).await?;
        }
        if matches!(self, Self::Queue) {
            broker.create_vhost(vhost).await?;
        }
        Ok(())
    }
}
