//! What people write, read: days, hours, amounts, kinds, positions.

use std::path::Path;

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::OrganisationKind;
use vietnam::dates::DateError;
use vietnam::money::Dong;
use vietnam::text::fold;

use super::{Coming, Said};
use crate::language::phrase;

/// The word of a choice, in the command as in the contracts.
pub(crate) fn word(choice: &impl ValueEnum) -> String {
    let word = choice.to_possible_value();
    word.map_or_else(String::new, |word| word.get_name().to_owned())
}

/// Names a file with the instant at which the stepped clock of `make up` stands.
const CLOCK_FILE: &str = "LIENMINH_CLOCK_FILE";

/// Today where the alliance is.
fn today() -> Date {
    let now = std::env::var_os(CLOCK_FILE).and_then(|file| stepped(Path::new(&file)));
    vietnam::local(now.unwrap_or_else(Timestamp::now)).date()
}

fn stepped(file: &Path) -> Option<Timestamp> {
    kit::file::text(file).ok()?.trim().parse().ok()
}

/// A day that lies ahead, as people write or name it.
pub(super) fn day(text: &str) -> Result<Date, String> {
    vietnam::dates::parse_coming(text, today()).map_err(|error| unread(&error, such_a_day()))
}

/// A day that lies behind: on which something was signed or paid.
pub(super) fn past_day(text: &str) -> Result<Date, String> {
    vietnam::dates::parse_past(text, today()).map_err(|error| unread(&error, such_a_day()))
}

fn such_a_day() -> String {
    phrase!(
        "hãy ghi ngày như 11/4/2024",
        "write a day such as 11/4/2024"
    )
}

/// Why a day is none; what is no date at all is answered with one that is.
fn unread(error: &DateError, such_as: String) -> String {
    match error {
        DateError::Unreadable(_) | DateError::NoHour(_) => such_as,
        DateError::NoSuchDay(_) => {
            phrase!("lịch không có ngày này", "the calendar has no such day")
        }
        DateError::Year(_) => phrase!(
            "hãy ghi năm đủ bốn chữ số, như 2024",
            "write the year with four figures, such as 2024"
        ),
        DateError::Weekday(_) => phrase!(
            "thứ không khớp với ngày; xin xem lại lịch",
            "the weekday does not fit the date; please look at a calendar"
        ),
    }
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
    let today = today();
    let at = match vietnam::dates::parse_coming_moment(text, today) {
        Err(DateError::NoHour(_)) => vietnam::dates::parse_coming(text, today).map(Moment::On),
        at => at.map(Moment::At),
    };
    at.map_err(|error| {
        let such_as = phrase!(
            "hãy ghi ngày giờ như \"11/4/2024 08:00\"",
            "write day and hour such as \"11/4/2024 08:00\""
        );
        unread(&error, such_as)
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

/// How many people: a whole number.
pub(super) fn people(text: &str) -> Result<i32, String> {
    let number = text.trim().parse().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| phrase!("hãy ghi một số, như 3", "write a number such as 3"))
}

/// How many lines: a whole number from 1.
pub(super) fn lines(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| phrase!("hãy ghi một số, như 100", "write a number such as 100"))
}

/// An instant as machines write it.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    text.trim().parse().map_err(|_| {
        phrase!(
            "hãy ghi như 2024-03-12T09:30:00+07:00",
            "write such as 2024-03-12T09:30:00+07:00"
        )
    })
}

/// What people will read: not nothing.
pub(super) fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(phrase!(
            "hãy ghi lý do: mọi người sẽ đọc trong thư và tin nhắn",
            "give a reason: people will read it in mails and messages"
        ));
    }
    Ok(text.to_owned())
}

const YES: [&str; 9] = [
    "có",
    "yes",
    "y",
    "dự",
    "có dự",
    "sẽ dự",
    "đồng ý",
    "ok",
    "được",
];
const NO: [&str; 8] = [
    "không",
    "no",
    "n",
    "ko",
    "không dự",
    "không đồng ý",
    "vắng",
    "xin vắng",
];
const SENT: [&str; 6] = ["đã gửi", "sent", "gửi rồi", "đã nộp", "nộp rồi", "rồi"];

/// Whether somebody comes, as people say it, with or without diacritics.
pub(super) fn coming(text: &str) -> Result<Coming, String> {
    if is_among(&YES, text) {
        Ok(Coming::Yes)
    } else if is_among(&NO, text) {
        Ok(Coming::No)
    } else {
        Err(phrase!("hãy ghi có hoặc không", "write yes or no"))
    }
}

/// The same, or that a report was sent.
pub(super) fn said(text: &str) -> Result<Said, String> {
    if is_among(&SENT, text) {
        return Ok(Said::Sent);
    }
    match coming(text) {
        Ok(Coming::Yes) => Ok(Said::Yes),
        Ok(Coming::No) => Ok(Said::No),
        Err(_) => Err(phrase!(
            "hãy ghi có, không hoặc \"đã gửi\"",
            "write yes, no or sent"
        )),
    }
}

/// Whether somebody who was asked said yes.
pub(crate) fn is_yes(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("c") || is_among(&YES, text)
}

fn is_among(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| plain(word) == plain(text))
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

fn plain(text: &str) -> String {
    fold(text).replace([' ', '-', '_'], "")
}

/// With or without diacritics, capitals and blanks: `giam-doc` is Giám đốc.
fn choose<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let found = choices.iter().find(|(word, _)| plain(word) == plain(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let words = words.join(", ");
        phrase!("chọn một trong: {words}", "choose one of: {words}")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

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
        assert!(moment("hôm nào").is_err_and(|told| told.contains("11/4/2024 08:00")));
        assert!(day("11/4/4").is_err_and(|told| told.contains("bốn chữ số")));
        assert!(moment("31/4/2024 8:00").is_err_and(|told| told.contains("không có ngày")));
        assert!(people("vài").is_err_and(|told| told.contains("một số")));
        assert!(reason("  ").is_err_and(|told| told.contains("mọi người sẽ đọc")));
    }

    #[test]
    fn every_day_and_moment_goes_through_one_reading() {
        let eleventh = jiff::civil::date(2024, 4, 11);
        for text in [
            "11/4/2024",
            "11-4-2024",
            "2024-04-11",
            "ngày 11 tháng 4 năm 2024",
            "thứ Năm, 11/4/24",
            "11.4.24",
        ] {
            assert_eq!(day(text), Ok(eleventh), "{text}");
            assert_eq!(past_day(text), Ok(eleventh), "{text}");
            assert_eq!(moment(text), Ok(Moment::On(eleventh)), "{text}");
            let at = moment(&format!("8h {text}"));
            assert_eq!(at, Ok(Moment::At(eleventh.at(8, 0, 0, 0))), "{text}");
        }
        assert_eq!(day("hôm nay"), Ok(today()));
        assert_eq!(past_day("today"), Ok(today()));
        assert!(day("thứ Năm").is_ok_and(|day| day > today()));
        assert!(past_day("thứ Năm").is_ok_and(|day| day < today()));
        assert!(matches!(moment("8h mai"), Ok(Moment::At(at)) if at.date() > today()));
    }

    #[test]
    fn a_stepped_clock_says_what_today_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        assert_eq!(stepped(&file), None, "then the clock of this computer does");
        std::fs::write(&file, "2024-03-04T18:30:00Z\n").unwrap();
        let today = stepped(&file).map(|now| vietnam::local(now).date());
        assert_eq!(today, Some(jiff::civil::date(2024, 3, 5)));
    }

    #[test]
    fn an_answer_is_taken_as_people_say_it() {
        for text in ["yes", "có", "co", "Có", "đồng ý", "dong-y", "sẽ dự"] {
            assert_eq!(coming(text), Ok(Coming::Yes), "{text}");
        }
        for text in ["no", "không", "khong", "KO", "không đồng ý", "xin vắng"] {
            assert_eq!(coming(text), Ok(Coming::No), "{text}");
        }
        assert_eq!(said("đã nộp"), Ok(Said::Sent));
        assert_eq!(said("sent"), Ok(Said::Sent));
        assert_eq!(said("khong"), Ok(Said::No));
        assert!(said("chắc thế").is_err_and(|told| told.contains("có, không")));
        assert!(is_yes("C\n") && !is_yes("k") && !is_yes(""));
    }
}
