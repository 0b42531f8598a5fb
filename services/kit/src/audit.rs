//! Who did what, in a chain that shows when somebody touched it.
//!
//! Rows are written in the transaction of the deed, unsealed, so that no deed
//! waits for another one. One sealer per service seals them afterwards in batches:
//! a seal holds the hash of every row, the hash of the seal before it and a hash
//! over both; the head, a row of its own, names the last seal.
//!
//! [`verify`] walks the chain and names every row that was edited, removed or put
//! in behind the service's back, and a tail that was cut off. Whoever may write
//! every table could still forge the whole chain: that is why the head
//! ([`Anchor`]) is also logged, and can be kept outside and given to [`verify`].
//!
//! - Crash before a seal's commit: the rows are sealed by the next run.
//! - Two sealers: one seals, the other one finds the lock taken and goes.

mod leaf;
mod seal;
mod verify;

use std::fmt;

pub use seal::{run_sealer, seal};
pub use verify::{Fault, Report, verify};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash before the first seal.
const GENESIS: Hash = [0; 32];

/// The end of the chain at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Number of the last seal; they count from 1.
    pub number: i64,
    /// Its hash.
    pub hash: Hash,
}

impl fmt::Display for Anchor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:", self.number)?;
        self.hash
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl std::str::FromStr for Anchor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || format!("{text:?} is not an anchor like 12:9f86d0…");
        let (number, hex) = text.split_once(':').ok_or_else(malformed)?;
        let number = number.parse().map_err(|_| malformed())?;
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(malformed());
        }
        let mut hash = GENESIS;
        for (byte, index) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[index..index + 2], 16).map_err(|_| malformed())?;
        }
        Ok(Self { number, hash })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_anchor_is_read_back_as_it_was_printed() {
        let anchor = Anchor {
            number: 12,
            hash: [0xa7; 32],
        };
        assert_eq!(anchor.to_string().parse::<Anchor>().unwrap(), anchor);
        for bad in ["", "12", "x:00", "12:zz", &format!("1:{}", "é".repeat(32))] {
            assert!(bad.parse::<Anchor>().is_err(), "{bad}");
        }
    }
}
