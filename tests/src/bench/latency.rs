//! How soon people hear: of a change, and of what falls due in a quiet hour.

use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use lienminh_local::ServiceName;

use super::desk::Desk;
use super::figure::Bound;
use super::rounds::percentile;
use super::{Figure, Report, emails};

/// Two of three members read mail: three hundred emails for each change.
const MEMBERS: usize = 450;
const CORRECTIONS: usize = 300;

/// Times the event is moved.
const MOVES: i64 = 5;

/// How long a change settles here, on the system's clock.
const SETTLE: SignedDuration = SignedDuration::from_secs(5);

/// What may be added to it until the last of them hears.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// Reminders that fall due one after the other.
const REMINDERS: usize = 30;

/// Until the first falls due the scheduler must have seen when that is.
const NOTICE: SignedDuration = SignedDuration::from_secs(3);

/// Between two of them the system is idle.
const PAUSE: SignedDuration = SignedDuration::from_millis(400);

const LIMIT: Duration = Duration::from_secs(90);

/// Measures both.
///
/// # Errors
/// When the suite does not come up, or a message does not arrive.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let settle = format!("{}s", SETTLE.as_secs());
    let options = emails::options().with(ServiceName::Notifier, "settle-delay", settle);
    let desk = Desk::open(&options, MEMBERS).await?;
    reminders(&desk, report).await?;
    corrections(&desk, report).await
}

async fn reminders(desk: &Desk, report: &mut Report) -> anyhow::Result<()> {
    eprintln!("  {REMINDERS} reminders of an idle system ...");
    let start = Timestamp::now() + SignedDuration::from_hours(30 * 24);
    let mut events = Vec::with_capacity(REMINDERS);
    for number in 0..REMINDERS {
        let title = format!("Lễ kỷ niệm lần thứ {}", number + 1);
        events.push(desk.invite(&title, start, &desk.members[..1]).await?);
    }
    let before = desk.stage.smtp().accepted().len();
    let first = Timestamp::now() + NOTICE;
    let mut due = Vec::with_capacity(REMINDERS);
    for (number, event) in (0_i32..).zip(&events) {
        let at = first + PAUSE * number;
        desk.let_fall_due(event, at).await?;
        due.push(at);
    }
    let arrived = arrivals(desk, before, REMINDERS).await?;
    let mut late: Vec<f64> = due
        .iter()
        .zip(arrived)
        .map(|(due, arrived)| arrived.duration_since(*due).as_secs_f64())
        .collect();
    let p99 = percentile(&mut late, 0.99).context("nothing was measured")?;
    let mut figure = Figure::new(p99, "s");
    figure.remark = Some(format!(
        "{REMINDERS} reminders of an idle system by the system's clock, from due to accepted by \
         the mail server"
    ));
    report.add(
        "reminder_lateness_p99",
        figure.asking("value", Bound::AtMost(2.0)),
    )
}

async fn corrections(desk: &Desk, report: &mut Report) -> anyhow::Result<()> {
    let mut start = Timestamp::now() + SignedDuration::from_hours(10);
    let event = desk.invite("Lễ phát động", start, &desk.members).await?;
    let before = desk.stage.smtp().accepted().len();
    desk.let_fall_due(&event, Timestamp::now()).await?;
    arrivals(desk, before, CORRECTIONS).await?;
    desk.rest(LIMIT).await?;
    let mut latencies = Vec::new();
    for turn in 1..=MOVES {
        eprintln!("  move {turn} of {MOVES} ...");
        start += SignedDuration::from_mins(30);
        let before = desk.stage.smtp().accepted().len();
        desk.reschedule(&event, start).await?;
        let committed = Timestamp::now();
        let arrived = arrivals(desk, before, CORRECTIONS).await?;
        let last = arrived.last().context("nothing arrived")?;
        latencies.push(last.duration_since(committed).as_secs_f64());
        desk.rest(LIMIT).await?;
    }
    let p99 = percentile(&mut latencies, 0.99).context("nothing was measured")?;
    let mut figure = Figure::new(p99, "s");
    figure.remark = Some(format!(
        "{MOVES} moves of an event of {MEMBERS} parties within its worst hour, --settle-delay \
         {SETTLE:#} on the system's clock, from committed to the {CORRECTIONS}th email accepted"
    ));
    report.add(
        "correction_latency_p99",
        figure.asking("value", Bound::AtMost((SETTLE + GRACE).as_secs_f64())),
    )
}

/// When the next emails arrived, in their order.
async fn arrivals(desk: &Desk, before: usize, emails: usize) -> anyhow::Result<Vec<Timestamp>> {
    let sink = desk.stage.smtp();
    sink.wait_for(u64::try_from(before + emails)?, LIMIT)
        .await?;
    let accepted = sink.accepted();
    let mut instants: Vec<Timestamp> = accepted[before..before + emails]
        .iter()
        .map(|mail| mail.at)
        .collect();
    instants.sort_unstable();
    Ok(instants)
}
