//! What is kept of a scenario: seed, schedule, versions, bites and findings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use lienminh_local::ServiceName;
use lienminh_local::folder::project_root;
use serde::Serialize;

use super::ground::Figure;
use super::oracle::{Findings, examine, some};
use super::{Ground, Plan};
use crate::bench::process::load1;

/// The result of one scenario.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The scenario.
    pub name: String,
    /// Whether every fault bit and nothing was violated.
    pub holds: bool,
    /// From which every random choice followed.
    pub seed: u64,
    /// Members of the alliance.
    pub parties: usize,
    /// Rounds played.
    pub rounds: u32,
    /// How long it took.
    pub seconds: f64,
    /// Load of the machine over the last minute, at the end.
    pub load1: f64,
    /// Of the programs and the servers.
    pub versions: BTreeMap<String, String>,
    /// How often each planned fault bit.
    pub bites: BTreeMap<String, u64>,
    /// How long recoveries took.
    pub figures: BTreeMap<String, Figure>,
    /// What was promised for the time of the faults and did not hold.
    pub broken: Vec<String>,
    /// What the oracle found.
    pub findings: Findings,
    /// What was done, with the time since the beginning.
    pub schedule: Vec<String>,
}

impl Outcome {
    /// Waits until the ground has come to rest, asks the oracle and writes the
    /// result under `target/faults/`.
    ///
    /// # Errors
    /// When the notifier does not tell its rows, or the result cannot be written.
    pub async fn of(
        name: &str,
        plan: &Plan,
        ground: &Ground,
        rest: Duration,
    ) -> anyhow::Result<Self> {
        ground.note("all is healed");
        let findings = examine(ground, rest).await?;
        let record = ground.read();
        let outcome = Self {
            name: if plan.short {
                format!("{name}-short")
            } else {
                name.to_owned()
            },
            holds: findings.hold()
                && record.broken.is_empty()
                && record.figures.values().all(Figure::holds)
                && record.bites.values().all(|times| *times > 0),
            seed: plan.seed,
            parties: plan.parties,
            rounds: plan.rounds,
            seconds: ground.elapsed().as_secs_f64(),
            load1: load1(),
            versions: versions(ground).await,
            bites: record.bites,
            figures: record.figures,
            broken: record.broken,
            findings,
            schedule: record.schedule,
        };
        outcome.write()?;
        Ok(outcome)
    }

    /// The result in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let verdict = if self.holds { "holds" } else { "FAILED" };
        let mut words = format!(
            "{:16} {verdict}: {} mailings, {} emails, {} SMS, {:.0} s, at rest {:.1} s after the last fault, seed {}, load {:.1}",
            self.name,
            self.findings.mailings,
            self.findings.mails,
            self.findings.texts,
            self.seconds,
            self.findings.settled_after_seconds,
            self.seed,
            self.load1,
        );
        for (fault, times) in &self.bites {
            let remark = if *times == 0 { "  <- did not bite" } else { "" };
            words.push_str(&format!("\n  {times:6} x {fault}{remark}"));
        }
        for (what, figure) in &self.figures {
            words.push_str(&format!("\n  {}", in_words(what, figure)));
        }
        for promise in &self.broken {
            words.push_str(&format!("\n  BROKEN: {promise}"));
        }
        for (state, rows) in &self.findings.rows {
            words.push_str(&format!("\n  {rows:6} rows {state}"));
        }
        for (kind, found) in self.findings.violations() {
            if !found.is_empty() {
                words.push_str(&format!("\n  {kind}: {}\n    {}", found.len(), some(found)));
            }
        }
        words
    }

    fn write(&self) -> anyhow::Result<()> {
        let folder = folder()?;
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join(format!("{}.json", self.name));
        let text = serde_json::to_vec_pretty(self).context("an outcome that is no JSON")?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn in_words(what: &str, figure: &Figure) -> String {
    let worst = figure.worst_seconds;
    let limit = match figure.limit_seconds {
        None => String::new(),
        Some(limit) if figure.holds() => format!(", promised {limit:.0} s"),
        Some(limit) => format!(", promised {limit:.0} s  <- MISSED"),
    };
    format!("{worst:6.1} s {what} (worst of {}{limit})", figure.times)
}

/// Where results are kept.
///
/// # Errors
/// When this is not the project.
pub fn folder() -> anyhow::Result<PathBuf> {
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => PathBuf::from(target).join("faults"),
        None => project_root()?.join("target/faults"),
    })
}

async fn versions(ground: &Ground) -> BTreeMap<String, String> {
    let mut versions = BTreeMap::new();
    versions.insert("lienminh".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    if let Some(version) = postgres(ground).await {
        versions.insert("postgresql".to_owned(), version);
    }
    if let Some(version) = rabbitmq() {
        versions.insert("rabbitmq".to_owned(), version);
    }
    versions
}

async fn postgres(ground: &Ground) -> Option<String> {
    let session = ground.stage.look_into(ServiceName::Notifier).await.ok()?;
    let row = session.query_one("show server_version", &[]).await.ok()?;
    row.try_get(0).ok()
}

/// The distribution keeps each version in a folder of its own; the program itself
/// would start a virtual machine to tell.
fn rabbitmq() -> Option<String> {
    let folders = std::fs::read_dir(Path::new("/usr/lib/rabbitmq/lib")).ok()?;
    folders.flatten().find_map(|folder| {
        let name = folder.file_name().into_string().ok()?;
        Some(name.strip_prefix("rabbitmq_server-")?.to_owned())
    })
}
