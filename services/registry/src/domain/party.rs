//! Who is concerned by an admission batch, asked at the moment of sending.

use jiff::Timestamp;

use super::admission::{AdmissionBatch, State};
use super::id::OrganisationId;
use super::position::Position;

/// Positions of the unit in charge, most fitting first.
const LEAD_POSITIONS: [Position; 3] = [Position::Head, Position::Officer, Position::Office];

/// An applicant of a batch and when it was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The organisation.
    pub organisation: OrganisationId,
    /// When it was admitted (business clock); `None` while its dossier is open.
    pub admitted_at: Option<Timestamp>,
}

/// How a party stands to the obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its part is not done.
    Concerned,
    /// Its part is done, since then.
    Done(Timestamp),
}

/// Somebody whom the batch concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Offices to tell; empty: the rule decides.
    pub positions: &'static [Position],
    /// How it stands.
    pub standing: Standing,
    /// Why, for people; empty while concerned.
    pub reason: String,
}

/// The unit in charge and every applicant, ordered by identity.
#[must_use]
pub fn parties(batch: &AdmissionBatch, applicants: &[Applicant]) -> Vec<Party> {
    let closed = (batch.state == State::Completed).then_some(batch.updated_at);
    let mut parties: Vec<Party> = applicants
        .iter()
        .map(|each| applicant(*each, closed))
        .collect();
    parties.push(Party {
        organisation: batch.details.lead_unit,
        positions: &LEAD_POSITIONS,
        standing: closed.map_or(Standing::Concerned, Standing::Done),
        reason: closed.map_or_else(String::new, |at| since("đợt kết nạp đã kết thúc", at)),
    });
    parties.sort_by_key(|party| party.organisation);
    parties
}

fn applicant(applicant: Applicant, closed: Option<Timestamp>) -> Party {
    let (standing, reason) = match (applicant.admitted_at, closed) {
        (Some(at), _) => (Standing::Done(at), since("đã kết nạp", at)),
        (None, Some(at)) => (Standing::Done(at), since("đợt kết nạp đã kết thúc", at)),
        (None, None) => (Standing::Concerned, String::new()),
    };
    Party {
        organisation: applicant.organisation,
        positions: &[],
        standing,
        reason,
    }
}

fn since(what: &str, at: Timestamp) -> String {
    let day = vietnam::dates::short(vietnam::local(at).date());
    format!("{what} ngày {day}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::admission::tests::batch;

    fn open(batch: &AdmissionBatch) -> Vec<Applicant> {
        let applicant = |organisation: &OrganisationId| Applicant {
            organisation: *organisation,
            admitted_at: None,
        };
        batch.applicants.iter().map(applicant).collect()
    }

    #[test]
    fn the_unit_in_charge_and_open_applicants_are_concerned() {
        let batch = batch();
        let parties = parties(&batch, &open(&batch));
        assert_eq!(parties.len(), 3);
        assert!(
            parties
                .iter()
                .all(|party| party.standing == Standing::Concerned)
        );
        assert!(parties.is_sorted_by_key(|party| party.organisation));
        let lead = parties
            .iter()
            .find(|party| party.organisation == batch.details.lead_unit)
            .unwrap();
        assert_eq!(
            lead.positions,
            [Position::Head, Position::Officer, Position::Office]
        );
    }

    #[test]
    fn an_admitted_applicant_is_done_on_the_local_day() {
        let batch = batch();
        let mut applicants = open(&batch);
        let at: Timestamp = "2024-04-04T17:30:00Z".parse().unwrap();
        applicants[0].admitted_at = Some(at);
        let parties = parties(&batch, &applicants);
        let done = parties
            .iter()
            .find(|party| party.organisation == applicants[0].organisation)
            .unwrap();
        assert_eq!(done.standing, Standing::Done(at));
        assert_eq!(done.reason, "đã kết nạp ngày 05/4/2024");
    }

    #[test]
    fn a_closed_batch_concerns_nobody() {
        let mut batch = batch();
        batch.complete(Timestamp::UNIX_EPOCH);
        let applicants = open(&batch);
        let all_done = parties(&batch, &applicants)
            .iter()
            .all(|party| matches!(party.standing, Standing::Done(_)));
        assert!(all_done);
    }
}
