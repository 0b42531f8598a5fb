//! The demonstration: the action month of 2024, played on the stepped clock.

pub mod actors;
pub mod guest;
pub mod join;
pub mod loading;
pub mod perform;
pub mod play;
pub mod reading;
pub mod report;
pub mod script;
pub mod surface;
pub mod timeline;
pub mod venue;
mod verdict;
