//! `lienminh organisation`: rosters in, organisations out.

use anyhow::bail;
use comfy_table::Table;
use indicatif::{ProgressBar, ProgressStyle};
use lienminh_proto::registry::v1::{RowOutcome, RowReport, SearchOrganisationsRequest};

use super::table;
use crate::args::Organisation;
use crate::connect::Clients;
use crate::files::{BadFile, Problem, roster};
use crate::load;
use crate::load::roster::How;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Organisation) -> anyhow::Result<()> {
    match command {
        Organisation::Import {
            file,
            good_rows,
            confirm,
            check,
        } => {
            let how = How {
                good_rows,
                check_only: check,
                confirmations: &confirm,
            };
            import(clients, &file, how).await
        }
        Organisation::Search { query } => search(clients, query.join(" ")).await,
    }
}

async fn import(clients: &Clients, file: &std::path::Path, how: How<'_>) -> anyhow::Result<()> {
    let roster = roster::read(file)?;
    if !roster.problems.is_empty() && !how.good_rows {
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
    let imported = load::roster::import(clients, &roster.rows, how, &progress).await?;
    progress.finish_and_clear();

    if !imported.remarked.is_empty() || !roster.problems.is_empty() {
        say!("{}", remarks(&roster.problems, &imported.remarked));
    }
    let (refused, waiting) = (
        imported.refused() + roster.problems.len(),
        imported.waiting(),
    );
    say!(
        "{} organisations created, {} updated, {} contacts written, {refused} rows refused, {waiting} waiting",
        imported.created,
        imported.updated,
        imported.contacts
    );
    if waiting > 0 {
        say!(
            "look at the waiting rows, then import again with --confirm and what stands beside each"
        );
    }
    if refused + waiting > 0 && !how.good_rows {
        bail!(
            "nothing was written: mend or confirm the lines above, or pass --good-rows to write the others"
        );
    }
    Ok(())
}

fn remarks(problems: &[Problem], remarked: &[RowReport]) -> Table {
    let mut rows = table::with_headings(&["line", "", "field", "remark", "confirmation"]);
    for problem in problems {
        rows.add_row([
            problem.line.to_string(),
            "refused".into(),
            problem.field.clone(),
            problem.reason.clone(),
            String::new(),
        ]);
    }
    for report in remarked {
        let outcome = match report.outcome() {
            RowOutcome::Refused => "refused",
            RowOutcome::Waiting => "waiting",
            RowOutcome::Unspecified
            | RowOutcome::Created
            | RowOutcome::Updated
            | RowOutcome::Unchanged => "taken",
        };
        rows.add_row([
            report.line.to_string(),
            outcome.into(),
            report.fields.join("\n"),
            report.remarks.join("\n"),
            report.confirmation.clone(),
        ]);
    }
    rows
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
    say!("{rows}");
    Ok(())
}
