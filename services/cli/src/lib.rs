//! The `lienminh` command, and what tools around it reuse: files, connections,
//! loading plans and rosters through gRPC.

pub mod args;
pub mod commands;
pub mod connect;
pub mod files;
pub mod load;
pub mod proto_values;
pub mod share_text;
pub mod vn;
