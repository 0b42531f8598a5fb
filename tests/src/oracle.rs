//! What must come out of the demonstration, worked out from the script, the
//! ladders and the roster alone. It reads no table of the notifier and shares no
//! code with it: where the two disagree, one of them is wrong.
//!
//! All instants are local wall clock; the zone never shifts.

pub mod arming;
pub mod ladder;
pub mod matter;
pub mod reach;
pub mod saying;
pub mod story;
pub mod walk;

pub use walk::{Expected, Oracle};
