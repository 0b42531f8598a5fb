//! What the law alone says of a year, before its decision comes out.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use super::entry::{Entry, Kind, Status};
use super::week::WorkingWeek;
use crate::days::{date_of, day_number};
use crate::lunar;

/// The Labour Code of 1994 is in force since 1 January 1995; before it nothing is computed.
pub(super) const FIRST_YEAR: i16 = 1995;
/// The lunar calendar ends here.
pub(super) const LAST_YEAR: i16 = 2099;

/// Where a day off in lieu goes when its holiday is a rest day.
#[derive(Clone, Copy)]
enum Lieu {
    After,
    /// Tết: what falls on Saturday is made good before, what falls on Sunday after, so that the
    /// days off hang together (so decided every year since 2014).
    Around,
}

pub(super) fn compute(year: i16, week: WorkingWeek) -> Vec<Entry> {
    let mut plan = Plan {
        week,
        days: BTreeMap::new(),
    };
    let tet = tet(year);
    let others = others(year);
    for (day, name) in tet.iter().chain(&others) {
        plan.holiday(*day, name);
    }
    let tet_lieu = if year >= 2014 {
        Lieu::Around
    } else {
        Lieu::After
    };
    tet.iter()
        .for_each(|(day, name)| plan.in_lieu(*day, name, tet_lieu));
    others
        .iter()
        .for_each(|(day, name)| plan.in_lieu(*day, name, Lieu::After));
    plan.days.into_values().collect()
}

struct Plan {
    week: WorkingWeek,
    days: BTreeMap<i32, Entry>,
}

impl Plan {
    fn holiday(&mut self, day: i32, name: &str) {
        let fresh = || entry(day, Kind::Holiday, name.to_owned());
        self.days
            .entry(day)
            // Two holidays on one day are one day off.
            .and_modify(|known| known.name = format!("{}; {name}", known.name))
            .or_insert_with(fresh);
    }

    fn in_lieu(&mut self, day: i32, name: &str, lieu: Lieu) {
        let weekday = date_of(day).weekday();
        if self.week.contains(weekday) {
            return;
        }
        let step = match lieu {
            Lieu::Around if weekday == Weekday::Saturday => -1,
            Lieu::Around | Lieu::After => 1,
        };
        let mut free = day + step;
        while self.days.contains_key(&free) || !self.week.contains(date_of(free).weekday()) {
            free += step;
        }
        self.days
            .insert(free, entry(free, Kind::InLieu, format!("{name} (nghỉ bù)")));
    }
}

fn entry(day: i32, kind: Kind, name: String) -> Entry {
    Entry {
        date: date_of(day),
        kind,
        name,
        status: Status::Computed,
        decision: None,
    }
}

/// Lunar New Year: the last day of the old year and the first three of the new (Labour Code 1994,
/// article 73), the first four since 2013 (Labour Code 2012, article 115).
fn tet(year: i16) -> Vec<(i32, &'static str)> {
    const NAMES: [&str; 5] = [
        "Giao thừa Tết Nguyên Đán",
        "Tết Nguyên Đán",
        "Mùng hai Tết Nguyên Đán",
        "Mùng ba Tết Nguyên Đán",
        "Mùng bốn Tết Nguyên Đán",
    ];
    let count = if year >= 2013 { 5 } else { 4 };
    let Some(first) = lunar::new_year(year) else {
        return Vec::new();
    };
    (day_number(first) - 1..).zip(NAMES).take(count).collect()
}

fn others(year: i16) -> Vec<(i32, &'static str)> {
    let fixed = |month, day| day_number(Date::constant(year, month, day));
    let mut days = vec![(fixed(1, 1), "Tết Dương lịch")];
    if year >= 2007 {
        days.extend(
            lunar::anniversary(year, 3, 10).map(|day| (day_number(day), "Ngày Giỗ Tổ Hùng Vương")),
        );
    }
    days.push((fixed(4, 30), "Ngày Chiến thắng"));
    days.push((fixed(5, 1), "Ngày Quốc tế Lao động"));
    let national = fixed(9, 2);
    days.push((national, "Quốc khánh"));
    if year >= 2021 {
        days.push((
            national + beside_national_day(date_of(national).weekday()),
            "Quốc khánh",
        ));
    }
    if year >= 2026 {
        days.push((fixed(11, 24), "Ngày Văn hóa Việt Nam"));
    }
    days
}

/// The law gives one day beside 2 September without saying which; the decisions since 2021 took
/// the one that hangs together with the weekend.
const fn beside_national_day(weekday: Weekday) -> i32 {
    match weekday {
        Weekday::Monday | Weekday::Thursday | Weekday::Sunday => 1,
        Weekday::Tuesday | Weekday::Wednesday | Weekday::Friday | Weekday::Saturday => -1,
    }
}
