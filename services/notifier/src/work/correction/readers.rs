//! Who reads a correction.

use std::collections::{HashMap, HashSet};

use kit::error::Result;

use super::super::desk::Desk;
use super::super::letter::organisation_name;
use crate::domain::correction::Change;
use crate::domain::delivery::Channel;
use crate::domain::letter::LetterKind;
use crate::domain::obligation::{Status, Telling};
use crate::domain::party::Party;
use crate::domain::reader::{self, ToldRow};
use crate::store;
use crate::store::occurrence::Work;

/// A party that was told something else than what holds.
pub(super) struct Misled {
    pub(super) organisation: String,
    pub(super) change: Change,
    pub(super) before: Telling,
    pub(super) channels: Vec<Channel>,
    greeted: Vec<String>,
}

/// A party whose message the change overtook before it left.
pub(super) struct Overtaken {
    pub(super) organisation: String,
    /// The text it did not get.
    pub(super) kind: LetterKind,
    greeted: Vec<String>,
}

/// Everybody whom a correction is for.
pub(super) struct Readers {
    pub(super) misled: Vec<Misled>,
    pub(super) overtaken: Vec<Overtaken>,
    /// A fan-out ended between two batches: some parties have no row of it.
    pub(super) cut_short: bool,
    /// Organisations with a row in any message of the matter.
    written: HashSet<String>,
    /// The first text of the matter's ladder.
    announcement: Option<LetterKind>,
}

impl Readers {
    pub(super) fn is_empty(&self) -> bool {
        self.misled.is_empty() && self.overtaken.is_empty() && !self.cut_short
    }

    pub(super) fn organisations(&self) -> Vec<String> {
        let misled = self.misled.iter().map(|each| &each.organisation);
        let overtaken = self.overtaken.iter().map(|each| &each.organisation);
        misled.chain(overtaken).cloned().collect()
    }

    pub(super) fn greeted(&self) -> HashMap<String, Vec<String>> {
        let misled = self
            .misled
            .iter()
            .map(|each| (&each.organisation, &each.greeted));
        let overtaken = self
            .overtaken
            .iter()
            .map(|each| (&each.organisation, &each.greeted));
        misled
            .chain(overtaken)
            .map(|(organisation, greeted)| (organisation.clone(), greeted.clone()))
            .collect()
    }

    /// The text where nobody is told of a change.
    pub(super) fn first_kind(&self) -> LetterKind {
        self.overtaken
            .first()
            .map(|each| each.kind)
            .or(self.announcement)
            .unwrap_or(LetterKind::EventReminder)
    }

    /// Takes in what the source says: whom a fan-out that was cut short had not
    /// reached yet.
    pub(super) fn meet(&mut self, parties: &[Party]) {
        if !std::mem::take(&mut self.cut_short) {
            return;
        }
        let Some(kind) = self.announcement else {
            return;
        };
        for party in parties {
            if !self.written.contains(&party.organisation) {
                self.overtaken.push(Overtaken {
                    organisation: party.organisation.clone(),
                    kind,
                    greeted: Vec::new(),
                });
            }
        }
    }
}

/// The readers of a correction, by their own rows.
pub(super) async fn of(desk: &Desk, work: &Work) -> Result<Readers> {
    let obligation = &work.obligation;
    let session = desk.pool.get().await?;
    let id = work.obligation_id;
    let told = store::told::parties(&session, id, work.id).await?;
    let versions = versions(&told);
    let tellings = store::obligation::tellings(&session, id, &versions).await?;
    let tellings: HashMap<i64, Telling> = versions.into_iter().zip(tellings).collect();
    let ladder = desk.rules.of(&obligation.kind);
    let announcement = ladder.and_then(|rule| Some(rule.steps.first()?.letter));
    let misled = reader::misled(told, &tellings, &obligation.telling(), work.worst_hour);
    let mut readers = Readers {
        misled: misled.into_iter().map(Misled::of).collect(),
        overtaken: Vec::new(),
        cut_short: false,
        written: HashSet::new(),
        announcement,
    };
    // Who knows nothing need not hear that it does not take place.
    if obligation.status == Status::Scheduled && obligation.anchor.is_fixed() {
        let rows = store::told::overtaken(&session, id, work.id).await?;
        readers.overtaken = rows
            .into_iter()
            .filter_map(|row| {
                let step = desk.rules.step(&obligation.kind, &row.step);
                Some(Overtaken {
                    organisation: organisation_name(row.organisation_id),
                    kind: step.map(|step| step.letter).or(announcement)?,
                    greeted: row.greeted,
                })
            })
            .collect();
        readers.cut_short = store::told::is_cut_short(&session, id).await?;
        if readers.cut_short {
            let written = store::told::written_about(&session, id).await?;
            readers.written = written.into_iter().map(organisation_name).collect();
        }
    }
    Ok(readers)
}

fn versions(told: &[ToldRow]) -> Vec<i64> {
    let mut versions: Vec<i64> = told.iter().map(|row| row.anchor_version).collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

impl Misled {
    fn of(reader: reader::Misled) -> Self {
        Self {
            organisation: organisation_name(reader.organisation_id),
            change: reader.change,
            before: reader.before,
            channels: reader.channels,
            greeted: reader.greeted,
        }
    }
}

/// What most were told: the letter speaks to them, the others are told apart.
pub(super) fn most_common(misled: &[Misled]) -> Option<(Change, Telling)> {
    let mut groups: Vec<(Change, &Telling, usize)> = Vec::new();
    for each in misled {
        let known = groups
            .iter_mut()
            .find(|(change, before, _)| *change == each.change && **before == each.before);
        match known {
            Some((_, _, count)) => *count += 1,
            None => groups.push((each.change, &each.before, 1)),
        }
    }
    // The first of equals, so that two runs choose alike.
    groups.reverse();
    groups
        .into_iter()
        .max_by_key(|(_, _, count)| *count)
        .map(|(change, before, _)| (change, before.clone()))
}
