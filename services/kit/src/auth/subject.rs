//! One form for one caller: what compares subjects compares people.

use super::claims::is_name;

/// Signs that stand between the words of a subject: `service:notifier`,
/// `lan@lienminh.example`, `auth0|5f7c8ec7`.
const BETWEEN: &[char] = &[':', '.', '-', '_', '@', '/', '|'];

/// Signs that part words for the eye only: whoever adds or drops one of them has the
/// same name.
const FOR_THE_EYE: &[char] = &['.', '-', '_'];

/// The form in which a subject is compared, recorded and shown: in small letters,
/// without blanks around it.
///
/// ```
/// use kit::auth::canonical_subject;
///
/// assert_eq!(canonical_subject(" User:Lan "), "user:lan");
/// ```
#[must_use]
pub fn canonical_subject(subject: &str) -> String {
    subject.trim().to_ascii_lowercase()
}

/// Whether two subjects are one person, however dots, strokes and capitals stand in
/// them: `user:le.an3` and `user:Le-An-3`. Two people whose names differ by nothing
/// else must take other names before both decide about the same money.
#[must_use]
pub fn is_same_subject(one: &str, other: &str) -> bool {
    one == other || letters(one) == letters(other)
}

fn letters(subject: &str) -> String {
    canonical_subject(subject).replace(FOR_THE_EYE, "")
}

/// Whether a token may name this subject: words of ASCII letters and figures with one
/// sign between two of them. All else (a tag after `+`, a dot at the end, signs of
/// other scripts) is a second name that somebody can give himself.
pub(super) fn is_subject(subject: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
    is_name(subject) && subject.split(BETWEEN).all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_a_subject_is_one_caller() {
        for spelling in ["user:lean3", "User:LeAn3", "user:le.an3", "user:le-an_3"] {
            assert!(is_same_subject(spelling, "user:lean3"), "{spelling:?}");
        }
        assert!(!is_same_subject("user:lean3", "user:lean4"));
        assert!(!is_same_subject("user:lan", "system:lan"));
    }

    #[test]
    fn a_second_name_that_somebody_gives_himself_is_none() {
        for subject in [
            "",
            " ",
            " user:lan3",
            "user:lan3 ",
            "user:lan3.",
            "user:lan..3",
            "user:",
            ":lan3",
            "user:lan+thu@lienminh.example",
            "user:lan3\u{200b}",
            "user:\u{ff4c}\u{ff41}\u{ff4e}3",
            "user:vi\u{1ec7}t",
            "user:\u{445}",
            "user:x\ny",
            "=?utf-8?q?user:x?=",
        ] {
            assert!(!is_subject(subject), "{subject:?}");
        }
    }

    #[test]
    fn names_that_services_portals_and_providers_give_are_subjects() {
        for subject in [
            "service:notifier",
            "system:portal",
            "user:lan",
            "person:phe-duyet-2",
            "user:lan.anh@lienminh.example",
            "auth0|5f7c8ec7c33c6c004bbafe82",
            "0198f2d0-7f3a-7c11-9d1e-0242ac120002",
        ] {
            assert!(is_subject(subject), "{subject}");
        }
    }

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(subject in ".{0,20}") {
            let once = canonical_subject(&subject);
            prop_assert_eq!(canonical_subject(&once), once);
        }
    }
}
