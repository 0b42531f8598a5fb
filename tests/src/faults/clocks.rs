//! The clock of the notifier's process jumps, by five minutes and by a day, forward
//! and back, while mailings are under way; and the stepped business clock jumps
//! forward.
//!
//! What is promised follows from the three clocks. Leases, pauses and sweeps follow
//! the database's clock, so a jump neither takes a row from its worker nor wakes a
//! waiting one. Tokens follow the process's clock: whoever's is more than a minute
//! off is refused by the others, so a source tells it no audience, and what only
//! *its* clock takes for due does not go out. Business instants follow a clock that
//! may lie: what is planned during the lie carries its date, and goes out when the
//! true clock has come there. Nothing is lost and nothing goes out twice.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use indicatif::ProgressBar;
use jiff::{SignedDuration, Span, Timestamp};
use lienminh_local::smtp::Behaviour;
use lienminh_local::{ServiceName, Stage, StageOptions, wait};
use vietnam::calendar::Calendar;

use super::ground::{BusinessClock, Ends, Rows, options};
use super::{Ground, Outcome, Plan};

const NAME: &str = "clocks";
const STEPPED: &str = "clocks-stepped";

/// How long the rest may take: a source is asked again after minutes at most.
const REST: Duration = Duration::from_secs(150);

/// The library looks for a jump every second or two.
const SEEN: Duration = Duration::from_secs(3);

/// A fact is planned within this time.
const HEARD: Duration = Duration::from_secs(20);

/// How long a clock stays wrong.
const WRONG: Duration = Duration::from_secs(6);

/// The end takes its time, so that a jump falls into a mailing.
const PACE: Duration = Duration::from_millis(150);

/// Where Debian puts the library that bends a process's clock.
const LIBRARY: &str = "/usr/lib/*/faketime/libfaketimeMT.so.1";

const MINUTES: SignedDuration = SignedDuration::from_mins(5);
const DAY: SignedDuration = SignedDuration::from_hours(24);

const JUMPS: [(&str, SignedDuration); 4] = [
    ("five minutes ahead", MINUTES),
    ("a day ahead", DAY),
    ("five minutes behind", SignedDuration::from_mins(-5)),
    ("a day behind", SignedDuration::from_hours(-24)),
];

/// Beside the jumps themselves, what must have been seen.
const UNDER_WAY: &str = "rows under way at a jump";
const REFUSED: &str = "reminders that waited because a source refused a token";
const OVERDUE: &str = "reminders of a lying clock sent at their instant";

/// Plays it: every jump in every round, each from the true clock and back to it.
///
/// # Errors
/// When the library is missing or a service does not come up.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let clocks = Clocks::new()?;
    let ahead = until_office_hours(Timestamp::now())?;
    clocks.turn_all(ahead)?;
    let stage = Stage::prepare(&clocks.options()?).await?;
    stage.suite().start().await?;
    let clock = BusinessClock::Ahead(ahead);
    let mut ground = Ground::with(stage, plan, clock, Ends::Orderly).await?;
    let rules = ground.stage.smtp().rules();
    rules.set_default(Behaviour::DelayAfterDot(PACE));
    for (fault, _) in JUMPS {
        ground.plan(fault);
    }
    for fault in [UNDER_WAY, REFUSED, OVERDUE] {
        ground.plan(fault);
    }
    for _ in 0..plan.rounds {
        for (fault, by) in JUMPS {
            jump(&ground, &clocks, ahead, fault, by).await?;
            progress.inc(1);
        }
    }
    pass_a_day(&mut ground, &clocks, ahead + DAY).await?;
    let waited = fanout_waits(&ground).await?;
    ground.bite(REFUSED, waited);
    Outcome::of(NAME, plan, &ground, REST).await
}

/// The notifier's clock jumps in the middle of a mailing, stays wrong while another
/// one is announced, and jumps back.
async fn jump(
    ground: &Ground,
    clocks: &Clocks,
    ahead: SignedDuration,
    fault: &str,
    by: SignedDuration,
) -> anyhow::Result<()> {
    ground.invite_all().await?;
    ground.under_way(10).await;
    ground.note(fault);
    let live = ground.rows_where(Rows::Live).await;
    ground.bite(UNDER_WAY, u64::try_from(live.unwrap_or_default())?);
    clocks.turn(ServiceName::Notifier, ahead + by)?;
    tokio::time::sleep(SEEN).await;
    let before = ground.stage.smtp().counters().accepted + ground.stage.sms().counters().accepted;
    ground.invite(ground.parties().len() / 3 + 1).await?;
    ground.bite(fault, u64::from(lied(ground, ahead + by).await?));
    tokio::time::sleep(WRONG).await;
    let after = ground.stage.smtp().counters().accepted + ground.stage.sms().counters().accepted;
    ground.note(format_args!(
        "{} messages while the clock was wrong",
        after - before
    ));
    clocks.turn(ServiceName::Notifier, ahead)?;
    ground.note("the clock is right again");
    tokio::time::sleep(SEEN).await;
    Ok(())
}

/// The true clock comes to where the lying one had been: what was planned there
/// goes out then, and not before.
async fn pass_a_day(
    ground: &mut Ground,
    clocks: &Clocks,
    ahead: SignedDuration,
) -> anyhow::Result<()> {
    wait::until("all that is due is out", REST, || async {
        Ok(ground.rows_where(Rows::Live).await == Some(0))
    })
    .await?;
    let pending = tomorrow(ground).await?;
    ground.note(format_args!(
        "{pending} reminders are planned for the next day"
    ));
    clocks.turn_all(ahead + MINUTES)?;
    ground.clock = BusinessClock::Ahead(ahead + MINUTES);
    ground.note("a day has passed, on every clock");
    wait::until("the reminders of that day", REST, || async {
        Ok(tomorrow(ground).await? == 0)
    })
    .await?;
    ground.bite(OVERDUE, pending);
    Ok(())
}

const PENDING: &str = "
    select count(*) from occurrence o where o.state = 'SCHEDULED' and o.step = 'issue'";

async fn tomorrow(ground: &Ground) -> anyhow::Result<u64> {
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let pending: i64 = session.query_one(PENDING, &[]).await?.try_get(0)?;
    Ok(u64::try_from(pending)?)
}

/// How often a fan-out had to wait, as the notifier counts it.
async fn fanout_waits(ground: &Ground) -> anyhow::Result<u64> {
    let http = ground.stage.suite().address(ServiceName::Notifier).http;
    let metrics = reqwest::get(format!("http://{http}/metrics")).await?;
    let text = metrics.text().await?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("fanout_waits_total "));
    Ok(line.map_or(Ok(0), |value| {
        value.trim().parse::<f64>().map(|value| value as u64)
    })?)
}

const PLANNED: &str = "
    select o.due_at from occurrence o join obligation b on b.id = o.obligation_id
    where b.name = $1 and o.step = 'issue'";

/// Whether the notifier has planned the latest mailing by a clock that is so far
/// ahead of ours.
async fn lied(ground: &Ground, ahead: SignedDuration) -> anyhow::Result<bool> {
    let obligation = ground.latest().context("a mailing was announced")?;
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let begun = Instant::now();
    while begun.elapsed() < HEARD {
        if let Some(row) = session.query_opt(PLANNED, &[&obligation]).await? {
            let due: SystemTime = row.try_get(0)?;
            let expected = Timestamp::now().checked_add(ahead)?;
            let apart = Timestamp::try_from(due)?.duration_since(expected).abs();
            return Ok(apart < SignedDuration::from_secs(60));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(false)
}

/// From now to nine in the morning of a day between two working ones, so that an
/// invitation is due at once whichever of them the notifier takes it for; far enough
/// away that a token of ours is good on the first.
fn until_office_hours(now: Timestamp) -> anyhow::Result<SignedDuration> {
    let calendar = Calendar::official();
    let mut day = vietnam::local(now).date() + Span::new().days(3);
    while ![day.yesterday()?, day, day.tomorrow()?]
        .into_iter()
        .all(|day| calendar.is_working_day(day))
    {
        day = day.tomorrow()?;
    }
    Ok(vietnam::instant(day.at(9, 0, 0, 0)).duration_since(now))
}

/// The files that the services read their clocks' lead from.
struct Clocks {
    folder: tempfile::TempDir,
    library: PathBuf,
}

impl Clocks {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            folder: tempfile::tempdir()?,
            library: library()?,
        })
    }

    /// A stage on the system's clock, each service with a file of its own.
    fn options(&self) -> anyhow::Result<StageOptions> {
        let mut options = StageOptions::default();
        for service in ServiceName::ALL {
            let settings = options.overrides.entry(service).or_default();
            settings
                .surround("LD_PRELOAD", text(&self.library)?)
                .surround("FAKETIME_TIMESTAMP_FILE", text(&self.file(service))?)
                .surround("FAKETIME_CACHE_DURATION", "1")
                // A jump of the system's clock does not move the steady one.
                .surround("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .surround("DONT_FAKE_MONOTONIC", "1");
        }
        Ok(options)
    }

    fn file(&self, service: ServiceName) -> PathBuf {
        self.folder.path().join(service.as_str())
    }

    fn turn(&self, service: ServiceName, ahead: SignedDuration) -> anyhow::Result<()> {
        // Renamed into place: a half-written lead would be a jump of its own.
        let fresh = self.folder.path().join("fresh");
        std::fs::write(&fresh, format!("{:+}\n", ahead.as_secs()))?;
        std::fs::rename(fresh, self.file(service)).context("the clock cannot be turned")
    }

    fn turn_all(&self, ahead: SignedDuration) -> anyhow::Result<()> {
        ServiceName::ALL
            .into_iter()
            .try_for_each(|service| self.turn(service, ahead))
    }
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("a path that is no text")
}

fn library() -> anyhow::Result<PathBuf> {
    let (before, after) = LIBRARY.split_once('*').context("a pattern")?;
    for folder in std::fs::read_dir(before)? {
        let path = folder?.path().join(after.trim_start_matches('/'));
        if path.exists() {
            return Ok(path);
        }
    }
    bail!("{LIBRARY} is missing: sh deploy/setup.sh faults installs it")
}

/// Plays the stepped clock: in the middle of mailings it jumps forward.
///
/// # Errors
/// When a service refuses the time.
pub async fn run_stepped(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let stage = Stage::start(&options()?).await?;
    let mut ground = Ground::on(stage, plan).await?;
    let mut conductor = ground.stage.conductor()?;
    let jumps = [("five minutes at once", MINUTES), ("a day at once", DAY)];
    for (fault, _) in jumps {
        ground.plan(fault);
    }
    for _ in 0..plan.rounds {
        for (fault, by) in jumps {
            ground.invite_all().await?;
            ground.under_way(10).await;
            ground.note(fault);
            let now = conductor.now().checked_add(by)?;
            conductor.set(now).await?;
            ground.clock = BusinessClock::Still(now);
            ground.bite(fault, 1);
            ground.invite(plan.parties / 3 + 1).await?;
            progress.inc(1);
        }
    }
    // What was announced on a day off is due in the morning of the next working one.
    let morning = until_office_hours(conductor.now())?;
    let now = conductor.now().checked_add(morning)?;
    conductor.set(now).await?;
    ground.clock = BusinessClock::Still(now);
    Outcome::of(STEPPED, plan, &ground, REST).await
}
