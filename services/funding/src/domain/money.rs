//! Amounts in whole đồng.

use kit::error::Violation;

/// No budget of an alliance comes near a quadrillion đồng; sums of a thousand
/// such amounts still fit.
const MOST: i64 = 1_000_000_000_000_000;

/// A positive amount in đồng.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// Reads an amount.
    ///
    /// # Errors
    /// A violation of `field`: not above zero, or beyond any budget.
    pub fn parse(field: &str, dong: i64) -> Result<Self, Violation> {
        if (1..=MOST).contains(&dong) {
            Ok(Self(dong))
        } else {
            Err(Violation::out_of_range(field, 1, MOST))
        }
    }

    /// The amount in đồng.
    #[must_use]
    pub const fn dong(self) -> i64 {
        self.0
    }
}

/// "195.000.000 đồng".
#[must_use]
pub fn in_dong(dong: i64) -> String {
    vietnam::money::Dong(dong).to_string()
}
