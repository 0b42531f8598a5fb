use std::fmt;

use jiff::civil::Date;

use super::entry::{Entry, Kind, Status};
use super::week::WorkingWeek;

/// Why a day is off or worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A plain working day.
    WorkingDay,
    /// A weekly rest day.
    Weekend,
    /// A public holiday.
    Holiday,
    /// In lieu of a holiday on a rest day.
    InLieu,
    /// Given off in exchange for another day.
    SwappedOff,
    /// A rest day that is worked.
    WorkingWeekend,
}

/// What the calendar says of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayInfo {
    /// The day.
    pub date: Date,
    /// Whether nobody works: rest days, and announced and computed days off.
    pub off: bool,
    /// Why.
    pub why: Why,
    /// The name of a day that differs from the plain week.
    pub name: Option<String>,
    /// How sure that is.
    pub status: Option<Status>,
    /// The decision it comes from, where known.
    pub decision: Option<String>,
    /// A proposal for this day, which does not count.
    pub proposed: Option<String>,
}

impl DayInfo {
    pub(super) fn of(
        date: Date,
        week: WorkingWeek,
        entry: Option<&Entry>,
        proposed: Option<&Entry>,
    ) -> Self {
        let worked = week.contains(date.weekday());
        let plain = if worked {
            Why::WorkingDay
        } else {
            Why::Weekend
        };
        let why = entry.map_or(plain, |entry| match entry.kind {
            Kind::Holiday => Why::Holiday,
            Kind::InLieu => Why::InLieu,
            Kind::SwappedOff => Why::SwappedOff,
            Kind::WorkingDay if !worked => Why::WorkingWeekend,
            Kind::WorkingDay | Kind::Ordinary => plain,
        });
        let named = entry.filter(|entry| entry.kind != Kind::Ordinary);
        Self {
            date,
            off: why.is_off(),
            why,
            name: named.map(|entry| entry.name.clone()),
            status: named.map(|entry| entry.status),
            decision: named.and_then(|entry| entry.decision.clone()),
            proposed: proposed.map(|entry| entry.name.clone()),
        }
    }
}

impl Why {
    /// Whether nobody works on such a day.
    ///
    /// ```
    /// assert!(vietnam::calendar::Why::InLieu.is_off());
    /// ```
    #[must_use]
    pub const fn is_off(self) -> bool {
        match self {
            Self::Weekend | Self::Holiday | Self::InLieu | Self::SwappedOff => true,
            Self::WorkingDay | Self::WorkingWeekend => false,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WorkingDay => "working_day",
            Self::Weekend => "weekend",
            Self::Holiday => "holiday",
            Self::InLieu => "in_lieu",
            Self::SwappedOff => "swapped_off",
            Self::WorkingWeekend => "working_weekend",
        })
    }
}
