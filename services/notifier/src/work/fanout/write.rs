//! Writes the rows of a mailing, batch by batch.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::{Error, Result};
use uuid::Uuid;

use super::super::desk::Desk;
use super::super::intake::entry;
use super::super::letter::{of_party, organisation_id};
use super::super::{call_list, correction};
use super::{Outcome, plan_next};
use crate::domain::delivery::Channel;
use crate::domain::explain::Decision;
use crate::domain::fanout::{Candidate, Manner, Row, Written, decide, is_bulk};
use crate::domain::letter::{OccurrenceLetter, ToldBefore};
use crate::domain::occurrence::{CORRECTION, Reason, State};
use crate::domain::party::Party;
use crate::store;
use crate::store::delivery::{Fate, NewDelivery};
use crate::store::occurrence::Work;

/// Rows written in one transaction: enough that round trips do not count, few
/// enough that the locks are held for milliseconds.
const BATCH: usize = 1_000;

/// Everything that is decided before rows are written.
pub(in crate::work) struct Mailing<'w> {
    pub(in crate::work) work: &'w Work,
    pub(in crate::work) manner: Manner,
    /// Business instant at which the source was asked.
    pub(in crate::work) asked_at: Timestamp,
    pub(in crate::work) letter: OccurrenceLetter,
    pub(in crate::work) candidates: Vec<Candidate>,
    /// Organisations that had been told something else than the letter says.
    pub(in crate::work) told_before: HashMap<String, ToldBefore>,
    /// Whom earlier messages to an organisation's address greeted beside it.
    pub(in crate::work) greeted: HashMap<String, Vec<String>>,
    /// Of a correction: whether anybody is told of a change, which then stands
    /// for the steps that waited for it.
    pub(in crate::work) speaks: bool,
}

/// Decides about every party and writes the rows; the last batch ends the occurrence.
pub(in crate::work) async fn send(desk: &Desk, mut mailing: Mailing<'_>) -> Result<Outcome> {
    let (dead, mut written) = look_up(desk, &mailing).await?;
    let mut candidates = std::mem::take(&mut mailing.candidates);
    let count = candidates.len();
    candidates.retain(|each| {
        organisation_id(&each.party.organisation)
            .is_none_or(|organisation| !written.has(organisation))
    });
    let rows = decide(
        &candidates,
        &mailing.manner,
        &dead,
        &written,
        &desk.calendar,
        mailing.asked_at,
    );
    let useful = mailing.work.useful_until.duration_since(mailing.asked_at);
    for row in &rows {
        if let Some(organisation) = organisation_id(&row.organisation) {
            written.add(organisation, row.sent_to());
        }
    }
    let writer = Writer {
        desk,
        mailing: &mailing,
        bulk: is_bulk(count, useful),
        // The rows carry the addresses: of a crowd only what its texts say is kept.
        parties: candidates
            .into_iter()
            .map(|each| (each.party.organisation.clone(), each.party))
            .collect(),
    };
    writer.write(&rows, &written).await
}

async fn look_up(desk: &Desk, mailing: &Mailing<'_>) -> Result<(HashSet<String>, Written)> {
    let mut mailboxes: Vec<String> = mailing
        .candidates
        .iter()
        .filter_map(|each| each.reach.as_ref())
        .flat_map(|reach| &reach.contacts)
        .filter(|contact| !contact.email.is_empty())
        .flat_map(|contact| [contact.email.clone(), contact.email.to_lowercase()])
        .collect();
    mailboxes.sort();
    mailboxes.dedup();
    let session = desk.pool.get().await?;
    let dead = store::told::dead_mailboxes(&session, &mailboxes).await?;
    let written = store::told::written(&session, mailing.work.id).await?;
    Ok((
        dead.into_iter().map(|each| each.to_lowercase()).collect(),
        written,
    ))
}

struct Writer<'m> {
    desk: &'m Desk,
    mailing: &'m Mailing<'m>,
    bulk: bool,
    parties: HashMap<String, Party>,
}

impl Writer<'_> {
    fn delivery(&self, row: &Row) -> Result<NewDelivery> {
        let work = self.mailing.work;
        let organisation_id = organisation_id(&row.organisation).ok_or_else(|| {
            Error::internal(anyhow::anyhow!(
                "{} is no name of an organisation",
                row.organisation
            ))
        })?;
        let mut party = match self.parties.get(row.organisation.as_str()) {
            Some(party) => of_party(self.desk, party, row),
            None => of_party(self.desk, &Party::plain(&row.organisation), row),
        };
        for name in self
            .mailing
            .greeted
            .get(&row.organisation)
            .into_iter()
            .flatten()
        {
            if row.channel != Channel::None && !party.greeted.contains(name) {
                party.greeted.push(name.clone());
            }
        }
        party.told_before = self.mailing.told_before.get(&row.organisation).cloned();
        Ok(NewDelivery {
            id: Uuid::now_v7(),
            obligation_id: work.obligation_id,
            anchor_version: work.anchor_version,
            organisation_id,
            organisation_name: row.display_name.clone(),
            channel: row.channel,
            address: row.address.clone(),
            class: work.obligation.class,
            bulk: self.bulk && row.channel != Channel::None,
            party,
            fate: match row.ended {
                None => Fate::Send,
                Some((state, reason)) => Fate::Ended { state, reason },
            },
            asked_at: self.mailing.asked_at,
            useful_until: work.useful_until,
        })
    }

    async fn write(&self, rows: &[Row], written: &Written) -> Result<Outcome> {
        let mut rest = rows;
        loop {
            let (some, later) = rest.split_at(boundary(rest));
            let batch: Vec<NewDelivery> = some
                .iter()
                .map(|row| self.delivery(row))
                .collect::<Result<_>>()?;
            let last = later.is_empty();
            let tx = self.desk.pool.begin().await?;
            if !store::occurrence::keep_hold(&tx, self.mailing.work).await? {
                return Ok(Outcome::Overtaken);
            }
            let now = self.desk.clock.now();
            let id = self.mailing.work.id;
            store::delivery::insert_batch(&tx, now, id, &self.mailing.letter, &batch).await?;
            if last {
                self.finish(&tx, now, written).await?;
            }
            kit::failpoint::hit("fanout.batch_inserted");
            tx.commit().await?;
            self.desk.outbox.ring();
            kit::failpoint::hit("fanout.batch_written");
            if last {
                break;
            }
            rest = later;
        }
        self.desk.planned.notify_one();
        Ok(Outcome::Done)
    }

    async fn finish(&self, tx: &Tx, now: Timestamp, written: &Written) -> Result<()> {
        let work = self.mailing.work;
        store::occurrence::end(tx, work.id, State::FannedOut, Reason::None).await?;
        let gone_out = Decision::FannedOut {
            step: work.step.clone(),
            repetition: work.repetition,
            parties: i64::try_from(written.parties()).unwrap_or(i64::MAX),
            messages: i64::try_from(written.messages()).unwrap_or(i64::MAX),
        };
        let note = entry(work.obligation_id, Some(work.id), gone_out);
        store::decision::append(tx, now, &[note]).await?;
        if work.step == CORRECTION {
            correction::close(tx, self.desk, work, self.mailing.speaks, now).await?;
            return call_list::plan(tx, work, now).await;
        }
        let next = (work.step.as_str(), work.repetition);
        plan_next(
            tx,
            self.desk,
            work.obligation_id,
            &work.obligation,
            next,
            now,
        )
        .await
    }
}

/// Where a batch ends: the rows of one party are never torn apart, so that a
/// party found written is written whole.
fn boundary(rows: &[Row]) -> usize {
    let mut end = rows.len().min(BATCH);
    while end > 0 && end < rows.len() && rows[end].organisation == rows[end - 1].organisation {
        end += 1;
    }
    end
}
