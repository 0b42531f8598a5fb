//! Repeatable chance: the same seed and the same key always draw the same.

/// Draws a number below `below` from a seed and a key, independent of the order of draws.
#[must_use]
pub fn draw(seed: u64, key: &str, below: u64) -> u64 {
    // FNV-1a over the key, then the finaliser of SplitMix64, which spreads nearby values.
    let hashed = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut mixed = hashed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % below.max(1)
}

/// A weighted choice that depends on nothing but seed and key.
#[derive(Clone, Debug)]
pub struct Mix<T> {
    seed: u64,
    shares: Vec<(u64, T)>,
}

impl<T: Clone> Mix<T> {
    /// Each share is a weight and what it stands for.
    #[must_use]
    pub fn new(seed: u64, shares: impl IntoIterator<Item = (u64, T)>) -> Self {
        Self {
            seed,
            shares: shares.into_iter().collect(),
        }
    }

    /// What falls on this key; nothing when there are no shares.
    #[must_use]
    pub fn choose(&self, key: &str) -> Option<T> {
        let total = self.shares.iter().map(|(weight, _)| weight).sum();
        let mut left = draw(self.seed, key, total);
        for (weight, what) in &self.shares {
            if left < *weight {
                return Some(what.clone());
            }
            left -= weight;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_out_about_as_weighted_and_always_the_same() {
        let mix = Mix::new(7, [(60, 'a'), (30, 'b'), (10, 'c')]);
        let drawn: Vec<_> = (0..10_000)
            .filter_map(|n| mix.choose(&format!("key {n}")))
            .collect();
        let count = |wanted| drawn.iter().filter(|&&one| one == wanted).count();
        assert!((5_700..6_300).contains(&count('a')), "{}", count('a'));
        assert!((800..1_200).contains(&count('c')), "{}", count('c'));
        let again: Vec<_> = (0..10_000)
            .filter_map(|n| mix.choose(&format!("key {n}")))
            .collect();
        assert_eq!(drawn, again);
    }
}
