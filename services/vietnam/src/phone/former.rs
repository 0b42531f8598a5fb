//! Landlines as they were written between October 2008 and June 2017: a shorter area code before
//! the same subscriber's number (Decision 2036/QĐ-BTTTT of 2016 lists old and new).

use super::plan;

/// Area codes after the nought until 2017, and what replaced them.
const MOVED_IN_2017: [(&str, &str); 59] = [
    ("4", "24"),
    ("8", "28"),
    ("20", "214"),
    ("22", "212"),
    ("25", "205"),
    ("26", "206"),
    ("27", "207"),
    ("29", "216"),
    ("30", "229"),
    ("31", "225"),
    ("33", "203"),
    ("36", "227"),
    ("37", "237"),
    ("38", "238"),
    ("39", "239"),
    ("52", "232"),
    ("53", "233"),
    ("54", "234"),
    ("55", "255"),
    ("56", "256"),
    ("57", "257"),
    ("58", "258"),
    ("59", "269"),
    ("60", "260"),
    ("61", "251"),
    ("62", "252"),
    ("63", "263"),
    ("64", "254"),
    ("66", "276"),
    ("67", "277"),
    ("68", "259"),
    ("70", "270"),
    ("72", "272"),
    ("73", "273"),
    ("74", "294"),
    ("75", "275"),
    ("76", "296"),
    ("77", "297"),
    ("79", "299"),
    ("230", "215"),
    ("231", "213"),
    ("240", "204"),
    ("241", "222"),
    ("280", "208"),
    ("281", "209"),
    ("320", "220"),
    ("321", "221"),
    ("350", "228"),
    ("351", "226"),
    ("500", "262"),
    ("501", "261"),
    ("510", "235"),
    ("511", "236"),
    ("650", "274"),
    ("651", "271"),
    ("710", "292"),
    ("711", "293"),
    ("780", "290"),
    ("781", "291"),
];

/// A national number read by the plan of 2008.
pub(super) struct Former {
    /// Its area code then.
    pub(super) area: &'static str,
    /// The number in today's form, without the nought.
    pub(super) national: String,
    /// Whether it begins as a landline of today does.
    pub(super) begins_as_today: bool,
}

/// What a national number (without the nought) was; `None` where it was none.
pub(super) fn resolve(national: &str) -> Option<Former> {
    let (area, subscriber, new) = MOVED_IN_2017.iter().find_map(|(old, new)| {
        let subscriber = national.strip_prefix(old)?;
        is_subscriber(old, subscriber).then_some((*old, subscriber, new))
    })?;
    Some(Former {
        area,
        national: format!("{new}{subscriber}"),
        begins_as_today: plan::area_length(national).is_some(),
    })
}

/// Eight digits in Hà Nội and Hồ Chí Minh City, seven elsewhere; since 2008 the operator's digit
/// stands in front, 3 to 7. The 2 of EVN Telecom (closed in 2011) lives on in the two cities only.
fn is_subscriber(area: &str, subscriber: &str) -> bool {
    let (length, operators) = if area.len() == 1 {
        (8, '2'..='7')
    } else {
        (7, '3'..='7')
    };
    subscriber.len() == length && subscriber.starts_with(|digit| operators.contains(&digit))
}
