//! A tiny server behind the real door, called over a real connection.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod callers;
mod house;
mod limits;
mod peers;
mod program;
mod readiness;
mod tls;
mod words;
