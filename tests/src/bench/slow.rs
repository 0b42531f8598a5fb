//! Emails to a server that takes a second for each: how well the connections are
//! used, in the middle of a long run.

use std::time::Duration;

use anyhow::{Context, ensure};
use lienminh_local::ServiceName;
use lienminh_local::smtp::Behaviour;
use uuid::Uuid;

use super::desk::{Desk, measure};
use super::figure::Bound;
use super::{Figure, Report, emails, queued};

/// What the server takes from the final dot to its reply.
const DELAY: Duration = Duration::from_secs(1);

/// Emails for each connection.
const TURNS: usize = 12;

/// Of these, the first and the last do not count: connections open one after
/// the other, and the last emails do not fill them all.
const MARGIN: usize = 2;

const LIMIT: Duration = Duration::from_secs(120);

/// Measures it.
///
/// # Errors
/// When the suite does not come up, or an email is not sent.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::open(&emails::options(), 1).await?;
    let (model, _) = emails::model(&desk).await?;
    desk.stage
        .smtp()
        .rules()
        .set_default(Behaviour::DelayAfterDot(DELAY));
    for (name, lanes) in [("emails_slow_server", 50), ("emails_slow_server_200", 200)] {
        eprintln!("  {lanes} connections ...");
        let figure = over(&desk, model, lanes).await?;
        report.add(name, figure.asking("ratio", Bound::AtLeast(0.94)))?;
    }
    Ok(())
}

async fn over(desk: &Desk, model: Uuid, lanes: usize) -> anyhow::Result<Figure> {
    let suite = desk.stage.suite();
    suite.change(ServiceName::Notifier, |settings| {
        settings.set("smtp-lanes", lanes.to_string());
    });
    suite.restart(ServiceName::Notifier).await?;
    let before = desk.stage.smtp().accepted().len();
    let emails = lanes * TURNS;
    let mut session = desk.stage.look_into(ServiceName::Notifier).await?;
    let put = async {
        let tx = session.transaction().await?;
        queued::queue(&tx, model, emails).await?;
        Ok(tx.commit().await?)
    };
    let is_done = async || Ok(!desk.is_busy().await?);
    let measured = measure(&desk.stage, ServiceName::Notifier, put, is_done, LIMIT).await?;
    let rate = middle(desk, before, lanes)?;
    let mut figure = Figure::new(rate, "emails/s").beside(lanes as f64 / DELAY.as_secs_f64());
    figure.cpu_ms_each = Some(measured.used.cpu_ms / emails as f64);
    figure.rss_mb = Some(measured.used.peak_mb);
    figure.remark = Some(format!(
        "{emails} emails, --smtp-lanes {lanes}; the server replies one second after the final \
         dot; ceiling: one per connection and second"
    ));
    Ok(figure)
}

/// Emails per second between two of the middle that stand at the same place of their
/// turn: all connections move nearly in step.
fn middle(desk: &Desk, before: usize, lanes: usize) -> anyhow::Result<f64> {
    let mut instants: Vec<_> = desk.stage.smtp().accepted()[before..]
        .iter()
        .map(|mail| mail.at)
        .collect();
    instants.sort_unstable();
    let first = MARGIN * lanes;
    let last = instants
        .len()
        .checked_sub(first)
        .filter(|last| *last > first)
        .context("too few emails arrived")?;
    let took = instants[last].duration_since(instants[first]).as_secs_f64();
    ensure!(took > 0.0, "all emails arrived at once");
    Ok((last - first) as f64 / took)
}
