//! Places where a test can make the process die.
//!
//! `LIENMINH_FAILPOINT=name:n[,name:n]` aborts the process when it passes the
//! place `name` for the `n`-th time, as a power cut would: nothing is flushed,
//! nothing is rolled back by us. Always compiled, so that what is tested is
//! what runs; without the variable a pass costs one atomic load.

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
    if !ARMED.is_empty() && is_due(&ARMED, name) {
        // Straight to the terminal: the subscriber may buffer, and we die now.
        #[allow(clippy::print_stderr)]
        {
            eprintln!("failpoint {name} reached, aborting");
        }
        std::process::abort();
    }
}

/// Passes a named place where a test may make the process die.
#[macro_export]
macro_rules! failpoint {
    ($name:expr) => {
        $crate::failpoint::hit($name)
    };
}

fn is_due(armed: &[Armed], name: &str) -> bool {
    armed
        .iter()
        .filter(|each| each.name == name)
        .any(|each| each.passed.fetch_add(1, Ordering::Relaxed) + 1 == each.pass)
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
    fn a_place_is_due_at_its_nth_pass_only() {
        let armed = parse("outbox.inserted:2, relay.confirmed:1");
        assert!(!is_due(&armed, "outbox.inserted"));
        assert!(is_due(&armed, "outbox.inserted"));
        assert!(!is_due(&armed, "outbox.inserted"));
        assert!(is_due(&armed, "relay.confirmed"));
        assert!(!is_due(&armed, "elsewhere"));
    }
}
