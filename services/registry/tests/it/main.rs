//! The registry behind its real door: gRPC with tokens, a PostgreSQL database
//! of each test's own, the runtime role's rights.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod admissions;
mod bound;
mod contacts;
mod facts;
mod holders;
mod house;
mod large_roll;
mod listing;
mod members;
mod obligations;
mod organisations;
mod reach;
mod rosters;
mod rounds;
mod samples;
mod searching;
