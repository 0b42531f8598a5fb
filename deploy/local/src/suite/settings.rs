//! What the services are told.
//!
//! Everything goes through the environment: each flag `--some-name` of a service is also the
//! variable `LIENMINH_SOME_NAME`, a service does not mind what it does not know, and no secret
//! shows in the list of processes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use jiff::Timestamp;

use super::instance::ServiceAddress;
use crate::postgres::ServiceDatabase;
use crate::service::ServiceName;

/// Settings of one service, by flag name without the dashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, String>,
    surroundings: BTreeMap<String, String>,
}

impl Settings {
    /// Sets a flag: `set("settle-delay", "10m")`.
    pub fn set(&mut self, flag: &str, value: impl Into<String>) -> &mut Self {
        self.values.insert(flag.to_owned(), value.into());
        self
    }

    /// Takes a flag away: the service's default is back.
    pub fn unset(&mut self, flag: &str) -> &mut Self {
        self.values.remove(flag);
        self
    }

    /// A flag's value.
    #[must_use]
    pub fn get(&self, flag: &str) -> Option<&str> {
        self.values.get(flag).map(String::as_str)
    }

    /// Sets a variable that the service itself does not know, such as `LD_PRELOAD`.
    pub fn surround(&mut self, variable: &str, value: impl Into<String>) -> &mut Self {
        self.surroundings.insert(variable.to_owned(), value.into());
        self
    }

    /// As environment variables.
    pub fn variables(&self) -> impl Iterator<Item = (String, &str)> {
        let flags = self.values.iter().map(|(flag, value)| {
            (
                format!("LIENMINH_{}", flag.replace('-', "_").to_uppercase()),
                value.as_str(),
            )
        });
        let others = self.surroundings.iter();
        flags.chain(others.map(|(name, value)| (name.clone(), value.as_str())))
    }
}

/// Whether reminders leave the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// To everybody.
    Live,
    /// To these addresses only; everything else ends SUPPRESSED(trial).
    Trial(Vec<String>),
}

/// Where SMS go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsTarget {
    /// The eSMS V4 JSON API at this base URL.
    Esms(String),
    /// The generic HTTP API at this URL.
    Generic(String),
}

/// What a suite is made of.
#[derive(Clone, Debug)]
pub struct SuiteOptions {
    /// Logs and keys.
    pub folder: PathBuf,
    /// Each service's database.
    pub databases: BTreeMap<ServiceName, ServiceDatabase>,
    /// Each service's AMQP URL.
    pub broker_urls: BTreeMap<ServiceName, String>,
    /// `smtp://host:port`.
    pub smtp_url: String,
    /// The SMS gateway.
    pub sms: SmsTarget,
    /// The instant at which a stepped business clock begins; none: the system's clock.
    pub clock: Option<Timestamp>,
    /// Trial or live.
    pub delivery: Delivery,
    /// Overrides, applied last.
    pub overrides: BTreeMap<ServiceName, Settings>,
}

impl SuiteOptions {
    /// A setting of one service that differs from the stage's usual.
    pub fn set(&mut self, service: ServiceName, flag: &str, value: impl Into<String>) -> &mut Self {
        self.overrides.entry(service).or_default().set(flag, value);
        self
    }

    pub(super) fn settings(
        &self,
        addresses: &BTreeMap<ServiceName, ServiceAddress>,
    ) -> anyhow::Result<BTreeMap<ServiceName, Settings>> {
        let mut all = BTreeMap::new();
        for service in ServiceName::ALL {
            let mut settings = self.common(service)?;
            for (other, address) in addresses {
                settings.set(&format!("{other}-url"), format!("http://{}", address.grpc));
                if *other == ServiceName::Events {
                    // Where its reply pages are, for whoever writes links to them.
                    settings.set("reply-url", format!("http://{}", address.public));
                }
                if *other == service {
                    settings.set("public-url", format!("http://{}", address.public));
                    settings.set("receipts-url", format!("http://{}", address.public));
                }
            }
            if service == ServiceName::Notifier {
                self.set_channels(&mut settings);
            }
            if let Some(overrides) = self.overrides.get(&service) {
                settings.values.extend(overrides.values.clone());
                settings.surroundings.extend(overrides.surroundings.clone());
            }
            all.insert(service, settings);
        }
        Ok(all)
    }

    fn common(&self, service: ServiceName) -> anyhow::Result<Settings> {
        let database = self
            .databases
            .get(&service)
            .with_context(|| format!("{service} has no database"))?;
        let broker = self
            .broker_urls
            .get(&service)
            .with_context(|| format!("{service} has no broker"))?;
        let mut settings = Settings::default();
        settings
            .set("auth-dir", self.folder.join("auth").display().to_string())
            .set("broker-url", broker)
            // Many suites share one server in tests.
            .set("database-pool-size", "8")
            .set("database-url", &database.runtime_url)
            .set("environment", "development")
            .set("exit-on-stdin-close", "true")
            .set("log", "info")
            .set("migration-database-url", &database.owner_url);
        if let Some(start) = self.clock {
            settings.set("logical-clock", start.to_string());
        }
        Ok(settings)
    }

    fn set_channels(&self, settings: &mut Settings) {
        settings
            .set("mail-domain", "lienminh.example")
            .set(
                "mail-from",
                "Liên minh Hợp tác xã <nhacviec@lienminh.example>",
            )
            // Few enough that a mailing takes a while and a fault falls into it.
            .set("smtp-lanes", "8")
            .set("smtp-url", &self.smtp_url)
            .set("sms-api-key", "stage")
            .set("sms-secret-key", "stage")
            .set("sms-brandname", "LMHTX");
        match &self.sms {
            SmsTarget::Esms(url) => settings.set("sms-adapter", "esms").set("sms-url", url),
            SmsTarget::Generic(url) => settings.set("sms-adapter", "generic").set("sms-url", url),
        };
        match &self.delivery {
            Delivery::Live => settings.set("delivery-mode", "live"),
            Delivery::Trial(allowed) => settings
                .set("delivery-mode", "trial")
                .set("trial-allow", allowed.join(",")),
        };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn options() -> SuiteOptions {
        let database = ServiceDatabase {
            name: "d".into(),
            owner_url: "owner".into(),
            runtime_url: "runtime".into(),
        };
        SuiteOptions {
            folder: PathBuf::from("/stage"),
            databases: ServiceName::ALL
                .map(|service| (service, database.clone()))
                .into(),
            broker_urls: ServiceName::ALL
                .map(|service| (service, "amqp://b".to_owned()))
                .into(),
            smtp_url: "smtp://s".into(),
            sms: SmsTarget::Generic("http://g".into()),
            clock: Some("2024-02-27T00:00:00Z".parse().unwrap()),
            delivery: Delivery::Trial(vec!["a@example.com".into(), "b@example.com".into()]),
            overrides: BTreeMap::new(),
        }
    }

    #[test]
    fn flags_become_variables_and_overrides_win() {
        let mut options = options();
        options
            .set(ServiceName::Notifier, "smtp-url", "smtp://proxy")
            .set(ServiceName::Notifier, "settle-delay", "1m");
        let addresses = ServiceName::ALL
            .map(|service| (service, ServiceAddress::default()))
            .into();
        let all = options.settings(&addresses).unwrap();
        let notifier: BTreeMap<String, &str> = all[&ServiceName::Notifier].variables().collect();
        assert_eq!(notifier["LIENMINH_SMTP_URL"], "smtp://proxy");
        assert_eq!(notifier["LIENMINH_SETTLE_DELAY"], "1m");
        assert_eq!(
            notifier["LIENMINH_TRIAL_ALLOW"],
            "a@example.com,b@example.com"
        );
        assert_eq!(notifier["LIENMINH_LOGICAL_CLOCK"], "2024-02-27T00:00:00Z");
        assert!(
            all[&ServiceName::Registry].get("smtp-url").is_none(),
            "only the notifier speaks to providers"
        );
    }
}
