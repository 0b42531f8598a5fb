use jiff::civil::Date;

use super::Precision;

/// One end of a window, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Day {
        day: i8,
        month: Option<i8>,
        year: Option<i16>,
    },
    Span {
        base: Base,
        part: Option<Part>,
        year: Option<i16>,
    },
    /// A number that only its partner explains: "1" in "1 - 10/7".
    Bare(i16),
}

/// A whole span of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Month(i8),
    Quarter(i8),
    /// The first or second half.
    Half(i8),
    Year,
}

/// The third of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Middle,
    Late,
}

impl Piece {
    pub(super) const fn year(self) -> Option<i16> {
        match self {
            Self::Day { year, .. } | Self::Span { year, .. } => year,
            Self::Bare(_) => None,
        }
    }

    pub(super) const fn in_year(self, year: i16) -> Self {
        match self {
            Self::Day { day, month, .. } => Self::Day {
                day,
                month,
                year: Some(year),
            },
            Self::Span { base, part, .. } => Self::Span {
                base,
                part,
                year: Some(year),
            },
            Self::Bare(number) => Self::Bare(number),
        }
    }

    /// What a bare number beside this piece stands for; its year is left open.
    pub(super) fn like(self, number: i16) -> Option<Self> {
        let number = i8::try_from(number).ok()?;
        match self {
            Self::Day { month, .. } => Some(Self::Day {
                day: number,
                month,
                year: None,
            }),
            Self::Span {
                base: Base::Month(_),
                part,
                ..
            } => Some(Self::Span {
                base: Base::Month(number),
                part,
                year: None,
            }),
            Self::Span {
                base: Base::Quarter(_),
                part,
                ..
            } => Some(Self::Span {
                base: Base::Quarter(number),
                part,
                year: None,
            }),
            Self::Span { .. } | Self::Bare(_) => None,
        }
    }

    pub(super) const fn precision(self) -> Precision {
        match self {
            Self::Day { .. } | Self::Bare(_) => Precision::Day,
            Self::Span { part: Some(_), .. } => Precision::Approximate,
            Self::Span {
                base: Base::Year, ..
            } => Precision::Year,
            Self::Span { .. } => Precision::Month,
        }
    }

    /// First and last day, once the year is known.
    pub(super) fn days(self) -> Option<(Date, Date)> {
        match self {
            Self::Day { day, month, year } => {
                let date = Date::new(year?, month?, day).ok()?;
                Some((date, date))
            }
            Self::Span {
                base: Base::Month(month),
                part,
                year,
            } => thirds_of_month(year?, month, part),
            Self::Span { base, part, year } => {
                let (first, length) = match base {
                    Base::Month(month) => (month, 1),
                    Base::Quarter(quarter) if (1..=4).contains(&quarter) => (quarter * 3 - 2, 3),
                    Base::Half(half) if (1..=2).contains(&half) => (half * 6 - 5, 6),
                    Base::Year => (1, 12),
                    Base::Quarter(_) | Base::Half(_) => return None,
                };
                let third = length / 3;
                let (skip, take) = match part {
                    None => (0, length),
                    Some(Part::Early) => (0, third),
                    Some(Part::Middle) => (third, third),
                    Some(Part::Late) => (2 * third, third),
                };
                months(year?, first + skip, take)
            }
            Self::Bare(_) => None,
        }
    }
}

fn months(year: i16, first: i8, count: i8) -> Option<(Date, Date)> {
    let start = Date::new(year, first, 1).ok()?;
    let end = Date::new(year, first + count - 1, 1).ok()?.last_of_month();
    Some((start, end))
}

fn thirds_of_month(year: i16, month: i8, part: Option<Part>) -> Option<(Date, Date)> {
    let day = |day| Date::new(year, month, day).ok();
    let last = day(1)?.last_of_month();
    Some(match part {
        None => (day(1)?, last),
        Some(Part::Early) => (day(1)?, day(10)?),
        Some(Part::Middle) => (day(11)?, day(20)?),
        Some(Part::Late) => (day(21)?, last),
    })
}
