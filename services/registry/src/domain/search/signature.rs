//! What eight bytes can tell of the words of an organisation.

use std::ops::RangeInclusive;

/// Beginnings of a word that set a bit, in characters.
const BEGINNINGS: RangeInclusive<usize> = 2..=4;

/// One bit for each beginning of each word. Two beginnings may share a bit, so
/// it tells for certain only who does not fit.
///
/// Rows keep it: a change of how it is made needs all of them written anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signature(u64);

impl Signature {
    /// The signature of folded words.
    #[must_use]
    pub fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let beginnings = words.flat_map(|word| {
            word.char_indices()
                .map(|(at, character)| at + character.len_utf8())
                .zip(1..)
                .filter(|(_, length)| BEGINNINGS.contains(length))
                .map(|(end, _)| &word[..end])
        });
        Self(beginnings.fold(0, |bits, beginning| bits | bit(beginning)))
    }

    /// The form in which the store keeps it.
    #[must_use]
    pub const fn column(self) -> i64 {
        self.0.cast_signed()
    }
}

fn bit(beginning: &str) -> u64 {
    // FNV-1a; the halves are joined because the last character moves only the lower one.
    let hash = beginning
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    1 << ((hash ^ (hash >> 32)) % 64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signature(words: &str) -> u64 {
        Signature::of(words.split(' ')).0
    }

    #[test]
    fn rows_keep_a_signature_so_it_is_made_as_ever() {
        assert_eq!(
            signature("htx nong nghiep hoa binh 617"),
            7_070_797_272_195_530_752
        );
    }

    #[test]
    fn most_that_do_not_fit_are_told_apart() {
        let places = ["sao mai", "dak mil", "tuy duc", "gia nghia", "krong no"];
        let asked = signature("hoa binh");
        assert!(places.iter().all(|place| signature(place) & asked != asked));
    }

    proptest! {
        #[test]
        fn who_holds_a_beginning_of_each_word_is_never_left_out(
            words in prop::collection::vec("[a-z0-9đ]{1,7}", 1..12),
            cuts in prop::collection::vec(1..8usize, 12),
        ) {
            let asked: Vec<String> = words.iter().zip(cuts)
                .map(|(word, cut)| word.chars().take(cut).collect())
                .collect();
            let asked = signature(&asked.join(" "));
            prop_assert_eq!(signature(&words.join(" ")) & asked, asked);
        }
    }
}
