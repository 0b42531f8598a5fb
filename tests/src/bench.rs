//! Speed, each figure beside the ceiling measured in the same run.
//!
//! A figure alone says more about the machine than about the suite. So whatever is
//! measured here takes turns with the fastest thing that does the same kind of work
//! (pgbench, smtp-source into smtp-sink, plain publishing), and what counts is the
//! ratio of the two medians.

pub mod ceiling;
pub mod desk;
pub mod emails;
pub mod fanout;
pub mod figure;
pub mod growth;
pub mod idle;
pub mod latency;
pub mod line;
pub mod member_create;
pub mod member_get;
pub mod notifier_growth;
pub mod postfix;
pub mod process;
pub mod queued;
pub mod registry;
pub mod registry_growth;
pub mod relay;
pub mod report;
pub mod roll;
pub mod rounds;
pub mod slow;

pub use figure::Figure;
pub use growth::Growth;
pub use report::Report;
pub use rounds::{Round, alternate};
