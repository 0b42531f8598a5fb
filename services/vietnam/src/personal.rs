//! Personal numbers: twelve digits since 2016 (Decree 137/2015/NĐ-CP, article 13), nine on the
//! identity cards before. Personal data: store them masked or hashed, never print them whole.

use std::fmt;

use crate::units;

/// A personal number of the right shape.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonalNumber(String);

/// What a number of twelve digits tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The province of birth registration, by its code among the 63 before July 2025, such as 67;
    /// the number never changes with later mergers.
    pub province: u8,
    /// The sex in the birth register.
    pub sex: Sex,
    /// The year of birth.
    pub year: i16,
}

/// The sex in the birth register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// Why a text is not a personal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonalNumberError {
    /// Not nine or twelve digits.
    #[error("a personal number has 12 digits, on old cards 9")]
    Shape,
    /// The first three digits are no province.
    #[error("the first three digits are not the code of a province")]
    Province,
}

impl PersonalNumber {
    /// Reads a number, blanks and dots allowed.
    ///
    /// ```
    /// use vietnam::personal::{PersonalNumber, Sex};
    /// let number = PersonalNumber::parse("067 190 000 123")?;
    /// let origin = number.origin().unwrap();
    /// assert_eq!((origin.province, origin.sex, origin.year), (67, Sex::Female, 1990));
    /// # Ok::<(), vietnam::personal::PersonalNumberError>(())
    /// ```
    ///
    /// # Errors
    /// Another length, or twelve digits that no province could have given.
    pub fn parse(text: &str) -> Result<Self, PersonalNumberError> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '.')
            .collect();
        if !matches!(digits.len(), 9 | 12) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PersonalNumberError::Shape);
        }
        let number = Self(digits);
        if !number.is_old_card() && number.origin().is_none() {
            return Err(PersonalNumberError::Province);
        }
        Ok(number)
    }

    /// Whether it is the nine-digit number of an old card, which tells nothing.
    ///
    /// ```
    /// assert!(vietnam::personal::PersonalNumber::parse("245012345")?.is_old_card());
    /// # Ok::<(), vietnam::personal::PersonalNumberError>(())
    /// ```
    #[must_use]
    pub const fn is_old_card(&self) -> bool {
        self.0.len() == 9
    }

    /// What the number tells of its bearer; nothing on old cards.
    ///
    /// ```
    /// assert_eq!(vietnam::personal::PersonalNumber::parse("001204000123")?.origin().unwrap().year, 2004);
    /// # Ok::<(), vietnam::personal::PersonalNumberError>(())
    /// ```
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        if self.is_old_card() {
            return None;
        }
        let province = self.0.get(..3)?.parse().ok()?;
        if !units::was_province_before_2025(province) {
            return None;
        }
        let century_and_sex: i16 = self.0.get(3..4)?.parse().ok()?;
        let year: i16 = self.0.get(4..6)?.parse().ok()?;
        Some(Origin {
            province,
            sex: if century_and_sex % 2 == 0 {
                Sex::Male
            } else {
                Sex::Female
            },
            year: 1900 + century_and_sex / 2 * 100 + year,
        })
    }

    /// All but the last three digits hidden.
    ///
    /// ```
    /// assert_eq!(vietnam::personal::PersonalNumber::parse("067190000123")?.masked(), "*********123");
    /// # Ok::<(), vietnam::personal::PersonalNumberError>(())
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        let shown = self.0.len() - 3;
        format!("{}{}", "*".repeat(shown), &self.0[shown..])
    }

    /// The digits, for hashing and for the one form that asks for them.
    ///
    /// ```
    /// assert_eq!(vietnam::personal::PersonalNumber::parse("067 190000123")?.reveal(), "067190000123");
    /// # Ok::<(), vietnam::personal::PersonalNumberError>(())
    /// ```
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonalNumber({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_another_shape_are_refused() {
        for text in ["", "12345678", "0671900001234", "06719000012a"] {
            assert_eq!(
                PersonalNumber::parse(text),
                Err(PersonalNumberError::Shape),
                "{text}"
            );
        }
        assert_eq!(
            PersonalNumber::parse("999190000123"),
            Err(PersonalNumberError::Province)
        );
        assert_eq!(
            PersonalNumber::parse("003190000123"),
            Err(PersonalNumberError::Province)
        );
    }

    #[test]
    fn no_way_of_printing_shows_the_number() {
        let number = PersonalNumber::parse("067190000123").unwrap();
        assert!(!format!("{number} {number:?}").contains("0671"));
    }

    proptest! {
        #[test]
        fn what_was_put_in_is_told(sex in 0_i16..10, year in 0_i16..100, serial in 0_u32..1_000_000) {
            let number = PersonalNumber::parse(&format!("068{sex}{year:02}{serial:06}")).unwrap();
            let origin = number.origin().unwrap();
            prop_assert_eq!(origin.year, 1900 + sex / 2 * 100 + year);
            prop_assert_eq!(origin.sex == Sex::Female, sex % 2 == 1);
        }

        #[test]
        fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..30)) {
            let _ = PersonalNumber::parse(&String::from_utf8_lossy(&bytes));
        }
    }
}
