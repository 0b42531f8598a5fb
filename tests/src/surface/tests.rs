//! What a comparison says.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn each_line_that_differs_is_shown_and_what_to_do_is_said() {
    let said = difference("x.txt", "one\ntwo\nthree\n", "one\n2\nthree\n").unwrap();
    assert!(said.contains("-two\n+2\n"), "{said}");
    assert!(!said.contains(" one"), "{said}");
    assert!(said.contains("recorded/x.txt") && said.contains("make surface"));
    assert_eq!(difference("x.txt", "one\n", "one\n"), None);
}

#[test]
fn what_is_not_met_any_more_and_what_is_new_are_differences_too() {
    let folder = tempfile::tempdir().unwrap();
    let written = [("a.txt", "a\n"), ("b.txt", "b\n")];
    let owned = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    let recording = Surface::recording(folder.path());
    recording.hold_all("met", &written.map(owned)).unwrap();
    let against = Surface::against(folder.path());
    against.hold_all("met", &written.map(owned)).unwrap();
    let today = [("b.txt", "b\n"), ("c.txt", "c\n")].map(owned);
    let said = against.hold_all("met", &today).unwrap_err().to_string();
    assert!(
        said.contains("-a") && said.contains("+c") && !said.contains("-b"),
        "{said}"
    );
    // Recording takes away what is not met.
    recording.hold_all("met", &today).unwrap();
    against.hold_all("met", &today).unwrap();
}
