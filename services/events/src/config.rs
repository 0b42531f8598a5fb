//! The flags of this service beside those that every service has.

use clap::Args;
use kit::config::{Environment, PublicPort, Registry, WebOrigin};

/// Where reply pages are served when nobody says: the port for the world of this machine.
const LOCAL: &str = "http://127.0.0.1:7301";

/// Flags of the events service.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Reply pages")]
pub struct Settings {
    /// The http or https address under which members reach the pages, without a
    /// path. Links to reply pages begin with it.
    #[arg(long, env = "LIENMINH_PUBLIC_URL", default_value = LOCAL, value_name = "URL")]
    pub public_url: WebOrigin,

    /// The registry, for the names and the telephone that pages show.
    #[command(flatten)]
    pub registry: Registry,

    /// The port of the pages.
    #[command(flatten)]
    pub public: PublicPort,
}

impl Settings {
    /// What is wrong with them where this process runs. Development is left alone, where the world
    /// is played.
    pub(crate) fn problem(&self, environment: Environment) -> Option<String> {
        let url = &self.public_url;
        let in_clear = environment == Environment::Production && url.crosses_in_clear();
        in_clear.then(|| {
            format!(
                "--public-url {url}: what members answer there would cross the network in clear, \
                 say https://"
            )
        })
    }

    /// Where reply pages are served, with a slash at its end.
    #[must_use]
    pub fn reply_base(&self) -> String {
        format!("{}/r/", self.public_url)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn pages_lie_below_the_public_address() {
        for (given, pages) in [
            ("https://a.example/", "https://a.example/r/"),
            ("http://127.0.0.1:7301", "http://127.0.0.1:7301/r/"),
        ] {
            let settings = Settings {
                public_url: given.parse().unwrap(),
                registry: Registry {
                    registry_url: LOCAL.parse().unwrap(),
                },
                public: PublicPort::default(),
            };
            assert_eq!(settings.reply_base(), pages);
        }
    }
}
