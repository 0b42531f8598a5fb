//! Ladders played through time without a database: one party, which reads
//! whatever goes out.

#![allow(clippy::unwrap_used)]

mod belief;
mod ladders;
mod moves;
mod play;
mod properties;
