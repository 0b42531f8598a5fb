//! A mailing: from its crowd to its rows.

use std::collections::HashSet;

use jiff::Timestamp;

use super::super::desk::Desk;
use super::crowd::Crowd;
use super::writer::Writer;
use super::{Outcome, Trouble};
use crate::domain::fanout::{AddressMark, Candidate, Manner};
use crate::domain::letter::OccurrenceLetter;
use crate::store::occurrence::Work;

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
/// A crowd that is more than one batch is named twice: which addresses several of
/// them share must be known before the first row is written, because the message to
/// such an address greets them all. Those who share one are held to the end; are
/// they too many for that, their names are, and the crowd is named once more.
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
    let shared = survey(&writer, first, crowd).await?;
    writer.set_aside(shared);
    let mut outcome = pass(&mut writer, crowd).await?;
    if matches!(outcome, Outcome::Done) && writer.has_let_go() {
        writer.set_nobody_aside();
        outcome = pass(&mut writer, crowd).await?;
    }
    match outcome {
        Outcome::Done => Ok(writer.close(Vec::new()).await?),
        Outcome::Overtaken => Ok(Outcome::Overtaken),
    }
}

/// Writes what can be written while the crowd is named from the first on.
async fn pass(writer: &mut Writer<'_>, crowd: &mut impl Crowd) -> Result<Outcome, Trouble> {
    crowd.again();
    writer.ask_now();
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

/// The addresses that several parties share.
async fn survey(
    writer: &Writer<'_>,
    first: Vec<Candidate>,
    crowd: &mut impl Crowd,
) -> Result<HashSet<AddressMark>, Trouble> {
    let (mut seen, mut shared) = (HashSet::new(), HashSet::new());
    let mut batch = first;
    while !batch.is_empty() {
        // The next are asked for while these are decided about.
        let (rows, next) = tokio::join!(writer.rows(&batch), crowd.next());
        for row in rows? {
            if let Some(address) = row.address()
                && !seen.insert(address)
            {
                shared.insert(address);
            }
        }
        batch = next?;
    }
    Ok(shared)
}
