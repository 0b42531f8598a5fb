//! What leaves a service, written in the transaction that made it true.
//!
//! **Guarantee**: a message that was committed reaches the broker at least once;
//! one that was not committed never does. The [`crate::relay`] publishes and
//! deletes; [`crate::inbox`] on the other side absorbs a second copy by its id.
//!
//! - Crash before the commit: neither the change nor the message exists.
//! - Crash after the commit: the row waits here; the relay finds it at its next
//!   look, whether or not the [`Bell`] rang.
//!
//! Order is not promised: every fact carries the whole present state of its
//! aggregate and a sequence, and receivers keep the highest.

mod bell;
mod fact;
mod put;
mod state;

pub use bell::Bell;
pub use fact::{Fact, Order};
pub use put::{put, put_orders};
pub use state::{OutboxProbe, holds_back, published, waiting};

/// The topic exchange of all facts.
pub const FACTS: &str = "lienminh.facts";

/// The exchange of the notifier's own work.
pub const DELIVERIES: &str = "lienminh.deliveries";

/// The exchange of provider receipts.
pub const RECEIPTS: &str = "lienminh.receipts";

/// The largest message, in bytes: what is larger belongs in a document, not in a fact.
pub const MAX_PAYLOAD: usize = 64 * 1024;
