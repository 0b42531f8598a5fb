//! Where mail is handed over.

use std::path::Path;
use std::sync::Arc;

use kit::config::{ExposeSecret as _, SecretString, is_plain, is_this_machine};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use rustls::ClientConfig;

/// The SMTP server of the house, usually its own relay.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<Login>,
    /// Our own name.
    pub(super) hello: String,
}

/// How the connection is encrypted.
#[derive(Clone, Debug)]
pub(super) enum Security {
    /// Not at all: the relay stands beside us.
    None,
    /// After a greeting in clear (RFC 3207), or not at all.
    StartTls(Arc<ClientConfig>),
    /// From the first byte (RFC 8314).
    Implicit(Arc<ClientConfig>),
}

/// Our account at the server.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub user: String,
    pub password: SecretString,
}

/// Ways to hand mail over, with their usual ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Smtp,
    StartTls,
    Smtps,
}

impl Scheme {
    fn read(word: &str) -> Result<Self, String> {
        match word {
            "smtp" => Ok(Self::Smtp),
            "smtp+starttls" => Ok(Self::StartTls),
            "smtps" => Ok(Self::Smtps),
            other => Err(format!(
                "--smtp-url: {other}:// is no way to hand mail over; use smtp://, smtp+starttls:// or smtps://"
            )),
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Smtp => 25,
            Self::StartTls => 587,
            Self::Smtps => 465,
        }
    }
}

impl SmtpServer {
    /// Reads `smtp://host:port`, or encrypted and with an account
    /// `smtp+starttls://user:password@host:port` and `smtps://user:password@host:port`,
    /// in which signs like `@` are written as in any URL: `%40`. `hello` is our own
    /// name; the server's certificate is good if an authority of the file signed it,
    /// or without one an authority that the machine trusts.
    ///
    /// # Errors
    /// A sentence that says what is wrong, without the password.
    pub fn parse(url: &str, hello: &str, authorities: Option<&Path>) -> Result<Self, String> {
        let parsed = Url::parse(url).map_err(|_| shape())?;
        let scheme = Scheme::read(parsed.scheme())?;
        let host = parsed.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("--smtp-url names no host")?;
        if !is_plain(host) {
            return Err("--smtp-url: its host has signs beyond ASCII".to_owned());
        }
        let ends_there = matches!(parsed.path(), "" | "/")
            && parsed.query().is_none()
            && parsed.fragment().is_none();
        if !ends_there {
            return Err(shape());
        }
        let login = login(&parsed)?;
        if login.is_some() && scheme == Scheme::Smtp {
            return Err(
                "--smtp-url: an account needs smtp+starttls:// or smtps://, or its password crosses the network in clear"
                    .to_owned(),
            );
        }
        Ok(Self {
            // An IPv6 address stands in brackets only within a URL.
            host: host.trim_matches(['[', ']']).to_owned(),
            port: parsed.port().unwrap_or(scheme.port()),
            security: security(scheme, authorities)?,
            login,
            hello: hello.to_owned(),
        })
    }
}

fn shape() -> String {
    "--smtp-url must look like smtp://host:port; in user and password, signs such as @ : / # % are written %40 %3A %2F %23 %25"
        .to_owned()
}

fn security(scheme: Scheme, authorities: Option<&Path>) -> Result<Security, String> {
    let trust =
        || kit::tls::verifying(authorities).map_err(|error| format!("--smtp-ca: {error:#}"));
    Ok(match scheme {
        Scheme::Smtp if authorities.is_some() => {
            return Err("--smtp-ca is of no use with smtp://, which is not encrypted".to_owned());
        }
        Scheme::Smtp => Security::None,
        Scheme::StartTls => Security::StartTls(trust()?),
        Scheme::Smtps => Security::Implicit(trust()?),
    })
}

fn login(url: &Url) -> Result<Option<Login>, String> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let user = decoded(url.username(), "user")?;
    let password = decoded(url.password().unwrap_or_default(), "password")?;
    if user.is_empty() || password.is_empty() {
        return Err("--smtp-url: an account is a user and a password".to_owned());
    }
    Ok(Some(Login {
        user,
        password: password.into(),
    }))
}

/// What stands in a URL, decoded. A sign that is not written as it must be is
/// refused: guessed at, it would be a wrong password.
fn decoded(part: &str, name: &str) -> Result<String, String> {
    let mut pieces = part.split('%').skip(1);
    let is_written = pieces.all(|piece| {
        let sign = piece.as_bytes().get(..2).unwrap_or_default();
        sign.len() == 2 && sign.iter().all(u8::is_ascii_hexdigit)
    });
    let text = percent_decode_str(part).decode_utf8();
    match text {
        Ok(text) if is_written && !text.contains(char::is_control) => Ok(text.into_owned()),
        Ok(_) | Err(_) => Err(format!(
            "--smtp-url: the {name} cannot be read; a % in it is written %25, other signs as % and two hexadecimal digits"
        )),
    }
}

impl Login {
    /// For AUTH PLAIN (RFC 4616).
    pub(super) fn plain(&self) -> String {
        format!("\0{}\0{}", self.user, self.password.expose_secret())
    }
}

impl SmtpServer {
    /// Where it is.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What a person should know who set this up.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let in_clear = matches!(self.security, Security::None) && !is_this_machine(&self.host);
        in_clear.then(|| {
            format!(
                "--smtp-url: every message crosses the network to {} in clear: say smtps:// or smtp+starttls://",
                self.host
            )
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(url: &str) -> Result<SmtpServer, String> {
        SmtpServer::parse(url, "lienminh.example", None)
    }

    #[test]
    fn addresses_are_read_with_their_usual_ports() {
        let place = |url| {
            let server = parse(url).unwrap();
            (server.host, server.port)
        };
        assert_eq!(
            place("smtp://127.0.0.1:2525"),
            ("127.0.0.1".to_owned(), 2525)
        );
        assert_eq!(place("smtp://[::1]"), ("::1".to_owned(), 25));
        assert_eq!(place("smtp+starttls://u:p@mail"), ("mail".to_owned(), 587));
        assert_eq!(
            place("smtps://u:p@mail.example"),
            ("mail.example".to_owned(), 465)
        );
        assert!(matches!(
            parse("smtps://mail").unwrap().security,
            Security::Implicit(_)
        ));
    }

    #[test]
    fn accounts_are_decoded() {
        let login = |url| {
            let login = parse(url).unwrap().login.unwrap();
            (
                login.user.clone(),
                login.password.expose_secret().to_owned(),
            )
        };
        let url = "smtp+starttls://nhacviec%40lienminh.example:mat%23khau%24@mail:587";
        let (user, password) = login(url);
        assert_eq!(user, "nhacviec@lienminh.example");
        assert_eq!(password, "mat#khau$");
        let (_, password) = login("smtps://u:m%E1%BA%ADt%20kh%E1%BA%A9u%25%3A%2F@mail");
        assert_eq!(password, "mật khẩu%:/");
        let (user, _) = login("smtps://tai@khoan:p@mail");
        assert_eq!(user, "tai@khoan");
    }

    #[test]
    fn what_cannot_be_read_is_refused_without_the_password() {
        for wrong in [
            "smtp://u:secret@relay.example",
            "smtp+starttls://u:secret@r\u{435}lay.example",
            "smtp+starttls://u:secret%zz@relay.example",
            "smtp+starttls://u:secret%2@relay.example",
            "smtp+starttls://u:secret%00@relay.example",
            "smtp+starttls://u:secret%0d%0aRSET@relay.example",
            "smtp+starttls://u:secret%ff@relay.example",
            "smtp+starttls://u%zz:secret@relay.example",
            "smtp+starttls://u:se#cret@relay.example",
            "smtp+starttls://u:secret/x@relay.example",
            "smtp+starttls://:secret@relay.example",
            "smtp+starttls://u@relay.example",
            "smtps://u:secret@relay.example/path",
            "smtps://u:secret@relay.example?tls=none",
            "smtps://u:secret@relay.example:99999",
            "http://u:secret@x",
            "nonsense",
            "smtp://",
        ] {
            let error = parse(wrong).unwrap_err();
            assert!(
                error.starts_with("--smtp-url") && !error.contains("cret"),
                "{wrong}: {error}"
            );
        }
        let shown = format!("{:?}", parse("smtps://u:hunter2@mail").unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn authorities_are_read_at_once() {
        let url = "smtps://mail";
        let error = SmtpServer::parse(url, "x", Some(Path::new("/nowhere.pem"))).unwrap_err();
        assert!(
            error.starts_with("--smtp-ca: ") && error.contains("/nowhere.pem"),
            "{error}"
        );
        let idle = SmtpServer::parse("smtp://mail", "x", Some(Path::new("/nowhere.pem")));
        assert!(idle.unwrap_err().contains("not encrypted"));
    }
}
