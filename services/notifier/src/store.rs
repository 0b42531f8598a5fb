//! Rows: each statement is constant text beside its function.

pub mod coverage;
pub mod decision;
pub mod delivery;
pub mod gauges;
pub mod hold;
pub mod listing;
pub mod obligation;
pub mod occurrence;
pub mod order;
pub mod parked;
pub mod receipt;
pub mod secret;
pub mod suppression;
pub mod told;
pub mod worker;
