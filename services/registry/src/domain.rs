//! What the registry knows and decides: pure, without clock, database or transport.
//!
//! Readers of fields return a [`kit::error::Violation`] that names the field, so
//! that a request is told everything that is wrong with it at once.

#[macro_use]
mod code;

pub mod admission;
pub mod consent;
pub mod contact;
pub mod email;
pub mod id;
pub mod membership;
pub mod organisation;
pub mod party;
pub mod position;
pub mod roster;
pub mod search;
pub mod short_name;
pub mod warning;
