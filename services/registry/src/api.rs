//! The rpcs: decode, use case, encode.
//!
//! Each rpc answers through [`kit::error::answer`], so that a refusal reads the
//! same everywhere. Callers bound to one organisation see and change only that
//! one, as `bound` says: any other is not found, whether it exists or not.

mod bound;
mod fact;
mod listing;
mod member;
mod roster;
mod search;
mod state;
mod wire;

pub mod admission;
pub mod contact;
pub mod obligation;
pub mod organisation;

pub use state::State;
