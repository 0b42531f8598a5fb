//! Emails: from rows that wait to the last reply recorded, beside `smtp-source`
//! into the same `smtp-sink`.

use std::time::Duration;

use anyhow::{Context, ensure};
use jiff::{SignedDuration, Timestamp};
use lienminh_local::{ServiceName, StageOptions};
use uuid::Uuid;

use super::desk::{Desk, measure};
use super::figure::Bound;
use super::postfix::Sink;
use super::{Figure, Report, Round, alternate, queued};

/// Emails of a round: some seconds' worth.
const EMAILS: usize = 40_000;

/// Messages of a round of the ceiling.
const CEILING: usize = 80_000;

/// Connections to the mail server: the more, the more mails share a commit. The
/// service's default stays below what Postfix grants one client.
const LANES: &str = "128";

/// The least size of a message, in bytes: a real invitation with its calendar entry
/// is larger, and the ceiling has messages of its size.
const SIZE: usize = 4_096;

const LIMIT: Duration = Duration::from_secs(120);

const ROUNDS: usize = 3;

const MODEL: &str = "
    select d.id from delivery d where d.channel = 'email' and d.state = 'SENT' limit 1";

const SENT: &str = "
    select count(*) from delivery d where d.channel = 'email' and d.state = 'SENT'";

/// Measures it.
///
/// # Errors
/// When the suite does not come up, or an email is not sent.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::open(&options(), 1).await?;
    let (model, size) = model(&desk).await?;
    let sink = Sink::start().await?;
    turn_to(&desk, &sink.url()).await?;
    let medians = alternate(
        ROUNDS,
        |round| {
            eprintln!("  round {} of {ROUNDS} ...", round + 1);
            sink.filled_by_source(CEILING, size)
        },
        |_| round(&desk, model, EMAILS),
    )
    .await?;
    let mut figure = Figure::new(medians.value, "emails/s").beside(medians.ceiling);
    figure.cpu_ms_each = medians.cpu_ms_each;
    figure.rss_mb = medians.rss_mb;
    figure.remark = Some(format!(
        "{EMAILS} of {size} bytes a round over {LANES} connections (--smtp-lanes), from rows \
         QUEUED with their orders in the outbox to the last SENT; ceiling: smtp-source -s 10 -d \
         into the same smtp-sink. Of the processor time of a mail the service takes two fifths; \
         the rest is its three steps in PostgreSQL, its order in the broker, and smtp-sink"
    ));
    report.add(
        "emails",
        figure
            .asking("ratio", Bound::AtLeast(0.30))
            .asking("cpu_ms_each", Bound::AtMost(0.30)),
    )
}

/// As the service is by default; the stage has it share its servers with others.
pub(super) fn options() -> StageOptions {
    StageOptions::default()
        .with(ServiceName::Notifier, "smtp-lanes", LANES)
        .with(ServiceName::Notifier, "database-pool-size", "16")
}

/// One email that has really gone out, to be copied, and its size.
pub(super) async fn model(desk: &Desk) -> anyhow::Result<(Uuid, usize)> {
    let now = Timestamp::now();
    let start = now + SignedDuration::from_hours(30 * 24);
    let title = "Lễ phát động Tháng hành động vì Hợp tác xã";
    let event = desk.invite(title, start, &desk.members).await?;
    desk.let_fall_due(&event, now).await?;
    let sink = desk.stage.smtp();
    sink.wait_for(1, LIMIT).await?;
    let size = sink.accepted().first().context("no email was kept")?.size;
    ensure!(size >= SIZE, "an email has {size} bytes, less than {SIZE}");
    desk.rest(LIMIT).await?;
    let row = desk.rows.query_one(MODEL, &[]).await?;
    Ok((row.get(0), size))
}

/// Lets the notifier hand its mail over elsewhere.
pub(super) async fn turn_to(desk: &Desk, url: &str) -> anyhow::Result<()> {
    let suite = desk.stage.suite();
    suite.change(ServiceName::Notifier, |settings| {
        settings.set("smtp-url", url);
    });
    suite.restart(ServiceName::Notifier).await
}

/// Queues so many copies of an email and measures until all are recorded as sent.
pub(super) async fn round(desk: &Desk, model: Uuid, emails: usize) -> anyhow::Result<Round> {
    let mut session = desk.stage.look_into(ServiceName::Notifier).await?;
    let before = sent(desk).await?;
    let put = async {
        let tx = session.transaction().await?;
        queued::queue(&tx, model, emails).await?;
        Ok(tx.commit().await?)
    };
    let is_done = async || Ok(!desk.is_busy().await?);
    let measured = measure(&desk.stage, ServiceName::Notifier, put, is_done, LIMIT).await?;
    let more = sent(desk).await? - before;
    ensure!(
        more == i64::try_from(emails)?,
        "{more} of {emails} were sent"
    );
    let round = Round {
        value: emails as f64 / measured.took.as_secs_f64(),
        cpu_ms_each: Some(measured.used.cpu_ms / emails as f64),
        rss_mb: Some(measured.used.peak_mb),
    };
    eprintln!(
        "    {:.0} emails/s, {:.3} ms each",
        round.value,
        round.cpu_ms_each.unwrap_or_default()
    );
    Ok(round)
}

async fn sent(desk: &Desk) -> anyhow::Result<i64> {
    Ok(desk.rows.query_one(SENT, &[]).await?.get(0))
}
