use jiff::civil::Weekday;

/// The days of the week on which an organisation works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkingWeek(u8);

impl WorkingWeek {
    /// Monday to Friday, as offices work since October 1999 (Decision 188/1999/QĐ-TTg).
    pub const OFFICE: Self = Self(0b001_1111);
    /// Monday to Saturday.
    pub const SIX_DAYS: Self = Self(0b011_1111);

    /// A week of the given days; `None` without any, since then no working day would ever come.
    ///
    /// ```
    /// use jiff::civil::Weekday;
    /// use vietnam::calendar::WorkingWeek;
    /// assert!(WorkingWeek::new(&[Weekday::Sunday]).is_some());
    /// assert!(WorkingWeek::new(&[]).is_none());
    /// ```
    #[must_use]
    pub fn new(days: &[Weekday]) -> Option<Self> {
        let bits = days.iter().fold(0, |bits, day| bits | Self::bit(*day));
        (bits != 0).then_some(Self(bits))
    }

    /// Whether the day of the week is worked.
    ///
    /// ```
    /// use jiff::civil::Weekday;
    /// assert!(!vietnam::calendar::WorkingWeek::OFFICE.contains(Weekday::Saturday));
    /// ```
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & Self::bit(day) != 0
    }

    fn bit(day: Weekday) -> u8 {
        1 << day.to_monday_zero_offset()
    }
}
