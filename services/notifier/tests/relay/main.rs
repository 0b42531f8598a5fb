//! One connection to a relay, as relays are: over the wire, without a database.
#![allow(clippy::unwrap_used)]

mod accounts;
mod gateways;
mod odd;
mod world;
