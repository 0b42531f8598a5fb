//! Whom a mailing is for, batch by batch: a crowd is never held whole.

use std::collections::{HashSet, VecDeque};
use std::future::Future;

use super::super::desk::Desk;
use super::super::letter::organisation_id;
use super::Trouble;
use crate::domain::fanout::{BULK_PARTIES, Candidate};
use crate::domain::obligation::Obligation;
use crate::domain::party::Party;
use crate::source::{Audience, SourceError};
use crate::store::occurrence::Work;

/// Parties asked for, decided about and written together: enough that round trips
/// do not count, few enough that the locks are held for milliseconds.
pub(in crate::work) const BATCH: usize = 400;

// What does not fit into one batch is a bulk mailing, however large it turns out to be.
const _: () = assert!(BATCH > BULK_PARTIES);

/// Parties with everything that decides about them.
pub(in crate::work) trait Crowd: Send {
    /// The next [`BATCH`] at the most; nobody when all have been named.
    fn next(&mut self) -> impl Future<Output = Result<Vec<Candidate>, Trouble>> + Send;

    /// Whether all have been named.
    fn is_over(&self) -> bool;

    /// Names all of them again, from the first on.
    fn again(&mut self);
}

/// Parties that are at hand, in their batches.
pub(in crate::work) struct Held(pub(super) VecDeque<Vec<Candidate>>);

impl Held {
    /// So few that they are one batch.
    pub(in crate::work) fn few(few: Vec<Candidate>) -> Self {
        Self(VecDeque::from([few]))
    }
}

impl Crowd for Held {
    async fn next(&mut self) -> Result<Vec<Candidate>, Trouble> {
        Ok(self.0.pop_front().unwrap_or_default())
    }

    fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    fn again(&mut self) {}
}

/// Everybody whom the source calls concerned now.
pub(super) struct Concerned<'w> {
    desk: &'w Desk,
    work: &'w Work,
    audience: Option<Audience>,
}

impl<'w> Concerned<'w> {
    /// The parties of an occurrence's obligation; its source is asked at the first of them.
    pub(super) const fn by(desk: &'w Desk, work: &'w Work) -> Self {
        Self {
            desk,
            work,
            audience: None,
        }
    }
}

impl Crowd for Concerned<'_> {
    async fn next(&mut self) -> Result<Vec<Candidate>, Trouble> {
        let audience = match &mut self.audience {
            Some(audience) => audience,
            None => {
                let obligation = &self.work.obligation;
                let mut audience = self.desk.sources.audience(&obligation.name).await?;
                refuse_newer(audience.obligation.take(), obligation)?;
                self.audience.insert(audience)
            }
        };
        let parties = audience.next(BATCH).await?;
        Ok(candidates(self.desk, parties).await?)
    }

    fn is_over(&self) -> bool {
        self.audience.as_ref().is_some_and(Audience::is_over)
    }

    fn again(&mut self) {
        self.audience = None;
    }
}

/// A source may be ahead of its facts: nothing goes out then by what is known here.
pub(in crate::work) fn refuse_newer(
    present: Option<Obligation>,
    known: &Obligation,
) -> Result<(), Trouble> {
    match present {
        Some(present) if present.sequence > known.sequence => {
            Err(Trouble::Newer(Box::new(present)))
        }
        _ => Ok(()),
    }
}

/// Parties with their addresses of today, each once.
pub(in crate::work) async fn candidates(
    desk: &Desk,
    mut parties: Vec<Party>,
) -> Result<Vec<Candidate>, SourceError> {
    let mut seen = HashSet::with_capacity(parties.len());
    parties.retain(|party| seen.insert(organisation_id(&party.organisation)));
    let names: Vec<String> = parties
        .iter()
        .map(|party| party.organisation.clone())
        .collect();
    let mut reach = desk.sources.reach(&names).await?;
    let known = parties.into_iter().map(|party| {
        let reach = reach.remove(&party.organisation);
        Candidate::new(party, reach)
    });
    Ok(known.collect())
}
