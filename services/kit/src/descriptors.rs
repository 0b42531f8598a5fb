//! The descriptors of every contract, with their custom options.

pub use lienminh_proto::{is_marked, pool};
