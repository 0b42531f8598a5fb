//! The doors: gRPC services and reply pages. Each decodes, decides by the rules
//! of `domain`, stores and tells in one transaction, and encodes.

pub mod answer;
mod answering;
mod audience;
mod codes;
pub mod deadline;
pub mod directory;
pub mod event;
mod guess;
mod listing;
mod party;
pub mod plan;
mod refusal;
pub mod reply;
pub mod source;
mod tally;
mod tell;
mod wire;

use std::sync::Arc;

use jiff::Timestamp;
use kit::clock::Clock;
use kit::database::Pool;
use kit::language::Language;
use kit::mutation::Mutations;
use kit::page::Tokens;
use vietnam::calendar::Calendar;

use crate::domain::token::TokenKey;
use directory::Directory;

/// What every door of this service needs. Cheap to clone.
#[derive(Clone)]
pub struct House(Arc<Rooms>);

/// The parts of the house.
pub struct Rooms {
    /// Connections of the runtime role.
    pub pool: Pool,
    /// The business clock.
    pub clock: Clock,
    /// Changes that happen once.
    pub mutations: Mutations,
    /// Page tokens of lists.
    pub pages: Tokens,
    /// Makes and checks the tokens of reply pages.
    pub replies: TokenKey,
    /// Where reply pages are served, with a slash at its end.
    pub reply_base: String,
    /// What pages may say of organisations.
    pub directory: Directory,
    /// Working days.
    pub calendar: Calendar,
    /// The language of pages and of callers without a wish.
    pub language: Language,
}

impl House {
    /// The house with its parts.
    #[must_use]
    pub fn new(rooms: Rooms) -> Self {
        Self(Arc::new(rooms))
    }
}

impl House {
    /// The present business instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl std::ops::Deref for House {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.0
    }
}
