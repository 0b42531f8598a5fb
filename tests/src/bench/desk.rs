//! A suite that follows the system's clock, with members and an event to tell of.
//!
//! When something falls due is set by hand: a bench plays at any hour of the day,
//! also when the house keeps quiet.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use jiff::Timestamp;
use lienminh_cli::connect::Clients;
use lienminh_cli::files::plan::When;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_local::{ServiceName, Stage, StageOptions, wait};
use lienminh_proto::events::v1::{
    BatchInviteRequest, CreateEventRequest, Event, RescheduleEventRequest,
};
use notifier::domain::schedule::after_quiet_hours;
use rustix::process::Signal;
use tokio_postgres::Client;
use uuid::Uuid;

use super::process::{Usage, usage};
use crate::faults::ground::mailing::event;
use crate::faults::ground::{officer, roster};

/// A fact travels and is planned within this time, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The events service takes at most this many organisations a call.
const INVITED_A_CALL: usize = 1_000;

/// Between two looks at rows that are being worked on: they must not notice.
const LOOK: Duration = Duration::from_millis(40);

const IS_PLANNED: &str = "
    select exists (
        select 1 from occurrence c join obligation o on o.id = c.obligation_id
        where o.name = $1 and c.state = 'SCHEDULED')";

// By day the invitation itself leaves while more are invited, by night in the morning.
const FIRST_STEP: &str = "
    select c.id
    from occurrence c join obligation o on o.id = c.obligation_id
    where o.name = $1 and c.state = 'SCHEDULED' and c.due_at > now() + interval '1 hour'
    order by c.due_at, c.id
    limit 1";

const BUSY: &str = "
    select exists (select 1 from delivery d where d.next_action_at is not null)";

const FALL_DUE: &str = "
    update occurrence set due_at = $2, useful_until = coalesce($3, useful_until) where id = $1";

/// The suite, its members, and a view of the notifier's database.
pub struct Desk {
    /// Servers, ends and services.
    pub stage: Stage,
    /// An officer who may do everything.
    pub clients: Clients,
    /// The notifier's database as the superuser sees it.
    pub rows: Client,
    /// Resource names of the members; two of three read mail.
    pub members: Vec<String>,
    alliance: String,
    unit: String,
}

impl Desk {
    /// Starts everything and brings so many members in.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn open(options: &StageOptions, members: usize) -> anyhow::Result<Self> {
        let stage = Stage::start(options).await?;
        let clients = officer(&stage, "user:lan")?;
        eprintln!("  bringing {members} members in ...");
        let people = roster::bring_in(&clients, members).await?;
        let rows = stage.look_into(ServiceName::Notifier).await?;
        Ok(Self {
            stage,
            clients,
            rows,
            members: people.parties,
            alliance: people.alliance,
            unit: people.unit,
        })
    }

    /// Invites these members to a ceremony and waits until the reminders are
    /// planned; answers the event's resource name.
    ///
    /// # Errors
    /// When the call is refused or nothing is planned.
    pub async fn invite(
        &self,
        title: &str,
        start: Timestamp,
        members: &[String],
    ) -> anyhow::Result<String> {
        let (first, rest) = members.split_at(members.len().min(INVITED_A_CALL));
        let request = CreateEventRequest {
            event: Some(self.ceremony(title, start)),
            announce: true,
            invitees: first.to_vec(),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let event = self.clients.events().create_event(request).await?;
        let name = event.into_inner().name;
        for more in rest.chunks(INVITED_A_CALL) {
            let request = BatchInviteRequest {
                parent: name.clone(),
                organisations: more.to_vec(),
                request_id: fresh_request_id(),
                ..Default::default()
            };
            self.clients.events().batch_invite(request).await?;
        }
        let obligation = obligation_of(&name)?;
        wait::until("the reminders are planned", PATIENCE, || async {
            let row = self.rows.query_one(IS_PLANNED, &[&obligation]).await?;
            Ok(row.get(0))
        })
        .await?;
        Ok(name)
    }

    /// Moves an event; returns once that is committed.
    ///
    /// # Errors
    /// When the call is refused.
    pub async fn reschedule(&self, event: &str, start: Timestamp) -> anyhow::Result<()> {
        let request = RescheduleEventRequest {
            name: event.to_owned(),
            anchor: Some(anchor(Some(&two_hours(start)))),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.clients.events().reschedule_event(request).await?;
        Ok(())
    }

    fn ceremony(&self, title: &str, start: Timestamp) -> Event {
        event(
            "ceremony",
            title,
            Some(&two_hours(start)),
            (&self.alliance, &self.unit),
        )
    }

    /// Lets the first reminder of an event that is still to come fall due at an
    /// instant; answers its id.
    ///
    /// # Errors
    /// When none is to come.
    pub async fn let_fall_due(&self, event: &str, at: Timestamp) -> anyhow::Result<Uuid> {
        let obligation = obligation_of(event)?;
        let row = self.rows.query_opt(FIRST_STEP, &[&obligation]).await?;
        let id: Uuid = row.context("no reminder is to come")?.get(0);
        // At night: what only helps until the morning does not wait for it.
        let morning = after_quiet_hours(at, Timestamp::MAX);
        let night = (morning > at).then_some(morning);
        self.rows.execute(FALL_DUE, &[&id, &at, &night]).await?;
        Ok(id)
    }

    /// Waits until no delivery has anything to be done.
    ///
    /// # Errors
    /// When that does not happen within `limit`.
    pub async fn rest(&self, limit: Duration) -> anyhow::Result<()> {
        wait::until("all deliveries are settled", limit, || async {
            Ok(!self.is_busy().await?)
        })
        .await
    }

    /// Whether a delivery has something to be done.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_busy(&self) -> anyhow::Result<bool> {
        Ok(self.rows.query_one(BUSY, &[]).await?.get(0))
    }
}

/// Puts work before a service that stands still, then lets it go on: the clock
/// runs from there until `is_done` says so.
///
/// # Errors
/// When the work is not done within `limit`.
pub async fn measure<W, D>(
    stage: &Stage,
    service: ServiceName,
    put: W,
    is_done: impl Fn() -> D,
    limit: Duration,
) -> anyhow::Result<Measured>
where
    W: Future<Output = anyhow::Result<()>>,
    D: Future<Output = anyhow::Result<bool>>,
{
    let suite = stage.suite();
    let pid = suite.id(service).await.context("it does not run")?;
    suite.signal(service, Signal::STOP).await?;
    let put = put.await;
    let before = usage(pid)?;
    let begun = Instant::now();
    suite.signal(service, Signal::CONT).await?;
    put?;
    while !is_done().await? {
        ensure!(begun.elapsed() < limit, "not done within {limit:?}");
        tokio::time::sleep(LOOK).await;
    }
    let took = begun.elapsed();
    let after = usage(pid)?;
    Ok(Measured {
        took,
        used: Usage {
            cpu_ms: after.cpu_ms - before.cpu_ms,
            ..after
        },
    })
}

/// How long a piece of work took, and what the service used for it.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// From letting the service go until all was done.
    pub took: Duration,
    /// Processor time for it, and memory afterwards.
    pub used: Usage,
}

/// Two hours from a whole second on: instants of events have no fractions.
fn two_hours(start: Timestamp) -> When {
    let whole = Timestamp::from_second(start.as_second()).unwrap_or(start);
    let start = vietnam::local(whole);
    When::Instant {
        start,
        end: Some(start + jiff::Span::new().hours(2)),
    }
}

/// The obligation that an event is to the notifier.
///
/// # Errors
/// When it is not the name of an event.
pub fn obligation_of(event: &str) -> anyhow::Result<String> {
    let id = event
        .strip_prefix("events/")
        .with_context(|| format!("{event} is no event"))?;
    Ok(format!("events/obligations/event-{id}"))
}
