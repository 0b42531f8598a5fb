//! Email addresses as the alliance's mail server can take them.

use kit::error::Violation;

/// An email address: a dot-atom local part and a domain name (RFC 5321 4.1.2),
/// ASCII only, since few mail servers of cooperatives take more (RFC 6531).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// RFC 5321 4.5.3.1.1.
const LOCAL_LIMIT: usize = 64;
/// The longest path less its angle brackets (RFC 5321 4.5.3.1.3).
const ADDRESS_LIMIT: usize = 254;
/// RFC 1035 2.3.4.
const LABEL_LIMIT: usize = 63;

impl Email {
    /// Reads an address; the domain is lower-cased, the local part kept as written.
    ///
    /// # Errors
    /// A violation of `field` when it is not an address.
    pub fn parse(field: &str, raw: &str) -> Result<Self, Violation> {
        Self::read(raw.trim()).ok_or_else(|| {
            Violation::malformed(
                field,
                "địa chỉ email không dấu, dạng ten@tenmien.vn",
                "an email address in ASCII such as name@domain.vn",
            )
        })
    }

    /// Takes back an address that was read before.
    #[must_use]
    pub fn stored(address: String) -> Self {
        Self(address)
    }

    fn read(address: &str) -> Option<Self> {
        let (local, domain) = address.rsplit_once('@')?;
        let sound = address.len() <= ADDRESS_LIMIT && is_local(local) && is_domain(domain);
        sound.then(|| Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Email {
    /// Personal data: what is printed for debugging ends in logs.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Email(****)")
    }
}

fn is_local(local: &str) -> bool {
    local.len() <= LOCAL_LIMIT
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte))
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let mut labels = domain.split('.');
    domain.contains('.')
        && labels.all(is_label)
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|last| last.len() >= 2 && !last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= LABEL_LIMIT
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_addresses_are_read() {
        for (raw, read) in [
            ("htx.binhminh@example.vn", "htx.binhminh@example.vn"),
            (" Lan+ketoan@Example.COM ", "Lan+ketoan@example.com"),
            ("o'neil_1@mail-2.example.org", "o'neil_1@mail-2.example.org"),
        ] {
            assert_eq!(Email::parse("email", raw).unwrap().as_str(), read);
        }
    }

    #[test]
    fn case_24_what_no_server_takes_is_refused() {
        for raw in [
            "",
            "abc",
            "@example.vn",
            "a@",
            "a@localhost",
            "a b@example.vn",
            "a..b@example.vn",
            ".a@example.vn",
            "a@-x.vn",
            "a@x-.vn",
            "a@example..vn",
            "a@10.0.0.1",
            "đạt@example.vn",
            "a@ví-dụ.vn",
            "a@example.vn\r\nBcc: b@example.vn",
            "a@b@example.vn",
            "<a@example.vn>",
        ] {
            assert_eq!(
                Email::parse("email", raw).unwrap_err().reason,
                "MALFORMED",
                "{raw:?}"
            );
        }
        let long = format!("{}@example.vn", "a".repeat(65));
        assert!(Email::parse("email", &long).is_err());
    }

    #[test]
    fn printing_for_debugging_never_shows_the_address() {
        let email = Email::parse("email", "lan@example.vn").unwrap();
        assert!(!format!("{email:?}").contains("lan"));
    }

    proptest! {
        #[test]
        fn what_was_read_reads_back_and_stays_one_line(raw in "\\PC{0,40}@\\PC{0,40}") {
            if let Ok(email) = Email::parse("email", &raw) {
                prop_assert!(email.as_str().is_ascii() && !email.as_str().contains(char::is_whitespace));
                prop_assert_eq!(Email::parse("email", email.as_str()).unwrap(), email);
            }
        }
    }
}
