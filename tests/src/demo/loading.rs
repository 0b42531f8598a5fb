//! Rosters and plans of the demonstration, loaded through gRPC.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use lienminh_cli::connect::{Clients, in_words};
use lienminh_cli::files::plan::{DeadlineRow, EventRow, PlanFile};
use lienminh_cli::files::{plan, roster};
use lienminh_cli::load::{self, Directory, Progress};
use lienminh_proto::registry::v1::BatchGetContactsRequest;

use crate::oracle::reach::Roster;

/// The alliance that the demonstration is about.
pub const ALLIANCE: &str = "LM-DNO";

/// The rosters, in the order in which an office would get hold of them.
const ROSTERS: [&str; 4] = [
    "units.csv",
    "roster-office.csv",
    "roster-fund.csv",
    "roster-clusters.csv",
];

/// The plans; a plan stands after the one it carries out.
const PLANS: [&str; 4] = [
    "70-vca-2024.toml",
    "46-vca-2024.toml",
    "123-dak-nong-2024.toml",
    "133-thua-thien-hue-2021.toml",
];

/// What was loaded.
pub struct Loaded {
    /// Roster codes to organisations.
    pub directory: Directory,
    /// Resource name of the alliance.
    pub alliance: String,
    /// Events by key: resource name and row.
    pub events: BTreeMap<String, (String, EventRow)>,
    /// Deadlines by key: plan item and row, not opened yet.
    pub deadlines: BTreeMap<String, (String, DeadlineRow)>,
    /// Plans and items written.
    pub plans: usize,
    /// Items written.
    pub items: usize,
    /// Rows with remarks, refused ones among them.
    pub remarks: usize,
}

/// The folder of the demonstration's data.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/demo")).to_owned()
}

/// Loads everything.
///
/// # Errors
/// A file cannot be read or a call is refused.
pub async fn load(clients: &Clients) -> anyhow::Result<Loaded> {
    let remarks = load_rosters(clients).await?;
    let directory = Directory::read(clients)
        .await
        .map_err(|status| refused("the registry", &status))?;
    let alliance = directory
        .name(ALLIANCE)
        .context("the alliance is not in its own roster")?;
    let mut loaded = Loaded {
        directory,
        alliance,
        events: BTreeMap::new(),
        deadlines: BTreeMap::new(),
        plans: 0,
        items: 0,
        remarks,
    };
    let mut numbers = BTreeMap::new();
    for name in PLANS {
        let file = plan::read(&folder().join("plans").join(name))?;
        let name = load_plan(clients, &file, &mut loaded, &numbers).await?;
        numbers.insert(file.number.clone(), name);
    }
    Ok(loaded)
}

async fn load_rosters(clients: &Clients) -> anyhow::Result<usize> {
    let mut remarks = 0;
    for name in ROSTERS {
        let roster = roster::read(&folder().join(name))?;
        let progress = ProgressBar::new(roster.rows.len().try_into()?);
        progress.set_style(ProgressStyle::with_template(&format!(
            "  {name:20} {{bar:30}} {{pos}}/{{len}}"
        ))?);
        let how = load::roster::How {
            good_rows: true,
            ..Default::default()
        };
        let imported =
            load::roster::import(clients, &roster.rows, how, &Progress::by(progress.clone()))
                .await
                .map_err(|status| refused(name, &status))?;
        progress.finish_and_clear();
        println!(
            "  {name:20} {:3} organisations, {:3} updated, {:3} contacts, {:2} rows with remarks",
            imported.created,
            imported.updated,
            imported.contacts,
            imported.remarked.len()
        );
        remarks += imported.remarked.len();
    }
    Ok(remarks)
}

async fn load_plan(
    clients: &Clients,
    file: &PlanFile,
    loaded: &mut Loaded,
    numbers: &BTreeMap<String, String>,
) -> anyhow::Result<String> {
    let unknown = load::plan::unknown_codes(file, &loaded.directory, numbers);
    anyhow::ensure!(unknown.is_empty(), "{}: {}", file.number, unknown[0]);
    let request = load::plan::request(file, &loaded.directory, &loaded.alliance, numbers);
    let written = load::plan::load(clients, file, request)
        .await
        .map_err(|status| refused(&file.number, &status))?;
    let rows = file.items.iter().flat_map(|item| &item.events);
    for row in rows {
        let name = written
            .events
            .get(&row.key)
            .context("an event was not written")?;
        loaded
            .events
            .insert(row.key.clone(), (name.clone(), row.clone()));
    }
    loaded.plans += 1;
    loaded.items += written.items;
    println!(
        "  {:20} {:3} items, {:3} events",
        file.number,
        written.items,
        written.events.len()
    );
    loaded.deadlines.extend(written.deadlines);
    Ok(written.plan)
}

/// The roster as the registry answers it, for the oracle.
///
/// # Errors
/// A call is refused.
pub async fn roster(clients: &Clients, directory: &Directory) -> anyhow::Result<Roster> {
    let names: Vec<String> = directory
        .iter()
        .map(|organisation| organisation.name.clone())
        .collect();
    let mut roster = Roster::default();
    refresh(clients, &mut roster, &names).await?;
    Ok(roster)
}

/// Reads some organisations anew.
///
/// # Errors
/// A call is refused.
pub async fn refresh(
    clients: &Clients,
    roster: &mut Roster,
    names: &[String],
) -> anyhow::Result<()> {
    for chunk in names.chunks(200) {
        let request = BatchGetContactsRequest {
            organisations: chunk.to_vec(),
        };
        let answer = clients
            .contacts()
            .batch_get_contacts(request)
            .await
            .map_err(|status| refused("contacts", &status))?;
        answer
            .into_inner()
            .organisations
            .iter()
            .for_each(|found| roster.add(found));
    }
    Ok(())
}

fn refused(what: &str, status: &tonic::Status) -> anyhow::Error {
    anyhow::anyhow!("{what}: {} ({:?})", in_words(status), status.code())
}
