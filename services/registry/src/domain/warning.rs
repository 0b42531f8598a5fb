//! What was done as asked, and may not be what was meant.

use kit::language::Sentence;
use kit::warning::{TIME_PASSED, time_passed};
use vietnam::phone::Phone;

/// Something that a person should look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A telephone that is a mobile number today, and was a landline under the area codes
    /// until 2017: one of the two is a stranger's.
    PhoneMayBeLandline(Phone),
    /// Another contact holds the position, which one person at a time does.
    PositionIsHeld,
    /// The day by which something must be finished is over.
    TimePassed,
}

impl Warning {
    /// The doubt that a telephone leaves as it was written; `None` where there is none.
    #[must_use]
    pub fn of_phone(raw: &str) -> Option<Self> {
        let landline = Phone::read(raw).ok()?.may_be?;
        Some(Self::PhoneMayBeLandline(landline))
    }

    /// The stable reason for programs.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::PhoneMayBeLandline(_) => "PHONE_MAY_BE_LANDLINE",
            Self::PositionIsHeld => "POSITION_IS_HELD",
            Self::TimePassed => TIME_PASSED,
        }
    }

    /// The field of the resource that it is about.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::PhoneMayBeLandline(_) => "phone",
            Self::PositionIsHeld => "position",
            Self::TimePassed => "deadline",
        }
    }

    /// For people. The number itself stays out: answers are kept for repeated calls.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::PhoneMayBeLandline(landline) => {
                let code = area_code(landline);
                Sentence::new(
                    format!(
                        "Đã ghi là số di động, nhưng cũng có thể là số cố định viết theo mã vùng cũ (trước năm 2017). Nếu là số cố định, xin ghi lại với mã vùng {code}."
                    ),
                    format!(
                        "Entered as a mobile number, but it may be a landline written with an area code of before 2017. If so, please enter it again with the area code {code}."
                    ),
                )
            }
            Self::PositionIsHeld => Sentence::new(
                "Đã có người khác giữ chức danh này. Nếu người đó đã thôi chức, xin kết thúc nhiệm kỳ của người đó.".to_owned(),
                "Another contact holds this position. If that one has left, please end that term.".to_owned(),
            ),
            Self::TimePassed => time_passed(),
        }
    }
}

fn area_code(landline: &Phone) -> String {
    let shown = landline.to_string();
    shown.split(' ').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_number_that_can_be_two_is_told_with_its_area_code_and_without_itself() {
        for (raw, code) in [
            ("0838291234", "028"),
            ("0373852123", "0237"),
            ("076.3852.123", "0296"),
        ] {
            let warning = Warning::of_phone(raw).unwrap();
            assert_eq!(warning.reason(), "PHONE_MAY_BE_LANDLINE");
            let told = warning.sentence();
            assert!(told.vi.contains(code) && told.en.contains(code), "{told:?}");
            assert!(
                !told.vi.contains("829") && !told.vi.contains("3852"),
                "{told:?}"
            );
        }
    }

    #[test]
    fn what_the_way_of_writing_decides_is_no_doubt() {
        for raw in [
            "(08) 3829 1234",
            "0838 291 234",
            "0912345678",
            "0261 3842 123",
            "",
        ] {
            assert_eq!(Warning::of_phone(raw), None, "{raw}");
        }
    }
}
