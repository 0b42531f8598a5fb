//! An alliance on a stage of its own, mailings to it, and a record of what was done to it.

mod clock;
mod ends;
pub mod mailing;
pub(crate) mod roster;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::bail;
use lienminh_cli::args::Connection;
use lienminh_cli::connect::{Clients, in_words};
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage, StageOptions, wait};
use serde::Serialize;

use super::{Dice, Plan};

pub use clock::BusinessClock;
pub use ends::Ends;
pub use mailing::Mailing;

/// Good for services whose clock is some days ahead of ours.
const TOKEN_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

/// No call is repeated for longer than this.
const CALL_LIMIT: Duration = Duration::from_secs(120);

/// Between two tries of a call that a fault has cut off.
const CALL_PAUSE: Duration = Duration::from_millis(200);

/// A mailing that does not show by then has come and gone.
const UNDER_WAY: Duration = Duration::from_secs(5);

/// An alliance on a stage, and what has been done to it.
pub struct Ground {
    /// Servers, ends and services.
    pub stage: Stage,
    /// An officer who may do everything.
    pub clients: Clients,
    /// Where the random choices come from.
    pub dice: Dice,
    /// What the services take for the present.
    pub clock: BusinessClock,
    alliance: String,
    unit: String,
    parties: Vec<String>,
    begun: Instant,
    record: Mutex<Record>,
}

/// What has been done so far.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Every mailing whose announcement was answered.
    pub mailings: Vec<Mailing>,
    /// Every fault in order, with the time since the beginning.
    pub schedule: Vec<String>,
    /// How often each planned fault bit.
    pub bites: BTreeMap<String, u64>,
    /// What was measured on the way.
    pub figures: BTreeMap<String, Figure>,
    /// What was promised for the time of the faults and did not hold.
    pub broken: Vec<String>,
}

/// How long something took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figure {
    /// The longest time seen.
    pub worst_seconds: f64,
    /// How often it was measured.
    pub times: u32,
    /// The promise, where there is one.
    pub limit_seconds: Option<f64>,
}

impl Figure {
    /// Whether the promise holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.limit_seconds
            .is_none_or(|limit| self.worst_seconds <= limit)
    }
}

/// The options of a stage that stands still.
///
/// # Errors
/// Never: the instant is a constant.
pub fn options() -> anyhow::Result<StageOptions> {
    Ok(StageOptions::stepped(BusinessClock::still()?.now()))
}

/// The same with the infrastructure waits of production, for what is measured.
///
/// # Errors
/// Never, as [`options`].
pub fn patient_options() -> anyhow::Result<StageOptions> {
    Ok(ServiceName::ALL
        .into_iter()
        .fold(options()?, |options, service| {
            options.with(service, "full-waits", "true")
        }))
}

impl Ground {
    /// On the servers that all tests share.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn shared(plan: &Plan) -> anyhow::Result<Self> {
        Self::shared_with(plan, &options()?).await
    }

    /// The same with options of its own.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn shared_with(plan: &Plan, options: &StageOptions) -> anyhow::Result<Self> {
        let stage = Stage::prepare(options).await?;
        stage.suite().start().await?;
        Self::on(stage, plan).await
    }

    /// On servers of its own, which may be killed and wiped.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn alone(plan: &Plan) -> anyhow::Result<Self> {
        Self::alone_with(plan, &options()?).await
    }

    /// The same with options of its own.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn alone_with(plan: &Plan, options: &StageOptions) -> anyhow::Result<Self> {
        Self::on(Stage::start_alone(options).await?, plan).await
    }

    /// On a started stage: members are brought in and the ends begin to misbehave.
    ///
    /// # Errors
    /// When a call is refused.
    pub async fn on(stage: Stage, plan: &Plan) -> anyhow::Result<Self> {
        Self::with(stage, plan, BusinessClock::still()?, Ends::Mixed).await
    }

    /// On a started stage with this clock, whose ends behave like this.
    ///
    /// # Errors
    /// When a call is refused.
    pub async fn with(
        stage: Stage,
        plan: &Plan,
        clock: BusinessClock,
        ends: Ends,
    ) -> anyhow::Result<Self> {
        let clients = officer(&stage, "user:lan")?;
        let people = roster::bring_in(&clients, plan.parties).await?;
        ends.set(&stage, plan.seed);
        Ok(Self {
            stage,
            clients,
            dice: Dice::new(plan.seed),
            clock,
            alliance: people.alliance,
            unit: people.unit,
            parties: people.parties,
            begun: Instant::now(),
            record: Mutex::default(),
        })
    }

    /// The alliance and its unit in charge.
    #[must_use]
    pub fn house(&self) -> (&str, &str) {
        (&self.alliance, &self.unit)
    }

    /// The members.
    #[must_use]
    pub fn parties(&self) -> &[String] {
        &self.parties
    }

    /// Starts a service again and waits until it is ready.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn revive(&self, service: ServiceName) -> anyhow::Result<()> {
        let suite = self.stage.suite();
        suite.start_service(service).await?;
        suite.wait_until_ready(service).await
    }

    /// Rows of the notifier for which this condition holds; none when the database
    /// cannot be asked at the moment.
    pub async fn rows_where(&self, condition: Rows) -> Option<i64> {
        let session = self.stage.look_into(ServiceName::Notifier).await.ok()?;
        let row = session.query_one(condition.statement(), &[]).await.ok()?;
        row.try_get(0).ok()
    }

    /// Waits until at least so many rows are on their way, or until it is plain that
    /// they have been quicker than our looking.
    pub async fn under_way(&self, rows: i64) {
        let begun = Instant::now();
        while begun.elapsed() < UNDER_WAY {
            if self
                .rows_where(Rows::Live)
                .await
                .is_some_and(|live| live >= rows)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Says that a fault is planned: without a bite the scenario does not pass.
    pub fn plan(&self, fault: &str) {
        self.lock().bites.entry(fault.to_owned()).or_default();
    }

    /// Says how often a fault has bitten.
    pub fn bite(&self, fault: &str, times: u64) {
        *self.lock().bites.entry(fault.to_owned()).or_default() += times;
    }

    /// Writes down how long something took; longer than `limit` breaks a promise.
    pub fn measure(&self, what: &str, took: Duration, limit: Option<Duration>) {
        let mut record = self.lock();
        let figure = record.figures.entry(what.to_owned()).or_insert(Figure {
            worst_seconds: 0.0,
            times: 0,
            limit_seconds: limit.map(|limit| limit.as_secs_f64()),
        });
        figure.worst_seconds = figure.worst_seconds.max(took.as_secs_f64());
        figure.times += 1;
    }

    /// Where a promise does not hold, the scenario does not pass.
    pub fn demand(&self, holds: bool, promise: impl FnOnce() -> String) {
        if !holds {
            self.lock().broken.push(promise());
        }
    }

    /// Messages that a service has not yet given to the broker; none when its
    /// database cannot be asked at the moment.
    pub async fn outbox(&self, service: ServiceName) -> Option<i64> {
        let session = self.stage.look_into(service).await.ok()?;
        let row = session
            .query_one("select count(*) from outbox", &[])
            .await
            .ok()?;
        row.try_get(0).ok()
    }

    /// Waits until all outboxes are empty; tells how long that took.
    ///
    /// # Errors
    /// When they are not within `limit`.
    pub async fn outboxes_drain(&self, limit: Duration) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        for service in ServiceName::ALL {
            wait::until(
                &format!("the outbox of {service} drains"),
                limit,
                || async { Ok(self.outbox(service).await == Some(0)) },
            )
            .await?;
        }
        Ok(begun.elapsed())
    }

    /// From now on both ends accept everything at once.
    pub fn calm(&self) {
        self.stage.smtp().rules().clear();
        self.stage.sms().rules().clear();
    }

    /// Counts the misbehaviour of the two ends that was felt as planned faults.
    pub fn bite_ends(&self) {
        for (fault, times) in ends::felt(&self.stage) {
            self.bite(fault, times);
        }
    }

    /// Says that a promise was seen broken: the scenario does not pass.
    pub fn complain(&self, what: impl std::fmt::Display) {
        self.note(format_args!("broken: {what}"));
        self.lock().broken.push(what.to_string());
    }

    /// Writes down what is done now.
    pub fn note(&self, what: impl std::fmt::Display) {
        let at = self.begun.elapsed().as_secs_f64();
        self.lock().schedule.push(format!("{at:8.3} s  {what}"));
    }

    /// What has been done so far.
    #[must_use]
    pub fn read(&self) -> Record {
        self.lock().clone()
    }

    /// Since when.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Conditions on delivery rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Not in a final state.
    Live,
    /// Claimed by a worker or being handed over.
    InHand,
    /// Waiting for a worker.
    Queued,
}

impl Rows {
    fn statement(self) -> &'static str {
        match self {
            Self::Live => "select count(*) from delivery where next_action_at is not null",
            Self::InHand => "select count(*) from delivery where state in ('CLAIMED', 'SENDING')",
            Self::Queued => "select count(*) from delivery where state = 'QUEUED'",
        }
    }
}

/// Somebody with every right.
///
/// # Errors
/// When no token can be signed.
pub fn officer(stage: &Stage, subject: &str) -> anyhow::Result<Clients> {
    let suite = stage.suite();
    let token = Token {
        life: TOKEN_LIFE,
        ..Token::new(subject, "*")
    };
    Clients::new(&Connection {
        registry_url: suite.url(ServiceName::Registry),
        events_url: suite.url(ServiceName::Events),
        funding_url: suite.url(ServiceName::Funding),
        notifier_url: suite.url(ServiceName::Notifier),
        token: Some(suite.token(&token)?),
        token_file: None,
        language: "vi".to_owned(),
        certificates: Default::default(),
    })
}

/// Repeats a call until it is answered. Only a refusal of its content ends it early.
///
/// # Errors
/// When it is refused, or never answered.
pub async fn insist<T, F, Fut>(what: &str, mut call: F) -> anyhow::Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, tonic::Status>>,
{
    let begun = Instant::now();
    loop {
        match call().await {
            Ok(answer) => return Ok(answer),
            Err(status)
                if status.code() == tonic::Code::InvalidArgument
                    || begun.elapsed() > CALL_LIMIT =>
            {
                bail!("{what}: {} ({:?})", in_words(&status), status.code())
            }
            Err(_) => tokio::time::sleep(CALL_PAUSE).await,
        }
    }
}
