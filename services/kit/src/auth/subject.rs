//! One form for one caller: what compares subjects compares people.

use vietnam::text::{Room, nfc, unfit};

/// The form in which a subject is compared, recorded and shown: composed (NFC),
/// without blanks around it, in small letters. `user:x`, `User:X ` and a name
/// typed with combining marks are one caller.
///
/// ```
/// use kit::auth::canonical_subject;
///
/// assert_eq!(canonical_subject(" User:Vie\u{323}\u{302}t "), "user:việt");
/// ```
#[must_use]
pub fn canonical_subject(subject: &str) -> String {
    nfc(&nfc(subject.trim()).to_lowercase())
}

/// Whether two subjects are one caller.
#[must_use]
pub fn is_same_subject(one: &str, other: &str) -> bool {
    one == other || canonical_subject(one) == canonical_subject(other)
}

/// The subject of a token; `None` where signs in it hide or pass for others, for
/// then two subjects could be told apart by a program and not by a reader.
pub(super) fn readable(subject: &str) -> Option<String> {
    let canonical = canonical_subject(subject);
    (!canonical.is_empty() && unfit(&canonical, Room::Line).is_none()).then_some(canonical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_a_subject_is_one_caller() {
        for spelling in [
            "user:việt",
            "User:Việt",
            "USER:VIỆT",
            " user:việt\t",
            "user:vie\u{323}\u{302}t",
            "user:việt\u{a0}",
        ] {
            assert!(is_same_subject(spelling, "user:việt"), "{spelling:?}");
        }
        assert!(!is_same_subject("user:viêt", "user:việt"));
    }

    #[test]
    fn a_subject_that_only_looks_like_another_is_none() {
        for subject in [
            "",
            " ",
            "user:x\u{200b}",
            "user:\u{445}",
            "user:x\ny",
            "user:\u{202e}x",
            "=?utf-8?q?user:x?=",
        ] {
            assert_eq!(readable(subject), None, "{subject:?}");
        }
        assert_eq!(readable("User:X ").as_deref(), Some("user:x"));
    }

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(subject in ".{0,20}") {
            let once = canonical_subject(&subject);
            prop_assert_eq!(canonical_subject(&once), once);
        }
    }
}
