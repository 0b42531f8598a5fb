//! What end-to-end tests, fault tests, benches and the demonstration share.

pub mod bench;
pub mod demo;
pub mod ending;
pub mod faults;
pub mod oracle;
pub mod reader;
pub mod seeds;
pub mod simulation;
pub mod surface;
