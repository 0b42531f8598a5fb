//! `lienminh organisation`: rosters in, organisations out.

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use lienminh_proto::registry::v1::{RowOutcome, SearchOrganisationsRequest};

use super::table;
use crate::args::Organisation;
use crate::connect::Clients;
use crate::files::{BadFile, roster};
use crate::load;

pub(super) async fn run(clients: &Clients, command: Organisation) -> anyhow::Result<()> {
    match command {
        Organisation::Import {
            file,
            good_rows,
            check,
        } => import(clients, &file, good_rows, check).await,
        Organisation::Search { query } => search(clients, query.join(" ")).await,
    }
}

async fn import(
    clients: &Clients,
    file: &std::path::Path,
    good_rows: bool,
    check: bool,
) -> anyhow::Result<()> {
    let roster = roster::read(file)?;
    if !roster.problems.is_empty() && !good_rows {
        return Err(BadFile {
            file: file.display().to_string(),
            problems: roster.problems,
        }
        .into());
    }
    let progress = ProgressBar::new(roster.rows.len().try_into()?);
    progress.set_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} rows, {eta} left",
    )?);
    let imported = load::roster::import(clients, &roster.rows, good_rows, check, &progress).await?;
    progress.finish_and_clear();

    if !imported.remarked.is_empty() || !roster.problems.is_empty() {
        let mut rows = table::with_headings(&["line", "", "field", "remark"]);
        for problem in &roster.problems {
            rows.add_row([
                problem.line.to_string(),
                "refused".into(),
                problem.field.clone(),
                problem.reason.clone(),
            ]);
        }
        for report in &imported.remarked {
            let outcome = if report.outcome() == RowOutcome::Refused {
                "refused"
            } else {
                "taken"
            };
            rows.add_row([
                report.line.to_string(),
                outcome.into(),
                report.fields.join("\n"),
                report.remarks.join("\n"),
            ]);
        }
        println!("{rows}");
    }
    let refused = imported.refused() + roster.problems.len();
    println!(
        "{} organisations created, {} updated, {} contacts written, {} rows refused",
        imported.created, imported.updated, imported.contacts, refused
    );
    if refused > 0 && !good_rows {
        bail!("nothing was written: mend the lines above, or pass --good-rows to write the others");
    }
    Ok(())
}

/// Shows the first results; a page may hold few of them and others still follow.
async fn search(clients: &Clients, query: String) -> anyhow::Result<()> {
    const SHOWN: usize = 50;
    let mut request = SearchOrganisationsRequest {
        query,
        ..Default::default()
    };
    let mut found = Vec::new();
    while found.len() < SHOWN {
        let mut organisations = clients.organisations();
        let answer = organisations.search_organisations(request.clone()).await?;
        let page = answer.into_inner();
        found.extend(page.organisations);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let mut rows = table::with_headings(&["name", "organisation", "code", "cluster"]);
    for organisation in found {
        rows.add_row([
            organisation.name,
            organisation.display_name,
            organisation.tax_code,
            organisation.cluster,
        ]);
    }
    println!("{rows}");
    Ok(())
}
