//! Where mail is handed over.

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;

/// The SMTP server of the house, usually its own relay.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) starttls: bool,
    pub(super) credentials: Option<Credentials>,
    pub(super) hello: ClientId,
}

impl SmtpServer {
    /// Reads `smtp://host:port` or, with STARTTLS required and an account,
    /// `smtp+starttls://user:password@host:port`; `hello` is our own name.
    ///
    /// # Errors
    /// A sentence that says what is wrong, without the password.
    pub fn parse(url: &str, hello: &str) -> Result<Self, String> {
        let parsed = reqwest::Url::parse(url)
            .map_err(|_| "the SMTP address must look like smtp://host:port".to_owned())?;
        let starttls = match parsed.scheme() {
            "smtp" => false,
            "smtp+starttls" => true,
            other => {
                return Err(format!(
                    "{other}:// is no way to hand mail over; use smtp:// or smtp+starttls://"
                ));
            }
        };
        let host = parsed
            .host_str()
            .ok_or("the SMTP address names no host")?
            .to_owned();
        let user = parsed.username();
        if !user.is_empty() && !starttls {
            return Err(
                "an account needs smtp+starttls://, or its password crosses the network in clear"
                    .to_owned(),
            );
        }
        let credentials = (!user.is_empty()).then(|| {
            let password = parsed.password().unwrap_or_default();
            Credentials::new(user.to_owned(), password.to_owned())
        });
        Ok(Self {
            host,
            port: parsed.port().unwrap_or(if starttls { 587 } else { 25 }),
            starttls,
            credentials,
            hello: ClientId::Domain(hello.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_are_read_and_passwords_never_sent_in_clear() {
        let server = SmtpServer::parse("smtp://127.0.0.1:2525", "lienminh.example").unwrap();
        assert_eq!((server.host.as_str(), server.port), ("127.0.0.1", 2525));
        assert!(!server.starttls && server.credentials.is_none());
        assert!(
            SmtpServer::parse("smtp+starttls://u:p@relay.example", "x")
                .unwrap()
                .starttls
        );
        for wrong in [
            "smtp://u:secret@relay.example",
            "http://x",
            "nonsense",
            "smtp://",
        ] {
            let error = SmtpServer::parse(wrong, "x").unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
