//! Places where a test can make the process die.
//!
//! `LIENMINH_FAILPOINT=name:n[,name:n]` aborts the process when it passes the
//! place `name` for the `n`-th time, as a power cut would: nothing is flushed,
//! nothing is rolled back by us. Always compiled, so that what is tested is
//! what runs; without the variable a pass costs one atomic load. With it each
//! pass of a named place is told on standard error, so that a run in which
//! nothing dies tells how many there are.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Names the places and the passes.
const VARIABLE: &str = "LIENMINH_FAILPOINT";

static ARMED: LazyLock<Vec<Armed>> = LazyLock::new(|| {
    std::env::var(VARIABLE)
        .map(|text| parse(&text))
        .unwrap_or_default()
});

struct Armed {
    name: String,
    pass: u64,
    passed: AtomicU64,
}

/// Passes the place `name`; does not return when its time has come.
#[inline]
pub fn hit(name: &str) {
    if !ARMED.is_empty() {
        pass(&ARMED, name);
    }
}

// Straight to the terminal: the subscriber may buffer, and perhaps we die now.
#[allow(clippy::print_stderr)]
#[cold]
fn pass(armed: &[Armed], name: &str) {
    for each in armed.iter().filter(|each| each.name == name) {
        let pass = each.next();
        eprintln!("failpoint {name} pass {pass}");
        if pass == each.pass {
            eprintln!("failpoint {name} reached, aborting");
            std::process::abort();
        }
    }
}

/// Passes a named place where a test may make the process die.
#[macro_export]
macro_rules! failpoint {
    ($name:expr) => {
        $crate::failpoint::hit($name)
    };
}

impl Armed {
    /// The number of this pass, from 1.
    fn next(&self) -> u64 {
        self.passed.fetch_add(1, Ordering::Relaxed) + 1
    }
}

fn parse(text: &str) -> Vec<Armed> {
    text.split(',')
        .filter_map(|each| {
            let (name, pass) = each.trim().rsplit_once(':')?;
            Some(Armed {
                name: name.to_owned(),
                pass: pass.parse().ok()?,
                passed: AtomicU64::new(0),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_places_are_armed_each_with_its_pass() {
        let armed = parse("outbox.inserted:2, relay.confirmed:1");
        let named: Vec<_> = armed.iter().map(|each| each.name.as_str()).collect();
        assert_eq!(named, ["outbox.inserted", "relay.confirmed"]);
        assert_eq!([armed[0].pass, armed[1].pass], [2, 1]);
        assert!(parse("without a number").is_empty());
    }

    #[test]
    fn passes_are_counted_and_a_place_that_is_not_armed_is_passed_unharmed() {
        let armed = parse("outbox.inserted:3");
        pass(&armed, "elsewhere");
        pass(&armed, "outbox.inserted");
        pass(&armed, "outbox.inserted");
        assert_eq!(armed[0].next(), 3, "at which it would have died");
    }
}
