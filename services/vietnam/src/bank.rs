//! Bank accounts as they are printed. There is no national check digit, so only the shape can be
//! judged; what matters is to compare and to mask.

use std::fmt;

use crate::text::{fold, nfc};

/// An account at a bank.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BankAccount {
    bank: String,
    number: String,
    holder: String,
}

/// Why something is no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BankAccountError {
    /// No bank named.
    #[error("the bank is missing")]
    Bank,
    /// Not 4 to 25 letters and digits.
    #[error("an account number has 4 to 25 letters and digits")]
    Number,
    /// No holder named.
    #[error("the holder is missing")]
    Holder,
}

impl BankAccount {
    /// An account by bank, number (blanks, dots and dashes allowed) and holder.
    ///
    /// ```
    /// let account = vietnam::bank::BankAccount::new("Agribank Lâm Đồng", "5400 2050.12345", "HTX Đắk Nông")?;
    /// assert_eq!(account.number(), "5400205012345");
    /// # Ok::<(), vietnam::bank::BankAccountError>(())
    /// ```
    ///
    /// # Errors
    /// A missing part, or a number of another shape.
    pub fn new(bank: &str, number: &str, holder: &str) -> Result<Self, BankAccountError> {
        let number: String = number
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'))
            .collect::<String>()
            .to_uppercase();
        let sound = (4..=25).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (bank, holder) = (tidy(bank), tidy(holder));
        match (bank.is_empty(), sound, holder.is_empty()) {
            (true, ..) => Err(BankAccountError::Bank),
            (_, false, _) => Err(BankAccountError::Number),
            (.., true) => Err(BankAccountError::Holder),
            _ => Ok(Self {
                bank,
                number,
                holder,
            }),
        }
    }

    /// The number without blanks.
    ///
    /// ```
    /// assert_eq!(vietnam::bank::BankAccount::new("BIDV", "6501-0001", "A")?.number(), "65010001");
    /// # Ok::<(), vietnam::bank::BankAccountError>(())
    /// ```
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// As it is printed on a payment order.
    ///
    /// ```
    /// let account = vietnam::bank::BankAccount::new("BIDV", "65010001", "HTX Đắk Nông")?;
    /// assert_eq!(account.to_string(), "6501 0001 – BIDV – HTX Đắk Nông");
    /// # Ok::<(), vietnam::bank::BankAccountError>(())
    /// ```
    fn printed(&self) -> String {
        let mut groups = String::with_capacity(self.number.len() + 6);
        for (at, c) in self.number.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                groups.push(' ');
            }
            groups.push(c);
        }
        format!("{groups} – {} – {}", self.bank, self.holder)
    }

    /// The number with all but its last four signs hidden.
    ///
    /// ```
    /// assert_eq!(vietnam::bank::BankAccount::new("BIDV", "65010001", "A")?.masked(), "****0001");
    /// # Ok::<(), vietnam::bank::BankAccountError>(())
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        let hidden = self.number.len() - 4;
        format!("{}{}", "*".repeat(hidden), &self.number[hidden..])
    }

    /// Whether a holder as a bank prints it (capitals, no diacritics) is this one.
    ///
    /// ```
    /// let account = vietnam::bank::BankAccount::new("BIDV", "65010001", "HTX Đắk Nông")?;
    /// assert!(account.is_held_by("HTX DAK NONG"));
    /// # Ok::<(), vietnam::bank::BankAccountError>(())
    /// ```
    #[must_use]
    pub fn is_held_by(&self, holder: &str) -> bool {
        fold(&self.holder) == fold(&tidy(holder))
    }
}

impl fmt::Display for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed())
    }
}

impl fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankAccount({})", self.masked())
    }
}

fn tidy(text: &str) -> String {
    nfc(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_missing_part_is_named() {
        assert_eq!(
            BankAccount::new(" ", "1234", "A"),
            Err(BankAccountError::Bank)
        );
        assert_eq!(
            BankAccount::new("BIDV", "123", "A"),
            Err(BankAccountError::Number)
        );
        assert_eq!(
            BankAccount::new("BIDV", "12é4", "A"),
            Err(BankAccountError::Number)
        );
        assert_eq!(
            BankAccount::new("BIDV", "1234", ""),
            Err(BankAccountError::Holder)
        );
    }

    proptest! {
        #[test]
        fn any_text_makes_an_account_or_is_refused(bank in any::<String>(), number in any::<String>(), holder in any::<String>()) {
            if let Ok(account) = BankAccount::new(&bank, &number, &holder) {
                prop_assert_eq!(account.masked().len(), account.number().len());
            }
        }

        #[test]
        fn the_printed_number_reads_back(number in "[0-9]{4,19}") {
            let account = BankAccount::new("BIDV", &number, "A").unwrap();
            let printed = account.to_string();
            let again = BankAccount::new("BIDV", printed.split('–').next().unwrap(), "A");
            prop_assert_eq!(again, Ok(account));
        }
    }
}
