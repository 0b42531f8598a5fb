//! What a person on duty can see of a service while something is broken.

use std::time::Duration;

use anyhow::Context;
use lienminh_local::ServiceName;
use serde_json::Value;

use super::Ground;

/// A page of a service is there within this time.
const PAGE: Duration = Duration::from_secs(5);

/// A metric of a service, summed over its labels; nothing when it is not there yet.
///
/// # Errors
/// When the service does not answer.
pub async fn metric(
    ground: &Ground,
    service: ServiceName,
    name: &str,
) -> anyhow::Result<Option<f64>> {
    let (_, text) = page(ground, service, "metrics").await?;
    Ok(read(&text, name))
}

fn read(page: &str, name: &str) -> Option<f64> {
    page.lines()
        .filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let whole = rest.starts_with([' ', '{']);
            whole.then(|| rest.rsplit(' ').next()?.parse::<f64>().ok())?
        })
        .reduce(|sum, value| sum + value)
}

/// Whether a service says that it is ready, and its probes.
///
/// # Errors
/// When the service does not answer.
pub async fn readiness(ground: &Ground, service: ServiceName) -> anyhow::Result<(bool, Value)> {
    let (ready, text) = page(ground, service, "readyz").await?;
    Ok((ready, serde_json::from_str(&text)?))
}

/// What readiness remarks about a probe.
#[must_use]
pub fn remark<'a>(probes: &'a Value, probe: &str) -> Option<&'a str> {
    verdict(probes, probe)?["remark"].as_str()
}

/// Why a probe fails; nothing when it does not.
#[must_use]
pub fn problem<'a>(probes: &'a Value, probe: &str) -> Option<&'a str> {
    verdict(probes, probe)?["problem"].as_str()
}

fn verdict<'a>(probes: &'a Value, probe: &str) -> Option<&'a Value> {
    let all = probes["probes"].as_array()?;
    all.iter().find(|each| each["probe"] == probe)
}

/// Whether a service has logged these words.
#[must_use]
pub fn logged(ground: &Ground, service: ServiceName, words: &str) -> bool {
    std::fs::read_to_string(ground.stage.suite().log(service)).is_ok_and(|log| log.contains(words))
}

async fn page(ground: &Ground, service: ServiceName, path: &str) -> anyhow::Result<(bool, String)> {
    let http = ground.stage.suite().address(service).http;
    let client = reqwest::Client::builder().timeout(PAGE).build()?;
    let answer = client
        .get(format!("http://{http}/{path}"))
        .send()
        .await
        .with_context(|| format!("{service} does not answer /{path}"))?;
    Ok((answer.status().is_success(), answer.text().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_summed_over_its_labels_and_not_taken_for_another() {
        let page = "# TYPE lost counter\nlost{queue=\"a\"} 2\nlost{queue=\"b\"} 3\nlost_total 9\n";
        assert_eq!(read(page, "lost"), Some(5.0));
        assert_eq!(read(page, "los"), None);
        assert_eq!(read(page, "lost_total"), Some(9.0));
    }

    #[test]
    fn a_remark_is_found_beside_its_probe() {
        let page = serde_json::json!({ "probes": [{ "probe": "outbox", "remark": "waits" }] });
        assert_eq!(remark(&page, "outbox"), Some("waits"));
        assert_eq!(problem(&page, "outbox"), None);
        assert_eq!(remark(&page, "database"), None);
    }
}
