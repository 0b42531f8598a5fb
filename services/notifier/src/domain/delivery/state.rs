//! How a delivery travels and where it stands, as words of the database.

/// How a message travels, or that none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// The record that a party gets nothing.
    None,
    /// Email.
    Email,
    /// SMS.
    Sms,
}

impl Channel {
    /// As it stands in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// Reads what the database holds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Email, Self::Sms]
            .into_iter()
            .find(|channel| channel.as_str() == text)
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Waits for a worker.
    Queued,
    /// A worker prepares it; nothing was sent.
    Claimed,
    /// The provider is being given it.
    Sending,
    /// Certainly not sent; waits for the next attempt.
    RetryWait,
    /// No answer: nobody knows.
    Unknown,
    /// Waits for a person's decision.
    Parked,
    /// The provider accepted it.
    Sent,
    /// A receipt says it arrived.
    Delivered,
    /// It came back.
    Bounced,
    /// The provider refused it for good.
    Failed,
    /// Not sent, by a rule.
    Suppressed,
    /// A newer anchor version took its place.
    Superseded,
    /// Nothing to remind of any more.
    Satisfied,
    /// Its usefulness ended before it could go out.
    Missed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 14] = [
        Self::Queued,
        Self::Claimed,
        Self::Sending,
        Self::RetryWait,
        Self::Unknown,
        Self::Parked,
        Self::Sent,
        Self::Delivered,
        Self::Bounced,
        Self::Failed,
        Self::Suppressed,
        Self::Superseded,
        Self::Satisfied,
        Self::Missed,
    ];

    /// As it stands in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Claimed => "CLAIMED",
            Self::Sending => "SENDING",
            Self::RetryWait => "RETRY_WAIT",
            Self::Unknown => "UNKNOWN",
            Self::Parked => "PARKED",
            Self::Sent => "SENT",
            Self::Delivered => "DELIVERED",
            Self::Bounced => "BOUNCED",
            Self::Failed => "FAILED",
            Self::Suppressed => "SUPPRESSED",
            Self::Superseded => "SUPERSEDED",
            Self::Satisfied => "SATISFIED",
            Self::Missed => "MISSED",
        }
    }

    /// Reads what the database holds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing more is done by itself; a receipt may still refine SENT,
    /// a person settle PARKED.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !self.has_alarm()
    }

    /// Whether a row in this state carries its next instant.
    #[must_use]
    pub const fn has_alarm(self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Claimed | Self::Sending | Self::RetryWait | Self::Unknown
        )
    }

    /// Whether the addressee may have read the message: whom a correction owes
    /// the new fact.
    #[must_use]
    pub const fn may_have_told(self) -> bool {
        matches!(
            self,
            Self::Sending
                | Self::Unknown
                | Self::Parked
                | Self::Sent
                | Self::Delivered
                | Self::Bounced
        )
    }
}
