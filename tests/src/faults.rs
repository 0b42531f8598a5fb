//! Faults, and the proof that no reminder is lost, doubled, invented or forgotten.
//!
//! Each scenario sends mailings to ends that misbehave, breaks something while
//! they are under way, heals it, and then lets the [`oracle`] join what the ends
//! accepted with what the notifier's rows say. A fault that never bit proves
//! nothing: a scenario passes only when each of its faults is seen to have bitten.

pub mod alarm;
pub mod broker;
pub mod classes;
pub mod clocks;
pub mod crowd;
pub mod dice;
pub mod disk;
pub mod failpoints;
pub mod ground;
pub mod kills;
pub mod ledger;
pub mod links;
pub mod oracle;
pub mod outcome;
pub mod poison;
pub mod pool;
pub mod postgres;
pub mod stop;
pub mod texts;
pub mod twins;
pub mod unroutable;
pub mod watch;
pub mod workers;

pub use dice::Dice;
pub use ground::Ground;
pub use outcome::Outcome;

/// How much of a scenario is played.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// From which every random choice follows.
    pub seed: u64,
    /// Members of the alliance; a large mailing goes to all of them.
    pub parties: usize,
    /// Kills, restarts, freezes or passes, as the scenario counts.
    pub rounds: u32,
    /// A short form; its result does not take the place of the full one's.
    pub short: bool,
}
