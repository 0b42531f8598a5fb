//! The tables of the numbering plan: Circular 22/2014/TT-BTTTT and the change of mobile prefixes
//! from eleven to ten digits that was completed on 15 November 2018.

use super::{Kind, PhoneError};

/// Three digits that opened a mobile number of eleven digits, and the two that replaced them.
const MOVED_IN_2018: [(&str, &str); 21] = [
    ("162", "32"),
    ("163", "33"),
    ("164", "34"),
    ("165", "35"),
    ("166", "36"),
    ("167", "37"),
    ("168", "38"),
    ("169", "39"),
    ("120", "70"),
    ("121", "79"),
    ("122", "77"),
    ("126", "76"),
    ("128", "78"),
    ("123", "83"),
    ("124", "84"),
    ("125", "85"),
    ("127", "81"),
    ("129", "82"),
    ("186", "56"),
    ("188", "58"),
    ("199", "59"),
];

/// Area codes after the nought that every landline number starts with, since 2017; Hà Nội (24) and
/// Hồ Chí Minh City (28) have two digits. The mergers of 2025 left them as they were.
const AREAS: [&str; 61] = [
    "203", "204", "205", "206", "207", "208", "209", "210", "211", "212", "213", "214", "215",
    "216", "218", "219", "220", "221", "222", "225", "226", "227", "228", "229", "232", "233",
    "234", "235", "236", "237", "238", "239", "251", "252", "254", "255", "256", "257", "258",
    "259", "260", "261", "262", "263", "269", "270", "271", "272", "273", "274", "275", "276",
    "277", "290", "291", "292", "293", "294", "296", "297", "299",
];

/// Brings a national number (without the nought) to today's form and says what it reaches.
pub(super) fn resolve(national: &str) -> Result<(String, Kind), PhoneError> {
    if let Some(moved) = moved_in_2018(national) {
        return Ok((moved, Kind::Mobile));
    }
    let (length, kind) = match national.get(..2) {
        Some(prefix) if is_mobile(prefix) => (9, Kind::Mobile),
        Some(_) if area_length(national).is_some() => (10, Kind::Landline),
        Some(_) => return Err(PhoneError::Prefix),
        None => return Err(PhoneError::Length),
    };
    if national.len() == length {
        Ok((national.to_owned(), kind))
    } else {
        Err(PhoneError::Length)
    }
}

/// How many digits the area code of a national number has; `None` if no area has it.
pub(super) fn area_length(national: &str) -> Option<usize> {
    match national.as_bytes() {
        [b'2', b'4', b'2'..=b'8', ..] | [b'2', b'8', b'2'..=b'9', ..] => Some(2),
        _ => national
            .get(..3)
            .filter(|area| AREAS.contains(area))
            .map(str::len),
    }
}

fn moved_in_2018(national: &str) -> Option<String> {
    let (old, rest) = national.split_at_checked(3)?;
    let (_, new) = MOVED_IN_2018.iter().find(|(prefix, _)| *prefix == old)?;
    (national.len() == 10).then(|| format!("{new}{rest}"))
}

fn is_mobile(prefix: &str) -> bool {
    matches!(
        prefix.as_bytes(),
        [b'3', b'2'..=b'9']
            | [b'5', b'2' | b'5' | b'6' | b'8' | b'9']
            | [b'7', b'0' | b'6'..=b'9']
            | [b'8', b'1'..=b'9']
            | [b'9', b'0'..=b'9']
    )
}
