//! The flags of this service beside those that every service has.

use clap::Args;
use kit::config::PublicPort;

/// Where reply pages are served when nobody says: the port for the world of this machine.
const LOCAL: &str = "http://127.0.0.1:7301";

/// Flags of the events service.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Reply pages")]
pub struct Settings {
    /// The http or https address under which members reach the pages, without a
    /// path. Links to reply pages begin with it.
    #[arg(long, env = "LIENMINH_PUBLIC_URL", default_value = LOCAL, value_name = "URL")]
    pub public_url: String,

    /// The port of the pages.
    #[command(flatten)]
    pub public: PublicPort,
}

impl Settings {
    /// What is wrong with the flags, one sentence each.
    ///
    /// # Errors
    /// The list of what is wrong.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let authority = self
            .public_url
            .strip_prefix("https://")
            .or_else(|| self.public_url.strip_prefix("http://"))
            .map(|rest| rest.strip_suffix('/').unwrap_or(rest));
        let plain = |host: &str| {
            !host.is_empty()
                && host.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']')
                })
        };
        if authority.is_some_and(plain) {
            Ok(())
        } else {
            Err(vec![format!(
                "--public-url {:?} is not an http or https address without a path",
                self.public_url
            )])
        }
    }

    /// Where reply pages are served, with a slash at its end.
    #[must_use]
    pub fn reply_base(&self) -> String {
        format!("{}/r/", self.public_url.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(public_url: &str) -> Settings {
        Settings {
            public_url: public_url.to_owned(),
            public: PublicPort::default(),
        }
    }

    #[test]
    fn pages_lie_below_the_public_address() {
        assert_eq!(
            settings("https://a.example/").reply_base(),
            "https://a.example/r/"
        );
        assert_eq!(
            settings("http://127.0.0.1:7301").reply_base(),
            "http://127.0.0.1:7301/r/"
        );
    }

    #[test]
    fn an_address_that_cannot_be_a_base_is_refused() {
        for fine in [
            "https://a.example",
            "http://127.0.0.1:7301/",
            "http://[::1]:7301",
        ] {
            assert!(settings(fine).check().is_ok(), "{fine}");
        }
        for wrong in [
            "",
            "a.example",
            "ftp://a",
            "https://",
            "https://a/b",
            "https://a?x",
        ] {
            assert!(settings(wrong).check().is_err(), "{wrong}");
        }
    }
}
