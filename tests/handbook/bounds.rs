//! What the contracts and docs/integration.md say of bounds is what the programs hold.

use kit::error::VIOLATION_LIMIT;
use kit::shape::{DEFAULT_ITEMS, ENTRIES};

use crate::root;

/// 20,000 as people write it; of bounds below a million.
fn grouped(bound: usize) -> String {
    match (bound / 1_000, bound % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

/// The words of a file, without what breaks its lines.
fn words(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let words = text.split_whitespace().filter(|word| *word != "//");
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_bounds_of_requests_and_answers_stand_in_the_contracts_and_on_the_page_for_callers() {
    let [items, entries, fields] = [DEFAULT_ITEMS, ENTRIES, VIOLATION_LIMIT].map(grouped);
    for (path, said) in [
        (
            "proto/lienminh/auth/v1/options.proto",
            [
                format!("A list without it holds at most {items}."),
                format!("more than {entries} entries together"),
                format!("names at most {fields} wrong fields"),
                format!("the last of the {fields} has the reason MORE_VIOLATIONS"),
            ],
        ),
        (
            "docs/integration.md",
            [
                format!("A list in a request holds at most {items} entries"),
                format!("all lists of a request together hold {entries}"),
                format!("names at most {fields} wrong fields"),
                "the last has the reason `MORE_VIOLATIONS`".to_owned(),
            ],
        ),
    ] {
        let told = words(path);
        for each in said {
            assert!(told.contains(&each), "{path} lacks: {each}");
        }
    }
}
