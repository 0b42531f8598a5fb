//! Who reads a correction, by rows: what `store::told` asks the database.

use std::collections::{BTreeMap, HashMap};

use notifier::domain::delivery::{Channel, State as Sent};
use notifier::domain::obligation::{Status, Telling};
use notifier::domain::occurrence::{CORRECTION, State};
use notifier::domain::reader::{Informed, ToldRow, changes};
use uuid::Uuid;

use super::{Database, Row, Work};

/// Everybody whom a correction is for.
pub struct Readers {
    /// Who may have read something else than what holds.
    pub misled: Vec<Informed>,
    /// Whose message the change overtook before it left.
    pub overtaken: Vec<Uuid>,
    /// A fan-out ended between two batches: some parties have no row of it.
    pub cut_short: bool,
    /// Organisations with a row in any message of the matter.
    pub written: Vec<Uuid>,
}

impl Readers {
    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.misled.is_empty() && self.overtaken.is_empty() && !self.cut_short
    }
}

impl Database {
    /// The readers of a correction.
    #[must_use]
    pub fn readers(&self, work: &Work) -> Readers {
        let present = work.obligation.telling();
        let tellings: HashMap<i64, Telling> = self.matters[work.matter]
            .tellings
            .iter()
            .map(|(version, telling)| (*version, telling.clone()))
            .collect();
        let changes = changes(tellings, &present);
        let rows = self.told_rows(work);
        let mut readers = Readers {
            misled: rows
                .chunk_by(|one, next| one.organisation_id == next.organisation_id)
                .filter_map(|party| Informed::of(party, work.plan.worst_hour))
                .filter(|told| changes.contains_key(&told.anchor_version))
                .collect(),
            overtaken: Vec::new(),
            cut_short: false,
            written: Vec::new(),
        };
        if present.status == Status::Scheduled && present.anchor.is_fixed() {
            readers.overtaken = self.overtaken(work);
            readers.cut_short = self.is_cut_short(work.matter);
            let tells = self.telling(work.matter);
            readers.written = tells.map(|row| row.organisation).collect();
        }
        readers
    }

    fn telling(&self, matter: usize) -> impl Iterator<Item = &Row> {
        self.deliveries
            .iter()
            .filter(move |row| row.matter == matter && self.occurrences[row.occurrence].tells)
    }

    /// All to whom the message of a row goes, its own party first.
    pub fn behind<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = Uuid> + 'r {
        let shares = |other: &&Row| {
            other.occurrence == row.occurrence
                && other.channel == row.channel
                && other.carried_by == Some(row.organisation)
        };
        let others = self.deliveries.iter().filter(shares);
        std::iter::once(row.organisation).chain(others.map(|other| other.organisation))
    }

    /// The row in which the message goes that a row is for.
    fn carrier<'r>(&'r self, row: &'r Row) -> &'r Row {
        let carries = |other: &&Row| {
            other.occurrence == row.occurrence
                && other.channel == row.channel
                && Some(other.organisation) == row.carried_by
        };
        self.deliveries.iter().find(carries).unwrap_or(row)
    }

    fn told_rows(&self, work: &Work) -> Vec<ToldRow> {
        let mut latest: BTreeMap<(Uuid, Channel), &Row> = BTreeMap::new();
        let told = self.telling(work.matter).filter(|row| {
            row.occurrence != work.occurrence
                && row.channel != Channel::None
                && self.carrier(row).life.may_have_told()
        });
        for row in told {
            let slot = latest.entry((row.organisation, row.channel)).or_insert(row);
            if row.version >= slot.version {
                *slot = row;
            }
        }
        latest
            .into_iter()
            .map(|((organisation_id, channel), row)| ToldRow {
                organisation_id,
                channel,
                anchor_version: row.version,
                bounced: self.carrier(row).life.state == Sent::Bounced,
            })
            .collect()
    }

    fn overtaken(&self, work: &Work) -> Vec<Uuid> {
        let present = self.matters[work.matter].obligation.anchor_version;
        let mut overtaken: Vec<Uuid> = self
            .telling(work.matter)
            .filter(|row| row.version < present && row.channel != Channel::None)
            .filter(|row| self.occurrences[row.occurrence].plan.step != CORRECTION)
            .filter(|row| {
                matches!(
                    self.carrier(row).life.state,
                    Sent::Superseded | Sent::Queued | Sent::Claimed | Sent::RetryWait
                )
            })
            .map(|row| row.organisation)
            .collect();
        overtaken.sort_unstable();
        overtaken.dedup();
        overtaken.retain(|organisation| {
            !self.telling(work.matter).any(|row| {
                row.organisation == *organisation
                    && row.occurrence != work.occurrence
                    && self.carrier(row).life.may_have_told()
            })
        });
        overtaken
    }

    fn is_cut_short(&self, matter: usize) -> bool {
        self.occurrences.iter().enumerate().any(|(place, each)| {
            each.matter == matter
                && each.plan.state == State::Superseded
                && each.tells
                && each.plan.step != CORRECTION
                && self.deliveries.iter().any(|row| row.occurrence == place)
        })
    }
}
