use super::*;
use jiff::civil::date;
use proptest::prelude::*;

type Expected = (Option<(i16, i8, i8)>, (i16, i8, i8), Precision, Bound, bool);

fn check(text: &str, year: Option<i16>, expected: Expected) {
    let window = Window::parse(text, year).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (start, end, precision, bound, derived) = expected;
    let day = |(year, month, day)| date(year, month, day);
    assert_eq!(
        (
            window.start,
            window.end,
            window.precision,
            window.bound,
            window.derived
        ),
        (start.map(day), day(end), precision, bound, derived),
        "{text}"
    );
    assert_eq!(window.text, text);
}

#[test]
fn the_windows_of_real_plans_are_read() {
    use Bound::{Before, Through, Within};
    use Precision::{Approximate, Day, Month, Year};
    let y = Some(2024);
    check(
        "cuối tháng 3/2024",
        None,
        (
            Some((2024, 3, 21)),
            (2024, 3, 31),
            Approximate,
            Within,
            false,
        ),
    );
    check(
        "đầu tháng 7/2021",
        None,
        (
            Some((2021, 7, 1)),
            (2021, 7, 10),
            Approximate,
            Within,
            false,
        ),
    );
    check(
        "giữa tháng 2",
        y,
        (
            Some((2024, 2, 11)),
            (2024, 2, 20),
            Approximate,
            Within,
            true,
        ),
    );
    check(
        "tháng 3 – 4/2024",
        None,
        (Some((2024, 3, 1)), (2024, 4, 30), Month, Within, false),
    );
    check(
        "Tháng 3-4/2024",
        None,
        (Some((2024, 3, 1)), (2024, 4, 30), Month, Within, false),
    );
    check(
        "7/2024 – 9/2024",
        None,
        (Some((2024, 7, 1)), (2024, 9, 30), Month, Within, false),
    );
    check(
        "quý II",
        y,
        (Some((2024, 4, 1)), (2024, 6, 30), Month, Within, true),
    );
    check(
        "Quý IV/2024",
        None,
        (Some((2024, 10, 1)), (2024, 12, 31), Month, Within, false),
    );
    check(
        "quý I - II năm 2024",
        None,
        (Some((2024, 1, 1)), (2024, 6, 30), Month, Within, false),
    );
    check(
        "cả năm 2024",
        None,
        (Some((2024, 1, 1)), (2024, 12, 31), Year, Within, false),
    );
    check(
        "2024",
        None,
        (Some((2024, 1, 1)), (2024, 12, 31), Year, Within, false),
    );
    check(
        "cả năm",
        y,
        (Some((2024, 1, 1)), (2024, 12, 31), Year, Within, true),
    );
    check(
        "từ 29/3 đến 29/4/2024",
        None,
        (Some((2024, 3, 29)), (2024, 4, 29), Day, Within, false),
    );
    check(
        "29/3-29/4",
        y,
        (Some((2024, 3, 29)), (2024, 4, 29), Day, Within, true),
    );
    check(
        "từ ngày 01/7 đến ngày 10/7/2021",
        None,
        (Some((2021, 7, 1)), (2021, 7, 10), Day, Within, false),
    );
    check(
        "01-10/7/2021",
        None,
        (Some((2021, 7, 1)), (2021, 7, 10), Day, Within, false),
    );
    check("trước 10/4", y, (None, (2024, 4, 9), Day, Before, true));
    check(
        "trước ngày 10/4/2024",
        None,
        (None, (2024, 4, 9), Day, Before, false),
    );
    check(
        "trước tháng 4/2024",
        None,
        (None, (2024, 3, 31), Month, Before, false),
    );
    check(
        "đến hết ngày 10/4",
        y,
        (None, (2024, 4, 10), Day, Through, true),
    );
    check(
        "chậm nhất ngày 15 tháng 12 năm 2024",
        None,
        (None, (2024, 12, 15), Day, Through, false),
    );
    check(
        "đến hết tháng 4/2024",
        None,
        (None, (2024, 4, 30), Month, Through, false),
    );
    check(
        "6 tháng đầu năm 2024",
        None,
        (Some((2024, 1, 1)), (2024, 6, 30), Month, Within, false),
    );
    check(
        "ngày 11/4/2024",
        None,
        (Some((2024, 4, 11)), (2024, 4, 11), Day, Within, false),
    );
    check(
        "11/4",
        y,
        (Some((2024, 4, 11)), (2024, 4, 11), Day, Within, true),
    );
    check(
        "từ 15/12 đến 15/01/2025",
        None,
        (Some((2024, 12, 15)), (2025, 1, 15), Day, Within, true),
    );
    check(
        "tháng 12 - tháng 1",
        y,
        (Some((2024, 12, 1)), (2025, 1, 31), Month, Within, true),
    );
    check(
        "cuối năm 2024",
        None,
        (
            Some((2024, 9, 1)),
            (2024, 12, 31),
            Approximate,
            Within,
            false,
        ),
    );
    check(
        "tháng tư",
        y,
        (Some((2024, 4, 1)), (2024, 4, 30), Month, Within, true),
    );
    check(
        "tháng 3, tháng 4 năm 2024",
        None,
        (Some((2024, 3, 1)), (2024, 4, 30), Month, Within, false),
    );
    check(
        "từ 29/3 đến cuối tháng 4/2024",
        None,
        (
            Some((2024, 3, 29)),
            (2024, 4, 30),
            Approximate,
            Within,
            false,
        ),
    );
}

#[test]
fn mixed_ends_keep_their_days_in_the_wording() {
    for (text, wording) in [
        ("từ 29/3 đến 4/2024", "từ 29/3 đến 30/4/2024"),
        ("từ 5/2024 đến 2025", "tháng 5/2024 – 12/2025"),
        ("từ 29/3/2024 đến 2025", "từ 29/3/2024 đến 31/12/2025"),
        ("quý II/2024", "tháng 4 – 6/2024"),
    ] {
        let window = Window::parse(text, None).unwrap();
        assert_eq!(window.wording(), wording);
        let again = Window::parse(wording, None).unwrap();
        assert_eq!(
            (again.start, again.end),
            (window.start, window.end),
            "{text}"
        );
    }
}

#[test]
fn a_year_that_nobody_names_is_asked_for() {
    assert_eq!(
        Window::parse("quý II", None),
        Err(WindowError::NoYear("quý II".to_owned()))
    );
}

#[test]
fn what_is_no_window_is_refused() {
    for text in [
        "",
        "sớm",
        "31/2/2024",
        "tháng 13/2024",
        "quý V",
        "29/4/2024 - 29/3/2024",
        "đầu 11/4/2024",
        "10",
        "từ 5/4",
        "trước",
        "-",
        "99999/99999",
    ] {
        assert!(
            Window::parse(text, Some(2024)).is_err(),
            "{text} was read as {:?}",
            Window::parse(text, Some(2024))
        );
    }
}

#[test]
fn the_last_third_of_february_knows_leap_years() {
    assert_eq!(
        Window::parse("cuối tháng 2/2024", None).unwrap().end,
        date(2024, 2, 29)
    );
    assert_eq!(
        Window::parse("cuối tháng 2/2023", None).unwrap().end,
        date(2023, 2, 28)
    );
}

proptest! {
    #[test]
    fn the_wording_reads_back(
        year in 1950_i16..2090, month in 1_i8..=12, day in 1_i8..=28, months in 0_i8..20,
        form in 0_usize..8,
    ) {
        let day = date(year, month, day);
        let later = day.checked_add(jiff::Span::new().months(months)).unwrap();
        let text = match form {
            0 => format!("từ {}/{}/{} đến {}/{}/{}", day.day(), month, year, later.day(), later.month(), later.year()),
            1 => format!("{month}/{year} - {}/{}", later.month(), later.year()),
            2 => format!("cuối tháng {month}/{year}"),
            3 => format!("trước {}/{month}/{year}", day.day()),
            4 => format!("đến hết {}/{month}/{year}", day.day()),
            5 => format!("quý {}/{year}", (month + 2) / 3),
            6 => format!("năm {year} - {}", later.year()),
            _ => format!("đầu năm {year}"),
        };
        let window = Window::parse(&text, None).unwrap();
        let again = Window::parse(&window.wording(), None).unwrap();
        prop_assert_eq!((again.start, again.end, again.bound), (window.start, window.end, window.bound));
        // A bound on a month is printed by its day.
        prop_assert_eq!(again.precision, window.precision);
    }

    #[test]
    fn no_window_ends_before_it_starts(text in "(từ |trước |đến |cuối |đầu )?(ngày |tháng |quý |năm )?[0-9]{1,2}(/[0-9]{1,2})?(/20[0-9]{2})?( - | đến )?([0-9]{1,2}/)?[0-9]{1,2}(/20[0-9]{2})?") {
        if let Ok(window) = Window::parse(&text, Some(2024)) {
            prop_assert!(window.start.is_none_or(|start| start <= window.end));
        }
    }

    #[test]
    fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60), year in any::<i16>()) {
        let _ = Window::parse(&String::from_utf8_lossy(&bytes), Some(year));
    }

    #[test]
    fn the_words_of_windows_in_any_order_do_not_panic(text in "((từ|đến|trước|cuối|đầu|quý|tháng|năm|ngày|cả|hết|6|11|2024|/|-|II) ?){0,10}", year in any::<i16>()) {
        let _ = Window::parse(&text, Some(year));
    }
}
