//! The Vietnamese lunar calendar at UTC+7, for the lunar years 1900 to 2099.
//!
//! Rules: a month begins on the local day of the new moon; the month with the winter solstice is
//! the eleventh; where thirteen months lie between two solstices, the first without a principal
//! term is a leap month and repeats the number before it. Việt Nam computes at UTC+7 since 1968
//! (Decision 121-CP of 8 August 1967); earlier years are computed by the same rule, whatever
//! calendars were printed then. A new moon within two minutes of midnight leaves the first day of
//! its month in doubt ([`LunarDate::is_uncertain`]). China computes at UTC+8, which is why a few Tết differ.

mod anniversary;
mod date;
pub mod ephemeris;
mod names;
mod table;
mod uncertain;
mod year;

pub use anniversary::anniversary;
pub use date::{LunarDate, LunarError, from_solar};
pub use names::{day_name, month_name, month_stem_branch, year_name};
pub use uncertain::uncertain_months;
pub use year::{MonthOfYear, leap_month, months, new_year};
