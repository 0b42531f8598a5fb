use super::*;
use crate::lunar;
use jiff::civil::date;

/// `new_moon,UTC` and `term,number,UTC` lines printed by the Python package ephem.
const INDEPENDENT: &str = include_str!("../../../tests/data/ephem-4.2.1.csv");

fn independent(kind: &str) -> Vec<(i8, Timestamp)> {
    INDEPENDENT
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[0] == kind).then(|| (fields[1].parse().unwrap(), fields[2].parse().unwrap()))
        })
        .collect()
}

fn seconds_apart(one: Timestamp, other: Timestamp) -> i64 {
    (one.as_second() - other.as_second()).abs()
}

#[test]
fn the_table_is_what_the_sky_gives_for_every_year() {
    let in_doubt: Vec<i16> = lunar::uncertain_months()
        .map(|month| month.year())
        .collect();
    for year in (1900..=2099).filter(|year| *year != 1967) {
        assert_eq!(lunar::months(year), months(year), "{year}");
    }
    // Three seconds after midnight by the independent ephemeris, some before it by this one.
    assert!(in_doubt.contains(&1967));
    let differing = lunar::months(1967)
        .into_iter()
        .zip(months(1967))
        .filter(|(kept, ours)| kept.first_day != ours.first_day);
    let differing: Vec<_> = differing
        .map(|(kept, ours)| (kept.first_day, ours.first_day))
        .collect();
    assert_eq!(differing, [(date(1967, 7, 8), date(1967, 7, 7))]);
}

#[test]
fn every_month_of_the_table_begins_on_the_independent_new_moon() {
    let months: Vec<_> = (1900..=2099)
        .flat_map(lunar::months)
        .map(|month| month.first_day)
        .collect();
    let moons = independent("new_moon")
        .into_iter()
        .map(|(_, moon)| local(moon).date());
    let moons: Vec<_> = moons
        .filter(|day| (months[0]..=months[months.len() - 1]).contains(day))
        .collect();
    assert_eq!(months, moons);
}

#[test]
fn every_new_moon_agrees_with_an_independent_ephemeris() {
    let moons = independent("new_moon");
    assert_eq!(moons.len(), 2_487);
    for (_, theirs) in moons {
        let ours = new_moon(moon::month_of_day(local_day(theirs) + 1));
        let apart = seconds_apart(ours, theirs);
        assert!(apart <= 30, "{theirs}: {apart} s apart");
    }
}

#[test]
fn every_principal_term_agrees_with_an_independent_ephemeris() {
    let terms = independent("term");
    assert_eq!(terms.len(), 2_412);
    for (number, theirs) in terms {
        let ours = principal_term(local(theirs).year(), number);
        let apart = seconds_apart(ours, theirs);
        assert!(apart <= 40, "{theirs}: {apart} s apart");
    }
}

#[test]
fn the_months_in_doubt_are_those_near_midnight() {
    let near = (1900..=2099)
        .flat_map(lunar::months)
        .map(|month| month.first_day);
    // Asked by the day after, so that a moon just after midnight is not missed.
    let near =
        near.filter(|day| is_near_midnight(new_moon(moon::month_of_day(day_number(*day) + 1))));
    let hanging = [date(1938, 8, 25), date(1938, 9, 24)];
    assert_eq!(
        hanging.into_iter().chain(near).collect::<Vec<_>>(),
        lunar::uncertain_months().collect::<Vec<_>>()
    );
}

#[test]
fn only_in_1938_does_a_leap_month_hang_on_a_term_near_midnight() {
    let mut hanging = Vec::new();
    for term in
        (1900..=2099).flat_map(|year| (-2..=9).map(move |number| principal_term(year, number)))
    {
        let wall = local(term);
        let day = local_day(term);
        let other_day = if wall.hour() < 12 { day - 1 } else { day + 1 };
        let moved = moon::month_of_day(day) != moon::month_of_day(other_day);
        if is_near_midnight(term) && moved {
            hanging.push(wall.date());
        }
    }
    assert_eq!(hanging, [date(1938, 9, 23)]);
}

#[test]
fn years_beyond_the_table_are_not_guessed() {
    assert!(months(1899).is_empty() && months(2100).is_empty());
    let _ = (
        new_moon(i32::MAX),
        new_moon(i32::MIN),
        principal_term(i16::MAX, i8::MIN),
    );
}
