//! The reference that a bank gives to a transfer.

use kit::error::Violation;
use kit::text;

/// Longest reference; those of Vietnamese banks have up to some thirty signs.
const LIMIT: usize = 100;

/// Signs that part the letters and figures for the eye.
const BETWEEN: &[char] = &[' ', '-', '.', '/', '_'];

/// A reference as printed. That `FT ABC1`, `ft-abc1` and `FTABC1` are one, the database
/// holds: a transfer has its letters and figures beside it, in capitals, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankReference(String);

impl BankReference {
    /// Reads a reference.
    ///
    /// # Errors
    /// A violation of `field`: not a line of letters, figures and signs between them.
    pub fn parse(field: &str, raw: &str) -> Result<Self, Violation> {
        let printed = text::required_line(field, raw, LIMIT)?;
        let fits = |sign: char| sign.is_ascii_alphanumeric() || BETWEEN.contains(&sign);
        let is_one = printed.chars().all(fits) && printed.contains(|sign| !BETWEEN.contains(&sign));
        is_one.then_some(Self(printed)).ok_or_else(|| {
            Violation::malformed(
                field,
                "số tham chiếu gồm chữ không dấu và chữ số, như FT24080001",
                "a reference of ASCII letters and figures, such as FT24080001",
            )
        })
    }

    /// As printed.
    #[must_use]
    pub fn printed(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_stays_as_it_is_printed() {
        for raw in [
            "FT24080001",
            "FT ABC1",
            "ft-abc1",
            "UNC-2024-0415-01",
            "1/2024.3_4",
        ] {
            let read = BankReference::parse("x", raw).map(BankReference::printed);
            assert_eq!(read.as_deref(), Ok(raw));
        }
    }

    #[test]
    fn a_reference_that_no_bank_prints_is_refused() {
        for raw in [
            "",
            "-",
            " . ",
            "FT\u{ff21}BC1",
            "FTÁ1",
            "FT\u{200b}1",
            "FT+1",
            "FT1\n2",
        ] {
            assert!(BankReference::parse("x", raw).is_err(), "{raw:?}");
        }
    }
}
