//! Who calls, and what they may do.
//!
//! Callers present a JWT signed with Ed25519 (RFC 8037, RFC 9068). Every key
//! may sign only the subjects its trusted file names; every rpc demands the
//! permission that its proto option names; what is not listed is refused.

mod caller;
mod claims;
mod folder;
mod issue;
mod key;
mod permission;
mod signer;
mod subject;
mod trust;
mod verify;

pub use caller::Caller;
pub use claims::{AUDIENCE, Claims, ISSUER, LONGEST_LIFE, SKEW, Scope};
pub use folder::AuthFolder;
pub(crate) use folder::replace;
pub use issue::{Grant, Issued, issue, issued, revoke};
pub use key::Key;
pub use permission::{Method, Permissions, known_permissions};
pub use signer::Signer;
pub use subject::{canonical_subject, is_same_subject};
pub use trust::TrustedKey;
pub use verify::{Refused, Verifier};
