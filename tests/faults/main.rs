//! The short forms of `make faults`.
#![allow(clippy::unwrap_used)]
// Tests await whole stages; boxing them would only hide what they do.
#![allow(clippy::large_futures)]

mod places;
mod short;
