//! The Prometheus registry of a process.

use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

use super::meters::{METERS, Meter};

/// Seconds. From a cached read to the longest unary rpc; histograms with fixed
/// buckets can be added up over processes, summaries cannot.
const BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];

/// Seconds, for how late a reminder leaves: up to an hour.
const LATENESS_BUCKETS: [f64; 10] = [0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0];

/// Histograms are drained this often even if nobody scrapes, or they grow for ever.
const UPKEEP: Duration = Duration::from_secs(5);

/// The metrics of this process, in the text form of Prometheus.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Makes the process-wide registry. Names ending in `_lateness_seconds`
    /// get wide buckets, all other histograms those of rpcs. `own` are those of the
    /// service, beside what every service shows.
    ///
    /// # Errors
    /// There is one already.
    pub fn install(own: &[Meter]) -> Result<Self> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)?
            .set_buckets_for_metric(
                Matcher::Suffix("_lateness_seconds".to_owned()),
                &LATENESS_BUCKETS,
            )?
            .build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).context("metrics were started twice")?;
        METERS.iter().chain(own).for_each(Meter::describe);
        Ok(Self(handle))
    }

    /// A registry that nothing writes to, for tests that start several servers.
    #[must_use]
    pub fn detached() -> Self {
        Self(PrometheusBuilder::new().build_recorder().handle())
    }

    /// The present values.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Whether the present values hold this line: `ready 1`.
    #[must_use]
    pub fn shows(&self, line: &str) -> bool {
        self.render().lines().any(|each| each == line)
    }

    /// Drains histograms until `shutdown`.
    pub async fn keep_up(self, shutdown: CancellationToken) {
        while shutdown
            .run_until_cancelled(tokio::time::sleep(UPKEEP))
            .await
            .is_some()
        {
            self.0.run_upkeep();
        }
    }
}
