//! Where something takes place.

use serde::{Deserialize, Serialize};

/// Where something takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Name and address as people read it; empty while it is not known.
    pub text: String,
    /// A hint how to get there; may be empty.
    pub hint: String,
    /// Address of an online session, https only; may be empty.
    pub online_uri: String,
}

impl Place {
    /// Whether nothing is known about it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Whether both send people to the same place; a better hint does not move it.
    #[must_use]
    pub fn same_place(&self, other: &Self) -> bool {
        (&self.text, &self.online_uri) == (&other.text, &other.online_uri)
    }
}
