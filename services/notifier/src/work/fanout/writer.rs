//! Writes the rows of a mailing, batch by batch.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use kit::database::Tx;
use kit::error::{Error, Result};
use uuid::Uuid;

use super::super::desk::Desk;
use super::super::intake::entry;
use super::super::letter::organisation_id;
use super::super::{call_list, correction};
use super::Outcome;
use super::crowd::BATCH;
use super::follow::plan_next;
use super::write::Mailing;
use crate::domain::delivery::{Channel, State as DeliveryState};
use crate::domain::explain::Decision;
use crate::domain::fanout::{AddressMark, Candidate, Greetings, Row, Written, decide, is_bulk};
use crate::domain::hold::{Doubt, Released, Step, Trace, delivery_id};
use crate::domain::occurrence::{CORRECTION, Reason, State};
use crate::meters;
use crate::store;
use crate::store::delivery::{Fate, NewDelivery};
use crate::store::occurrence::Work;

/// Those behind shared addresses who are held together; beyond it, only their names.
const ASIDE: usize = 1_000;

/// What a mailing holds while its crowd passes: of those written a few bytes each,
/// and those who share an address.
pub(super) struct Writer<'m> {
    desk: &'m Desk,
    mailing: &'m Mailing<'m>,
    /// Business instant at which the source was asked.
    asked_at: Timestamp,
    bulk: bool,
    written: Written,
    shared: HashSet<AddressMark>,
    /// Those behind a shared address, by organisation; `None` once they were too many.
    aside: Option<HashMap<String, Candidate>>,
    greetings: Greetings,
    /// Rows that say why their party gets nothing.
    silent: usize,
    /// The hold after which messages of this mailing are in doubt, if they are.
    restored: Option<(Released, Doubt)>,
}

impl<'m> Writer<'m> {
    pub(super) async fn open(desk: &'m Desk, mailing: &'m Mailing<'m>) -> Result<Self> {
        let session = desk.pool.get().await?;
        let written = store::told::written(&session, mailing.work.id).await?;
        Ok(Self {
            desk,
            mailing,
            asked_at: mailing.asked_at,
            bulk: false,
            written,
            shared: HashSet::new(),
            aside: Some(HashMap::new()),
            greetings: Greetings::default(),
            silent: 0,
            restored: doubt(desk, mailing.work),
        })
    }

    /// The source is asked anew.
    pub(super) fn ask_now(&mut self) {
        self.asked_at = self.desk.clock.now();
    }

    /// So many parties there are at the least.
    pub(super) fn size(&mut self, parties: usize) {
        let useful = self.mailing.work.useful_until.duration_since(self.asked_at);
        self.bulk = is_bulk(parties, useful);
    }

    /// Whoever stands behind one of these is written last, together with the others.
    pub(super) fn set_aside(&mut self, shared: HashSet<AddressMark>) {
        self.shared = shared;
    }

    /// What these parties get.
    pub(super) async fn rows(&self, candidates: &[Candidate]) -> Result<Vec<Row>> {
        let dead = self.dead_mailboxes(candidates).await?;
        Ok(decide(
            candidates,
            &self.mailing.manner,
            &dead,
            &self.written,
            &self.greetings,
            &self.desk.calendar,
            self.asked_at,
        ))
    }

    async fn dead_mailboxes(&self, candidates: &[Candidate]) -> Result<HashSet<String>> {
        let mut mailboxes: Vec<String> = candidates
            .iter()
            .filter_map(|each| each.reach.as_ref())
            .flat_map(|reach| &reach.contacts)
            .filter(|contact| !contact.email.is_empty())
            .flat_map(|contact| [contact.email.clone(), contact.email.to_lowercase()])
            .collect();
        mailboxes.sort();
        mailboxes.dedup();
        let session = self.desk.pool.get().await?;
        let dead = store::told::dead_mailboxes(&session, &mailboxes).await?;
        Ok(dead.into_iter().map(|each| each.to_lowercase()).collect())
    }

    /// Writes a batch, without those who share an address.
    pub(super) async fn take(&mut self, mut batch: Vec<Candidate>) -> Result<Outcome> {
        self.drop_written(&mut batch);
        let mut rows = self.rows(&batch).await?;
        let sharing = self.sharing(&rows);
        rows.retain(|row| !sharing.contains(&row.organisation));
        for each in batch.extract_if(.., |each| sharing.contains(&each.party.organisation)) {
            self.put_aside(each);
        }
        self.write(&rows, false).await
    }

    /// The organisations behind a shared address, whose names are noted.
    fn sharing(&mut self, rows: &[Row]) -> HashSet<String> {
        let mut sharing = HashSet::new();
        for row in rows {
            if row.address().is_some_and(|it| self.shared.contains(&it)) {
                self.greetings.add(row);
                sharing.insert(row.organisation.clone());
            }
        }
        sharing
    }

    fn put_aside(&mut self, candidate: Candidate) {
        match &mut self.aside {
            Some(aside) if aside.len() < ASIDE => {
                aside.insert(candidate.party.organisation.clone(), candidate);
            }
            Some(_) | None => self.aside = None,
        }
    }

    /// Whether those behind shared addresses were too many to be held.
    pub(super) const fn has_let_go(&self) -> bool {
        self.aside.is_none()
    }

    /// Named once more, those behind shared addresses are written as they come: the
    /// first behind an address carries its message.
    pub(super) fn set_nobody_aside(&mut self) {
        self.shared = HashSet::new();
    }

    /// Writes the last ones, and those who share an address; ends the occurrence.
    pub(super) async fn close(mut self, mut last: Vec<Candidate>) -> Result<Outcome> {
        last.extend(self.aside.take().into_iter().flat_map(HashMap::into_values));
        self.drop_written(&mut last);
        let rows = self.rows(&last).await?;
        let outcome = self.write(&rows, true).await?;
        self.desk.planned.notify_one();
        Ok(outcome)
    }

    fn drop_written(&self, candidates: &mut Vec<Candidate>) {
        candidates.retain(|each| {
            organisation_id(&each.party.organisation)
                .is_none_or(|organisation| !self.written.has(organisation))
        });
    }

    async fn write(&mut self, rows: &[Row], is_last: bool) -> Result<Outcome> {
        let mut rest = rows;
        while is_last || !rest.is_empty() {
            let (some, later) = rest.split_at(boundary(rest));
            let mut batch: Vec<NewDelivery> = some
                .iter()
                .map(|row| self.delivery(row))
                .collect::<Result<_>>()?;
            for (row, delivery) in some.iter().zip(&batch) {
                let answers = &row.letter.answers;
                self.written
                    .add(delivery.organisation_id, row.sent_to(), answers);
            }
            let ends = is_last && later.is_empty();
            let tx = self.desk.pool.begin().await?;
            if !store::occurrence::keep_hold(&tx, self.mailing.work).await? {
                return Ok(Outcome::Overtaken);
            }
            self.look_into(&tx, &mut batch).await?;
            let now = self.desk.clock.now();
            let id = self.mailing.work.id;
            store::delivery::insert_batch(&tx, now, id, &self.mailing.letter, &batch).await?;
            if ends {
                self.finish(&tx, now).await?;
            }
            kit::failpoint::hit("fanout.batch_inserted");
            tx.commit().await?;
            self.desk.outbox.ring();
            kit::failpoint::hit("fanout.batch_written");
            self.silent += meters::written(&batch);
            if ends {
                self.tell(now);
                break;
            }
            rest = later;
        }
        Ok(Outcome::Done)
    }

    fn tell(&self, now: Timestamp) {
        let work = self.mailing.work;
        self.desk.has_gone_out(work.id);
        let late = now.duration_since(work.due_at).as_secs_f64();
        metrics::histogram!("notifier_fanout_lateness_seconds").record(late.max(0.0));
        tracing::info!(
            obligation = %work.obligation_id,
            occurrence = %work.id,
            step = work.step,
            parties = self.written.parties(),
            messages = self.written.messages(),
            without = self.silent,
            "an occurrence has gone out"
        );
    }

    /// After a restore: what of these messages has left already, as far as that is known.
    async fn look_into(&self, tx: &Tx, batch: &mut [NewDelivery]) -> Result<()> {
        let Some((last, doubt)) = &self.restored else {
            return Ok(());
        };
        let ids: Vec<Uuid> = batch.iter().map(|each| each.id).collect();
        let accepted = store::hold::accepted(tx, &ids).await?;
        for each in batch.iter_mut().filter(|each| each.fate == Fate::Send) {
            each.fate = match last.trace(each.channel, *doubt, accepted.contains(&each.id)) {
                Trace::Left => Fate::Ended {
                    state: DeliveryState::Sent,
                    reason: "reconciled",
                },
                Trace::Stayed => Fate::Send,
                Trace::Lost => Fate::Doubted {
                    since: self.mailing.work.due_at,
                },
            };
        }
        Ok(())
    }

    fn delivery(&self, row: &Row) -> Result<NewDelivery> {
        let work = self.mailing.work;
        let organisation_id = organisation_id(&row.organisation).ok_or_else(|| {
            Error::internal(anyhow::anyhow!(
                "{} is no name of an organisation",
                row.organisation
            ))
        })?;
        let of = |organisation| delivery_id(work.id, work.nominal_at, organisation, row.channel);
        Ok(NewDelivery {
            id: of(organisation_id),
            carried_by: row.carried_by.map(of),
            obligation_id: work.obligation_id,
            anchor_version: work.anchor_version,
            organisation_id,
            organisation_name: row.display_name.clone(),
            channel: row.channel,
            address: row.address.clone(),
            class: work.obligation.class,
            bulk: self.bulk && row.channel != Channel::None,
            party: row.letter.clone(),
            fate: match row.ended {
                None => Fate::Send,
                Some((state, reason)) => Fate::Ended { state, reason },
            },
            asked_at: self.asked_at,
            useful_until: work.useful_until,
        })
    }

    async fn finish(&self, tx: &Tx, now: Timestamp) -> Result<()> {
        let work = self.mailing.work;
        store::occurrence::end(tx, work.id, State::FannedOut, Reason::None).await?;
        let gone_out = Decision::FannedOut {
            step: work.step.clone(),
            repetition: work.repetition,
            parties: i64::try_from(self.written.parties()).unwrap_or(i64::MAX),
            messages: i64::try_from(self.written.messages()).unwrap_or(i64::MAX),
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

/// What the last hold leaves in doubt of an occurrence.
fn doubt(desk: &Desk, work: &Work) -> Option<(Released, Doubt)> {
    let last = desk.hold.last()?;
    let step = Step {
        recorded_at: work.recorded_at,
        due_at: work.due_at,
        known_at: work.known_at,
        changed_at: work.obligation.updated_at,
    };
    let doubt = last.doubt(&step, desk.settle);
    (doubt != Doubt::None).then_some((last, doubt))
}
