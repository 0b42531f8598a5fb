//! Enums whose values have a stable code, the one that the database keeps.

/// Defines such an enum. The codes are checked by a constraint of the table,
/// so a new value needs a migration as well.
macro_rules! coded {
    (
        $(#[$about:meta])*
        $name:ident {
            $($(#[$value_about:meta])* $value:ident => $code:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$value_about])* $value,)+
        }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$value,)+];

            /// The code that the database keeps.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $code,)+
                }
            }

            /// The value of a code; `None` for a code of a later version.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$value),)+
                    _ => None,
                }
            }
        }
    };
}
