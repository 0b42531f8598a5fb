//! The readers of a correction as the crowd of its mailing.

use std::collections::HashMap;

use super::super::desk::Desk;
use super::super::fanout::{BATCH, Crowd, Trouble, candidates, refuse_newer};
use super::super::letter::{self, organisation_id, organisation_name};
use super::readers::{Need, Reader, Readers};
use crate::domain::correction::Change;
use crate::domain::fanout::Candidate;
use crate::domain::letter::ToldBefore;
use crate::domain::obligation::Telling;
use crate::domain::party::Party;
use crate::store::occurrence::Work;

/// Readers being written to.
pub(super) struct Reading<'w> {
    desk: &'w Desk,
    work: &'w Work,
    readers: &'w Readers,
    /// What the letter says of a change.
    common: Option<&'w (Change, Telling)>,
    /// The next reader.
    next: usize,
    /// It did not answer and is not asked again.
    source_is_silent: bool,
}

impl<'w> Reading<'w> {
    pub(super) const fn of(
        desk: &'w Desk,
        work: &'w Work,
        readers: &'w Readers,
        common: Option<&'w (Change, Telling)>,
    ) -> Self {
        Self {
            desk,
            work,
            readers,
            common,
            next: 0,
            source_is_silent: false,
        }
    }

    /// How readers stand now.
    async fn ask(&mut self, names: Vec<String>) -> Result<Vec<Party>, Trouble> {
        let mut known = HashMap::new();
        if !self.source_is_silent {
            let obligation = &self.work.obligation;
            match self.desk.sources.check(&obligation.name, &names).await {
                Ok(answer) => {
                    refuse_newer(answer.obligation, obligation)?;
                    let parties = answer.parties.into_iter();
                    known.extend(parties.map(|party| (party.organisation.clone(), party)));
                }
                Err(error) => {
                    super::without_source(self.work, error)?;
                    self.source_is_silent = true;
                }
            }
        }
        let parties = names
            .iter()
            .map(|name| known.remove(name).unwrap_or_else(|| Party::plain(name)));
        Ok(parties.collect())
    }

    fn complete(&self, candidate: &mut Candidate, reader: &Reader) {
        candidate.told_before = self.told_before(reader);
        if let Need::Change { channels, .. } = &reader.need {
            candidate.channels = Some(channels.clone());
        }
    }

    /// What a reader had been told, where the letter says something else.
    fn told_before(&self, reader: &Reader) -> Option<ToldBefore> {
        if let Need::Message(kind) = reader.need {
            return self.common.map(|_| ToldBefore {
                kind,
                old_anchor: None,
                old_place: None,
            });
        }
        let told = self.readers.told(reader);
        let (change, before) = told.filter(|_| told != self.common)?;
        let obligation = &self.work.obligation;
        Some(letter::told_before(self.desk, obligation, *change, before))
    }
}

impl Crowd for Reading<'_> {
    async fn next(&mut self) -> Result<Vec<Candidate>, Trouble> {
        let all = &self.readers.all;
        let end = all.len().min(self.next + BATCH);
        let some = &all[self.next..end];
        self.next = end;
        let names: Vec<String> = some
            .iter()
            .map(|reader| organisation_name(reader.organisation))
            .collect();
        let parties = self.ask(names).await?;
        let mut found = candidates(self.desk, parties).await?;
        let readers: HashMap<_, &Reader> =
            some.iter().map(|each| (each.organisation, each)).collect();
        for candidate in &mut found {
            let reader = organisation_id(&candidate.party.organisation)
                .and_then(|organisation| readers.get(&organisation));
            if let Some(reader) = reader {
                self.complete(candidate, reader);
            }
        }
        Ok(found)
    }

    fn is_over(&self) -> bool {
        self.next == self.readers.all.len()
    }

    fn again(&mut self) {
        self.next = 0;
    }
}
