//! `lienminh plan`: plans in, plans out.

use std::collections::BTreeMap;

use anyhow::Context;
use lienminh_proto::events::v1::ListPlansRequest;

use super::table;
use crate::args::Plan;
use crate::connect::Clients;
use crate::files::{BadFile, plan};
use crate::load::{self, Directory};
use crate::screen::{say, warn};

pub(super) async fn run(clients: &Clients, command: Plan) -> anyhow::Result<()> {
    match command {
        Plan::Load {
            file,
            announce,
            check,
        } => load_file(clients, &file, announce, check).await,
        Plan::List => list(clients).await,
    }
}

async fn load_file(
    clients: &Clients,
    path: &std::path::Path,
    announce: bool,
    check: bool,
) -> anyhow::Result<()> {
    let file = plan::read(path)?;
    let directory = Directory::read(clients).await?;
    let problems = load::plan::unknown_codes(&file, &directory);
    if !problems.is_empty() {
        return Err(BadFile {
            file: path.display().to_string(),
            problems,
        }
        .into());
    }
    if check {
        say!(
            "{}: {} items, nothing wrong",
            path.display(),
            file.items.len()
        );
        return Ok(());
    }
    let organiser = directory
        .name(&file.issuer)
        .context("the issuer is not in the registry")?;
    let parents = plan_numbers(clients).await?;
    let loaded = load::plan::load(clients, &file, &directory, &organiser, &parents).await?;
    say!(
        "{}: {} items, {} events",
        loaded.plan,
        loaded.items,
        loaded.events.len()
    );
    if announce {
        for (key, event) in &loaded.events {
            let announced = load::plan::announce(clients, event).await?;
            say!("announced {key}: {event}");
            warn(&announced.warnings);
        }
        for (key, (item, row)) in &loaded.deadlines {
            let deadline =
                load::plan::open_deadline(clients, row, item, &organiser, &directory).await?;
            say!("opened {key}: {}", deadline.name);
            warn(&deadline.warnings);
        }
    } else if !loaded.events.is_empty() || !loaded.deadlines.is_empty() {
        say!(
            "Nobody is told anything yet; --announce announces the events and opens the deadlines."
        );
    }
    Ok(())
}

async fn plan_numbers(clients: &Clients) -> Result<BTreeMap<String, String>, tonic::Status> {
    let mut numbers = BTreeMap::new();
    let mut page_token = String::new();
    loop {
        let request = ListPlansRequest {
            page_size: 200,
            page_token,
        };
        let page = clients.plans().list_plans(request).await?.into_inner();
        for plan in page.plans {
            numbers.insert(
                plan.document
                    .map(|document| document.number)
                    .unwrap_or_default(),
                plan.name,
            );
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(numbers);
        }
    }
}

async fn list(clients: &Clients) -> anyhow::Result<()> {
    let answer = clients
        .plans()
        .list_plans(ListPlansRequest {
            page_size: 200,
            ..Default::default()
        })
        .await?;
    let mut rows = table::with_headings(&["plan", "number", "title"]);
    for plan in answer.into_inner().plans {
        rows.add_row([
            plan.name,
            plan.document
                .map(|document| document.number)
                .unwrap_or_default(),
            plan.title,
        ]);
    }
    say!("{rows}");
    Ok(())
}
