//! From facts to deliveries, on a real database, beside a world that a test sets.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod bed;
mod belief;
mod changes;
mod crowds;
mod explained;
mod faults;
mod mailing;
mod parking;
mod resumed;
mod texts;
mod wording;
mod world;
