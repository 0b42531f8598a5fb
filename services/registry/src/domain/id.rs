//! Identities and the resource names that carry them.

use std::fmt;

use kit::error::Violation;
use kit::resource::{self, ObligationName, canonical};
use uuid::Uuid;

kit::resource_id!(
    /// Identity of an organisation.
    OrganisationId,
    "organisations"
);

kit::resource_id!(
    /// Identity of an admission batch.
    AdmissionBatchId,
    "admissionBatches"
);

impl OrganisationId {
    /// Reads a resource name that may be empty.
    ///
    /// # Errors
    /// A violation of `field` when it is of another form.
    pub fn parse_optional(field: &str, name: &str) -> Result<Option<Self>, Violation> {
        resource::optional(field, "organisations", name).map(|id| id.map(Self))
    }
}

/// The service, and the kind of the obligations that it owns.
const SOURCE: &str = "registry";
const BATCH: &str = "admission_batch";

impl AdmissionBatchId {
    /// Name of the obligation that a batch is to the notifier.
    #[must_use]
    pub fn obligation(self) -> String {
        format!("{SOURCE}/obligations/{BATCH}-{}", self.0)
    }

    /// Reads the name of an obligation of the registry.
    ///
    /// # Errors
    /// A violation of `field` when it is missing or of another form.
    pub fn parse_obligation(field: &str, name: &str) -> Result<Self, Violation> {
        let read = ObligationName::required(field, SOURCE, name)?;
        if read.kind == BATCH {
            Ok(Self(read.id))
        } else {
            let form = format!("{SOURCE}/obligations/{BATCH}-{{uuid}}");
            Err(resource::of_another_form(field, &form))
        }
    }
}

/// Identity of a contact; its resource name is a [`ContactName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(pub Uuid);

/// Resource name of a contact, "organisations/{uuid}/contacts/{uuid}".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContactName {
    /// The organisation it belongs to.
    pub organisation: OrganisationId,
    /// The contact.
    pub contact: ContactId,
}

impl ContactName {
    /// Reads a resource name.
    ///
    /// # Errors
    /// A violation of `field` when it is missing or of another form.
    pub fn parse(field: &str, name: &str) -> Result<Self, Violation> {
        if name.is_empty() {
            return Err(Violation::required(field));
        }
        Self::read(name)
            .ok_or_else(|| resource::of_another_form(field, "organisations/{uuid}/contacts/{uuid}"))
    }

    fn read(name: &str) -> Option<Self> {
        let (organisation, contact) = name
            .strip_prefix("organisations/")?
            .split_once("/contacts/")?;
        Some(Self {
            organisation: OrganisationId(canonical(organisation)?),
            contact: ContactId(canonical(contact)?),
        })
    }
}

impl fmt::Display for ContactName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/contacts/{}",
            self.organisation, self.contact.0
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const ID: &str = "0190a5c4-7b1e-7cc0-8f00-000000000001";

    #[test]
    fn a_printed_name_reads_back() {
        let id = OrganisationId::parse("name", &format!("organisations/{ID}")).unwrap();
        assert_eq!(id.to_string(), format!("organisations/{ID}"));
        let contact = format!("organisations/{ID}/contacts/{ID}");
        assert_eq!(
            ContactName::parse("name", &contact).unwrap().to_string(),
            contact
        );
        let batch = AdmissionBatchId(id.0);
        assert_eq!(
            AdmissionBatchId::parse_obligation("obligation", &batch.obligation()).unwrap(),
            batch
        );
    }

    #[test]
    fn a_second_spelling_of_a_name_is_refused() {
        for name in [
            format!("organisations/{}", ID.to_uppercase()),
            format!("organisations/{}", ID.replace('-', "")),
            format!("organisations/{{{ID}}}"),
            format!("organizations/{ID}"),
            format!("organisations/{ID}/"),
            ID.to_owned(),
        ] {
            let violation = OrganisationId::parse("name", &name).unwrap_err();
            assert_eq!(
                (violation.field.as_str(), violation.reason),
                ("name", "MALFORMED"),
                "{name}"
            );
        }
    }

    #[test]
    fn an_empty_name_is_missing_unless_it_may_be() {
        assert_eq!(
            OrganisationId::parse("parent", "").unwrap_err().reason,
            "REQUIRED"
        );
        assert_eq!(OrganisationId::parse_optional("parent", "").unwrap(), None);
    }
}
