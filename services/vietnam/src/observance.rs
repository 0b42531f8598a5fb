//! Days that are kept every year: on a date, on the n-th weekday of a month, or by the moon.

use std::fmt;

use jiff::civil::{Date, Weekday};

use crate::lunar;

/// When an observance falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The same date every year. 29 February is kept as [`CommonYear`] says.
    Fixed {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
        /// What 29 February becomes.
        common_year: CommonYear,
    },
    /// The n-th of a weekday in a month, 1 to 5, or -1 for the last.
    NthWeekday {
        /// 1 to 12.
        month: i8,
        /// 1 to 5, or -1 to -5 from the end.
        nth: i8,
        /// The day of the week.
        weekday: Weekday,
    },
    /// A lunar date, kept as [`lunar::anniversary`] says.
    Lunar {
        /// 1 to 12.
        month: i8,
        /// 1 to 30.
        day: i8,
    },
}

/// On what day of a common year something of 29 February is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CommonYear {
    /// 28 February, as terms of years end.
    #[default]
    TwentyEighth,
    /// 1 March.
    FirstOfMarch,
}

impl Rule {
    /// The same date every year.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let day = vietnam::observance::Rule::fixed(4, 11);
    /// assert_eq!(day.in_year(2024), Some(date(2024, 4, 11)));
    /// ```
    #[must_use]
    pub const fn fixed(month: i8, day: i8) -> Self {
        Self::Fixed {
            month,
            day,
            common_year: CommonYear::TwentyEighth,
        }
    }

    /// The day in a year; `None` where the year has none (a fifth Saturday, the moon beyond 2099).
    ///
    /// ```
    /// use jiff::civil::{Weekday, date};
    /// use vietnam::observance::Rule;
    /// let cooperatives = Rule::NthWeekday { month: 7, nth: 1, weekday: Weekday::Saturday };
    /// assert_eq!(cooperatives.in_year(2024), Some(date(2024, 7, 6)));
    /// assert_eq!(Rule::Lunar { month: 3, day: 10 }.in_year(2024), Some(date(2024, 4, 18)));
    /// ```
    #[must_use]
    pub fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed {
                month: 2,
                day: 29,
                common_year,
            } => {
                let kept = match common_year {
                    CommonYear::TwentyEighth => (2, 28),
                    CommonYear::FirstOfMarch => (3, 1),
                };
                Date::new(year, 2, 29)
                    .or_else(|_| Date::new(year, kept.0, kept.1))
                    .ok()
            }
            Self::Fixed { month, day, .. } => Date::new(year, month, day).ok(),
            Self::NthWeekday {
                month,
                nth,
                weekday,
            } => Date::new(year, month, 1)
                .ok()?
                .nth_weekday_of_month(nth, weekday)
                .ok(),
            Self::Lunar { month, day } => lunar::anniversary(year, month, day).ok(),
        }
    }
}

/// A day that cooperatives keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observance {
    /// Its name in Vietnamese.
    pub name: &'static str,
    /// When it falls.
    pub rule: Rule,
    /// The year of the first one, by each way of counting.
    pub first: &'static [(Count, i16)],
}

/// Who counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Count {
    /// The United Nations, since 1995 (Resolution 47/90).
    UnitedNations,
    /// The International Cooperative Alliance, since 1923.
    InternationalCooperativeAlliance,
    /// The letter of 11 April 1946 to the farmers, to cooperate.
    LetterOf1946,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnitedNations => "UN",
            Self::InternationalCooperativeAlliance => "ICA",
            Self::LetterOf1946 => "1946",
        })
    }
}

/// Vietnam Cooperative Day, 11 April.
pub const VIETNAM_COOPERATIVE_DAY: Observance = Observance {
    name: "Ngày Hợp tác xã Việt Nam",
    rule: Rule::fixed(4, 11),
    first: &[(Count::LetterOf1946, 1946)],
};

/// The International Day of Cooperatives, the first Saturday of July.
pub const INTERNATIONAL_DAY_OF_COOPERATIVES: Observance = Observance {
    name: "Ngày Quốc tế Hợp tác xã",
    rule: Rule::NthWeekday {
        month: 7,
        nth: 1,
        weekday: Weekday::Saturday,
    },
    first: &[
        (Count::UnitedNations, 1995),
        (Count::InternationalCooperativeAlliance, 1923),
    ],
};

/// Giỗ Tổ Hùng Vương, the tenth of the third lunar month.
pub const HUNG_KINGS: Observance = Observance {
    name: "Giỗ Tổ Hùng Vương",
    rule: Rule::Lunar { month: 3, day: 10 },
    first: &[],
};

impl Observance {
    /// How many times it has been kept, that year included; `None` before the first time or where
    /// nobody counts so. An anniversary is one less.
    ///
    /// ```
    /// use vietnam::observance::{Count, INTERNATIONAL_DAY_OF_COOPERATIVES};
    /// let day = INTERNATIONAL_DAY_OF_COOPERATIVES;
    /// assert_eq!(day.nth(Count::UnitedNations, 2021), Some(27));
    /// assert_eq!(day.nth(Count::InternationalCooperativeAlliance, 2021), Some(99));
    /// ```
    #[must_use]
    pub fn nth(&self, count: Count, year: i16) -> Option<i16> {
        let (_, first) = self.first.iter().find(|(who, _)| *who == count)?;
        year.checked_sub(*first)?
            .checked_add(1)
            .filter(|nth| *nth > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn the_international_day_falls_as_the_united_nations_print_it() {
        let days = [(2024, 6), (2025, 5), (2026, 4), (2027, 3), (2028, 1)];
        for (year, day) in days {
            assert_eq!(
                INTERNATIONAL_DAY_OF_COOPERATIVES.rule.in_year(year),
                Some(date(year, 7, day))
            );
        }
    }

    #[test]
    fn case_16_the_leap_day_is_kept_as_set() {
        let kept = |common_year| Rule::Fixed {
            month: 2,
            day: 29,
            common_year,
        };
        assert_eq!(
            kept(CommonYear::TwentyEighth).in_year(2023),
            Some(date(2023, 2, 28))
        );
        assert_eq!(
            kept(CommonYear::FirstOfMarch).in_year(2023),
            Some(date(2023, 3, 1))
        );
        assert_eq!(
            kept(CommonYear::FirstOfMarch).in_year(2024),
            Some(date(2024, 2, 29))
        );
    }

    #[test]
    fn what_a_year_does_not_have_is_none() {
        assert_eq!(
            Rule::NthWeekday {
                month: 2,
                nth: 5,
                weekday: Weekday::Monday
            }
            .in_year(2023),
            None
        );
        assert_eq!(Rule::fixed(4, 31).in_year(2023), None);
        assert_eq!(Rule::Lunar { month: 1, day: 1 }.in_year(2200), None);
        assert_eq!(VIETNAM_COOPERATIVE_DAY.nth(Count::LetterOf1946, 1945), None);
    }

    proptest! {
        #[test]
        fn no_rule_panics(year in any::<i16>(), month in any::<i8>(), day in any::<i8>()) {
            let _ = Rule::fixed(month, day).in_year(year);
            let _ = Rule::NthWeekday { month, nth: day, weekday: Weekday::Friday }.in_year(year);
            let _ = Rule::Lunar { month, day }.in_year(year);
            let _ = VIETNAM_COOPERATIVE_DAY.nth(Count::LetterOf1946, year);
        }
    }
}
