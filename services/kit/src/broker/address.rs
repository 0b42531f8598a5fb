//! Where a broker is, as whom to go there, and whether under TLS.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use lapin::uri::{AMQPScheme, AMQPUri};
use url::Url;

use super::secured::Secured;
use crate::config::{is_plain, is_this_machine};

/// A place from which connections come; [`Address::read`] makes it of a URL.
#[derive(Clone)]
pub struct Address {
    pub(super) uri: AMQPUri,
    pub(super) secured: Option<Secured>,
}

impl Address {
    /// Reads `amqps://user:password@host:port/vhost`, or `amqp://` for plain text. With
    /// `amqps` the broker is verified by `authority` (a PEM file), else by those the
    /// platform trusts.
    ///
    /// # Errors
    /// What is wrong. The text of the URL, which holds a password, is in no error.
    pub fn read(url: &str, authority: Option<&Path>) -> Result<Self> {
        let parsed = Url::parse(url).ok();
        ensure!(
            parsed
                .as_ref()
                .is_none_or(|parsed| matches!(parsed.scheme(), "amqp" | "amqps")),
            "it must begin with amqp:// or amqps://"
        );
        let mut uri = url.parse::<AMQPUri>().ok().context(
            "it cannot be read: it must look like amqps://user:password@host:port/vhost, with \
             signs such as / ? # @ in a password written as %2F %3F %23 %40",
        )?;
        // The library would go to this machine where it finds no name.
        let host = parsed.as_ref().and_then(host).context("it names no host")?;
        ensure!(is_plain(&host), "its host has signs beyond ASCII");
        ensure!(
            !uri.vhost.is_empty(),
            "it names no virtual host after the last slash"
        );
        let secured = match uri.scheme {
            AMQPScheme::AMQPS => Some(Secured::new(&host, authority)?),
            AMQPScheme::AMQP => None,
        };
        ensure!(
            secured.is_some() || authority.is_none(),
            "an authority is given to verify it by, but nothing is encrypted with amqp://: say amqps://"
        );
        uri.authority.host = host;
        Ok(Self { uri, secured })
    }

    /// What a person should know who set this up.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let host = &self.uri.authority.host;
        (self.secured.is_none() && !is_this_machine(host)).then(|| {
            format!(
                "all that goes to the broker on {host} and back crosses the network in clear: say \
                 amqps://"
            )
        })
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL holds a password.
        formatter
            .debug_struct("Address")
            .field("host", &self.uri.authority.host)
            .finish_non_exhaustive()
    }
}

/// A name, or an address without the brackets of version 6.
fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_matches(['[', ']']);
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::tls::tests::authority;

    #[test]
    fn what_is_no_address_of_a_broker_is_refused_without_printing_it() {
        for (wrong, why) in [
            ("http://a", "begin with amqp://"),
            ("postgres://a:secret@h/d", "begin with amqp://"),
            ("amqp//h", "cannot be read"),
            ("amqp://a:sec#ret@h/v", "cannot be read"),
            ("amqp:///v", "names no host"),
            ("amqp://a:secret@h\u{435}/v", "beyond ASCII"),
            ("amqp:v", "cannot be read"),
            ("amqps://a:secret@:5671/v", "cannot be read"),
            ("amqp://a:secret@h/", "names no virtual host"),
        ] {
            let error = format!("{:#}", Address::read(wrong, None).unwrap_err());
            assert!(error.contains(why), "{wrong}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn an_address_of_version_6_is_gone_to_and_not_this_machine_in_its_place() {
        let address = Address::read("amqps://[2001:db8::7]/v", Some(authority())).unwrap();
        assert_eq!(address.uri.authority.host, "2001:db8::7");
        assert_eq!(address.uri.authority.port, 5671);
        assert!(address.secured.is_some());
    }

    #[test]
    fn plain_text_is_remarked_on_when_it_leaves_this_machine() {
        let remark = |url: &str| Address::read(url, None).unwrap().remark();
        let encrypted = Address::read("amqps://mq.lienminh.vn/v", Some(authority()));
        assert_eq!(encrypted.unwrap().remark(), None);
        for quiet in ["amqp://127.0.0.1", "amqp://[::1]/v"] {
            assert_eq!(remark(quiet), None, "{quiet}");
        }
        let words = remark("amqp://a:secret@mq.lienminh.vn/v").unwrap();
        assert!(
            words.contains("in clear") && !words.contains("secret"),
            "{words}"
        );
    }

    #[test]
    fn an_authority_without_encryption_is_a_mistake() {
        let file = Path::new("/nowhere.pem");
        let error = Address::read("amqp://h/v", Some(file)).unwrap_err();
        assert!(error.to_string().contains("say amqps://"), "{error}");
    }
}
