use std::collections::BTreeMap;

use jiff::civil::Date;

use super::day::DayInfo;
use super::entry::Entry;
use super::week::WorkingWeek;
use crate::days::{date_of, day_number};

/// The first and last day that the index holds.
pub(super) const FIRST: Date = Date::constant(1900, 1, 1);
pub(super) const LAST: Date = Date::constant(2100, 12, 31);

/// All working days in order, so that counting them is a search instead of a walk.
#[derive(Debug, Clone)]
pub(super) struct WorkIndex {
    working: Vec<i32>,
}

impl WorkIndex {
    pub(super) fn new(week: WorkingWeek, days: &BTreeMap<Date, Entry>) -> Self {
        let (first, last) = (day_number(FIRST), day_number(LAST));
        let mut working: Vec<i32> = Vec::with_capacity(64_000);
        let mut special = days
            .iter()
            .skip_while(|(date, _)| **date < FIRST)
            .peekable();
        for number in first..=last {
            let date = date_of(number);
            let entry = special
                .next_if(|(special, _)| **special == date)
                .map(|(_, entry)| entry);
            let off = match entry {
                Some(_) => DayInfo::of(date, week, entry, None).off,
                None => !week.contains(date.weekday()),
            };
            if !off {
                working.push(number);
            }
        }
        Self { working }
    }

    /// Whether a day inside the index is worked; `None` outside.
    pub(super) fn contains(&self, number: i32) -> Option<bool> {
        (day_number(FIRST)..=day_number(LAST))
            .contains(&number)
            .then(|| self.working.binary_search(&number).is_ok())
    }

    /// How many working days lie before a day.
    pub(super) fn count_before(&self, number: i32) -> i64 {
        i64::try_from(self.working.partition_point(|day| *day < number)).unwrap_or(i64::MAX)
    }

    /// The working day at a place in the order, if the index reaches that far.
    pub(super) fn at(&self, place: i64) -> Option<Date> {
        self.working
            .get(usize::try_from(place).ok()?)
            .copied()
            .map(date_of)
    }
}
