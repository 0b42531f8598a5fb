use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Calendar, DayInfo};

/// A day that two versions of the calendar see differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As the older version saw it.
    pub before: DayInfo,
    /// As the newer version sees it.
    pub after: DayInfo,
}

impl Change {
    /// Whether the day turned from worked to off or back, so that deadlines may move.
    ///
    /// ```
    /// use vietnam::calendar::Calendar;
    /// let known = Calendar::official();
    /// let decided = known.with_decision("2027-02-13,working_day,Làm bù,announced,")?;
    /// assert!(decided.changes_since(&known).iter().all(|change| change.moves_work()));
    /// # Ok::<(), vietnam::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub const fn moves_work(&self) -> bool {
        self.before.off != self.after.off
    }
}

impl Calendar {
    /// What changed from an older version to this one, day by day in order.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use vietnam::calendar::Calendar;
    /// let known = Calendar::official();
    /// let decided = known.with_decision("2027-02-13,working_day,Làm bù,announced,")?;
    /// let changes = decided.changes_since(&known);
    /// assert_eq!(changes.len(), 1);
    /// assert_eq!(changes[0].after.date, date(2027, 2, 13));
    /// # Ok::<(), vietnam::calendar::CalendarError>(())
    /// ```
    #[must_use]
    pub fn changes_since(&self, older: &Self) -> Vec<Change> {
        let dates: BTreeSet<Date> = [self, older]
            .into_iter()
            .flat_map(|calendar| calendar.days.keys().chain(calendar.proposed.keys()))
            .copied()
            .collect();
        dates
            .into_iter()
            .map(|date| Change {
                before: older.day(date),
                after: self.day(date),
            })
            .filter(|change| change.before != change.after)
            .collect()
    }
}
