//! Whom an obligation concerns, and how to reach them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::obligation::Class;

/// An office in an organisation (chức danh).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Chủ tịch HĐQT.
    Chair,
    /// Giám đốc.
    Director,
    /// Kế toán.
    Accountant,
    /// Trưởng ban kiểm soát, Kiểm soát viên.
    Supervisor,
    /// Văn phòng.
    Office,
    /// Trưởng ban, Trưởng phòng.
    Head,
    /// Cán bộ phụ trách.
    Officer,
}

/// How a party stands to an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyState {
    /// Nothing heard yet.
    Concerned,
    /// Will come.
    Confirmed,
    /// Submitted, paid, supplied.
    Done,
    /// Says that it has sent ("đã gửi"); an officer has not confirmed it yet.
    ClaimedDone,
    /// Will not come.
    Declined,
    /// Exempt, with a reason.
    Exempt,
}

/// A party as the source names it: an office, never an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Resource name of the organisation.
    pub organisation: String,
    /// Offices to tell, most fitting first; empty: the rule decides.
    pub positions: Vec<Position>,
    /// How it stands.
    pub state: PartyState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Why, for people.
    pub reason: String,
    /// Facts for this party's text only.
    pub variables: BTreeMap<String, String>,
    /// The opaque token of its reply page; empty where nothing can be replied.
    pub reply_token: String,
    /// The short code it can tell a clerk.
    pub answer_code: String,
}

impl Party {
    /// A party of which nothing is known but that it is told.
    #[must_use]
    pub fn plain(organisation: &str) -> Self {
        Self {
            organisation: organisation.to_owned(),
            positions: Vec::new(),
            state: PartyState::Concerned,
            since: None,
            reason: String::new(),
            variables: BTreeMap::new(),
            reply_token: String::new(),
            answer_code: String::new(),
        }
    }
}

/// How to reach an organisation now, as the registry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Resource name asked for.
    pub organisation: String,
    /// Full name.
    pub display_name: String,
    /// Short name.
    pub short_name: String,
    /// Whether its successor answers for it, after a merger.
    pub by_successor: bool,
    /// Why it is told nothing, if so.
    pub silence: Option<Silence>,
    /// Its contacts, by position and then by age.
    pub contacts: Vec<Contact>,
}

/// Why an organisation is told nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The organisation has suspended its business, or its membership is suspended.
    Suspended,
    /// It has left the alliance.
    Withdrawn,
    /// It no longer exists.
    Dissolved,
}

/// A person holding a position, or the office itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The person's name; empty for an office.
    pub person_name: String,
    /// Form of address; empty: by position.
    pub salutation: String,
    /// The position held.
    pub position: Option<Position>,
    /// Email address; empty where there is none.
    pub email: String,
    /// Telephone, E.164; empty where there is none.
    pub phone: String,
    /// Whether the telephone can receive SMS.
    pub receives_sms: bool,
    /// Whether several people share the telephone.
    pub phone_shared: bool,
    /// `vi` or `en`.
    pub language: String,
    /// On the person's own demand.
    pub do_not_contact: bool,
    /// Whether adverts were agreed to.
    pub advert_consent: bool,
    /// Whether messages about the alliance's work were refused.
    pub work_refused: bool,
}

impl Contact {
    /// Whether messages of a class may go to it. Adverts need a consent (Decree
    /// 91/2020/NĐ-CP, article 13); a refusal ends what is sent for our own work, not
    /// what is sent because the law sets a term.
    #[must_use]
    pub const fn takes(&self, class: Class) -> bool {
        match class {
            Class::Advert => self.advert_consent,
            Class::Invitation | Class::Care => !self.work_refused,
            Class::LegalDeadline => true,
        }
    }
}
