//! Where a database is, as whom to go there, and whether under TLS.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::{is_plain, is_this_machine};

/// What PostgreSQL calls its protocol in a TLS handshake; version 17 insists on it
/// where a connection begins with the handshake (`sslnegotiation=direct`).
const PROTOCOL: &[u8] = b"postgresql";

/// A place from which connections come; [`Address::read`] makes it of a URL.
#[derive(Clone)]
pub struct Address {
    pub(super) config: Config,
    pub(super) protection: Protection,
}

/// What protects the way there.
#[derive(Clone)]
pub(super) enum Protection {
    /// Encrypted, and the server's certificate verified together with its name.
    Verified(MakeRustlsConnect),
    /// Nothing, as somebody said.
    Disabled,
    /// Nothing, because nobody said anything.
    Absent,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?sslmode=require`.
    ///
    /// `sslmode` is `require` or, meaning the same, `verify-full`: encrypted, and the
    /// server verified by `authority` (a PEM file), else by those the platform trusts.
    /// `disable`, or nothing: plain text. What leaves the choice to whoever stands in
    /// between is refused.
    ///
    /// # Errors
    /// What is wrong. The text of the URL, which holds a password, is in no error.
    pub fn read(url: &str, authority: Option<&Path>) -> Result<Self> {
        ensure!(
            url.starts_with("postgres://") || url.starts_with("postgresql://"),
            "it must begin with postgres://"
        );
        let (url, mode) = without_ssl_mode(url);
        let config: Config = url.parse().ok().context(
            "it cannot be read: it must look like postgres://user:password@host:port/database, \
             with signs such as / ? # @ in a password written as %2F %3F %23 %40",
        )?;
        ensure!(names_a_host(&config), "it names no host");
        let mut named = config.get_hosts().iter().filter_map(name_of);
        ensure!(named.all(is_plain), "its host has signs beyond ASCII");
        // The driver's own default: it has seen none.
        ensure!(
            config.get_ssl_mode() == SslMode::Prefer,
            "sslmode must be written without percent signs"
        );
        match protection(mode, authority)? {
            Protection::Verified(tls) => verified(config, tls),
            plain @ (Protection::Disabled | Protection::Absent) => {
                ensure!(
                    authority.is_none(),
                    "an authority is given to verify it by, but without sslmode=require nothing \
                     is encrypted"
                );
                in_clear(config, plain)
            }
        }
    }

    /// What a person should know who set this up.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let hosts = self.config.get_hosts().iter().filter_map(name_of);
        let away = hosts.into_iter().find(|host| !is_this_machine(host))?;
        matches!(self.protection, Protection::Absent).then(|| {
            format!(
                "all that goes to the database on {away} and back crosses the network in clear: \
                 say sslmode=require, or sslmode=disable where that is meant"
            )
        })
    }

    /// The role that goes there.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        self.config.get_user()
    }

    /// The database there.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        self.config.get_dbname()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The driver redacts the password.
        formatter
            .debug_tuple("Address")
            .field(&self.config)
            .finish()
    }
}

fn protection(mode: Option<&str>, authority: Option<&Path>) -> Result<Protection> {
    match mode {
        None => Ok(Protection::Absent),
        Some("disable") => Ok(Protection::Disabled),
        Some("require" | "verify-full") => {
            let mut config = crate::tls::verifying(authority)?.as_ref().clone();
            config.alpn_protocols = vec![PROTOCOL.to_vec()];
            Ok(Protection::Verified(MakeRustlsConnect::new(config)))
        }
        Some("prefer" | "allow") => {
            bail!("sslmode=prefer and allow let whoever stands in between choose: say require")
        }
        Some("verify-ca") => bail!("there is no sslmode=verify-ca: require verifies names as well"),
        Some(_) => bail!("sslmode is none of require, verify-full, disable"),
    }
}

fn verified(mut config: Config, tls: MakeRustlsConnect) -> Result<Address> {
    let hosts = config.get_hosts();
    ensure!(
        !hosts.is_empty() && hosts.iter().all(|host| name_of(host).is_some()),
        "sslmode=require needs the name of a host: a socket of this machine takes no TLS, and a \
         certificate holds names"
    );
    config.ssl_mode(SslMode::Require);
    Ok(Address {
        config,
        protection: Protection::Verified(tls),
    })
}

fn in_clear(mut config: Config, protection: Protection) -> Result<Address> {
    ensure!(
        config.get_channel_binding() != ChannelBinding::Require,
        "channel_binding=require needs sslmode=require"
    );
    config.ssl_mode(SslMode::Disable);
    Ok(Address { config, protection })
}

/// The URL without its `sslmode`, of which the driver knows other values and does not
/// tell whether there was one; the last one counts.
fn without_ssl_mode(url: &str) -> (String, Option<&str>) {
    // As the driver reads it: up to the first @ all is user and password.
    let credentials = url.find('@').unwrap_or_default();
    let Some(query) = url[credentials..].find('?') else {
        return (url.to_owned(), None);
    };
    let (place, pairs) = url.split_at(credentials + query);
    let (modes, others): (Vec<&str>, Vec<&str>) = pairs[1..]
        .split('&')
        .partition(|pair| pair.starts_with("sslmode="));
    let mode = modes.last().and_then(|pair| pair.split_once('='));
    let rest = format!("{place}?{}", others.join("&"));
    (rest, mode.map(|(_, mode)| mode))
}

fn names_a_host(config: &Config) -> bool {
    let hosts = config.get_hosts();
    let named = |host: &Host| name_of(host) != Some("");
    (!hosts.is_empty() || !config.get_hostaddrs().is_empty()) && hosts.iter().all(named)
}

/// The name of a host; `None` for a socket of this machine.
fn name_of(host: &Host) -> Option<&str> {
    match host {
        Host::Tcp(name) => Some(name),
        Host::Unix(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::tls::tests::authority;

    fn refusal(url: &str) -> String {
        let error = format!("{:#}", Address::read(url, None).unwrap_err());
        assert!(!error.contains("secret"), "{error}");
        error
    }

    #[test]
    fn what_is_no_address_of_a_database_is_refused_without_printing_it() {
        for (wrong, why) in [
            ("postgres//x", "begin with postgres://"),
            ("http://a:secret@h/d", "begin with postgres://"),
            ("host=h password=secret", "begin with postgres://"),
            ("postgres://a:secret@h:port/d", "cannot be read"),
            ("postgres://a:secret@h/d?sslrootcert=x", "cannot be read"),
            ("postgres:///d", "names no host"),
            ("postgres://a:secret@h\u{435}/d", "beyond ASCII"),
            ("postgres://a:secret@h%D0%B5/d", "beyond ASCII"),
            ("postgres://a:secret@:5432/d", "names no host"),
        ] {
            assert!(refusal(wrong).contains(why), "{wrong}: {}", refusal(wrong));
        }
    }

    #[test]
    fn nobody_in_between_may_choose_plain_text() {
        for (mode, why) in [
            ("prefer", "say require"),
            ("allow", "say require"),
            ("verify-ca", "require verifies names"),
            ("", "none of"),
            ("Require", "none of"),
            ("require&sslmode=prefer", "say require"),
        ] {
            let error = refusal(&format!("postgres://a:secret@h/d?sslmode={mode}"));
            assert!(error.contains(why), "{mode}: {error}");
        }
        let hidden = refusal("postgres://a:secret@h/d?ssl%6Dode=require");
        assert!(hidden.contains("percent"), "{hidden}");
        let bound = refusal("postgres://a:secret@h/d?channel_binding=require");
        assert!(bound.contains("sslmode=require"), "{bound}");
    }

    #[test]
    fn require_and_verify_full_mean_the_same_and_keep_the_rest_of_the_url() {
        for mode in ["require", "verify-full"] {
            let url = format!("postgres://a:p?sslmode=x@h/d?sslmode={mode}&connect_timeout=3");
            let address = Address::read(&url, Some(authority())).unwrap();
            assert!(matches!(address.protection, Protection::Verified(_)));
            assert_eq!(address.config.get_ssl_mode(), SslMode::Require);
            assert_eq!(address.config.get_password(), Some(&b"p?sslmode=x"[..]));
            assert!(address.config.get_connect_timeout().is_some());
        }
        let socket = "postgres://%2Frun%2Fpostgresql/d?sslmode=require";
        let refused = Address::read(socket, Some(authority())).unwrap_err();
        assert!(refused.to_string().contains("takes no TLS"), "{refused}");
    }

    #[test]
    fn plain_text_is_remarked_on_when_it_leaves_this_machine_and_nobody_asked_for_it() {
        let remark = |url: &str| Address::read(url, None).unwrap().remark();
        for quiet in [
            "postgres://127.0.0.1/d",
            "postgres://[::1]/d",
            "postgres://localhost/d",
            "postgres://%2Frun%2Fpostgresql/d",
            "postgres://db.lienminh.vn/d?sslmode=disable",
        ] {
            assert_eq!(remark(quiet), None, "{quiet}");
        }
        let encrypted = "postgres://db.lienminh.vn/d?sslmode=require";
        let encrypted = Address::read(encrypted, Some(authority())).unwrap();
        assert_eq!(encrypted.remark(), None);
        for loud in [
            "postgres://db.lienminh.vn/d",
            "postgres://127.0.0.1,10.0.0.7/d",
            "postgres://a:p@10.0.0.7/d?connect_timeout=3",
        ] {
            assert!(remark(loud).unwrap().contains("in clear"), "{loud}");
        }
    }

    #[test]
    fn an_authority_without_encryption_is_a_mistake() {
        let file = Path::new("/nowhere.pem");
        let error = Address::read("postgres://h/d", Some(file)).unwrap_err();
        assert!(
            error.to_string().contains("nothing is encrypted"),
            "{error}"
        );
    }
}
