//! Telephone numbers under the numbering plan in force since 2018 (mobile) and 2017 (area codes),
//! and as they were written under the plan of 2008.

mod former;
mod plan;
mod written;

use std::fmt;

use written::Written;

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

/// A number as it was read, with what else its digits can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What the digits mean today.
    pub phone: Phone,
    /// The landline that the same digits were under the plan of 2008, where the way they are
    /// written does not decide. A person who knows must be asked: one of the two is a stranger's.
    pub may_be: Option<Phone>,
}

impl Phone {
    /// Reads a number and tells a doubt: what was noted before 2017 may be a landline with an area
    /// code of one or two digits, whose digits are a mobile number of somebody else today.
    ///
    /// The way of writing decides where it can: `(08) 3829 1234` has its area code in brackets,
    /// `083 829 1234` is grouped as mobile numbers are, `+84838291234` is today's form.
    ///
    /// ```
    /// use vietnam::phone::Phone;
    /// let certain = Phone::read("(08) 3829 1234")?;
    /// assert_eq!((certain.phone.e164().as_str(), certain.may_be), ("+842838291234", None));
    /// let doubtful = Phone::read("0838291234")?;
    /// assert_eq!(doubtful.phone.e164(), "+84838291234");
    /// assert_eq!(doubtful.may_be.unwrap().e164(), "+842838291234");
    /// # Ok::<(), vietnam::phone::PhoneError>(())
    /// ```
    ///
    /// # Errors
    /// What is no number, or none of Việt Nam.
    pub fn read(text: &str) -> Result<Reading, PhoneError> {
        let written = Written::take(text)?;
        let today = plan::resolve(written.national());
        let Some(former) = former::resolve(written.national()) else {
            return today.map(Phone::of).map(Reading::certain);
        };
        let landline = Self::of((former.national, Kind::Landline));
        match today {
            _ if written.sets_apart(former.area) => Ok(Reading::certain(landline)),
            Ok(today) => Ok(Reading {
                phone: Self::of(today),
                may_be: written.is_undecided(former.area).then_some(landline),
            }),
            // One digit short of a number of today: whose it is can only be guessed.
            Err(reason) if former.begins_as_today => Err(reason),
            Err(_) => Ok(Reading::certain(landline)),
        }
    }

    fn of((national, kind): (String, Kind)) -> Self {
        Self { national, kind }
    }

    /// Reads a number with blanks, dots, dashes or brackets, with `0`, `+84`, `84` or `0084` in
    /// front, and moves mobile numbers of eleven digits to the prefixes of 2018 and landlines to the
    /// area codes of 2017. Where a doubt is to be told, use [`read`](Self::read).
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
        Self::read(text).map(|reading| reading.phone)
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

    /// In groups: area code (four digits, `024` and `028` three), then two halves; a mobile number
    /// as if it had an area code of four digits.
    fn grouped(&self) -> String {
        let domestic = self.domestic();
        let area = match (self.kind, plan::area_length(&self.national)) {
            (Kind::Landline, Some(2)) => 3,
            (Kind::Landline | Kind::Mobile, _) => 4,
        };
        let (area, rest) = domestic.split_at(area);
        let (middle, last) = rest.split_at(rest.len().div_ceil(2));
        format!("{area} {middle} {last}")
    }
}

/// A number as people read it, whatever form it is kept in; what is no number (`1900 1234`) stays
/// as it was written. The one rule for mails, pages, messages and lists.
///
/// ```
/// use vietnam::phone::shown;
/// assert_eq!(shown("+842613842123"), "0261 3842 123");
/// assert_eq!(shown("+842438431234"), "024 3843 1234");
/// assert_eq!(shown("+84391234567"), "0391 234 567");
/// assert_eq!(shown("1900 1234"), "1900 1234");
/// ```
#[must_use]
pub fn shown(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| text.trim().to_owned(), |phone| phone.to_string())
}

/// What a telephone dials for a text that is a number, to stand behind `tel:` (RFC 3966); else
/// nothing.
///
/// ```
/// use vietnam::phone::dialled;
/// assert_eq!(dialled("0261 3842 123"), "+842613842123");
/// assert_eq!(dialled("chưa có số điện thoại"), "");
/// ```
#[must_use]
pub fn dialled(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| String::new(), |phone| phone.e164())
}

impl fmt::Display for Phone {
    /// As people print it: `0391 234 567`, `024 3843 1234`, `0261 3842 123`.
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

impl Reading {
    const fn certain(phone: Phone) -> Self {
        Self {
            phone,
            may_be: None,
        }
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
    fn landlines_of_the_old_plan_are_moved_to_the_area_codes_of_2017() {
        for (old, new) in [
            ("(08) 3829 1234", "+842838291234"),
            ("08.38291234", "+842838291234"),
            ("+84 8 3829 1234", "+842838291234"),
            ("0084-(0)8-38291234", "+842838291234"),
            ("04 38431234", "+842438431234"),
            ("0438431234", "+842438431234"),
            ("0613842123", "+842513842123"),
            ("0501 3842123", "+842613842123"),
            ("(033) 3 852 123", "+842033852123"),
            ("(039)3852123", "+842393852123"),
            ("0240 3852 123", "+842043852123"),
            ("(026) 3852123", "+842063852123"),
            ("0320.3852123", "+842203852123"),
        ] {
            let reading = Phone::read(old);
            let certain = reading.map(|reading| (reading.phone.e164(), reading.may_be));
            assert_eq!(certain, Ok((new.to_owned(), None)), "{old}");
        }
    }

    #[test]
    fn what_can_be_a_mobile_and_an_old_landline_is_a_doubt() {
        for (text, mobile, landline) in [
            ("0838291234", "+84838291234", "+842838291234"),
            ("08 38 29 12 34", "+84838291234", "+842838291234"),
            ("0373852123", "+84373852123", "+842373852123"),
            ("033 3852123", "+84333852123", "+842033852123"),
            ("076.3852.123", "+84763852123", "+842963852123"),
        ] {
            let reading = Phone::read(text).unwrap();
            assert_eq!(reading.phone.e164(), mobile, "{text}");
            let may_be = reading.may_be.map(|phone| phone.e164());
            assert_eq!(may_be.as_deref(), Some(landline), "{text}");
        }
    }

    #[test]
    fn the_form_of_today_raises_no_doubt() {
        for text in [
            "+84838291234",
            "84763852123",
            "083 829 1234",
            "0838 291 234",
            "0838.291.234",
            "0912345678",
            "0261 354 1234",
            "0819123456",
        ] {
            let reading = Phone::read(text).unwrap();
            assert_eq!(reading.may_be, None, "{text}");
            assert_ne!(reading.phone.e164(), "+842838291234", "{text}");
        }
    }

    #[test]
    fn a_landline_that_lacks_a_digit_is_not_moved_to_another_province() {
        for text in ["0263 354 123", "0263354123", "0225 382 112"] {
            assert_eq!(Phone::read(text), Err(PhoneError::Length), "{text}");
        }
    }

    #[test]
    fn people_read_the_form_of_the_country_whatever_is_kept() {
        for (kept, read) in [
            ("+842613842123", "0261 3842 123"),
            ("0501 3842123", "0261 3842 123"),
            ("+842438431234", "024 3843 1234"),
            ("0591234567", "0591 234 567"),
            ("1900 1234", "1900 1234"),
            (" hỏi Văn phòng ", "hỏi Văn phòng"),
            ("", ""),
        ] {
            assert_eq!(shown(kept), read);
            assert!(dialled(kept).is_empty() || dialled(kept) == dialled(read));
        }
        assert_eq!(dialled("0261 3842 123"), "+842613842123");
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
                    let reading = Phone::read(&text);
                    prop_assert_eq!(reading.as_ref().map(|read| &read.phone), Ok(&phone));
                    let doubt = reading.is_ok_and(|read| read.may_be.is_some());
                    prop_assert!(!doubt || text == phone.domestic(), "{}", text);
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
