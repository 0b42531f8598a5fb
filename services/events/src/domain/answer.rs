//! What somebody says to an invitation or a deadline, and how it came.

/// What somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Will come.
    Yes,
    /// Will not come.
    No,
    /// "Đã gửi": the report was sent.
    Sent,
}

/// How an answer reached the alliance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By the page behind the link.
    Page,
    /// By a code told to a clerk.
    Code,
    /// Entered by an officer.
    Officer,
    /// By the organisation itself, from its own account.
    Member,
}

impl Source {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Code => "code",
            Self::Officer => "officer",
            Self::Member => "member",
        }
    }

    /// The source of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Page, Self::Code, Self::Officer, Self::Member]
            .into_iter()
            .find(|source| source.as_str() == name)
    }
}
