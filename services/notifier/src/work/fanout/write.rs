//! A mailing: from its crowd to its rows.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;

use super::super::desk::Desk;
use super::crowd::{BATCH, Crowd, Held};
use super::writer::Writer;
use super::{Outcome, Trouble};
use crate::domain::fanout::{AddressMark, Candidate, Manner};
use crate::domain::letter::OccurrenceLetter;
use crate::store::occurrence::Work;

/// What a service holds of a crowd by default: the roll of an alliance, in some MB.
pub const HELD: usize = 4_000;

/// Everything that is decided before rows are written.
pub(in crate::work) struct Mailing<'w> {
    pub(in crate::work) work: &'w Work,
    pub(in crate::work) manner: Manner,
    /// Business instant from which on the source was asked.
    pub(in crate::work) asked_at: Timestamp,
    pub(in crate::work) letter: OccurrenceLetter,
    /// Of a correction: whether anybody is told of a change, which then stands
    /// for the steps that waited for it.
    pub(in crate::work) speaks: bool,
}

/// Decides about every party and writes the rows; the last batch ends the occurrence.
///
/// A crowd of more than one batch is looked at before the first row is written: the
/// message to an address that several of them share greets them all. Who fits into
/// memory is held from there on; a larger crowd is named twice. Those who share an
/// address are held to the end; are they too many for that, their names are, and the
/// crowd is named once more.
pub(in crate::work) async fn send(
    desk: &Desk,
    mailing: &Mailing<'_>,
    crowd: &mut impl Crowd,
) -> Result<Outcome, Trouble> {
    let mut writer = Writer::open(desk, mailing).await?;
    let first = crowd.next().await?;
    if crowd.is_over() {
        writer.size(first.len());
        return Ok(writer.close(first).await?);
    }
    writer.size(first.len() + 1);
    let survey = survey(desk, &writer, first, crowd).await?;
    writer.set_aside(survey.shared);
    let mut outcome = match survey.held {
        Some(held) => pass(&mut writer, &mut Held(held)).await?,
        None => anew(&mut writer, crowd).await?,
    };
    if matches!(outcome, Outcome::Done) && writer.has_let_go() {
        writer.set_nobody_aside();
        outcome = anew(&mut writer, crowd).await?;
    }
    match outcome {
        Outcome::Done => Ok(writer.close(Vec::new()).await?),
        Outcome::Overtaken => Ok(Outcome::Overtaken),
    }
}

/// The crowd is named from the first on, once more.
async fn anew(writer: &mut Writer<'_>, crowd: &mut impl Crowd) -> Result<Outcome, Trouble> {
    crowd.again();
    writer.ask_now();
    pass(writer, crowd).await
}

/// Writes what can be written while the crowd is named.
async fn pass(writer: &mut Writer<'_>, crowd: &mut impl Crowd) -> Result<Outcome, Trouble> {
    let mut batch = crowd.next().await?;
    while !batch.is_empty() {
        // The next are asked for while these are written.
        let (taken, next) = tokio::join!(writer.take(batch), crowd.next());
        if let Outcome::Overtaken = taken? {
            return Ok(Outcome::Overtaken);
        }
        batch = next?;
    }
    Ok(Outcome::Done)
}

/// What is known of a crowd before the first row is written.
#[derive(Default)]
struct Survey {
    /// The addresses that several parties share.
    shared: HashSet<AddressMark>,
    /// The batches, as long as they are held.
    held: Option<VecDeque<Vec<Candidate>>>,
}

async fn survey(
    desk: &Desk,
    writer: &Writer<'_>,
    first: Vec<Candidate>,
    crowd: &mut impl Crowd,
) -> Result<Survey, Trouble> {
    let mut survey = Survey {
        held: Some(VecDeque::new()),
        ..Survey::default()
    };
    let mut seen = HashSet::new();
    let mut batch = first;
    while !batch.is_empty() {
        // The next are asked for while these are decided about.
        let (rows, next) = tokio::join!(writer.rows(&batch), crowd.next());
        for row in rows? {
            if let Some(address) = row.address()
                && !seen.insert(address)
            {
                survey.shared.insert(address);
            }
        }
        survey.hold(batch, desk.held);
        batch = next?;
    }
    Ok(survey)
}

impl Survey {
    fn hold(&mut self, batch: Vec<Candidate>, most: usize) {
        match &mut self.held {
            Some(held) if held.len() * BATCH + batch.len() <= most => held.push_back(batch),
            Some(_) | None => self.held = None,
        }
    }
}
