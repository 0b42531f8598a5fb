//! Announcing a plan that was loaded before: what is still a draft, and what is not open yet.

use std::collections::BTreeMap;

use lienminh_proto::events::v1::{ListPlanItemsRequest, PlanItem};

use super::super::find;
use crate::connect::{Clients, PAGE, every};
use crate::files::plan::PlanFile;
use crate::language::phrase;
use crate::load::{self, Directory};
use crate::screen::{say, warn};

/// Each step may be taken twice, so whoever was interrupted starts it again.
pub(super) async fn announce(
    clients: &Clients,
    plan: &str,
    file: &PlanFile,
    directory: &Directory,
) -> anyhow::Result<()> {
    let items = items(clients, plan).await?;
    let (mut announced, mut opened) = (0, 0);
    for item in &items {
        for event in item
            .activities
            .iter()
            .filter(|name| name.starts_with("events/"))
        {
            if find::is_draft(clients, event).await? {
                let now = load::plan::announce(clients, event).await?;
                warn(&now.warnings);
                announced += 1;
            }
        }
    }
    let by_number: BTreeMap<(&str, &str), &PlanItem> = items
        .iter()
        .map(|item| ((item.number.as_str(), item.title.as_str()), item))
        .collect();
    let organiser = directory.name(&file.issuer).unwrap_or_default();
    for row in &file.items {
        let Some(item) = by_number.get(&(row.number.as_str(), row.title.as_str())) else {
            continue;
        };
        let open = titles(clients, item).await?;
        for deadline in row
            .deadlines
            .iter()
            .filter(|row| !open.contains(&row.title))
        {
            let now =
                load::plan::open_deadline(clients, deadline, &item.name, &organiser, directory)
                    .await?;
            warn(&now.warnings);
            opened += 1;
        }
    }
    say!(
        "{}",
        phrase!(
            "đã thông báo {announced} hoạt động, mở {opened} thời hạn",
            "{announced} events announced, {opened} deadlines opened"
        )
    );
    Ok(())
}

async fn items(clients: &Clients, plan: &str) -> Result<Vec<PlanItem>, tonic::Status> {
    every(|page_token| async move {
        let request = ListPlanItemsRequest {
            parent: plan.to_owned(),
            page_size: PAGE,
            page_token,
        };
        let page = clients.plans().list_plan_items(request).await?.into_inner();
        Ok((page.plan_items, page.next_page_token))
    })
    .await
}

/// Titles of the deadlines of an item that are there already.
async fn titles(clients: &Clients, item: &PlanItem) -> Result<Vec<String>, tonic::Status> {
    let mut titles = Vec::new();
    for name in item
        .activities
        .iter()
        .filter(|name| name.starts_with("deadlines/"))
    {
        titles.push(find::read_deadline(clients, name.clone()).await?.title);
    }
    Ok(titles)
}
