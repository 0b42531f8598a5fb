//! Where the demonstration is played: what the player needs of a suite.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use lienminh_cli::args::Connection;
use lienminh_local::ServiceName;
use lienminh_local::conductor::Conductor;
use lienminh_local::sms::SmsGateway;
use lienminh_local::smtp::SmtpSink;
use lienminh_local::stage::Stage;
use lienminh_local::suite::Token;

/// A running suite on a stepped clock, and the ends it sends to.
#[derive(Debug)]
pub struct Venue<'s> {
    /// URL of each service's gRPC port.
    pub urls: BTreeMap<ServiceName, String>,
    /// Where the reply pages are.
    pub pages: String,
    /// The folder of keys that the suite trusts.
    pub auth_folder: PathBuf,
    /// Our SMTP end; none where mail goes to somebody else's.
    pub smtp: Option<&'s SmtpSink>,
    /// Our SMS gateway; none where SMS go to somebody else's.
    pub sms: Option<&'s SmsGateway>,
    /// Where the stepped clock stands at first.
    pub start: Timestamp,
}

impl<'s> Venue<'s> {
    /// A stage of this machine.
    #[must_use]
    pub fn of(stage: &'s Stage, own_smtp: bool, own_sms: bool, start: Timestamp) -> Self {
        let suite = stage.suite();
        let url = |service| (service, suite.url(service));
        Self {
            urls: ServiceName::ALL.into_iter().map(url).collect(),
            pages: format!("http://{}", suite.address(ServiceName::Events).public),
            auth_folder: suite.auth_folder(),
            smtp: own_smtp.then(|| stage.smtp()),
            sms: own_sms.then(|| stage.sms()),
            start,
        }
    }

    /// Signs a token that the suite trusts.
    ///
    /// # Errors
    /// When the suite has made no keys yet.
    pub fn token(&self, token: &Token) -> anyhow::Result<String> {
        token.sign(&self.auth_folder)
    }

    /// What a caller with this token needs to call.
    #[must_use]
    pub fn connection(&self, token: String) -> Connection {
        let url = |service| self.urls.get(&service).cloned().unwrap_or_default();
        Connection {
            registry_url: url(ServiceName::Registry),
            events_url: url(ServiceName::Events),
            funding_url: url(ServiceName::Funding),
            notifier_url: url(ServiceName::Notifier),
            token: Some(token),
            token_file: None,
            language: "vi".to_owned(),
            certificates: Default::default(),
        }
    }

    /// The driver of the stepped clocks.
    ///
    /// # Errors
    /// When no token can be signed.
    pub fn conductor(&self) -> anyhow::Result<Conductor> {
        let token = self.token(&Token::new("system:conductor", "clock.*"))?;
        let players: Vec<_> = self.urls.clone().into_iter().collect();
        let conductor = Conductor::over(&players, &token, self.start)?;
        Ok(match self.sms {
            Some(gateway) => conductor.waiting_for(gateway),
            None => conductor,
        })
    }
}
