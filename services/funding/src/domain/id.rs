//! Identities of the service's resources.

use kit::error::Violation;
use kit::resource;
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

const SOURCE: &str = "funding";

impl ObligationName {
    /// Reads a name.
    ///
    /// # Errors
    /// A violation of `field` when it is missing or of another form.
    pub fn parse(field: &str, name: &str) -> Result<Self, Violation> {
        let read = resource::ObligationName::required(field, SOURCE, name)?;
        let kind = Kind::parse(read.kind).ok_or_else(|| {
            resource::of_another_form(field, &format!("{SOURCE}/obligations/{{kind}}-{{uuid}}"))
        })?;
        Ok(Self { kind, id: read.id })
    }
}

impl std::fmt::Display for ObligationName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{SOURCE}/obligations/{}-{}",
            self.kind.word(),
            self.id
        )
    }
}
