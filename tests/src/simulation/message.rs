//! What travels through the model broker.

use std::rc::Rc;

use notifier::domain::delivery::Report;
use notifier::domain::obligation::Obligation;
use uuid::Uuid;

/// A queue of the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queue {
    /// Facts of the sources.
    Facts,
    /// Orders for emails.
    Email,
    /// Orders for SMS.
    Sms,
    /// Receipts of providers.
    Receipts,
}

impl Queue {
    /// Every queue, in the order of their places.
    pub const ALL: [Self; 4] = [Self::Facts, Self::Email, Self::Sms, Self::Receipts];

    /// The stream that its messages are counted under.
    #[must_use]
    pub const fn stream(self) -> &'static str {
        match self {
            Self::Facts => "facts:obligation",
            Self::Email | Self::Sms => "deliveries",
            Self::Receipts => "receipts",
        }
    }
}

/// What a message says.
#[derive(Clone, Debug)]
pub enum Body {
    /// The present state of an obligation.
    Fact(Rc<Obligation>),
    /// A delivery to be sent: its place among the rows, and its generation.
    Order(usize, i32),
    /// A provider reports about a delivery, or about something unknown.
    Receipt(Option<usize>, Report),
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its `message_id`.
    pub id: Uuid,
    /// Where it goes.
    pub queue: Queue,
    /// What it says.
    pub body: Body,
}
