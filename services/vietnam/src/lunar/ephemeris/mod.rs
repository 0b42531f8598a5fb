//! New moons and principal solar terms, computed, and the lunar years that follow from them.
//!
//! New moons by Meeus, *Astronomical Algorithms* (2nd edition, chapter 49), with all its periodic
//! and planetary terms (a truncation of ELP-2000/82, seconds from it in this range); the Sun by
//! the leading terms of VSOP87 with nutation and aberration (within one second of arc, some 25
//! seconds of time); both taken from Terrestrial to Universal Time by a table of ΔT. The table of
//! years that the calendar uses is this computation, kept; tests compare them, and both with an
//! independent ephemeris.

mod delta_t;
mod moon;
mod sun;
mod terms;

pub use moon::new_moon;
pub use sun::principal_term;

use jiff::Timestamp;

use super::MonthOfYear;
use crate::days::{date_of, day_number};
use crate::local;

/// The Julian day of 1 January 1970, 00:00.
const JULIAN_DAY_OF_UNIX: f64 = 2_440_587.5;

/// How near midnight, in seconds, a new moon leaves its day in doubt.
const DOUBT: i64 = 120;

/// The months of a lunar year, computed from the sky; none outside 1900 to 2099, where the
/// difference between the Earth's rotation and uniform time is not known well enough.
///
/// ```
/// use vietnam::lunar;
/// assert_eq!(lunar::ephemeris::months(2025), lunar::months(2025));
/// ```
#[must_use]
pub fn months(year: i16) -> Vec<MonthOfYear> {
    if !(1900..=2099).contains(&year) {
        return Vec::new();
    }
    // A lunar year begins in one span between winter solstices and ends in the next.
    let mut months = months_between_solstices(year - 1);
    months.extend(months_between_solstices(year));
    let first = months
        .iter()
        .position(|month| month.number == 1 && !month.leap);
    let months = months.into_iter().skip(first.unwrap_or_default());
    let mut started = false;
    months
        .take_while(|month| {
            let next_year = started && month.number == 1 && !month.leap;
            started = true;
            !next_year
        })
        .collect()
}

/// Whether a moment is within two minutes of midnight in Việt Nam, so that other theories, or a
/// day that turns out longer than foreseen, could put it on the other day.
///
/// ```
/// assert!(vietnam::lunar::ephemeris::is_near_midnight("1967-07-07T17:00:03Z".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn is_near_midnight(moment: Timestamp) -> bool {
    let wall = local(moment);
    let second =
        i64::from(wall.hour()) * 3_600 + i64::from(wall.minute()) * 60 + i64::from(wall.second());
    !(DOUBT..86_400 - DOUBT).contains(&second)
}

/// The months from the eleventh of a year to the tenth (and its leap month) of the next.
fn months_between_solstices(year: i16) -> Vec<MonthOfYear> {
    let eleventh = moon::month_of_day(local_day(principal_term(year, 9)));
    let next_eleventh = moon::month_of_day(local_day(principal_term(year + 1, 9)));
    let leap = (next_eleventh - eleventh == 13)
        .then(|| first_without_term(year + 1, eleventh, next_eleventh));
    let mut number = 11;
    (eleventh..next_eleventh)
        .map(|month| {
            let is_leap = leap == Some(Some(month));
            if month > eleventh && !is_leap {
                number = number % 12 + 1;
            }
            let first_day = local_day(new_moon(month));
            let days = local_day(new_moon(month + 1)) - first_day;
            MonthOfYear {
                number,
                leap: is_leap,
                days: if days == 30 { 30 } else { 29 },
                first_day: date_of(first_day),
            }
        })
        .collect()
}

/// The first month after the eleventh that holds no principal term.
fn first_without_term(year: i16, eleventh: i32, next_eleventh: i32) -> Option<i32> {
    // From the term after one winter solstice to the next winter solstice.
    let terms: Vec<i32> = (-2..=9)
        .map(|number| local_day(principal_term(year, number)))
        .collect();
    (eleventh + 1..next_eleventh).find(|month| {
        let (first, next) = (local_day(new_moon(*month)), local_day(new_moon(month + 1)));
        !terms.iter().any(|day| (first..next).contains(day))
    })
}

fn local_day(moment: Timestamp) -> i32 {
    day_number(local(moment).date())
}

/// The instant of a Julian day in Terrestrial Time.
fn instant_of(julian_day: f64) -> Timestamp {
    let seconds = (julian_day - JULIAN_DAY_OF_UNIX) * 86_400.0 - delta_t::seconds(julian_day);
    // Far inside the range of whole seconds for every year that is computed; the cast saturates.
    #[allow(clippy::cast_possible_truncation)]
    let whole = seconds.round() as i64;
    Timestamp::from_second(whole).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
