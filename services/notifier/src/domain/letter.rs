//! What a message says, before it is a text: facts, frozen at fan-out.
//!
//! An [`OccurrenceLetter`] is stored once per occurrence, a [`PartyLetter`] once
//! per delivery. Both together with the instant at which the delivery was dated
//! determine every byte of the message, so that each attempt sends the same.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::anchor::Anchor;
use super::obligation::{Document, Place, Status};
use super::party::Position;

/// The version of the templates a letter was written for; rises when a text changes.
pub const TEMPLATE_VERSION: i32 = 5;

/// Which text is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// An event is announced for the first time; asks for an answer.
    Invitation,
    /// An event comes closer.
    EventReminder,
    /// An event has another time ("thay đổi thời gian").
    EventMoved,
    /// An event is put off without a new date ("tạm hoãn").
    EventPostponed,
    /// A postponed event has a date again.
    EventRedated,
    /// An event will not happen ("hủy").
    EventCancelled,
    /// An event has another place.
    EventPlaceChanged,
    /// The unit in charge is asked to fix a date ("chưa chốt ngày").
    Unfixed,
    /// A task is due.
    TaskReminder,
    /// A report is due.
    ReportReminder,
    /// A report has not come; never accuses.
    ReportChaser,
    /// A deadline has another day.
    DeadlineMoved,
    /// A deadline is put off without a new day.
    DeadlinePostponed,
    /// A deadline that was put off has a day again.
    DeadlineRedated,
    /// Nothing is due any more.
    DeadlineCancelled,
    /// A party says that it has sent; the unit in charge is asked to confirm.
    ClaimConfirmation,
    /// A batch of admissions has a last day.
    AdmissionBatch,
    /// Papers are missing from a dossier.
    DossierSupplement,
    /// A step of a disbursement is due.
    DisbursementStep,
    /// Whom nothing reached, with telephones, for the unit in charge.
    CallList,
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::Invitation,
        Self::EventReminder,
        Self::EventMoved,
        Self::EventPostponed,
        Self::EventRedated,
        Self::EventCancelled,
        Self::EventPlaceChanged,
        Self::Unfixed,
        Self::TaskReminder,
        Self::ReportReminder,
        Self::ReportChaser,
        Self::DeadlineMoved,
        Self::DeadlinePostponed,
        Self::DeadlineRedated,
        Self::DeadlineCancelled,
        Self::ClaimConfirmation,
        Self::AdmissionBatch,
        Self::DossierSupplement,
        Self::DisbursementStep,
        Self::CallList,
    ];

    /// The folder of its templates.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::EventReminder => "event_reminder",
            Self::EventMoved => "event_moved",
            Self::EventPostponed => "event_postponed",
            Self::EventRedated => "event_redated",
            Self::EventCancelled => "event_cancelled",
            Self::EventPlaceChanged => "event_place_changed",
            Self::Unfixed => "unfixed",
            Self::TaskReminder => "task_reminder",
            Self::ReportReminder => "report_reminder",
            Self::ReportChaser => "report_chaser",
            Self::DeadlineMoved => "deadline_moved",
            Self::DeadlinePostponed => "deadline_postponed",
            Self::DeadlineRedated => "deadline_redated",
            Self::DeadlineCancelled => "deadline_cancelled",
            Self::ClaimConfirmation => "claim_confirmation",
            Self::AdmissionBatch => "admission_batch",
            Self::DossierSupplement => "dossier_supplement",
            Self::DisbursementStep => "disbursement_step",
            Self::CallList => "call_list",
        }
    }

    /// Whether it speaks of an event that belongs into a calendar, and how:
    /// `None` for deadlines and for letters inside the house.
    #[must_use]
    pub const fn calendar_method(self) -> Option<CalendarMethod> {
        match self {
            Self::Invitation
            | Self::EventReminder
            | Self::EventMoved
            | Self::EventRedated
            | Self::EventPlaceChanged => Some(CalendarMethod::Publish),
            Self::EventPostponed | Self::EventCancelled => Some(CalendarMethod::Cancel),
            Self::Unfixed
            | Self::TaskReminder
            | Self::ReportReminder
            | Self::ReportChaser
            | Self::DeadlineMoved
            | Self::DeadlinePostponed
            | Self::DeadlineRedated
            | Self::DeadlineCancelled
            | Self::ClaimConfirmation
            | Self::AdmissionBatch
            | Self::DossierSupplement
            | Self::DisbursementStep
            | Self::CallList => None,
        }
    }

    /// Whether it tells readers something else than they had been told.
    #[must_use]
    pub const fn corrects(self) -> bool {
        self.outlives_obligation() && !matches!(self, Self::CallList)
    }

    /// Whether it may leave although the obligation no longer stands: a
    /// correction says exactly that, and a call list follows one.
    #[must_use]
    pub const fn outlives_obligation(self) -> bool {
        matches!(
            self,
            Self::EventMoved
                | Self::EventPostponed
                | Self::EventRedated
                | Self::EventCancelled
                | Self::EventPlaceChanged
                | Self::DeadlineMoved
                | Self::DeadlinePostponed
                | Self::DeadlineRedated
                | Self::DeadlineCancelled
                | Self::CallList
        )
    }
}

/// Methods of a calendar part (RFC 5546, sections 3.2.1 and 3.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Puts an event into the calendar, or changes it there; asks for no answer.
    Publish,
    /// Takes it out.
    Cancel,
}

/// A unit that stands behind a message: who signs, who is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterUnit {
    /// Full name.
    pub name: String,
    /// Short name for SMS, "LMHTX TP Hai Phong"; empty: derived from the full one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short_name: String,
    /// Mailbox for answers; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mailbox: String,
    /// Landline as people read it; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub landline: String,
}

/// A line of a call list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallEntry {
    /// The organisation's name.
    pub organisation: String,
    /// A telephone; empty where none is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Why nothing reached it, in Vietnamese.
    pub reason: String,
}

/// What all messages of one occurrence say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccurrenceLetter {
    /// Which text.
    pub kind: LetterKind,
    /// What it is about: the kind of the obligation, "visit", "report", ...
    #[serde(default)]
    pub matter: String,
    /// Whether that takes place somewhere, rather than being due.
    #[serde(default)]
    pub is_event: bool,
    /// Title of the obligation, without the date.
    pub title: String,
    /// Whether it takes place.
    #[serde(default)]
    pub status: Status,
    /// The present anchor.
    pub anchor: Anchor,
    /// What the readers had been told before, in corrections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_anchor: Option<Anchor>,
    /// The present place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The place the readers had been told before, where it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_place: Option<Place>,
    /// Who invites or demands; signs, and is answered to.
    pub organiser: LetterUnit,
    /// Who is in charge, where that is another unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_unit: Option<LetterUnit>,
    /// The document the matter rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// Facts by name: "agenda", "bring", "contents", "chair", "submit_to", "reason", ...
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The last day by which an answer is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<Date>,
    /// Whether the plan was issued after its window had opened: the text says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub issued_late: bool,
    /// UID of the calendar entry: fixed for the obligation, whatever changes.
    pub uid: String,
    /// SEQUENCE of the calendar entry: rises with what is told anew and never falls.
    pub ics_sequence: i64,
    /// The version of the rule that planned it.
    pub rule_version: i32,
    /// The version of the templates it was written for, [`TEMPLATE_VERSION`].
    pub template_version: i32,
    /// Lines of a call list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call_list: Vec<CallEntry>,
}

impl OccurrenceLetter {
    /// Whom to call: the unit in charge, or who invites where only that has a telephone.
    #[must_use]
    pub fn contact(&self) -> &LetterUnit {
        let lead = self.lead_unit.as_ref().unwrap_or(&self.organiser);
        if lead.landline.is_empty() && !self.organiser.landline.is_empty() {
            &self.organiser
        } else {
            lead
        }
    }
}

/// The language of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterLanguage {
    /// Vietnamese.
    #[default]
    Vi,
    /// English, where a text exists; Vietnamese otherwise.
    En,
}

/// A person who is written to by name ("Bà Nguyễn Thị Lan, Giám đốc …").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// "Ông", "Bà", "Đồng chí".
    pub salutation: String,
    /// The person's name.
    pub name: String,
    /// The position held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// What a party had been told before a correction, where others had been told
/// something else: it goes before what the occurrence's letter says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldBefore {
    /// Which text, instead of the occurrence's.
    pub kind: LetterKind,
    /// The anchor it had been told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_anchor: Option<Anchor>,
    /// The place it had been told, where that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_place: Option<Place>,
}

/// How one of several organisations behind an address answers: a message names it
/// beside its code, so that nobody's answer is taken for another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The organisation.
    pub organisation: Uuid,
    /// Its name.
    pub name: String,
    /// Link to its reply page; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply_url: String,
    /// Its code; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer_code: String,
}

/// What the message of one delivery says beyond its occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyLetter {
    /// Its language.
    #[serde(default)]
    pub language: LetterLanguage,
    /// The organisations it greets: several where they share an address.
    pub greeted: Vec<String>,
    /// Who of a single organisation is greeted by name, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<Addressee>,
    /// Link to the reply page of a single organisation; empty where nothing can be replied.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply_url: String,
    /// The code of a single organisation to tell a clerk; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer_code: String,
    /// How each of several organisations answers, where they share an address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Whether the party has confirmed already and is no longer asked to answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// Facts for this party only, by name: "amount_text", ...
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Papers that are missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// In a correction: what it had been told, where others had been told
    /// something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_before: Option<ToldBefore>,
    /// Whether it goes to the people of the organisation that took the party in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_successor: bool,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_kind_has_a_folder_of_its_own() {
        let folders: std::collections::BTreeSet<_> =
            LetterKind::ALL.iter().map(|kind| kind.template()).collect();
        assert_eq!(folders.len(), LetterKind::ALL.len());
    }

    #[test]
    fn a_kind_is_stored_under_the_name_of_its_folder() {
        for kind in LetterKind::ALL {
            let stored = serde_json::to_value(kind).unwrap();
            assert_eq!(stored, kind.template());
        }
    }

    #[test]
    fn a_calendar_entry_leaves_only_with_a_correction() {
        for kind in LetterKind::ALL {
            if kind.calendar_method() == Some(CalendarMethod::Cancel) {
                assert!(kind.outlives_obligation(), "{kind:?}");
            }
        }
    }
}
