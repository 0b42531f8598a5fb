//! The rules of support money. Nothing here reads a clock, a database or a wire.

pub mod application;
pub mod bank_reference;
pub mod day;
pub mod difference;
pub mod id;
pub mod ledger;
pub mod money;
pub mod obligation;
pub mod programme;
pub mod refusal;
