//! Offices in an organisation: whom to tell, never an address.

/// An office in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// Chair of the board.
    Chair,
    /// Director.
    Director,
    /// Accountant.
    Accountant,
    /// Head of the supervisory board, or supervisor.
    Supervisor,
    /// The office itself.
    Office,
    /// Head of a unit of the alliance.
    Head,
    /// Officer in charge.
    Officer,
}

impl Position {
    /// Every position.
    pub const ALL: [Self; 7] = [
        Self::Chair,
        Self::Director,
        Self::Accountant,
        Self::Supervisor,
        Self::Office,
        Self::Head,
        Self::Officer,
    ];

    /// Whom to ask in a unit of the alliance, most fitting first.
    pub const OF_UNIT: [Self; 3] = [Self::Head, Self::Officer, Self::Office];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::Director => "director",
            Self::Accountant => "accountant",
            Self::Supervisor => "supervisor",
            Self::Office => "office",
            Self::Head => "head",
            Self::Officer => "officer",
        }
    }

    /// The position of a name in the database.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|position| position.as_str() == name)
    }
}
