//! The `lienminh` command, and what tools around it reuse: files, connections,
//! loading plans and rosters through gRPC.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod args;
pub mod commands;
pub mod connect;
pub mod failure;
pub mod files;
mod help;
pub mod language;
pub mod load;
pub mod proto_values;
mod screen;
pub mod share_text;
pub mod vn;

pub use help::understand;
