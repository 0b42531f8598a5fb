//! What a token says.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Refused;
use super::subject::is_subject;

/// `iss` of our tokens.
pub const ISSUER: &str = "lienminh";
/// `aud` of our tokens.
pub const AUDIENCE: &str = "lienminh";
/// `typ` of an access token (RFC 9068, section 2.1).
pub(super) const TOKEN_TYPE: &str = "at+jwt";
/// Clocks of callers may differ from ours by this much.
pub const SKEW: Duration = Duration::from_secs(60);
/// Resource prefix of `org`.
const ORGANISATIONS: &str = "organisations/";

/// Longest life of a token: a year, for an alliance without an identity provider
/// issues them once a year. Each has an id, by which it is revoked before.
pub const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);

/// Longest life of a service's own token, which it renews every few minutes: some
/// more than ours have.
const SERVICE_LIFE: Duration = Duration::from_secs(15 * 60);

/// Beginning of the subjects of services.
const SERVICE: &str = "service:";

/// Characters of `sub` and `jti`: three times those of a UUID.
const NAME_LIMIT: usize = 128;

/// The claims of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer, always [`ISSUER`].
    pub iss: String,
    /// Audience, always [`AUDIENCE`].
    pub aud: String,
    /// Who calls.
    pub sub: String,
    /// Permissions, separated by blanks.
    #[serde(default)]
    pub scope: String,
    /// End of validity, seconds since 1970.
    pub exp: u64,
    /// Issued at, seconds since 1970.
    pub iat: u64,
    /// Not valid before, seconds since 1970.
    pub nbf: u64,
    /// Identity of the token, by which it is revoked.
    pub jti: String,
    /// `organisations/{uuid}` of a bound caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
}

/// Whether `sub` or `jti` can be told from all others, also on a line of a log:
/// visible ASCII characters, no blanks.
pub(super) fn is_name(text: &str) -> bool {
    (1..=NAME_LIMIT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// How long a token of this subject may live.
pub(super) fn longest_life(subject: &str) -> Duration {
    if subject.starts_with(SERVICE) {
        SERVICE_LIFE
    } else {
        LONGEST_LIFE
    }
}

impl Claims {
    /// Whether the token says who calls, can be revoked, and ends in time. A trusted
    /// key may be an identity provider's, which may have been talked into anything.
    pub(super) fn check(&self) -> Result<(), Refused> {
        if !is_subject(&self.sub) || !is_name(&self.jti) {
            return Err(Refused::Name);
        }
        let life = self.exp.saturating_sub(self.iat);
        if life > longest_life(&self.sub).as_secs() {
            return Err(Refused::Life);
        }
        Ok(())
    }

    /// The organisation the caller is bound to. `Err` where the claim is there
    /// but cannot be read: such a token must not pass as unbound.
    pub(super) fn organisation(&self) -> Result<Option<Uuid>, ()> {
        let Some(name) = &self.org else {
            return Ok(None);
        };
        name.strip_prefix(ORGANISATIONS)
            .and_then(|id| Uuid::try_parse(id).ok())
            .map(Some)
            .ok_or(())
    }
}

/// `organisations/{uuid}`.
pub(super) fn organisation_name(id: Uuid) -> String {
    format!("{ORGANISATIONS}{id}")
}

/// A set of permissions: exact ones, `prefix.*`, or `*`.
///
/// ```
/// use kit::auth::Scope;
///
/// let scope = Scope::parse("events.events.write registry.*");
/// assert!(scope.allows("registry.contacts.get"));
/// assert!(!scope.allows("events.events.read"));
/// assert!(!scope.allows("registryx.contacts.get"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Vec<String>);

impl Scope {
    /// Reads the `scope` claim (RFC 6749, section 3.3: words separated by blanks).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// All permissions.
    #[must_use]
    pub fn everything() -> Self {
        Self(vec!["*".to_owned()])
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub fn allows(&self, permission: &str) -> bool {
        self.0.iter().any(|granted| covers(granted, permission))
    }
}

fn covers(granted: &str, permission: &str) -> bool {
    if granted == "*" {
        return true;
    }
    match granted.strip_suffix(".*") {
        Some(prefix) if !prefix.is_empty() => permission
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('.')),
        Some(_) | None => granted == permission,
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_at_a_dot() {
        assert!(covers("registry.*", "registry.contacts.get"));
        assert!(!covers("registry.*", "registry"));
        assert!(!covers("registry.*", "registryx.get"));
        assert!(!covers(".*", "registry.get"));
        assert!(!covers("registry.con*", "registry.contacts"));
    }

    #[test]
    fn an_empty_scope_allows_nothing() {
        assert!(!Scope::parse("").allows("clock.get"));
        assert!(!Scope::parse("   ").allows(""));
    }

    #[test]
    fn a_binding_that_cannot_be_read_is_not_a_missing_binding() {
        let mut claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: "user:a".into(),
            scope: String::new(),
            exp: 0,
            iat: 0,
            nbf: 0,
            jti: "j".into(),
            org: None,
        };
        assert_eq!(claims.organisation(), Ok(None));
        claims.org = Some("organisations/everybody".into());
        assert_eq!(claims.organisation(), Err(()));
    }
}
