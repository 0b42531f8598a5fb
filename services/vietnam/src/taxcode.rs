//! Tax codes, which cooperatives also carry as their own code (Law on Cooperatives 2023,
//! article 46): ten digits with a check digit, or thirteen for a dependent unit. Persons and
//! households carry their personal number of twelve digits since 1 July 2025 (Circular
//! 86/2024/TT-BTC, article 5).

use std::fmt;

use crate::personal::PersonalNumber;

/// The weights of the first nine digits.
const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// A tax code of the right shape. Records hold codes whose check digit is wrong, so
/// [`read`](Self::read) accepts them and [`is_valid`](Self::is_valid) tells; [`parse`](Self::parse)
/// accepts only sound ones.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxCode {
    /// Ten digits, or the twelve of a person.
    base: String,
    /// 1 to 999.
    branch: Option<u16>,
}

/// Why a text is not a tax code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxCodeError {
    /// Not ten, twelve or thirteen digits.
    #[error(
        "a tax code has 10 digits, 13 for a dependent unit (0100109106-001), 12 for a person or household"
    )]
    Shape,
    /// Twelve digits that are nobody's personal number.
    #[error("a tax code of 12 digits is a personal number, and no province has given this one")]
    Person,
    /// The number of the dependent unit is 000.
    #[error("the dependent units of a taxpayer are numbered 001 to 999")]
    Branch,
    /// The tenth digit does not follow from the first nine.
    #[error("the check digit is wrong")]
    CheckDigit,
}

impl TaxCode {
    /// Reads a sound tax code, with or without blanks, dots and the dash before the branch.
    ///
    /// ```
    /// use vietnam::taxcode::{TaxCode, TaxCodeError};
    /// assert_eq!(TaxCode::parse("0100233488")?.to_string(), "0100233488");
    /// assert_eq!(TaxCode::parse("0100233488001")?.to_string(), "0100233488-001");
    /// assert_eq!(TaxCode::parse("0100233489"), Err(TaxCodeError::CheckDigit));
    /// # Ok::<(), TaxCodeError>(())
    /// ```
    ///
    /// # Errors
    /// Another shape, branch 000, or a wrong check digit.
    pub fn parse(text: &str) -> Result<Self, TaxCodeError> {
        let code = Self::read(text)?;
        if code.is_valid() {
            Ok(code)
        } else {
            Err(TaxCodeError::CheckDigit)
        }
    }

    /// Reads a code of the right shape without judging its check digit.
    ///
    /// ```
    /// let recorded = vietnam::taxcode::TaxCode::read("0100233489")?;
    /// assert!(!recorded.is_valid());
    /// # Ok::<(), vietnam::taxcode::TaxCodeError>(())
    /// ```
    ///
    /// # Errors
    /// Another shape, or branch 000.
    pub fn read(text: &str) -> Result<Self, TaxCodeError> {
        let mut digits = String::with_capacity(13);
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '.' | '\u{a0}' => {}
                dash if is_dash(dash) => {}
                _ => return Err(TaxCodeError::Shape),
            }
        }
        let (base, branch) = match digits.len() {
            10 => (digits, None),
            // A dash announces a dependent unit, and those have three digits.
            12 if text.contains(is_dash) => return Err(TaxCodeError::Shape),
            12 if PersonalNumber::parse(&digits).is_ok() => (digits, None),
            12 => return Err(TaxCodeError::Person),
            13 => {
                let branch = digits[10..].parse().map_err(|_| TaxCodeError::Shape)?;
                if branch == 0 {
                    return Err(TaxCodeError::Branch);
                }
                (digits[..10].to_owned(), Some(branch))
            }
            _ => return Err(TaxCodeError::Shape),
        };
        Ok(Self { base, branch })
    }

    /// Whether it is a person's or a household's: a personal number, never to be shown whole.
    ///
    /// ```
    /// let household = vietnam::taxcode::TaxCode::parse("067190000123")?;
    /// assert!(household.is_personal());
    /// # Ok::<(), vietnam::taxcode::TaxCodeError>(())
    /// ```
    #[must_use]
    pub const fn is_personal(&self) -> bool {
        self.base.len() == 12
    }

    /// Whether the tenth digit is the one that the first nine ask for; a personal number has none.
    ///
    /// ```
    /// assert!(vietnam::taxcode::TaxCode::read("0312687878")?.is_valid());
    /// # Ok::<(), vietnam::taxcode::TaxCodeError>(())
    /// ```
    #[must_use]
    pub fn is_valid(&self) -> bool {
        if self.is_personal() {
            return true;
        }
        let (first_nine, last) = self.base.split_at(9);
        check_digit(first_nine).is_some_and(|digit| last.parse() == Ok(digit))
    }

    /// The ten digits of the taxpayer, or the twelve of a person.
    ///
    /// ```
    /// assert_eq!(vietnam::taxcode::TaxCode::parse("0100233488-001")?.taxpayer(), "0100233488");
    /// # Ok::<(), vietnam::taxcode::TaxCodeError>(())
    /// ```
    #[must_use]
    pub fn taxpayer(&self) -> &str {
        &self.base
    }

    /// The number of the dependent unit, 1 to 999.
    ///
    /// ```
    /// assert_eq!(vietnam::taxcode::TaxCode::parse("0100233488-001")?.branch(), Some(1));
    /// # Ok::<(), vietnam::taxcode::TaxCodeError>(())
    /// ```
    #[must_use]
    pub const fn branch(&self) -> Option<u16> {
        self.branch
    }
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// The check digit for nine digits; `None` where the sum leaves ten, a number never issued, or
/// where the text is not nine digits.
///
/// ```
/// assert_eq!(vietnam::taxcode::check_digit("010023348"), Some(8));
/// ```
#[must_use]
pub fn check_digit(first_nine: &str) -> Option<u32> {
    if first_nine.len() != 9 {
        return None;
    }
    let mut sum = 0;
    for (digit, weight) in first_nine.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10)? * weight;
    }
    Some(10 - sum % 11).filter(|digit| *digit < 10)
}

impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)?;
        self.branch
            .map_or(Ok(()), |branch| write!(f, "-{branch:03}"))
    }
}

impl fmt::Debug for TaxCode {
    /// What is printed for debugging ends in logs: a person's is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_personal() {
            write!(f, "TaxCode(*********{})", &self.base[9..])
        } else {
            write!(f, "TaxCode({self})")
        }
    }
}

impl std::str::FromStr for TaxCode {
    type Err = TaxCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_of_the_wrong_shape_are_refused() {
        for text in [
            "",
            "123",
            "01002334888",
            "010023348A",
            "0100233488-01",
            "０１００２３３４８８",
        ] {
            assert_eq!(TaxCode::read(text), Err(TaxCodeError::Shape), "{text}");
        }
        assert_eq!(TaxCode::read("0100233488-000"), Err(TaxCodeError::Branch));
        assert_eq!(TaxCode::read("999190000123"), Err(TaxCodeError::Person));
    }

    #[test]
    fn a_persons_number_is_a_code_that_debugging_does_not_show() {
        let code = TaxCode::parse("067 190 000 123");
        assert!(!format!("{code:?}").contains("0671"));
        assert_eq!(
            code.map(|code| code.to_string()),
            Ok("067190000123".to_owned())
        );
    }

    proptest! {
        #[test]
        fn a_code_with_its_check_digit_is_sound_and_reads_back(nine in "[0-9]{9}", branch in proptest::option::of(1_u16..1000)) {
            if let Some(digit) = check_digit(&nine) {
                let text = branch.map_or_else(|| format!("{nine}{digit}"), |branch| format!("{nine}{digit}-{branch:03}"));
                let code = TaxCode::parse(&text);
                prop_assert_eq!(code.map(|code| code.to_string()), Ok(text));
            }
        }

        #[test]
        fn one_wrong_digit_is_always_noticed(nine in "[0-9]{9}", at in 0_usize..9, add in 1_u8..10) {
            if let Some(digit) = check_digit(&nine) {
                let mut bytes = nine.into_bytes();
                bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
                let wrong = format!("{}{digit}", String::from_utf8_lossy(&bytes));
                prop_assert_eq!(TaxCode::parse(&wrong), Err(TaxCodeError::CheckDigit));
            }
        }

        #[test]
        fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..30)) {
            let _ = TaxCode::read(&String::from_utf8_lossy(&bytes));
        }
    }
}
