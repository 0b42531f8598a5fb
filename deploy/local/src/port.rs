//! Free ports of the loopback interface.
//!
//! They are taken from below the range out of which the system serves outgoing connections, so
//! that a port that a stopped server will want again is not given away meanwhile. Between this
//! look and the server's own bind somebody else may still be faster: whoever starts a server
//! tries again with another port.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use anyhow::bail;

/// Linux gives outgoing connections 32768 and above.
const RANGE: Range<u16> = 14_000..32_000;

/// More tries than a machine that is not full ever needs.
const TRIES: usize = 2_000;

static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port on which nobody listens and which this process has not given out before.
///
/// # Errors
/// When no free one was found.
pub fn free() -> anyhow::Result<u16> {
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        let port = random_in_range();
        if !given.contains(&port) && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            given.insert(port);
            return Ok(port);
        }
    }
    bail!("no free port between {} and {}", RANGE.start, RANGE.end);
}

fn random_in_range() -> u16 {
    use std::hash::{BuildHasher, RandomState};
    let span = u64::from(RANGE.end - RANGE.start);
    let drawn = RandomState::new().hash_one(std::process::id()) % span;
    // The remainder is below the span, which fits.
    RANGE.start + u16::try_from(drawn).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_port_is_given_twice() {
        let ports: BTreeSet<u16> = (0..200).map(|_| free().unwrap()).collect();
        assert_eq!(ports.len(), 200);
        assert!(ports.iter().all(|port| RANGE.contains(port)));
    }
}
