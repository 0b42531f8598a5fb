//! Who must be told of a change, by what each may have read.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::correction::{Change, change};
use super::delivery::Channel;
use super::obligation::Telling;

/// The latest message that a party may have read on a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRow {
    /// The organisation's id.
    pub organisation_id: Uuid,
    /// On which channel.
    pub channel: Channel,
    /// The version it was written for.
    pub anchor_version: i64,
    /// Whether that message came back.
    pub bounced: bool,
    /// Whom that message greeted.
    pub greeted: Vec<String>,
}

/// A party that was told something else than what holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misled {
    /// The organisation's id.
    pub organisation_id: Uuid,
    /// What it must be told of.
    pub change: Change,
    /// What it was told last.
    pub before: Telling,
    /// By which channels.
    pub channels: Vec<Channel>,
    /// Whom its messages greeted.
    pub greeted: Vec<String>,
}

/// Whoever may have read something else than what holds, in the order of their
/// ids; `tellings` is what each version stated.
#[must_use]
pub fn misled(
    told: Vec<ToldRow>,
    tellings: &HashMap<i64, Telling>,
    present: &Telling,
    worst_hour: bool,
) -> Vec<Misled> {
    let mut parties: BTreeMap<Uuid, Vec<ToldRow>> = BTreeMap::new();
    for row in told {
        parties.entry(row.organisation_id).or_default().push(row);
    }
    parties
        .into_iter()
        .filter_map(|(organisation_id, rows)| {
            let latest = rows.iter().map(|row| row.anchor_version).max()?;
            let before = tellings.get(&latest)?;
            Some(Misled {
                organisation_id,
                change: change(before, present)?,
                before: before.clone(),
                channels: channels(&rows, worst_hour),
                greeted: rows.into_iter().flat_map(|row| row.greeted).collect(),
            })
        })
        .collect()
}

/// The channels they were told on, or the other one where that came back; in the
/// worst hour every channel there is.
fn channels(rows: &[ToldRow], worst_hour: bool) -> Vec<Channel> {
    if worst_hour {
        return vec![Channel::Email, Channel::Sms];
    }
    let mut channels: Vec<Channel> = rows
        .iter()
        .map(|row| match (row.channel, row.bounced) {
            (Channel::Email, true) => Channel::Sms,
            (Channel::Sms, true) => Channel::Email,
            (channel, _) => channel,
        })
        .collect();
    channels.sort_unstable();
    channels.dedup();
    channels
}
