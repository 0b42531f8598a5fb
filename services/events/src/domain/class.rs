//! Classes of what people are reminded of.

/// The class that decides the policy of reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A deadline with consequences.
    LegalDeadline,
    /// An invitation to an event.
    Invitation,
    /// Information and care.
    Care,
    /// Advertising in the sense of Decree 91/2020/NĐ-CP.
    Advert,
}

impl Class {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LegalDeadline => "legal_deadline",
            Self::Invitation => "invitation",
            Self::Care => "care",
            Self::Advert => "advert",
        }
    }

    /// The class of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::LegalDeadline,
            Self::Invitation,
            Self::Care,
            Self::Advert,
        ]
        .into_iter()
        .find(|class| class.as_str() == name)
    }
}
