//! Money: whole đồng, written as Vietnamese offices write it, in figures and in words.
//!
//! A dot groups thousands and a comma stands before decimals (Law on Accounting 2003, article 12);
//! the unit is written `đồng` (Decree 174/2016/NĐ-CP).

mod amount;
mod words;

pub use amount::AmountError;
pub use words::WordsError;

use std::fmt;

use crate::text::capitalised;

/// An amount of money in whole đồng; negative amounts are owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dong(pub i64);

impl Dong {
    /// The figures alone: `195.000.000`.
    ///
    /// ```
    /// assert_eq!(vietnam::money::Dong(-1_500).figures(), "-1.500");
    /// ```
    #[must_use]
    pub fn figures(self) -> String {
        let digits = self.0.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if self.0 < 0 {
            grouped.push('-');
        }
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        grouped
    }

    /// The short form, only where it says the same amount: `195 triệu`, `1,2 tỷ`; otherwise the
    /// figures with their unit.
    ///
    /// ```
    /// use vietnam::money::Dong;
    /// assert_eq!(Dong(195_000_000).short(), "195 triệu");
    /// assert_eq!(Dong(1_200_000_000).short(), "1,2 tỷ");
    /// assert_eq!(Dong(195_000_001).short(), "195.000.001 đồng");
    /// ```
    #[must_use]
    pub fn short(self) -> String {
        let magnitude = self.0.unsigned_abs();
        let unit = [(1_000_000_000_u64, "tỷ"), (1_000_000, "triệu")]
            .into_iter()
            .find(|(unit, _)| magnitude >= *unit && magnitude.is_multiple_of(unit / 100));
        let Some((unit, name)) = unit else {
            return self.to_string();
        };
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = Dong(i64::try_from(magnitude / unit).unwrap_or(i64::MAX)).figures();
        match magnitude % unit / (unit / 100) {
            0 => format!("{sign}{whole} {name}"),
            hundredths => {
                let decimals = format!("{hundredths:02}");
                format!("{sign}{whole},{} {name}", decimals.trim_end_matches('0'))
            }
        }
    }

    /// The amount in words as banks write it, in small letters.
    ///
    /// ```
    /// let aid = vietnam::money::Dong(195_000_000);
    /// assert_eq!(aid.in_words(), "một trăm chín mươi lăm triệu đồng");
    /// ```
    #[must_use]
    pub fn in_words(self) -> String {
        words::write(self.0)
    }

    /// [`in_words`](Self::in_words) with a capital at the start, as it stands after "Bằng chữ:".
    ///
    /// ```
    /// assert_eq!(vietnam::money::Dong(21).in_words_capitalised(), "Hai mươi mốt đồng");
    /// ```
    #[must_use]
    pub fn in_words_capitalised(self) -> String {
        capitalised(&self.in_words())
    }

    /// Reads an amount as people write it: `195trđ`, `195 triệu đồng`, `1,2 tỷ`, `1.2 tỷ`,
    /// `195.000.000`, `1 tỷ 200 triệu`, or in words.
    ///
    /// A comma before decimals, a dot between thousands; the reverse is understood where nothing
    /// else is possible.
    ///
    /// ```
    /// use vietnam::money::Dong;
    /// for text in ["195trđ", "195 triệu đồng", "195.000.000", "195.000.000 đ"] {
    ///     assert_eq!(Dong::parse(text), Ok(Dong(195_000_000)));
    /// }
    /// assert_eq!(Dong::parse("1.2 tỷ"), Dong::parse("1,2 tỷ"));
    /// ```
    ///
    /// # Errors
    /// What cannot be read, has a part of a đồng, or is too large.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        amount::parse(text)
    }

    /// Reads an amount in words, with or without the unit, in either spelling (nghìn or ngàn, linh
    /// or lẻ, tư or bốn).
    ///
    /// ```
    /// use vietnam::money::Dong;
    /// assert_eq!(Dong::parse_words("Một trăm linh năm nghìn đồng"), Ok(Dong(105_000)));
    /// ```
    ///
    /// # Errors
    /// Words that do not make a number.
    pub fn parse_words(text: &str) -> Result<Self, WordsError> {
        words::parse(text).map(Self)
    }

    /// Whether an amount in words says the same as this one in figures.
    ///
    /// ```
    /// use vietnam::money::Dong;
    /// assert!(Dong(24_000).agrees_with("Hai mươi bốn nghìn đồng"));
    /// assert!(!Dong(24_000).agrees_with("Hai mươi lăm nghìn đồng"));
    /// ```
    #[must_use]
    pub fn agrees_with(self, words: &str) -> bool {
        Self::parse_words(words) == Ok(self)
    }
}

impl fmt::Display for Dong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} đồng", self.figures())
    }
}

impl std::str::FromStr for Dong {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_printed_amount_reads_back(amount in any::<i64>()) {
            let amount = Dong(amount);
            prop_assert_eq!(Dong::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(Dong::parse(&amount.figures()), Ok(amount));
        }

        #[test]
        fn the_short_form_reads_back(amount in -99_999_i64..99_999, unit in prop::sample::select(vec![1_i64, 10_000, 1_000_000, 100_000_000])) {
            let amount = Dong(amount * unit);
            prop_assert_eq!(Dong::parse(&amount.short()), Ok(amount));
        }

        #[test]
        fn figures_and_words_agree(amount in any::<i64>()) {
            let amount = Dong(amount);
            prop_assert!(amount.agrees_with(&amount.in_words()));
            prop_assert!(amount.agrees_with(&amount.in_words_capitalised()));
        }

        #[test]
        fn small_figures_and_words_agree(amount in -2_000_000_i64..2_000_000) {
            prop_assert_eq!(Dong::parse(&Dong(amount).in_words()), Ok(Dong(amount)));
        }
    }

    #[test]
    fn short_forms_never_round() {
        for (amount, text) in [
            (0, "0 đồng"),
            (999_999, "999.999 đồng"),
            (1_000_000, "1 triệu"),
            (1_500_000, "1,5 triệu"),
            (1_234_000_000, "1.234 triệu"),
            (1_250_000_000, "1,25 tỷ"),
            (1_000_000_000_000, "1.000 tỷ"),
            (-195_000_000, "-195 triệu"),
        ] {
            assert_eq!(Dong(amount).short(), text);
        }
    }
}
