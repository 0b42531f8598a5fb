//! The rules held against what other people's packages print, kept as data with name and version.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday, date};
use vietnam::calendar::{Calendar, Why};
use vietnam::money::Dong;
use vietnam::phone::{Kind, Phone};
use vietnam::{lunar, taxcode, text};

/// The fields of each line that is no comment.
fn lines(data: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    data.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(',').collect())
}

/// The days on which a calendar differs from Monday to Friday.
fn differing(calendar: &Calendar, years: std::ops::RangeInclusive<i16>) -> BTreeSet<(bool, Date)> {
    let (first, last) = (date(*years.start(), 1, 1), date(*years.end(), 12, 31));
    first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= last)
        .filter(|day| {
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            calendar.is_working_day(*day) == weekend
        })
        .map(|day| (calendar.is_working_day(day), day))
        .collect()
}

#[test]
fn working_days_of_a_century_agree_with_holidays() {
    let printed: BTreeSet<(bool, Date)> = lines(include_str!("data/holidays-0.109.csv"))
        .map(|fields| (fields[0] == "worked", fields[1].parse().unwrap()))
        .collect();
    let ours = differing(&Calendar::official(), 1995..=2099);
    let ours_only: Vec<_> = ours.difference(&printed).map(|(_, day)| *day).collect();
    let theirs_only: Vec<_> = printed.difference(&ours).map(|(_, day)| *day).collect();
    // The exchange of January 2026 is not in the package.
    assert_eq!(ours_only, [date(2026, 1, 2), date(2026, 1, 10)]);
    assert_eq!(theirs_only, [] as [Date; 0]);
}

#[test]
fn computed_years_agree_with_the_decisions_that_came_later() {
    let computed = Calendar::parse("").unwrap();
    let decided = Calendar::official();
    for day in date(2024, 1, 1)
        .series(jiff::Span::new().days(1))
        .take_while(|day| day.year() < 2027)
    {
        let swapped = matches!(decided.day(day).why, Why::SwappedOff | Why::WorkingWeekend);
        assert!(
            swapped || computed.day(day).off == decided.day(day).off,
            "{day}"
        );
    }
}

#[test]
fn prefixes_agree_with_phonenumbers() {
    for fields in lines(include_str!("data/phonenumbers-9.0.43.csv")) {
        let (prefix, length, theirs) = (fields[0], fields[1], fields[2]);
        let rest = if length == "9" { "1234567" } else { "3123456" };
        let ours = Phone::parse(&format!("0{prefix}{rest}")).map(|phone| phone.kind());
        let expected = match theirs {
            // Not given out when the plan of 2018 was made.
            "mobile" if ["30", "31", "51"].contains(&prefix) => None,
            "mobile" => Some(Kind::Mobile),
            "fixed_line" => Some(Kind::Landline),
            // The package knows only some numbers behind these.
            _ if ["52", "55", "89"].contains(&prefix) => Some(Kind::Mobile),
            // Hà Nội and six provinces before 2017, which the package has forgotten.
            _ if ("42".."48").contains(&prefix) => Some(Kind::Landline),
            _ if ["230", "231", "240", "241", "280", "281"].contains(&prefix) => {
                Some(Kind::Landline)
            }
            _ => None,
        };
        assert_eq!(ours.ok(), expected, "0{prefix}");
    }
}

#[test]
fn check_digits_agree_with_python_stdnum() {
    for fields in lines(include_str!("data/python-stdnum-2.2.csv")) {
        let theirs = fields[1].parse::<u32>().ok();
        assert_eq!(taxcode::check_digit(fields[0]), theirs, "{}", fields[0]);
    }
}

#[test]
fn the_words_of_num2words_are_understood() {
    for fields in lines(include_str!("data/num2words-0.5.14.csv")) {
        let number: i64 = fields[0].parse().unwrap();
        assert!(
            Dong(number).agrees_with(fields[1]),
            "{number}: {}",
            fields[1]
        );
    }
}

/// Whether the tone of an open `oa`, `oe`, `uy` stands on the second letter. ICU keeps both
/// placements apart and so puts `hoá` before `hòa`; for us they are one.
fn places_a_tone_late(name: &str) -> bool {
    name.split(' ').any(|word| {
        let folded = text::fold(word);
        let open = ["oa", "oe", "uy"].iter().any(|end| folded.ends_with(end));
        let last: String = word.chars().rev().take(1).collect();
        open && !folded.starts_with('q') && text::tone_of(&last) != text::Tone::Level
    })
}

#[test]
fn the_order_agrees_with_icu() {
    let names: Vec<&str> = include_str!("data/icu-78.2-vi.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !places_a_tone_late(line))
        .collect();
    assert!(names.len() > 800, "{}", names.len());
    for pair in names.windows(2) {
        assert!(
            text::sort_key(pair[0]) <= text::sort_key(pair[1]),
            "{} before {}",
            pair[0],
            pair[1]
        );
    }
}

#[test]
fn no_commune_and_no_roster_is_taken_for_text_of_before_unicode() {
    let communes = include_str!("data/communes.csv");
    let rosters = [
        include_str!("../../../deploy/demo/roster-office.csv"),
        include_str!("../../../deploy/demo/roster-clusters.csv"),
        include_str!("../../../deploy/demo/roster-fund.csv"),
    ];
    let texts = communes
        .lines()
        .chain(rosters.iter().flat_map(|roster| roster.lines()));
    let mut read = 0;
    for text in texts.flat_map(|line| line.split([',', ';', ' '])) {
        assert_eq!(text::Legacy::of(text), None, "{text}");
        read += 1;
    }
    assert!(read > 10_000, "{read}");
}

#[test]
fn tet_differs_from_the_chinese_new_year_in_nine_years() {
    let differing: Vec<(Date, Date)> = lines(include_str!("data/sxtwl-2.0.7.csv"))
        .filter_map(|fields| {
            let chinese: Date = fields[1].parse().unwrap();
            let ours = lunar::new_year(fields[0].parse().unwrap()).unwrap();
            (ours != chinese).then_some((ours, chinese))
        })
        .collect();
    let a_day_before = |year, month, day| {
        (
            date(year, month, day),
            date(year, month, day).tomorrow().unwrap(),
        )
    };
    assert_eq!(
        differing,
        [
            a_day_before(1903, 1, 28),
            a_day_before(1935, 2, 3),
            a_day_before(1965, 2, 1),
            a_day_before(1968, 1, 29),
            a_day_before(1969, 2, 16),
            // The winter solstice of 1984 fell on another day, and with it the leap month.
            (date(1985, 1, 21), date(1985, 2, 20)),
            a_day_before(2007, 2, 17),
            a_day_before(2030, 2, 2),
            a_day_before(2053, 2, 18),
        ]
    );
}
