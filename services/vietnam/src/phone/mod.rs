//! Telephone numbers under the numbering plan in force since 2018 (mobile) and 2017 (area codes).

mod plan;

use std::fmt;

use crate::text::is_hidden;

/// A telephone number that can exist in Việt Nam, in today's numbering.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    /// The national number without the leading nought.
    national: String,
    kind: Kind,
}

/// What stands at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A mobile subscriber.
    Mobile,
    /// A line in a house or an office.
    Landline,
}

/// Why a text is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing to read.
    #[error("no number")]
    Empty,
    /// Letters or signs that no number has.
    #[error("a telephone number holds digits, blanks, dots, dashes and brackets only")]
    Sign,
    /// A country code other than 84.
    #[error("not a Vietnamese number")]
    Foreign,
    /// Too few or too many digits for its prefix.
    #[error("a number with this prefix has another length")]
    Length,
    /// A prefix that no network and no area has.
    #[error("no network and no area has this prefix")]
    Prefix,
}

impl Phone {
    /// Reads a number with blanks, dots, dashes or brackets, with `0`, `+84`, `84` or `0084` in
    /// front, and moves mobile numbers of eleven digits to the prefixes of 2018.
    ///
    /// ```
    /// use vietnam::phone::Phone;
    /// assert_eq!(Phone::parse("0169 123.4567")?.e164(), "+84391234567");
    /// assert_eq!(Phone::parse("+84 (0)59 000 0000")?.e164(), "+84590000000");
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    ///
    /// # Errors
    /// What is no number, or none of Việt Nam.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let (digits, international) = digits(text)?;
        let national = national(&digits, international)?;
        plan::resolve(national).map(|(national, kind)| Self { national, kind })
    }

    /// The number as networks take it: `+84391234567`.
    ///
    /// ```
    /// assert_eq!(vietnam::phone::Phone::parse("024 3843 1234")?.e164(), "+842438431234");
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+84{}", self.national)
    }

    /// The number as it is dialled inside the country: `0391234567`.
    ///
    /// ```
    /// assert_eq!(vietnam::phone::Phone::parse("+84391234567")?.domestic(), "0391234567");
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    #[must_use]
    pub fn domestic(&self) -> String {
        format!("0{}", self.national)
    }

    /// Mobile or landline.
    ///
    /// ```
    /// use vietnam::phone::{Kind, Phone};
    /// assert_eq!(Phone::parse("0261 354 1234")?.kind(), Kind::Landline);
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether text messages reach it: landlines have none. Which network serves a mobile number
    /// can no longer be read from it, since numbers may be taken along.
    ///
    /// ```
    /// assert!(vietnam::phone::Phone::parse("0912345678")?.can_receive_sms());
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    #[must_use]
    pub const fn can_receive_sms(&self) -> bool {
        matches!(self.kind, Kind::Mobile)
    }

    /// The number with its middle hidden, for lists and logs: `039****567`.
    ///
    /// ```
    /// assert_eq!(vietnam::phone::Phone::parse("0391234567")?.masked(), "039****567");
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        let domestic = self.domestic();
        let hidden = "*".repeat(domestic.len() - 6);
        format!(
            "{}{hidden}{}",
            &domestic[..3],
            &domestic[domestic.len() - 3..]
        )
    }

    /// The number in groups, as people print it: `039 123 4567`, `024 3843 1234`.
    ///
    /// ```
    /// assert_eq!(vietnam::phone::Phone::parse("+84391234567")?.to_string(), "039 123 4567");
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    fn grouped(&self) -> String {
        let domestic = self.domestic();
        let (area, middle) = match (self.kind, plan::area_length(&self.national)) {
            (Kind::Landline, Some(2)) => (3, 4),
            (Kind::Landline, _) => (4, 3),
            (Kind::Mobile, _) => (3, 3),
        };
        let (area, rest) = domestic.split_at(area);
        let (middle, last) = rest.split_at(middle);
        format!("{area} {middle} {last}")
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

impl fmt::Debug for Phone {
    /// Masked: what is printed for debugging ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl std::str::FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The digits of a text and whether a plus stands before them.
fn digits(text: &str) -> Result<(String, bool), PhoneError> {
    let mut digits = String::with_capacity(16);
    let mut plus = false;
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            '.' | '-' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' => {}
            // Blanks of every kind, and the invisible signs that copying from chats brings along.
            _ if c.is_whitespace() || (is_hidden(c) && !c.is_control()) => {}
            _ => return Err(PhoneError::Sign),
        }
    }
    if digits.is_empty() {
        Err(PhoneError::Empty)
    } else {
        Ok((digits, plus))
    }
}

/// Takes off the country code and the leading nought.
fn national(digits: &str, international: bool) -> Result<&str, PhoneError> {
    let without_code = match digits.strip_prefix("00") {
        Some(rest) if !international => Some(rest),
        _ => international.then_some(digits),
    };
    if let Some(number) = without_code {
        let national = number.strip_prefix("84").ok_or(PhoneError::Foreign)?;
        return Ok(national.strip_prefix('0').unwrap_or(national));
    }
    if let Some(national) = digits.strip_prefix('0') {
        return Ok(national);
    }
    // "84 912 345 678" without a plus; shorter, it is a number that lacks its nought.
    match digits.strip_prefix("84") {
        Some(national) if digits.len() >= 11 => Ok(national.strip_prefix('0').unwrap_or(national)),
        _ => Ok(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn e164(text: &str) -> Result<String, PhoneError> {
        Phone::parse(text).map(|phone| phone.e164())
    }

    #[test]
    fn case_24_every_way_to_write_a_number_gives_one() {
        for text in [
            "0391234567",
            "039 123 4567",
            "039.123.4567",
            "(039) 123-4567",
            "+84391234567",
            "+84 39 123 4567",
            "84391234567",
            "0084 391234567",
            "+84 (0)391234567",
            "0169 123 4567",
            "+84 169 1234567",
            "391234567",
            "\u{202a}039\u{a0}123\u{a0}4567\u{202c}",
        ] {
            assert_eq!(e164(text).as_deref(), Ok("+84391234567"), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", PhoneError::Empty),
            ("không có", PhoneError::Sign),
            ("0912345678 (Lan)", PhoneError::Sign),
            ("+1 202 555 0100", PhoneError::Foreign),
            ("09123", PhoneError::Length),
            ("09123456789", PhoneError::Length),
            ("0312345678", PhoneError::Prefix),
            ("19001234", PhoneError::Prefix),
            ("0", PhoneError::Length),
        ] {
            assert_eq!(e164(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn printing_for_debugging_never_shows_the_number() {
        let phone = Phone::parse("0391234567");
        assert!(!format!("{phone:?}").contains("1234"));
    }

    proptest! {
        #[test]
        fn every_written_form_reads_back(prefix in prop::sample::select(vec!["32", "56", "70", "81", "90", "24", "261"]), rest in "[0-9]{8}") {
            let length = if prefix.starts_with('2') { 10 } else { 9 };
            let national: String = format!("{prefix}{rest}").chars().take(length).collect();
            if let Ok(phone) = Phone::parse(&format!("0{national}")) {
                for text in [phone.e164(), phone.domestic(), phone.to_string()] {
                    prop_assert_eq!(Phone::parse(&text), Ok(phone.clone()));
                }
            }
        }

        #[test]
        fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Phone::parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn any_digits_parse_to_something_that_parses_again(text in "[+0-9 ]{0,16}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(phone.masked().len(), phone.domestic().len());
                prop_assert_eq!(Phone::parse(&phone.e164()), Ok(phone));
            }
        }
    }
}
