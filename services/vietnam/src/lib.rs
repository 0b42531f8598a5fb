//! The rules of Vietnamese offices, as pure functions: working time and legal deadlines, the lunar
//! calendar, text and its order, text messages, money in figures and words, identifiers, document
//! numbers, the windows in which plans speak, and administrative units.
//!
//! Nothing here reads a clock, a file or the network, holds state, or panics on any input; what
//! changes from year to year is data with a version (`data/`), and more can be loaded at run time.
//! Each rule names its source.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod bank;
pub mod calendar;
pub mod dates;
mod days;
pub mod docnum;
pub mod lunar;
pub mod money;
pub mod observance;
pub mod personal;
pub mod phone;
pub mod sms;
pub mod taxcode;
pub mod text;
pub mod units;
pub mod window;
mod zone;

pub use zone::{instant, local, zone};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
