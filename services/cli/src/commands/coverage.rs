//! `lienminh coverage`: expected = sum over states, or the gaps by name.

use anyhow::bail;
use lienminh_proto::notifier::v1::{ListUnreachableRequest, ReconcileCoverageRequest};

use super::deliveries::short;
use super::table;
use crate::args::Coverage;
use crate::connect::Clients;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Coverage) -> anyhow::Result<()> {
    let request = ReconcileCoverageRequest {
        obligation: command.obligation.clone(),
    };
    let coverage = clients
        .notifier()
        .reconcile_coverage(request)
        .await?
        .into_inner();
    let mut rows = table::with_headings(&["channel", "state", "rows"]);
    for cell in &coverage.deliveries {
        rows.add_row([
            short(cell.channel().as_str_name(), "CHANNEL_"),
            short(cell.state().as_str_name(), "DELIVERY_STATE_"),
            cell.count.to_string(),
        ]);
    }
    say!("{rows}");
    say!(
        "{} obligations, {} occurrences; expected {}, accounted {}",
        coverage.obligations,
        coverage.occurrences,
        coverage.expected,
        coverage.accounted
    );
    if command.unreachable {
        unreachable(clients, command.obligation).await?;
    }
    if coverage.expected != coverage.accounted || !coverage.gaps.is_empty() {
        bail!("the sum does not hold:\n  {}", coverage.gaps.join("\n  "));
    }
    Ok(())
}

async fn unreachable(clients: &Clients, obligation: String) -> anyhow::Result<()> {
    let mut rows = table::with_headings(&["organisation", "about", "why", "call"]);
    let mut page_token = String::new();
    loop {
        let request = ListUnreachableRequest {
            obligation: obligation.clone(),
            page_size: 200,
            page_token,
        };
        let page = clients
            .notifier()
            .list_unreachable(request)
            .await?
            .into_inner();
        for found in page.unreachable {
            let phone = if found.phone.is_empty() {
                "không có số".to_owned()
            } else {
                vietnam::phone::shown(&found.phone)
            };
            rows.add_row([
                found.organisation_display_name,
                found.title,
                found.reason_text,
                phone,
            ]);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    say!("{rows}");
    Ok(())
}
