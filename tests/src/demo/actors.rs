//! The people of the demonstration and their connections.

use std::collections::BTreeMap;

use lienminh_cli::args::Connection;
use lienminh_cli::connect::Clients;
use lienminh_local::service::ServiceName;
use lienminh_local::suite::{Suite, Token};

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
    pub fn of(suite: &Suite, subjects: &[String]) -> anyhow::Result<Self> {
        let connection = Connection {
            registry_url: suite.url(ServiceName::Registry),
            events_url: suite.url(ServiceName::Events),
            funding_url: suite.url(ServiceName::Funding),
            notifier_url: suite.url(ServiceName::Notifier),
            token: Some(suite.token(&Token::new("person:van-phong", "*"))?),
            token_file: None,
            language: "vi".to_owned(),
        };
        let mut others = BTreeMap::new();
        for subject in subjects {
            let token = suite.token(&Token::new(subject, "funding.*"))?;
            let own = Connection {
                token: Some(token),
                ..connection.clone()
            };
            others.insert(subject.clone(), Clients::new(&own)?);
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
