//! What the four services take when nobody wants anything.

use std::time::Duration;

use lienminh_local::{ServiceName, Stage, StageOptions};

use super::figure::Bound;
use super::process::usage;
use super::{Figure, Report};

/// Caches fill, pools open, first ticks pass.
const WARM: Duration = Duration::from_secs(15);

/// Over which processor time is counted.
const WINDOW: Duration = Duration::from_secs(20);

/// Resident memory of the four services together, in megabytes.
const MEMORY: f64 = 120.0;

/// Near nothing: this share of one core, in percent, for all four together.
const PROCESSOR: f64 = 2.0;

/// Measures it.
///
/// # Errors
/// When the suite does not come up.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let stage = Stage::start(&StageOptions::default()).await?;
    tokio::time::sleep(WARM).await;
    let before = all(&stage).await?;
    tokio::time::sleep(WINDOW).await;
    let after = all(&stage).await?;
    let percent = (after.0 - before.0) / WINDOW.as_secs_f64() / 10.0;
    let mut memory = Figure::new(after.1, "MB").asking("value", Bound::AtMost(MEMORY));
    memory.rss_mb = Some(after.1);
    memory.remark = Some(format!("four services, {percent:.2} % of one core"));
    report.add("idle", memory)?;
    let processor = Figure::new(percent, "% of a core");
    report.add(
        "idle_cpu",
        processor.asking("value", Bound::AtMost(PROCESSOR)),
    )
}

/// Milliseconds of processor time and megabytes of memory of the four together.
async fn all(stage: &Stage) -> anyhow::Result<(f64, f64)> {
    let mut sum = (0.0, 0.0);
    for service in ServiceName::ALL {
        if let Some(pid) = stage.suite().id(service).await {
            let used = usage(pid)?;
            sum = (sum.0 + used.cpu_ms, sum.1 + used.rss_mb);
        }
    }
    Ok(sum)
}
