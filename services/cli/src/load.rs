//! Loading through gRPC: rosters row by row, plans item by item.
//!
//! Every call about a plan carries a request_id made from what is loaded, so that loading the
//! same file twice changes nothing; the registry knows what a roster speaks of by its codes.

mod directory;
pub mod plan;
mod progress;
pub mod roster;

pub use directory::Directory;
pub use progress::Progress;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The same words give the same request_id, on any machine.
#[must_use]
pub fn request_id(words: &[&str]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.len().to_be_bytes());
        hash.update(word.as_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// A request_id for something that is meant anew each time.
#[must_use]
pub fn fresh_request_id() -> String {
    Uuid::now_v7().to_string()
}
