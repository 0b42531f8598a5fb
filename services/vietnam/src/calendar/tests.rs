use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn any_day() -> impl Strategy<Value = Date> {
    (1903_i16..2098, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

#[test]
fn the_embedded_decisions_can_be_read() {
    assert!(Decisions::parse(OFFICIAL).is_ok());
}

#[test]
fn case_13_three_working_days_before_the_day_after_tet() {
    let calendar = Calendar::official();
    assert_eq!(
        calendar.add_working_days(date(2027, 2, 15), -3),
        date(2027, 2, 3)
    );
    let decided = calendar
        .with_decision("2027-02-13,working_day,Làm bù,announced,")
        .unwrap();
    assert_eq!(
        decided.add_working_days(date(2027, 2, 15), -3),
        date(2027, 2, 11)
    );
}

#[test]
fn case_14_the_year_2026_as_decided() {
    let calendar = Calendar::official();
    for (day, why) in [
        (date(2026, 1, 2), Why::SwappedOff),
        (date(2026, 1, 10), Why::WorkingWeekend),
        (date(2026, 4, 26), Why::Holiday),
        (date(2026, 4, 27), Why::InLieu),
        (date(2026, 8, 22), Why::WorkingWeekend),
        (date(2026, 8, 31), Why::SwappedOff),
        (date(2026, 11, 24), Why::Holiday),
        (date(2025, 11, 24), Why::WorkingDay),
    ] {
        assert_eq!(calendar.day(day).why, why, "{day}");
    }
}

#[test]
fn case_14_a_new_holiday_shows_as_one_change() {
    let before = Calendar::official()
        .with_decision("2026-11-24,ordinary,,announced,")
        .unwrap();
    let changes = Calendar::official().changes_since(&before);
    assert_eq!(changes.len(), 1);
    assert!(changes[0].moves_work() && changes[0].after.off);
}

#[test]
fn case_15_terms_end_as_the_civil_code_says() {
    let calendar = Calendar::official();
    let last_day = |start, term| calendar.deadline(start, term).unwrap().last_day;
    assert_eq!(
        last_day(date(2024, 1, 31), Term::months(1)),
        date(2024, 2, 29)
    );
    assert_eq!(
        last_day(date(2023, 1, 31), Term::months(1)),
        date(2023, 2, 28)
    );
    assert_eq!(
        last_day(date(2024, 4, 11), Term::days(1)),
        date(2024, 4, 12),
        "the first day is not counted"
    );
    assert_eq!(
        last_day(date(2024, 4, 4), Term::days(10)),
        date(2024, 4, 15),
        "Sunday to Monday"
    );
    assert_eq!(
        last_day(date(2026, 4, 16), Term::days(10)),
        date(2026, 4, 28),
        "Sunday, Monday off, Tuesday"
    );
    assert_eq!(
        last_day(
            date(2024, 2, 29),
            Term {
                amount: 1,
                unit: Unit::Years
            }
        ),
        date(2025, 2, 28)
    );
    assert_eq!(
        last_day(
            date(2024, 4, 11),
            Term {
                amount: 2,
                unit: Unit::Weeks
            }
        ),
        date(2024, 4, 25)
    );
    assert!(
        calendar
            .deadline(date(2024, 1, 1), Term::days(u32::MAX))
            .is_none()
    );
}

#[test]
fn a_proposal_is_shown_and_not_counted() {
    let proposed = Calendar::official()
        .with_decision("2027-09-01,swapped_off,Nghỉ hoán đổi,proposed,")
        .unwrap();
    let day = proposed.day(date(2027, 9, 1));
    assert!(!day.off);
    assert_eq!(day.proposed.as_deref(), Some("Nghỉ hoán đổi"));
}

#[test]
fn a_complete_decision_replaces_what_was_computed() {
    let decided = Calendar::official()
        .with_decision("complete,2027\n2027-02-05,holiday,Giao thừa,announced,1/TB\n2027-02-11,in_lieu,Nghỉ bù,announced,1/TB")
        .unwrap();
    assert!(decided.is_working_day(date(2027, 2, 4)), "was computed");
    assert!(!decided.is_working_day(date(2027, 2, 11)), "was decided");
    assert_eq!(decided.entries(2027).count(), 2);
}

#[test]
fn a_six_day_week_makes_saturday_holidays_good_no_more() {
    let six = Calendar::official().with_week(WorkingWeek::SIX_DAYS);
    assert!(
        six.is_working_day(date(2027, 5, 3)),
        "1 May 2027 is a Saturday, and worked on in that week"
    );
    assert!(!Calendar::official().is_working_day(date(2027, 5, 3)));
}

#[test]
fn lines_that_cannot_be_read_are_named() {
    let error = Calendar::parse("# fine\n2027-02-30,holiday,x,announced,").unwrap_err();
    assert_eq!(error.line, 2);
    for line in [
        "2027-01-01,party,x,announced,",
        "2027-01-01,holiday,x,sure,",
        "complete,soon",
        "x",
    ] {
        assert!(Calendar::parse(line).is_err(), "{line}");
    }
}

proptest! {
    #[test]
    fn counting_undoes_adding(start in any_day(), n in -400_i32..400) {
        let calendar = official();
        let end = calendar.add_working_days(start, n);
        prop_assume!(n != 0);
        prop_assert_eq!(calendar.working_days_between(start, end), n);
        prop_assert!(calendar.is_working_day(end));
    }

    #[test]
    fn adding_one_by_one_is_adding_at_once(start in any_day(), n in 1_i32..30) {
        let calendar = official();
        let walked = (0..n).fold(start, |day, _| calendar.add_working_days(day, 1));
        prop_assert_eq!(walked, calendar.add_working_days(start, n));
    }

    #[test]
    fn a_deadline_never_ends_on_a_day_off_nor_early(start in any_day(), amount in 0_u32..2000) {
        let calendar = official();
        if let Some(end) = calendar.deadline(start, Term::days(amount)) {
            prop_assert!(calendar.is_working_day(end.last_day));
            prop_assert!(end.counted <= end.last_day);
            prop_assert_eq!(days_between(start, end.counted), i32::try_from(amount).unwrap_or(0));
            prop_assert_eq!(crate::local(end.ends_at), end.last_day.tomorrow().unwrap().at(0, 0, 0, 0));
        }
    }

    #[test]
    fn any_bytes_make_decisions_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let _ = Decisions::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_date_has_an_answer(year in -9999_i16..=9999, month in 1_i8..=12, n in any::<i32>()) {
        let calendar = official();
        let day = date(year, month, 1);
        let _ = (calendar.day(day), calendar.add_working_days(day, n), calendar.working_days_between(day, date(2024, 1, 1)));
    }
}

/// Made once: property tests ask for it thousands of times.
fn official() -> &'static Calendar {
    static CALENDAR: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(Calendar::official);
    &CALENDAR
}
