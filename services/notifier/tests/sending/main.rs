//! Sending, from queued rows to what the ends accepted, on real servers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod agreement;
mod bed;
mod emails;
mod faults;
mod freshness;
mod hold;
mod newer;
mod night;
mod receipts;
mod relays;
mod texts;
mod unrecorded;
mod updates;
