//! The one thing services tell the notifier (việc cần nhắc).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::anchor::Anchor;

/// Something that people must be reminded of, as its source last told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Resource name: `events/obligations/event-0190…`.
    pub name: String,
    /// The service that owns the matter.
    pub source: String,
    /// Key of the reminder rules.
    pub kind: String,
    /// The class that decides policy.
    pub class: Class,
    /// Title as people read it, without the date.
    pub title: String,
    /// When it happens or is due.
    pub anchor: Anchor,
    /// Rises with each material change.
    pub anchor_version: i64,
    /// After this instant no reminder helps; `None`: the anchor decides.
    pub useful_until: Option<Timestamp>,
    /// Where it takes place.
    pub place: Place,
    /// Resource name of the organisation that invites or demands.
    pub organiser: String,
    /// Resource name of the unit in charge.
    pub lead_unit: String,
    /// Where it stands.
    pub status: Status,
    /// Rises with each fact; the highest counts.
    pub sequence: i64,
    /// The issued document it rests on.
    pub document: Option<Document>,
    /// Further reading.
    pub links: Vec<String>,
    /// Facts for the texts, by name.
    pub attributes: BTreeMap<String, String>,
    /// The business instant of the latest change.
    pub updated_at: Timestamp,
    /// The last day by which invitees are asked to reply.
    pub reply_by: Option<Date>,
    /// Resource name of the matter itself.
    pub subject: String,
}

/// Where something takes place; all parts may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Name and address.
    pub text: String,
    /// A hint how to get there.
    pub hint: String,
    /// Address of an online session.
    pub online_uri: String,
}

impl Place {
    /// Whether it says where to go, or how to get there.
    #[must_use]
    pub fn is_said(&self) -> bool {
        *self != Self::default()
    }

    /// Whether people go to the same place, whatever is said of the way there.
    #[must_use]
    pub fn is_the_same(&self, other: &Self) -> bool {
        (&self.text, &self.online_uri) == (&other.text, &other.online_uri)
    }
}

/// An issued document, as cited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The number in its normal form, or as printed where there is none.
    pub number: String,
    /// The issuing body.
    pub issuer: String,
    /// The date on it.
    pub date: Option<Date>,
    /// What it is about.
    pub title: String,
    /// Where it can be read.
    pub uri: String,
}

/// The class decides channels, hours, consent and what happens when unsure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A deadline with consequences.
    LegalDeadline,
    /// An invitation to an event.
    Invitation,
    /// Congratulations, information, thanks.
    Care,
    /// Advertising (Decree 91/2020/NĐ-CP, article 3).
    Advert,
}

impl Class {
    /// The stable word, as it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LegalDeadline => "LEGAL_DEADLINE",
            Self::Invitation => "INVITATION",
            Self::Care => "CARE",
            Self::Advert => "ADVERT",
        }
    }
}

/// Where an obligation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It stands, with a date, a window or none yet.
    #[default]
    Scheduled,
    /// Tạm hoãn: it will happen, the new date is not known.
    Postponed,
    /// Nobody needs a reminder any more.
    Satisfied,
    /// Hủy: it will not happen.
    Cancelled,
}

impl Status {
    /// The stable word, as it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::Postponed => "POSTPONED",
            Self::Satisfied => "SATISFIED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

impl Obligation {
    /// What people are told by a message about it now.
    #[must_use]
    pub fn telling(&self) -> Telling {
        Telling {
            status: self.status,
            anchor: match self.status {
                Status::Scheduled | Status::Satisfied => self.anchor.clone(),
                // A date that was taken away is not told, whatever the source kept.
                Status::Postponed | Status::Cancelled => Anchor::Undated,
            },
            place: self.place.clone(),
        }
    }
}

/// The value that a message states and a correction compares: whether it takes
/// place, when and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Where it stood.
    pub status: Status,
    /// When it was to be.
    pub anchor: Anchor,
    /// Where it was to be.
    pub place: Place,
}
