//! The gRPC contracts of Lienminh as Rust types, clients and servers.
//!
//! Modules follow the packages: `lienminh.events.v1` is [`events::v1`]. The
//! comments of the `.proto` files are the documentation of these types.

#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::wildcard_enum_match_arm,
    unreachable_pub
)]
mod packages {
    include!(concat!(env!("OUT_DIR"), "/packages.rs"));
}

mod codec;
mod descriptors;
mod texts;

pub use codec::{Codec, UnfitTexts};
pub use descriptors::{is_marked, pool};
pub use packages::lienminh::*;
pub use texts::{Misfit, rule};

/// Every descriptor with its imports, source information and custom options,
/// as an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
