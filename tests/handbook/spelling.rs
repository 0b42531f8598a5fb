//! One orthography: the tone stands where the texts of laws put it, as in "hủy", "hóa", "hòa".

use std::path::Path;

use super::root;

/// A vowel that carries the tone at the end of a word, and the one before it: "hoá", "huỷ".
const ELSEWHERE: [(&str, &str); 3] = [
    ("oO", "àáảãạÀÁẢÃẠ"),
    ("oO", "èéẻẽẹÈÉẺẼẸ"),
    ("uU", "ỳýỷỹỵỲÝỶỸỴ"),
];

/// What people are called, and what is about both spellings.
const LEFT_AS_THEY_ARE: [&str; 8] = [
    "services/vietnam/",
    "services/registry/src/domain/search.rs",
    "services/registry/src/domain/short_name.rs",
    "services/registry/tests/it/searching.rs",
    "deploy/demo/",
    "tests/src/bench/",
    "tests/src/reader/language.rs",
    "tests/handbook/spelling.rs",
];

const KINDS: [&str; 8] = ["rs", "md", "j2", "toml", "txt", "proto", "yaml", "sql"];

/// The word in which the tone stands elsewhere, if there is one.
fn spelled_elsewhere(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphabetic()).find(|word| {
        let mut letters = word.chars().rev();
        let (last, before) = (letters.next(), letters.next());
        // "quý": the u belongs to the q.
        let of_q = letters.next().is_some_and(|c| "qQ".contains(c));
        let carries = |(first, second): &(&str, &str)| {
            before.is_some_and(|c| first.contains(c)) && last.is_some_and(|c| second.contains(c))
        };
        !of_q && ELSEWHERE.iter().any(carries)
    })
}

fn read(folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let left = LEFT_AS_THEY_ARE
            .iter()
            .any(|left| name.starts_with(left) || format!("{name}/") == *left);
        if left {
            continue;
        }
        if path.is_dir() {
            read(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| KINDS.iter().any(|known| kind == *known))
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().enumerate();
            found.extend(lines.filter_map(|(at, line)| {
                let word = spelled_elsewhere(line)?;
                Some(format!("{name}:{}: {word}", at + 1))
            }));
        }
    }
}

#[test]
fn every_text_is_spelled_as_official_texts_are() {
    let mut found = Vec::new();
    for folder in ["services", "proto", "docs", "deploy", "tests"] {
        read(&root().join(folder), &mut found);
    }
    for file in ["README.md", "README.vi.md"] {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        found.extend(spelled_elsewhere(&text).map(|word| format!("{file}: {word}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_tone_elsewhere_is_found_and_what_only_looks_like_it_is_none() {
    for wrong in ["đã huỷ", "Hoà Bình", "khoẻ", "TOÀ", "văn hoá."] {
        assert!(spelled_elsewhere(wrong).is_some(), "{wrong}");
    }
    for right in [
        "đã hủy",
        "Quý HTX",
        "quỹ",
        "hoàn",
        "toàn",
        "loài",
        "huỳnh",
        "hòa",
    ] {
        assert_eq!(spelled_elsewhere(right), None, "{right}");
    }
}
