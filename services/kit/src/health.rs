//! Is this process ready to serve? Asked every second, told by gRPC and HTTP.

mod probe;
mod session;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

pub use probe::{DatabaseProbe, Heartbeat, ReadinessProbe, SchemaProbe};
pub use session::SessionProbe;

/// How often readiness is judged.
const PERIOD: Duration = Duration::from_secs(1);

/// A probe that does not answer within this time has failed.
const PROBE_LIMIT: Duration = Duration::from_secs(2);

/// The verdict of one probe.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    /// Name of the probe.
    pub probe: &'static str,
    /// Why it failed; `None` when all is well.
    pub problem: Option<String>,
    /// What a person on duty should know although all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// The readiness of the process as it was last judged.
#[derive(Clone)]
pub struct Health(Arc<Inner>);

struct Inner {
    probes: Vec<Arc<dyn ReadinessProbe>>,
    services: Vec<&'static str>,
    reporter: HealthReporter,
    verdicts: RwLock<Option<Vec<Verdict>>>,
    leaving: CancellationToken,
}

impl Health {
    /// Nothing is ready before the first judgement.
    pub async fn new(
        probes: Vec<Arc<dyn ReadinessProbe>>,
        services: Vec<&'static str>,
        reporter: HealthReporter,
    ) -> Self {
        let health = Self(Arc::new(Inner {
            probes,
            services,
            reporter,
            verdicts: RwLock::new(None),
            leaving: CancellationToken::new(),
        }));
        health.report(ServingStatus::NotServing).await;
        health
    }

    /// Judges every second until the process leaves.
    pub async fn follow(self) {
        let leaving = self.0.leaving.clone();
        leaving
            .run_until_cancelled(async {
                loop {
                    self.judge().await;
                    tokio::time::sleep(PERIOD).await;
                }
            })
            .await;
    }

    /// Judges now; true when the process is ready.
    pub async fn judge(&self) -> bool {
        let verdicts = join_all(self.0.probes.iter().map(|probe| ask(probe.as_ref()))).await;
        let ready = verdicts.iter().all(|verdict| verdict.problem.is_none());
        let before = self
            .0
            .verdicts
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(verdicts.clone());
        show(ready, &verdicts);
        if before.as_deref().map(failing) != Some(failing(&verdicts)) {
            tell(ready, &verdicts);
        }
        let serving = ready && !self.0.leaving.is_cancelled();
        self.report(if serving {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        })
        .await;
        serving
    }

    /// Says NOT_SERVING from now on, whatever the probes say.
    pub async fn leave(&self) {
        self.0.leaving.cancel();
        self.report(ServingStatus::NotServing).await;
    }

    /// The last verdicts, and whether they let the process serve.
    #[must_use]
    pub fn last(&self) -> (bool, Vec<Verdict>) {
        let verdicts = self
            .0
            .verdicts
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let judged = verdicts.is_some();
        let verdicts = verdicts.unwrap_or_default();
        let ready = judged
            && !self.0.leaving.is_cancelled()
            && verdicts.iter().all(|verdict| verdict.problem.is_none());
        (ready, verdicts)
    }

    async fn report(&self, status: ServingStatus) {
        self.0.reporter.set_service_status("", status).await;
        for service in &self.0.services {
            self.0.reporter.set_service_status(*service, status).await;
        }
    }
}

async fn ask(probe: &dyn ReadinessProbe) -> Verdict {
    let problem = match tokio::time::timeout(PROBE_LIMIT, probe.ready()).await {
        Ok(Ok(())) => None,
        Ok(Err(problem)) => Some(problem),
        Err(_) => Some(format!("no answer within {} s", PROBE_LIMIT.as_secs())),
    };
    Verdict {
        probe: probe.name(),
        problem,
        remark: probe.remark(),
    }
}

/// The same as metrics.
fn show(ready: bool, verdicts: &[Verdict]) {
    metrics::gauge!("ready").set(f64::from(u8::from(ready)));
    for verdict in verdicts {
        let fails = verdict.problem.is_some();
        let remarks = !fails && verdict.remark.is_some();
        metrics::gauge!("probe_failing", "probe" => verdict.probe).set(f64::from(u8::from(fails)));
        metrics::gauge!("probe_remarks", "probe" => verdict.probe)
            .set(f64::from(u8::from(remarks)));
    }
}

/// Which probes fail; their words may change every second, the log need not.
fn failing(verdicts: &[Verdict]) -> Vec<&'static str> {
    verdicts
        .iter()
        .filter(|verdict| verdict.problem.is_some())
        .map(|verdict| verdict.probe)
        .collect()
}

fn tell(ready: bool, verdicts: &[Verdict]) {
    if ready {
        tracing::info!("ready");
        return;
    }
    for verdict in verdicts {
        if let Some(problem) = &verdict.problem {
            tracing::warn!(probe = verdict.probe, problem, "not ready");
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;

    use super::*;

    struct Says(bool);

    impl ReadinessProbe for Says {
        fn name(&self) -> &'static str {
            "says"
        }

        fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
            let answer = if self.0 { Ok(()) } else { Err("no".to_owned()) };
            Box::pin(async move { answer })
        }
    }

    async fn health(answers: &[bool]) -> Health {
        let probes = answers
            .iter()
            .map(|answer| Arc::new(Says(*answer)) as Arc<dyn ReadinessProbe>)
            .collect();
        Health::new(probes, vec!["a.Service"], HealthReporter::new()).await
    }

    #[tokio::test]
    async fn one_failing_probe_is_enough_to_be_unready() {
        assert!(!health(&[true, false]).await.judge().await);
        assert!(health(&[true, true]).await.judge().await);
    }

    #[tokio::test]
    async fn nothing_is_ready_before_the_first_judgement() {
        let health = health(&[]).await;
        assert!(!health.last().0);
        health.judge().await;
        assert!(health.last().0);
    }

    #[tokio::test]
    async fn a_leaving_process_stays_unready() {
        let health = health(&[true]).await;
        health.judge().await;
        health.leave().await;
        assert!(!health.judge().await);
        assert!(!health.last().0);
    }
}
