//! Identities. Every one is a UUIDv7 of its own type, so that none can stand in for another.

use std::fmt;

use uuid::Uuid;

/// What every identity has in common.
pub trait Identity: From<Uuid> {
    /// The collection in resource names, without slashes.
    const COLLECTION: &'static str;
}

macro_rules! identity {
    ($(#[doc = $doc:literal] $name:ident in $collection:literal;)*) => {$(
        #[doc = $doc]
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identity, later than every one made before.
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl Identity for $name {
            const COLLECTION: &'static str = $collection;
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}/{}", Self::COLLECTION, self.0)
            }
        }
    )*};
}

identity! {
    /// An organisation, owned by the registry.
    OrganisationId in "organisations";
    /// A plan.
    PlanId in "plans";
    /// An item of a plan.
    PlanItemId in "items";
    /// An event.
    EventId in "events";
    /// An invitation of one organisation to one event.
    InvitationId in "invitations";
    /// A deadline.
    DeadlineId in "deadlines";
    /// What one organisation owes under one deadline.
    SubmissionId in "submissions";
}
