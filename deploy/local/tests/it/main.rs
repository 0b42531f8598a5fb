//! The stage, for real: servers, ends, links, and what remains of them (nothing).
#![allow(clippy::unwrap_used)]

mod backup;
mod conductor;
mod guard;
mod proxy;
mod servers;
mod sms;
mod smtp;
mod suite;
mod testbed;
