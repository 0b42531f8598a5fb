//! Resource names (google.aip.dev/122): "applications/{uuid}".

use uuid::Uuid;

/// Reads the canonical form of a UUID only, so that a resource has one name.
#[must_use]
pub fn canonical(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text)
        .ok()
        .filter(|id| id.as_hyphenated().to_string() == text)
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
                if name.is_empty() {
                    return Err($crate::error::Violation::required(field));
                }
                name.strip_prefix(concat!($collection, "/"))
                    .and_then($crate::resource::canonical)
                    .map(Self)
                    .ok_or_else(|| {
                        $crate::error::Violation::malformed(
                            field,
                            concat!("tên dạng ", $collection, "/{uuid}"),
                            concat!("a name of the form ", $collection, "/{uuid}"),
                        )
                    })
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(formatter, concat!($collection, "/{}"), self.0)
            }
        }
    };
}
