//! Fan-out: from an occurrence that is due to the last confirm of its orders,
//! beside the relay alone.

use std::time::Duration;

use anyhow::{Context, ensure};
use jiff::{SignedDuration, Timestamp};
use lienminh_local::{ServiceName, StageOptions};
use uuid::Uuid;

use super::desk::Desk;
use super::figure::Bound;
use super::process::usage;
use super::{Figure, Report, Round, alternate, relay};

/// Parties of the event.
const PARTIES: usize = 3_000;

const ROUNDS: usize = 3;

/// Until the occurrence falls due the scheduler must have seen when that is.
const NOTICE: SignedDuration = SignedDuration::from_millis(2_500);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);

const LIMIT: SignedDuration = SignedDuration::from_secs(60);

/// What was fanned out is sent within this time.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Nobody listens on the discard port: what is fanned out waits there, and sending
/// does not take part in what is measured.
const NOWHERE: &str = "127.0.0.1:9";

const OUT: &str = "
    select (select c.state from occurrence c where c.id = $1) = 'FANNED_OUT'
           and not exists (select 1 from outbox)";

const ROWS: &str = "select count(*) from delivery d where d.occurrence_id = $1";

/// Measures it.
///
/// # Errors
/// When the suite does not come up, or a party gets no row.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::open(&options(), PARTIES).await?;
    let (_connection, channel) = relay::open(&desk.stage).await?;
    let medians = alternate(
        ROUNDS,
        async |round| {
            eprintln!("  round {} of {ROUNDS} ...", round + 1);
            Ok(relay::relay(&desk.stage, &channel).await?.value)
        },
        |round| once(&desk, round, PARTIES),
    )
    .await?;
    let mut figure = Figure::new(medians.value, "parties/s").beside(medians.ceiling);
    figure.cpu_ms_each = medians.cpu_ms_each;
    figure.rss_mb = medians.rss_mb;
    figure.remark = Some(format!(
        "{PARTIES} parties, from due to the last confirm, while all mail waits for its server; \
         ceiling: the relay alone, in messages of 1 KiB"
    ));
    report.add("fanout", figure.asking("ratio", Bound::AtLeast(0.40)))
}

/// A suite whose messages wait: neither mail server nor gateway is there.
pub(super) fn options() -> StageOptions {
    StageOptions {
        foreign_smtp: Some(format!("smtp://{NOWHERE}")),
        ..StageOptions::default()
    }
    .with(
        ServiceName::Notifier,
        "sms-url",
        format!("http://{NOWHERE}"),
    )
    .with(ServiceName::Notifier, "database-pool-size", "16")
}

/// Fans one event out to so many members.
pub(super) async fn once(desk: &Desk, round: usize, parties: usize) -> anyhow::Result<Round> {
    let start = Timestamp::now() + SignedDuration::from_hours(24 * (30 + i64::try_from(round)?));
    let title = format!("Lễ kỷ niệm lần thứ {}", round + 1);
    let event = desk.invite(&title, start, &desk.members[..parties]).await?;
    let pid = desk.stage.suite().id(ServiceName::Notifier).await;
    let pid = pid.context("the notifier does not run")?;
    let due = Timestamp::now() + NOTICE;
    let occurrence = desk.let_fall_due(&event, due).await?;
    let before = usage(pid)?;
    let took = until_out(desk, occurrence, due).await?;
    let after = usage(pid)?;
    let rows: i64 = desk.rows.query_one(ROWS, &[&occurrence]).await?.get(0);
    ensure!(
        rows == i64::try_from(parties)?,
        "{rows} rows for {parties} parties"
    );
    let round = Round {
        value: parties as f64 / took.as_secs_f64(),
        cpu_ms_each: Some((after.cpu_ms - before.cpu_ms) / parties as f64),
        rss_mb: Some(after.peak_mb),
    };
    eprintln!("    {:.0} parties/s", round.value);
    Ok(round)
}

async fn until_out(
    desk: &Desk,
    occurrence: Uuid,
    due: Timestamp,
) -> anyhow::Result<SignedDuration> {
    loop {
        let out: bool = desk.rows.query_one(OUT, &[&occurrence]).await?.get(0);
        let took = due.duration_until(Timestamp::now());
        if out {
            return Ok(took);
        }
        ensure!(took < LIMIT, "it has not gone out within {LIMIT:#}");
        tokio::time::sleep(LOOK).await;
    }
}
