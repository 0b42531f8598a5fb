//! Resource names (google.aip.dev/122): "applications/{uuid}". One engine reads them in all
//! services, and each resource has one spelling: what would not be printed the same way is
//! another name.

use uuid::Uuid;

use crate::error::Violation;

/// Reads the canonical form of a UUID only, so that a resource has one name.
#[must_use]
pub fn canonical(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text)
        .ok()
        .filter(|id| id.as_hyphenated().to_string() == text)
}

/// The identity in `{collection}/{uuid}`; `None` for any other text.
///
/// ```
/// let name = "events/0190a8f0-7c1e-7000-8000-000000000001";
/// assert!(kit::resource::id("events", name).is_some());
/// assert!(kit::resource::id("events", &name.to_uppercase()).is_none());
/// assert!(kit::resource::id("events", &name.replace('/', "%2F")).is_none());
/// ```
#[must_use]
pub fn id(collection: &str, name: &str) -> Option<Uuid> {
    canonical(name.strip_prefix(collection)?.strip_prefix('/')?)
}

/// The identity that `field` must name.
///
/// # Errors
/// A violation of `field` when it is missing or of another form.
pub fn required(field: &str, collection: &str, name: &str) -> Result<Uuid, Violation> {
    if name.is_empty() {
        return Err(Violation::required(field));
    }
    id(collection, name).ok_or_else(|| of_another_form(field, &format!("{collection}/{{uuid}}")))
}

/// The identity that `field` may name.
///
/// # Errors
/// A violation of `field` when it is of another form.
pub fn optional(field: &str, collection: &str, name: &str) -> Result<Option<Uuid>, Violation> {
    if name.is_empty() {
        return Ok(None);
    }
    required(field, collection, name).map(Some)
}

/// The violation of a name that is not of this form.
#[must_use]
pub fn of_another_form(field: &str, form: &str) -> Violation {
    Violation::malformed(
        field,
        format!("tên dạng {form}"),
        format!("a name of the form {form}"),
    )
}

/// The name of an obligation: `{source}/obligations/{kind}-{uuid}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObligationName<'n> {
    /// The service that owns it.
    pub source: &'n str,
    /// What it reminds of there.
    pub kind: &'n str,
    /// Its identity.
    pub id: Uuid,
}

impl<'n> ObligationName<'n> {
    /// Reads a name; `None` for any other text.
    ///
    /// ```
    /// use kit::resource::ObligationName;
    /// let name = "events/obligations/event-0190a8f0-7c1e-7000-8000-000000000001";
    /// let read = ObligationName::read(name).unwrap();
    /// assert_eq!((read.source, read.kind), ("events", "event"));
    /// assert!(ObligationName::read(&name.to_uppercase()).is_none());
    /// ```
    #[must_use]
    pub fn read(name: &'n str) -> Option<Self> {
        let (source, rest) = name.split_once("/obligations/")?;
        let (kind, id) = rest.split_once('-')?;
        let plain = |word: &str| {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
            !word.is_empty() && word.bytes().all(plain)
        };
        (plain(source) && plain(kind)).then_some(Self {
            source,
            kind,
            id: canonical(id)?,
        })
    }

    /// The name that `field` must hold, of what `source` owns.
    ///
    /// # Errors
    /// A violation of `field` when it is missing or of another form.
    pub fn required(field: &str, source: &str, name: &'n str) -> Result<Self, Violation> {
        if name.is_empty() {
            return Err(Violation::required(field));
        }
        let read = Self::read(name).filter(|read| read.source == source);
        read.ok_or_else(|| {
            of_another_form(field, &format!("{source}/obligations/{{kind}}-{{uuid}}"))
        })
    }
}

/// Declares the identity of a kind of resource: parsed from its name, printed as it.
///
/// ```
/// kit::resource_id!(
///     /// Identity of a programme.
///     ProgrammeId,
///     "programmes"
/// );
/// let name = "programmes/0190a8f0-7c1e-7000-8000-000000000001";
/// assert_eq!(ProgrammeId::parse("name", name).unwrap().to_string(), name);
/// assert!(ProgrammeId::parse("name", "programmes/7").is_err());
/// ```
#[macro_export]
macro_rules! resource_id {
    ($(#[$about:meta])* $name:ident, $collection:literal) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub ::uuid::Uuid);

        impl $name {
            /// Reads a resource name.
            ///
            /// # Errors
            /// A violation of `field` when it is missing or of another form.
            pub fn parse(field: &str, name: &str) -> ::std::result::Result<Self, $crate::error::Violation> {
                $crate::resource::required(field, $collection, name).map(Self)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(formatter, concat!($collection, "/{}"), self.0)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    /// Every way in which somebody might write the same name.
    fn spellings(name: &str, id: Uuid) -> Vec<String> {
        let own = id.to_string();
        let written = |other: String| name.replace(&own, &other);
        vec![
            written(own.to_uppercase()),
            written(id.simple().to_string()),
            written(id.braced().to_string()),
            written(id.urn().to_string()),
            written(own.replacen('-', "%2D", 1)),
            written(format!("{own}/")),
            written(format!("{own}?x")),
            name.to_uppercase(),
            name.replace('/', "%2F"),
            name.replace('/', "%2f"),
            name.replace('/', "//"),
            format!("/{name}"),
            format!("//registry.example/{name}"),
            format!(" {name}"),
            format!("{name}\n"),
        ]
    }

    proptest! {
        #[test]
        fn a_resource_has_one_name(bits in any::<u128>()) {
            let own = Uuid::from_u128(bits);
            let name = format!("organisations/{own}");
            prop_assert_eq!(id("organisations", &name), Some(own));
            let obligation = format!("events/obligations/event-{own}");
            prop_assert_eq!(ObligationName::read(&obligation).unwrap().id, own);
            for (spelled, name) in [name, obligation]
                .iter()
                .flat_map(|name| spellings(name, own).into_iter().map(move |other| (other, name)))
                .filter(|(spelled, name)| spelled != *name)
            {
                prop_assert_eq!(id("organisations", &spelled), None, "{}", name);
                prop_assert_eq!(ObligationName::read(&spelled), None, "{}", name);
            }
        }

        #[test]
        fn whatever_is_read_prints_the_same(text in "[a-z_/%A-Z0-9-]{0,80}") {
            if let Some(read) = ObligationName::read(&text) {
                let printed = format!("{}/obligations/{}-{}", read.source, read.kind, read.id);
                prop_assert_eq!(printed, text);
            }
        }
    }
}
