//! Kinds of events and deadlines: the keys of the reminder rules.

use super::class::Class;

/// Kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Lễ phát động, lễ tổng kết.
    Ceremony,
    /// Tọa đàm, hội thảo.
    Seminar,
    /// Hội nghị tuyên truyền.
    InformationMeeting,
    /// Hội nghị giao ban, cuộc họp.
    Meeting,
    /// Đối thoại.
    Dialogue,
    /// Tập huấn.
    Training,
    /// Hội chợ.
    Fair,
    /// Thăm và làm việc.
    Visit,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Ceremony,
        Self::Seminar,
        Self::InformationMeeting,
        Self::Meeting,
        Self::Dialogue,
        Self::Training,
        Self::Fair,
        Self::Visit,
    ];

    /// The name in contracts, rules and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ceremony => "ceremony",
            Self::Seminar => "seminar",
            Self::InformationMeeting => "information_meeting",
            Self::Meeting => "meeting",
            Self::Dialogue => "dialogue",
            Self::Training => "training",
            Self::Fair => "fair",
            Self::Visit => "visit",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Kinds of deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineKind {
    /// A report collected from many.
    Report,
    /// A task of the unit in charge.
    Task,
    /// The unit in charge is asked whether something claimed as sent has arrived.
    ClaimConfirmation,
}

impl DeadlineKind {
    /// The name in contracts, rules and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Task => "task",
            Self::ClaimConfirmation => "claim_confirmation",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Report, Self::Task, Self::ClaimConfirmation]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }

    /// The class where nobody chose one.
    #[must_use]
    pub const fn default_class(self) -> Class {
        match self {
            Self::Report | Self::Task => Class::LegalDeadline,
            Self::ClaimConfirmation => Class::Care,
        }
    }
}
