//! The registry's tables: constant SQL beside the functions that run it.
//!
//! Functions take a [`kit::database::Session`], so the use case decides whether
//! they share a transaction. What is written, is written by sets.

mod cells;

pub mod admission;
pub mod applicant;
pub mod consent;
pub mod contact;
pub mod listing;
pub mod organisation;
pub mod reachability;
pub mod refusal;
pub mod roster;
pub mod search;
