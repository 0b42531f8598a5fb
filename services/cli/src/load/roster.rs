//! Rosters into the registry.

use lienminh_proto::registry::v1::{
    ImportMode, ImportRosterRequest, RosterRow, RowOutcome, RowReport,
};

use super::{Progress, fresh_request_id};
use crate::connect::Clients;
use crate::language::phrase;

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
    /// Rows that say what is there already.
    pub unchanged: usize,
    /// Rows with remarks, those not written among them.
    pub remarked: Vec<RowReport>,
}

/// How a roster is to be taken in.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Write the good rows although others are not written.
    pub good_rows: bool,
    /// Write nothing.
    pub check_only: bool,
    /// What a person said yes to.
    pub confirmations: &'a [String],
}

impl Imported {
    /// Rows that were refused.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.count(RowOutcome::Refused)
    }

    /// Rows that wait for a person.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.count(RowOutcome::Waiting)
    }

    fn count(&self, outcome: RowOutcome) -> usize {
        let reports = self.remarked.iter();
        reports.filter(|report| report.outcome() == outcome).count()
    }
}

/// Checks every row, then writes: all rows or none, or the good ones.
///
/// # Errors
/// A call is refused.
pub async fn import(
    clients: &Clients,
    rows: &[RosterRow],
    how: How<'_>,
    progress: &Progress,
) -> Result<Imported, tonic::Status> {
    if !how.good_rows || how.check_only {
        let rehearsal = Pass {
            confirmations: how.confirmations,
            mode: ImportMode::GoodRows,
            validate_only: true,
        };
        progress.begin(phrase!("đang kiểm tra", "checking"));
        let checked = rehearsal.run(clients, rows, progress).await?;
        if how.check_only || checked.refused() + checked.waiting() > 0 {
            return Ok(Imported {
                remarked: checked.remarked,
                ..Default::default()
            });
        }
    }
    progress.begin(phrase!("đang ghi", "writing"));
    let writing = Pass {
        confirmations: how.confirmations,
        mode: if how.good_rows {
            ImportMode::GoodRows
        } else {
            ImportMode::AllOrNothing
        },
        validate_only: false,
    };
    writing.run(clients, rows, progress).await
}

/// One way over all rows.
struct Pass<'a> {
    confirmations: &'a [String],
    mode: ImportMode,
    validate_only: bool,
}

impl Pass<'_> {
    async fn run(
        &self,
        clients: &Clients,
        rows: &[RosterRow],
        progress: &Progress,
    ) -> Result<Imported, tonic::Status> {
        let mut imported = Imported::default();
        for chunk in whole_organisations(rows) {
            let request = self.request(chunk);
            let answer = clients.organisations().import_roster(request).await?;
            let answer = answer.into_inner();
            imported.created += answer.organisations_created;
            imported.updated += answer.organisations_updated;
            imported.contacts += answer.contacts_written;
            let unchanged = |report: &&RowReport| report.outcome() == RowOutcome::Unchanged;
            imported.unchanged += answer.reports.iter().filter(unchanged).count();
            let remarked = |report: &RowReport| !report.remarks.is_empty();
            let reports = answer.reports.into_iter();
            imported.remarked.extend(reports.filter(remarked));
            progress.advance(chunk.len());
        }
        Ok(imported)
    }

    fn request(&self, chunk: &[RosterRow]) -> ImportRosterRequest {
        ImportRosterRequest {
            rows: chunk.to_vec(),
            mode: self.mode.into(),
            // The registry knows each organisation by its code, so that the same rows again change
            // nothing; what somebody changed meanwhile a second import does change back.
            request_id: fresh_request_id(),
            validate_only: self.validate_only,
            confirmations: self.confirmations.to_vec(),
        }
    }
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
