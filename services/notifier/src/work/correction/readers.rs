//! Who reads a correction. Perhaps a crowd: of each only what fits into a few words
//! is held.

use std::collections::{HashMap, HashSet};

use kit::error::Result;
use uuid::Uuid;

use super::super::desk::Desk;
use super::super::fanout::{BATCH, Trouble, refuse_newer};
use super::super::letter::organisation_id;
use crate::domain::correction::Change;
use crate::domain::delivery::Channel;
use crate::domain::letter::LetterKind;
use crate::domain::obligation::{Obligation, Status, Telling};
use crate::domain::reader::{self, Informed};
use crate::store;
use crate::store::occurrence::Work;

/// A party that a correction is for.
pub(super) struct Reader {
    pub(super) organisation: Uuid,
    pub(super) need: Need,
}

/// Why it is written to.
pub(super) enum Need {
    /// It was told something else than what holds.
    Change {
        /// In this version.
        version: i64,
        /// On these channels it is told.
        channels: Vec<Channel>,
    },
    /// The change overtook its message before it left: it needs this text.
    Message(LetterKind),
}

/// Everybody whom a correction is for.
pub(super) struct Readers {
    pub(super) all: Vec<Reader>,
    /// By version, of what its readers are told, and what it stated.
    pub(super) changes: HashMap<i64, (Change, Telling)>,
    /// A fan-out ended between two batches: some parties have no row of it.
    pub(super) cut_short: bool,
    /// The first text of the matter's ladder.
    announcement: Option<LetterKind>,
}

impl Readers {
    /// What most were told: the letter speaks to them, the others are told apart.
    pub(super) fn most_common(&self) -> Option<&(Change, Telling)> {
        let mut groups: Vec<(&(Change, Telling), usize)> = Vec::new();
        for told in self.all.iter().filter_map(|each| self.told(each)) {
            match groups.iter_mut().find(|(known, _)| *known == told) {
                Some((_, count)) => *count += 1,
                None => groups.push((told, 1)),
            }
        }
        // The first of equals, so that two runs choose alike.
        groups.reverse();
        let most = groups.into_iter().max_by_key(|(_, count)| *count);
        most.map(|(told, _)| told)
    }

    /// Of what a reader is told, and what it was told before.
    pub(super) fn told(&self, reader: &Reader) -> Option<&(Change, Telling)> {
        match reader.need {
            Need::Change { version, .. } => self.changes.get(&version),
            Need::Message(_) => None,
        }
    }

    /// The text where nobody is told of a change.
    pub(super) fn first_kind(&self) -> LetterKind {
        let overtaken = self.all.iter().find_map(|each| match each.need {
            Need::Message(kind) => Some(kind),
            Need::Change { .. } => None,
        });
        overtaken
            .or(self.announcement)
            .unwrap_or(LetterKind::EventReminder)
    }

    /// Takes in whom a fan-out that was cut short had not reached yet; in the worst
    /// hour it does without them where the source does not answer.
    pub(super) async fn meet(
        &mut self,
        desk: &Desk,
        work: &Work,
    ) -> std::result::Result<(), Trouble> {
        let Some(kind) = self.announcement.filter(|_| self.cut_short) else {
            return Ok(());
        };
        match strangers(desk, work).await {
            Ok(strangers) => {
                self.all.extend(
                    strangers
                        .into_iter()
                        .map(|organisation| Reader::new(organisation, Need::Message(kind))),
                );
                Ok(())
            }
            Err(Trouble::Source(error)) => super::without_source(work, error).map_err(Into::into),
            Err(trouble) => Err(trouble),
        }
    }
}

impl Reader {
    const fn new(organisation: Uuid, need: Need) -> Self {
        Self { organisation, need }
    }
}

/// Whoever is concerned without a row in any message of the matter.
async fn strangers(desk: &Desk, work: &Work) -> std::result::Result<Vec<Uuid>, Trouble> {
    let written = {
        let session = desk.pool.get().await?;
        store::told::written_about(&session, work.obligation_id).await?
    };
    let mut audience = desk.sources.audience(&work.obligation.name).await?;
    refuse_newer(audience.obligation.take(), &work.obligation)?;
    let (mut seen, mut strangers) = (HashSet::new(), Vec::new());
    while !audience.is_over() {
        let parties = audience.next(BATCH).await?;
        let ids = parties
            .iter()
            .filter_map(|party| organisation_id(&party.organisation));
        strangers.extend(ids.filter(|id| !written.contains(id) && seen.insert(*id)));
    }
    Ok(strangers)
}

/// The readers of a correction, by their own rows.
pub(super) async fn of(desk: &Desk, work: &Work) -> Result<Readers> {
    let obligation = &work.obligation;
    let session = desk.pool.get().await?;
    let id = work.obligation_id;
    let tellings = store::obligation::tellings(&session, id).await?;
    let ladder = desk.rules.of(&obligation.kind);
    let mut readers = Readers {
        all: Vec::new(),
        changes: reader::changes(tellings, &obligation.telling()),
        cut_short: false,
        announcement: ladder.and_then(|rule| Some(rule.steps.first()?.letter)),
    };
    let Readers { all, changes, .. } = &mut readers;
    let misled = store::told::parties(&session, id, work.id, |rows| {
        let told = Informed::of(rows, work.worst_hour);
        all.extend(told.and_then(|told| misled(told, changes)));
    });
    misled.await?;
    if may_announce(obligation) {
        let announcement = readers.announcement;
        let overtaken = store::told::overtaken(&session, id, work.id, |row| {
            let step = desk.rules.step(&obligation.kind, &row.step);
            let kind = step.map(|step| step.letter).or(announcement);
            let reader = kind.map(|kind| Reader::new(row.organisation_id, Need::Message(kind)));
            readers.all.extend(reader);
        });
        overtaken.await?;
        readers.cut_short = store::told::is_cut_short(&session, id).await?;
    }
    Ok(readers)
}

/// Who knows nothing need not hear that it does not take place.
fn may_announce(obligation: &Obligation) -> bool {
    obligation.status == Status::Scheduled && obligation.anchor.is_fixed()
}

fn misled(told: Informed, changes: &HashMap<i64, (Change, Telling)>) -> Option<Reader> {
    let need = Need::Change {
        version: told.anchor_version,
        channels: told.channels,
    };
    changes
        .contains_key(&told.anchor_version)
        .then(|| Reader::new(told.organisation_id, need))
}
