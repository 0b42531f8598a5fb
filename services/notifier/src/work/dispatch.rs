//! Sending: orders in, messages out, in three committed steps.
//!
//! **Guarantee**: at most one message per delivery leaves by itself, except that
//! a legal deadline whose outcome stays unknown is sent once more, the same bytes.
//! An SMS that is posted again while its gateway knows it again is the same message.
//!
//! - Crash before `claim` is committed: the order is delivered again.
//! - Crash after it: nothing was sent; the sweep queues the row again.
//! - Crash after `commit_send`: perhaps sent; the sweep makes it UNKNOWN, and
//!   only evidence or a person moves it from there.
//! - Crash after the provider's answer and before `finish`: the same.
//!
//! A lane begins no message before the outcome of its last one is recorded: while
//! the database takes nothing, what left unrecorded is one message of each lane.
//!
//! An order is acknowledged once its claim is committed: from there on the row
//! carries the work. No database connection is held while a provider is called;
//! each step goes through a [`batch::Batcher`], so that many messages share a
//! commit and none waits for company.

pub mod batch;
mod claim;
mod doubt;
mod email;
mod finish;
mod freshness;
mod hands;
mod jobs;
mod letters;
mod sms;

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::channel::gate::Gates;
use crate::channel::mode::Mode;
use crate::render::Renderer;
use crate::store::delivery::{CommitSend, Committed, Finish};
use crate::work::desk::Desk;
use batch::Batcher;

pub use claim::{Orders, problem};
pub use email::{Relay, lane};
pub use jobs::Jobs;
pub use letters::Letters;
pub use sms::worker;

/// What all senders share. Cheap to clone.
#[derive(Clone)]
pub struct Dispatch {
    /// Pool, clock, sources.
    pub desk: Desk,
    /// This process.
    pub worker: Uuid,
    /// Texts and messages.
    pub renderer: Renderer,
    /// Letters in use.
    pub letters: Arc<Letters>,
    /// The second step.
    pub committer: Batcher<CommitSend, Committed>,
    /// The third step.
    pub finisher: Batcher<Finish, ()>,
    /// Who may receive.
    pub mode: Arc<Mode>,
    /// Whether messages go out at present.
    pub gates: Gates,
}

/// Beside a stepped clock a conductor waits for every retry: none may be longer.
const LONGEST_STEPPED: Duration = Duration::from_millis(800);

impl Dispatch {
    /// A wait for a row's alarm; short beside a stepped clock.
    #[must_use]
    pub fn wait(&self, normal: Duration) -> Duration {
        shortened(&self.desk, normal)
    }
}

/// A wait for a row's alarm; short beside a stepped clock.
#[must_use]
pub fn shortened(desk: &Desk, normal: Duration) -> Duration {
    if desk.clock.waits().are_shortened() {
        desk.clock.waits().of(normal).min(LONGEST_STEPPED)
    } else {
        normal
    }
}
