//! The database's disk runs full while mailings are under way, and the notifier is
//! killed meanwhile: calls are sent away to come again, readiness tells it, and no
//! message leaves while the outcome of another of its lane cannot be written down.

mod room;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_cli::load::fresh_request_id;
use lienminh_local::folder::{Play, project_root};
use lienminh_local::postgres::{PostgresOptions, Volume};
use lienminh_local::servers::Servers;
use lienminh_local::smtp::Behaviour;
use lienminh_local::{ServiceName, Stage, StageOptions, wait};
use lienminh_proto::events::v1::CreateEventRequest;
use tonic::Code;
use uuid::Uuid;

use super::ground::mailing::event;
use super::ground::{BusinessClock, Ends, Rows, options};
use super::oracle::come_to_rest;
use super::watch::{problem, readiness};
use super::{Ground, Outcome, Plan};
use room::Room;

/// How long nothing may move.
const REST: Duration = Duration::from_secs(90);

/// Lanes of the notifier: so many messages may be under way when it cannot write.
const LANES: usize = 8;

/// The end takes so long for a message: the disk runs full before all are out.
const SLOWLY: Duration = Duration::from_millis(100);

/// The disk stays full for this long before the notifier is killed, and after it.
const LONG: Duration = Duration::from_secs(15);
const SHORT: Duration = Duration::from_secs(2);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// A service is ready again within this time of there being room.
const READY_AGAIN: Duration = Duration::from_secs(60);

/// The faults, each of which must bite.
const TAKEN: &str = "megabytes taken until nothing fitted any more";
const KILLED: &str = "kill -9 of the notifier beside a full disk";
const SENT_AWAY: &str = "calls sent away to come again";
const TOLD: &str = "readiness tells that the server cannot";

/// Plays it with the tables on the disk that runs full.
///
/// # Errors
/// Where no small file system can be mounted, or a service does not come back.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let stage = Stage::prepare(&few_lanes()?).await?;
    let bed = stage.bed().context("a corner of the shared servers")?;
    let room = Room::of_tables(&stage, bed.guard()?).await?;
    stage.suite().start().await?;
    let outcome = play("disk", stage, &room, plan, progress).await;
    room.leave().await?;
    outcome
}

/// Plays it with the write-ahead log on that disk: the server itself gives up.
///
/// # Errors
/// As [`run`].
pub async fn run_log(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let room = Room::of_log()?;
    let small = PostgresOptions {
        log_folder: Some(room.volume().path().join("log")),
        ..PostgresOptions::default()
    };
    let servers = Servers::start(&project_root()?, Play::Test, small).await?;
    let stage = Stage::on(servers, &few_lanes()?).await?;
    stage.suite().start().await?;
    play("disk-log", stage, &room, plan, progress).await
}

/// Whether a small file system can be mounted here.
///
/// # Errors
/// It cannot, and why.
pub fn possible() -> anyhow::Result<()> {
    let guard = lienminh_local::guard::Guard::start()?;
    Volume::mount(std::sync::Arc::new(guard), 1).map(drop)
}

fn few_lanes() -> anyhow::Result<StageOptions> {
    Ok(options()?.with(ServiceName::Notifier, "smtp-lanes", LANES.to_string()))
}

async fn play(
    name: &str,
    stage: Stage,
    room: &Room,
    plan: &Plan,
    progress: &ProgressBar,
) -> anyhow::Result<Outcome> {
    let ground = Ground::with(stage, plan, BusinessClock::still()?, Ends::Orderly).await?;
    for fault in [TAKEN, KILLED, SENT_AWAY, TOLD, room.consequence()] {
        ground.plan(fault);
    }
    let slowly = Behaviour::DelayAfterDot(SLOWLY);
    ground.stage.smtp().rules().set_default(slowly);
    for _ in 0..plan.rounds {
        ground.demand_reports(plan.parties).await?;
        under_way(&ground, plan.parties).await?;
        let taken = room.volume().fill()?;
        ground.note("the disk is full");
        ground.bite(TAKEN, taken >> 20);
        hold_out(&ground, if plan.short { SHORT } else { LONG }).await?;
        kill(&ground).await?;
        hold_out(&ground, SHORT).await?;
        // With the log on that disk there may be nobody to ask.
        if let Some(held) = ground.rows_where(Rows::Live).await.filter(|held| *held > 0) {
            ground.bite(room::HELD, u64::try_from(held)?);
        }
        room.free(&ground).await?;
        ground.note("the disk has room again");
        back(&ground).await?;
        progress.inc(1);
    }
    // What is not at rest by then is found again, and told, by the oracle.
    come_to_rest(&ground, REST).await;
    let doubled = doubled(&ground);
    let may_be = LANES * usize::try_from(plan.rounds)?;
    ground.demand(doubled <= may_be, || {
        format!("{doubled} legal deadlines came twice, {may_be} lanes were killed")
    });
    Outcome::of(name, plan, &ground, REST).await
}

/// All rows are written, and some messages are out.
async fn under_way(ground: &Ground, parties: usize) -> anyhow::Result<()> {
    const WRITTEN: &str = "
        select count(*) from delivery d join obligation o on o.id = d.obligation_id
        where o.name = $1";
    let latest = ground.latest().context("a mailing was announced")?;
    let before = ground.stage.smtp().counters().accepted;
    wait::until("the mailing is under way", REST, || async {
        let session = ground.stage.look_into(ServiceName::Notifier).await?;
        let rows: i64 = session.query_one(WRITTEN, &[&latest]).await?.try_get(0)?;
        let out = ground.stage.smtp().counters().accepted - before;
        Ok(usize::try_from(rows)? >= parties && out > 0)
    })
    .await
}

/// Calls, and looks at what leaves and what is told, for as long as the disk is full.
async fn hold_out(ground: &Ground, time: Duration) -> anyhow::Result<()> {
    let until = Instant::now() + time;
    // What an earlier process left behind is not of these lanes.
    let before = unrecorded(ground).await.unwrap_or_default();
    let mut most = 0;
    while Instant::now() < until {
        call(ground).await?;
        tell(ground).await;
        match unrecorded(ground).await {
            Some(unrecorded) => most = most.max(unrecorded.difference(&before).count()),
            None => ground.bite(room::GONE, 1),
        }
        tokio::time::sleep(LOOK).await;
    }
    ground.note(format_args!(
        "{most} messages were out and not written down"
    ));
    ground.demand(most <= LANES, || {
        format!("{most} messages were out and not written down, {LANES} lanes sent")
    });
    Ok(())
}

/// A call is answered, or sent away so that it comes again.
async fn call(ground: &Ground) -> anyhow::Result<()> {
    let request = CreateEventRequest {
        event: Some(event(
            "seminar",
            "Hội thảo chưa định ngày",
            None,
            ground.house(),
        )),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    match ground.clients.events().create_event(request).await {
        Ok(_) => {}
        Err(status) if status.code() == Code::Unavailable => ground.bite(SENT_AWAY, 1),
        // Connections are lost and made anew.
        Err(status) if status.code() == Code::ResourceExhausted => {}
        Err(status) => ground.complain(format_args!(
            "a call was sent away with {:?}: {}",
            status.code(),
            status.message()
        )),
    }
    Ok(())
}

/// Whether somebody on duty sees it.
async fn tell(ground: &Ground) {
    // A notifier that was just killed does not answer yet.
    if let Ok((ready, probes)) = readiness(ground, ServiceName::Notifier).await {
        let session = problem(&probes, "session");
        ground.bite(TOLD, u64::from(!ready && session.is_some()));
    }
}

/// Messages that the end has accepted and whose rows do not say so; nothing when the
/// database cannot be asked at the moment.
async fn unrecorded(ground: &Ground) -> Option<HashSet<Uuid>> {
    const IN_HAND: &str = "select d.id from delivery d where d.state in ('CLAIMED', 'SENDING')";
    let accepted: HashSet<Uuid> = references(ground).collect();
    let session = ground.stage.look_into(ServiceName::Notifier).await.ok()?;
    let rows = session.query(IN_HAND, &[]).await.ok()?;
    let in_hand = rows.iter().map(|row| row.get::<_, Uuid>(0));
    Some(in_hand.filter(|id| accepted.contains(id)).collect())
}

fn references(ground: &Ground) -> impl Iterator<Item = Uuid> {
    let mails = ground.stage.smtp().accepted().into_iter();
    mails.filter_map(|mail| {
        let (id, _) = mail.message_id.strip_prefix('<')?.split_once('@')?;
        id.parse().ok()
    })
}

/// Copies beyond the first.
fn doubled(ground: &Ground) -> usize {
    let mut seen = HashSet::new();
    references(ground).filter(|id| !seen.insert(*id)).count()
}

async fn kill(ground: &Ground) -> anyhow::Result<()> {
    ground.note(KILLED);
    let suite = ground.stage.suite();
    suite.kill(ServiceName::Notifier).await?;
    ground.bite(KILLED, 1);
    suite.start_service(ServiceName::Notifier).await
}

/// Everybody is ready again, whoever supervises starting what has ended.
async fn back(ground: &Ground) -> anyhow::Result<()> {
    let begun = Instant::now();
    let suite = ground.stage.suite();
    for service in ServiceName::ALL {
        if suite.wait_until_ready(service).await.is_err() {
            ground.note(format_args!("{service} has ended and is started again"));
            ground.revive(service).await?;
        }
    }
    ground.measure(
        "until all are ready again",
        begun.elapsed(),
        Some(READY_AGAIN),
    );
    Ok(())
}
