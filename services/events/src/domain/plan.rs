//! Plans and their items.

use jiff::Timestamp;

use super::anchor::{Anchor, Window};
use super::document::{Document, NumberKey};
use super::id::{OrganisationId, PlanId, PlanItemId};

/// A plan (kế hoạch).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its identity.
    pub id: PlanId,
    /// The document.
    pub document: Document,
    /// What makes its number unique; `None` for a draft.
    pub number: Option<NumberKey>,
    /// What it is about.
    pub title: String,
    /// Its theme, may be empty.
    pub theme: String,
    /// Who issued it.
    pub issuer: OrganisationId,
    /// The plan it carries out.
    pub parent: Option<PlanId>,
    /// The time it covers.
    pub window: Option<Window>,
    /// Its peak.
    pub peak: Option<Window>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Rises with every change.
    pub revision: i64,
}

/// An item of a plan (nội dung).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanItem {
    /// Its identity.
    pub id: PlanItemId,
    /// The plan it belongs to.
    pub plan: PlanId,
    /// Its number as printed, may be empty.
    pub number: String,
    /// What is to be done.
    pub title: String,
    /// A short name for lists; may be empty.
    pub short_title: String,
    /// Kind of activity, a word of the plan's own vocabulary.
    pub kind: String,
    /// When, as far as the plan says.
    pub anchor: Anchor,
    /// Where, as far as the plan says.
    pub place: String,
    /// The unit in charge, where the plan names one.
    pub lead_unit: Option<OrganisationId>,
    /// Coordinating bodies as printed.
    pub coordinating: Vec<String>,
    /// Whom it addresses, as roles.
    pub audience_roles: Vec<String>,
    /// Where the text was unclear and how it was read.
    pub remarks: Vec<String>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// Rises with every change.
    pub revision: i64,
}

/// Whether a word can be a kind of activity: `trade_promotion`.
#[must_use]
pub fn is_kind(word: &str) -> bool {
    (1..=40).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
