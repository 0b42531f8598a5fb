//! Rosters into the registry.

use indicatif::ProgressBar;
use lienminh_proto::registry::v1::{
    ImportMode, ImportRosterRequest, RosterRow, RowOutcome, RowReport,
};

use super::request_id;
use crate::connect::Clients;

/// The registry takes at most this many rows a call.
const ROWS_A_CALL: usize = 200;

/// What became of a roster.
#[derive(Debug, Default)]
pub struct Imported {
    /// Organisations created.
    pub created: i32,
    /// Organisations updated.
    pub updated: i32,
    /// Contacts created or updated.
    pub contacts: i32,
    /// Rows with remarks, refused ones among them.
    pub remarked: Vec<RowReport>,
}

impl Imported {
    /// Rows that were refused.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.remarked
            .iter()
            .filter(|report| report.outcome() == RowOutcome::Refused)
            .count()
    }
}

/// Checks every row, then writes: all rows or none, or the good ones.
///
/// # Errors
/// A call is refused.
pub async fn import(
    clients: &Clients,
    rows: &[RosterRow],
    good_rows: bool,
    check_only: bool,
    progress: &ProgressBar,
) -> Result<Imported, tonic::Status> {
    if !good_rows || check_only {
        let checked = pass(clients, rows, ImportMode::GoodRows, true, progress).await?;
        if check_only || checked.refused() > 0 {
            return Ok(Imported {
                created: 0,
                updated: 0,
                contacts: 0,
                remarked: checked.remarked,
            });
        }
        progress.set_position(0);
    }
    let mode = if good_rows {
        ImportMode::GoodRows
    } else {
        ImportMode::AllOrNothing
    };
    pass(clients, rows, mode, false, progress).await
}

async fn pass(
    clients: &Clients,
    rows: &[RosterRow],
    mode: ImportMode,
    validate_only: bool,
    progress: &ProgressBar,
) -> Result<Imported, tonic::Status> {
    let mut imported = Imported::default();
    for chunk in whole_organisations(rows) {
        let words: Vec<String> = chunk.iter().map(|row| format!("{row:?}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let answer = clients
            .organisations()
            .import_roster(ImportRosterRequest {
                rows: chunk.to_vec(),
                mode: mode.into(),
                request_id: request_id(&[&words[..], &[mode.as_str_name()]].concat()),
                validate_only,
            })
            .await?
            .into_inner();
        imported.created += answer.organisations_created;
        imported.updated += answer.organisations_updated;
        imported.contacts += answer.contacts_written;
        imported.remarked.extend(
            answer
                .reports
                .into_iter()
                .filter(|report| !report.remarks.is_empty()),
        );
        progress.inc(chunk.len().try_into().unwrap_or(u64::MAX));
    }
    Ok(imported)
}

/// Chunks that do not part the rows of one organisation, where they stand together.
fn whole_organisations(rows: &[RosterRow]) -> Vec<&[RosterRow]> {
    let mut chunks = Vec::new();
    let mut rest = rows;
    while rest.len() > ROWS_A_CALL {
        let mut cut = ROWS_A_CALL;
        while cut > 1 && rest[cut].roster_code == rest[cut - 1].roster_code {
            cut -= 1;
        }
        let (chunk, remainder) = rest.split_at(cut);
        chunks.push(chunk);
        rest = remainder;
    }
    if !rest.is_empty() {
        chunks.push(rest);
    }
    chunks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_of_one_organisation_stay_in_one_call() {
        let rows: Vec<RosterRow> = (0..450)
            .map(|number| RosterRow {
                roster_code: format!("A-{}", number / 3),
                ..Default::default()
            })
            .collect();
        let chunks = whole_organisations(&rows);
        assert_eq!(chunks.iter().map(|chunk| chunk.len()).sum::<usize>(), 450);
        for pair in chunks.windows(2) {
            let (last, first) = (pair[0].last().unwrap(), pair[1].first().unwrap());
            assert_ne!(last.roster_code, first.roster_code);
        }
    }
}
