//! The notifier's links to the SMTP end, PostgreSQL and the broker are delayed,
//! sliced, half-opened, cut, reset and closed.

use std::time::Duration;

use indicatif::ProgressBar;
use lienminh_local::proxy::{Link, Proxy};
use lienminh_local::{ServiceName, Stage};

use super::ground::options;
use super::{Ground, Outcome, Plan};

const NAME: &str = "links";

/// How long the rest may take: a half-open link to the database is noticed after
/// twenty seconds at the latest.
const REST: Duration = Duration::from_secs(120);

/// How long a link stays bad.
const BAD: Duration = Duration::from_millis(1_500);

/// The three links.
struct Links {
    smtp: Proxy,
    postgres: Proxy,
    broker: Proxy,
}

/// What is done to a link.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Delayed,
    Sliced,
    HalfOpen,
    Cut,
    Reset,
    Closed,
}

const FAULTS: [Fault; 6] = [
    Fault::Delayed,
    Fault::Sliced,
    Fault::HalfOpen,
    Fault::Cut,
    Fault::Reset,
    Fault::Closed,
];

/// Plays it: every round breaks each link once in one way.
///
/// # Errors
/// When the stage does not come up.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let stage = Stage::prepare(&options()?).await?;
    let links = Links::lay(&stage).await?;
    stage.suite().start().await?;
    let ground = Ground::on(stage, plan).await?;
    for round in 0..plan.rounds {
        let fault = FAULTS[usize::try_from(round)? % FAULTS.len()];
        for (name, link) in links.all() {
            ground.invite(plan.parties / 3 + 1).await?;
            ground.under_way(5).await;
            ground.note(format_args!("{name}: {fault:?}"));
            let bites = fault.strike(link).await;
            ground.bite(&format!("{name}: {fault:?}"), bites);
            progress.inc(1);
        }
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

impl Links {
    /// Leads the notifier's links through proxies, before it is started.
    async fn lay(stage: &Stage) -> anyhow::Result<Self> {
        let links = Self {
            smtp: Proxy::start(stage.smtp().address().to_string()).await?,
            postgres: Proxy::start(format!("127.0.0.1:{}", stage.postgres().port)).await?,
            broker: Proxy::start(stage.broker_target()).await?,
        };
        let database = stage
            .database(ServiceName::Notifier)
            .through(links.postgres.port());
        let broker = stage
            .rabbitmq()
            .url_through(links.broker.port(), "notifier", stage.vhost());
        stage.suite().change(ServiceName::Notifier, |settings| {
            settings
                .set("smtp-url", format!("smtp://{}", links.smtp.address()))
                .set("database-url", &database.runtime_url)
                .set("broker-url", broker);
        });
        Ok(links)
    }

    fn all(&self) -> [(&'static str, &Proxy); 3] {
        [
            ("SMTP", &self.smtp),
            ("PostgreSQL", &self.postgres),
            ("broker", &self.broker),
        ]
    }
}

impl Fault {
    /// Breaks a link for a while and heals it; answers how often that was felt.
    async fn strike(self, link: &Proxy) -> u64 {
        let before = link.counters();
        match self {
            Self::Delayed => link.set(Link::delayed(Duration::from_millis(40))),
            Self::Sliced => link.set(Link::sliced(64, Duration::from_millis(1))),
            Self::HalfOpen => link.set(Link::half_open()),
            Self::Cut => link.cut(),
            Self::Reset => link.reset(),
            Self::Closed => {
                link.set(Link::closed());
                link.cut();
            }
        }
        tokio::time::sleep(BAD).await;
        link.set(Link::healthy());
        if matches!(self, Self::HalfOpen) {
            // What was swallowed never comes: a link that lost bytes ends sooner or later.
            link.reset();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let after = link.counters();
        match self {
            Self::Delayed | Self::Sliced => after.disturbed - before.disturbed,
            Self::HalfOpen => after.dropped_bytes - before.dropped_bytes,
            Self::Cut => after.cut - before.cut,
            Self::Reset => after.reset - before.reset,
            Self::Closed => (after.refused - before.refused) + (after.cut - before.cut),
        }
    }
}
