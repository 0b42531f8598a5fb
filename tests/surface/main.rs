//! What the suite shows the world, compared with what this folder has recorded: contracts, help,
//! schemas, metrics. What callers meet is recorded by the walk in `tests/e2e/rpcs.rs`, what
//! readers meet by `demo --record`. `make surface` records all of it anew.
#![allow(clippy::unwrap_used)]
// Tests await whole stages; boxing them would only hide what they do.
#![allow(clippy::large_futures)]

mod contracts;
mod help;
mod meters;
mod schema;
