//! Deliveries as rows: made by fan-out, moved in three committed steps.

mod insert;
mod overtake;
mod person;
mod policy;
mod reconcile;
mod settle;
mod steps;

pub use insert::{Fate, NewDelivery, insert_batch};
pub use overtake::{satisfy_pending, supersede_pending};
pub use person::decide_by_person;
pub use policy::{Doubt, Weighed, weigh};
pub use reconcile::{Resolved, Unknown, resolve, unknown_due};
pub use settle::{Waiting, queued, release, ring, settle_lost, wake};
pub use steps::{
    Claimed, CommitSend, Committed, Finish, carried, claim, commit_send, finish, letters,
    obligation_names, touch_asked,
};
