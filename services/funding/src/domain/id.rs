//! Identities of the service's resources.

use kit::error::Violation;
use kit::resource::canonical;
use uuid::Uuid;

use super::obligation::Kind;

kit::resource_id!(
    /// Identity of an organisation of the registry.
    OrganisationId,
    "organisations"
);
kit::resource_id!(
    /// Identity of a programme.
    ProgrammeId,
    "programmes"
);
kit::resource_id!(
    /// Identity of an application.
    ApplicationId,
    "applications"
);
kit::resource_id!(
    /// Identity of a transfer in the ledger.
    TransferId,
    "transfers"
);

/// Name of an obligation of this service: "funding/obligations/{kind}-{uuid}".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObligationName {
    /// What it reminds of.
    pub kind: Kind,
    /// Its identity.
    pub id: Uuid,
}

const PREFIX: &str = "funding/obligations/";

impl ObligationName {
    /// Reads a name.
    ///
    /// # Errors
    /// A violation of `field` when it is missing or of another form.
    pub fn parse(field: &str, name: &str) -> Result<Self, Violation> {
        if name.is_empty() {
            return Err(Violation::required(field));
        }
        let read = || {
            let (kind, id) = name.strip_prefix(PREFIX)?.split_once('-')?;
            Some(Self {
                kind: Kind::parse(kind)?,
                id: canonical(id)?,
            })
        };
        read().ok_or_else(|| {
            Violation::malformed(
                field,
                "tên dạng funding/obligations/{loại}-{uuid}",
                "a name of the form funding/obligations/{kind}-{uuid}",
            )
        })
    }
}

impl std::fmt::Display for ObligationName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{PREFIX}{}-{}", self.kind.word(), self.id)
    }
}
