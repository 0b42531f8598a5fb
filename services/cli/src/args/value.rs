//! What people write, read: days, hours, amounts, kinds, positions.

use clap::ValueEnum;
use jiff::civil::{Date, DateTime, Time};
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::OrganisationKind;
use vietnam::money::Dong;
use vietnam::text::fold;

use crate::language::phrase;

/// The word of a choice, in the command as in the contracts.
pub(crate) fn word(choice: &impl ValueEnum) -> String {
    let word = choice.to_possible_value();
    word.map_or_else(String::new, |word| word.get_name().to_owned())
}

/// A day as people write it: 11/4/2024.
pub(super) fn day(text: &str) -> Result<Date, String> {
    vietnam::dates::parse_short(text).map_err(|_| {
        phrase!(
            "hãy ghi ngày như 11/4/2024",
            "write a day such as 11/4/2024"
        )
    })
}

/// A day with its hour, or the day alone where no hour is known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An exact start.
    At(DateTime),
    /// A day without an hour.
    On(Date),
}

pub(super) fn moment(text: &str) -> Result<Moment, String> {
    vietnam::dates::parse_moment(text)
        .map(Moment::At)
        .or_else(|_| vietnam::dates::parse_short(text).map(Moment::On))
        .map_err(|_| {
            phrase!(
                "hãy ghi ngày giờ như \"11/4/2024 08:00\"",
                "write day and hour such as \"11/4/2024 08:00\""
            )
        })
}

pub(super) fn hour(text: &str) -> Result<Time, String> {
    vietnam::dates::parse_time(text)
        .map_err(|_| phrase!("hãy ghi giờ như 11:30", "write an hour such as 11:30"))
}

/// Whole đồng: 195.000.000, 195 triệu.
pub(super) fn amount(text: &str) -> Result<i64, String> {
    Dong::parse(text).map(|Dong(amount)| amount).map_err(|_| {
        phrase!(
            "hãy ghi số tiền như 195.000.000 hoặc \"195 triệu\"",
            "write an amount such as 195.000.000 or \"195 triệu\""
        )
    })
}

const KINDS: [(&str, OrganisationKind); 9] = [
    ("HTX", OrganisationKind::Cooperative),
    ("THT", OrganisationKind::CooperativeGroup),
    ("LHHTX", OrganisationKind::Union),
    ("QTDND", OrganisationKind::CreditFund),
    ("DN", OrganisationKind::Enterprise),
    ("LM", OrganisationKind::Alliance),
    ("Ban", OrganisationKind::Unit),
    ("CQ", OrganisationKind::Authority),
    ("Khác", OrganisationKind::Other),
];

pub(super) fn kind(text: &str) -> Result<OrganisationKind, String> {
    choose(text, &KINDS)
}

const POSITIONS: [(&str, Position); 7] = [
    ("Giám đốc", Position::Director),
    ("Chủ tịch HĐQT", Position::Chair),
    ("Kế toán", Position::Accountant),
    ("Kiểm soát", Position::Supervisor),
    ("Văn phòng", Position::Office),
    ("Trưởng phòng", Position::Head),
    ("Cán bộ", Position::Officer),
];

pub(super) fn position(text: &str) -> Result<Position, String> {
    choose(text, &POSITIONS)
}

/// The words of a position.
pub(crate) fn position_words(position: Position) -> &'static str {
    let found = POSITIONS.iter().find(|(_, each)| *each == position);
    found.map_or("", |(words, _)| words)
}

/// With or without diacritics, capitals and blanks: `giam-doc` is Giám đốc.
fn choose<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let plain = |text: &str| fold(text).replace([' ', '-', '_'], "");
    let found = choices.iter().find(|(word, _)| plain(word) == plain(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let words = words.join(", ");
        phrase!("chọn một trong: {words}", "choose one of: {words}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read_with_and_without_diacritics() {
        assert_eq!(position("giam-doc"), Ok(Position::Director));
        assert_eq!(position("Chủ tịch HĐQT"), Ok(Position::Chair));
        assert_eq!(kind("htx"), Ok(OrganisationKind::Cooperative));
        assert_eq!(kind("khac"), Ok(OrganisationKind::Other));
        assert_eq!(amount("195 triệu"), Ok(195_000_000));
    }

    #[test]
    fn what_cannot_be_read_is_answered_with_what_can() {
        assert!(kind("XYZ").is_err_and(|told| told.contains("HTX, THT, LHHTX")));
        assert!(position("sếp").is_err_and(|told| told.contains("Giám đốc")));
        assert!(moment("mai").is_err_and(|told| told.contains("11/4/2024 08:00")));
    }
}
