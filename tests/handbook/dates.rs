//! One way to print a date: `vietnam::dates` writes it, and nobody beside.

use std::path::Path;

use super::root;

/// What writes a date or an hour by hand.
const BY_HAND: [&str; 4] = ["strftime(", ":02} giờ", ":02}h{", ":02}:{:02}\""];

/// The place for it; the stamps of calendar files (RFC 5545); the marks of a test's play.
const MAY: [&str; 3] = [
    "services/vietnam/",
    "services/notifier/src/render/calendar.rs",
    "services/notifier/src/domain/fact/tests/",
];

fn find(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if MAY
            .iter()
            .any(|may| format!("{name}/").starts_with(may) || name == *may)
        {
            continue;
        }
        if path.is_dir() {
            find(&path, found);
        } else if name.contains("/src/") && path.extension().is_some_and(|kind| kind == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().enumerate();
            let by_hand = lines.filter(|(_, line)| BY_HAND.iter().any(|sign| line.contains(sign)));
            found.extend(by_hand.map(|(at, line)| format!("{name}:{}: {line}", at + 1)));
        }
    }
}

#[test]
fn dates_are_written_in_one_place() {
    let mut found = Vec::new();
    find(&root().join("services"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}
