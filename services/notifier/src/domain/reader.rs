//! Who must be told of a change, by what each may have read.

use std::collections::HashMap;

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
}

/// A party that was told of the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Informed {
    /// The organisation's id.
    pub organisation_id: Uuid,
    /// The version it was told last.
    pub anchor_version: i64,
    /// By which channels it is told of a change.
    pub channels: Vec<Channel>,
}

impl Informed {
    /// A party by its rows; `None` where there are none.
    #[must_use]
    pub fn of(rows: &[ToldRow], worst_hour: bool) -> Option<Self> {
        let latest = rows.iter().max_by_key(|row| row.anchor_version)?;
        Some(Self {
            organisation_id: latest.organisation_id,
            anchor_version: latest.anchor_version,
            channels: channels(rows, worst_hour),
        })
    }
}

/// What the readers of each version must be told of; `tellings` is what each version
/// stated. Who was told what holds must be told of nothing.
#[must_use]
pub fn changes(
    tellings: HashMap<i64, Telling>,
    present: &Telling,
) -> HashMap<i64, (Change, Telling)> {
    tellings
        .into_iter()
        .filter_map(|(version, before)| {
            let change = change(&before, present)?;
            Some((version, (change, before)))
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
