//! The ledger in a model world: clerks whose calls cross, crash and come again.
//!
//! A call reads, decides by the service's own rules and commits; between any two
//! of these steps another one may commit first, or the process may be gone, and
//! whoever heard no answer calls again under the same request id.

mod books;
mod clerk;

use books::Books;
use clerk::{Call, Clerk};

use super::Run;
use super::dice::Dice;
use super::flaw::Flaw;
use super::invariant::Violation;

/// Steps of a run.
const STEPS: u32 = 150;

/// Plays the ledger of a seed.
#[must_use]
pub fn play(seed: u64, flaw: Flaw, keep_steps: bool) -> Run {
    let mut dice = Dice::new(seed ^ 0x1ed6_e500);
    let mut run = Run {
        seed,
        faults: 0,
        messages: 0,
        violation: None,
        steps: Vec::new(),
    };
    let mut books = Books::open(&mut dice, flaw);
    let mut clerks: Vec<Clerk> = (0..4).map(|_| Clerk::default()).collect();
    for _ in 0..STEPS {
        let place = dice.index(clerks.len());
        let words = if dice.chance(12) {
            run.faults += 1;
            clerks[place].crash(&mut books);
            format!("clerk {place} crashes")
        } else if dice.chance(8) {
            run.faults += 1;
            let copy = clerks[dice.index(4)].call();
            clerks[place].hear(copy);
            format!("clerk {place} gets a call that is under way: {copy:?}")
        } else {
            let done = clerks[place].step(&mut books, &mut dice);
            format!("clerk {place} {done}")
        };
        if keep_steps {
            run.steps.push(words);
        }
        if let Err(violation) = books.hold() {
            run.violation = Some(violation);
            break;
        }
    }
    run.messages = books.acknowledged();
    run
}

/// A rule of the books that was broken.
fn broken(what: impl Into<String>) -> Violation {
    Violation {
        rule: "I5 money",
        what: what.into(),
    }
}

/// What a call did, for the books of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// It was carried out, now or before.
    Done,
    /// It was refused; nothing is stored of it.
    Refused,
    /// Somebody else committed first: it begins anew.
    Again,
}

/// A call and whether its answer was heard.
type Heard = Option<(Call, Answer)>;
