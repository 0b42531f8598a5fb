//! The people of the demonstration and their connections.

use std::collections::BTreeMap;

use lienminh_cli::args::Connection;
use lienminh_cli::connect::Clients;
use lienminh_local::suite::Token;

use super::venue::Venue;

/// An officer who may do everything, and others by subject.
pub struct Actors {
    officer: Clients,
    others: BTreeMap<String, Clients>,
    connection: Connection,
}

impl Actors {
    /// Connections to a running suite for the officer and these subjects.
    ///
    /// # Errors
    /// A token cannot be signed.
    pub fn of(venue: &Venue, subjects: &[String]) -> anyhow::Result<Self> {
        let connection = venue.connection(venue.token(&Token::new("person:van-phong", "*"))?);
        let mut others = BTreeMap::new();
        for subject in subjects {
            let token = venue.token(&Token::new(subject, "funding.*"))?;
            let own = Clients::new(&venue.connection(token))?;
            others.insert(subject.clone(), own);
        }
        Ok(Self {
            officer: Clients::new(&connection)?,
            others,
            connection,
        })
    }

    /// The officer in charge.
    #[must_use]
    pub fn officer(&self) -> &Clients {
        &self.officer
    }

    /// Somebody by subject; the officer where nobody else is named.
    #[must_use]
    pub fn by_subject(&self, subject: &str) -> &Clients {
        self.others.get(subject).unwrap_or(&self.officer)
    }

    /// Addresses and token of the officer.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}
