//! The demonstration: the action month of 2024, played on the stepped clock.

pub mod script;
