//! Where code may stand and what it may know of: floors, imports, sizes, names. What breaks a law
//! today is listed in `layout.txt`, which only ever gets shorter.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::root;

/// What a file may have; longer ones are cut where they say two things.
const LINES: usize = 500;

/// How many breaches there were when the laws were written.
const AT_FIRST: usize = 186;

const SERVICES: [&str; 4] = ["registry", "events", "funding", "notifier"];

/// Lower floors know nothing of higher ones; floors of one height know nothing of each other.
/// `work`, `channel`, `render` and `source` are the notifier's loops and what they use.
const FLOORS: [(&str, usize); 10] = [
    ("domain", 0),
    ("store", 1),
    ("render", 1),
    ("source", 1),
    ("channel", 2),
    ("app", 2),
    ("api", 3),
    ("pages", 3),
    ("loops", 3),
    ("work", 3),
];

/// What decisions may use: neither transport nor database nor the time of day.
const PURE: [&str; 16] = [
    "std",
    "core",
    "crate",
    "super",
    "self",
    "terms",
    "vietnam",
    "jiff",
    "uuid",
    "serde",
    "sha2",
    "hmac",
    "base64",
    "thiserror",
    "proptest",
    "insta",
];

/// Types that the whole suite says, and therefore has once.
const LANGUAGE: [&str; 15] = [
    "Anchor",
    "Bound",
    "Class",
    "Document",
    "Language",
    "Money",
    "OrganisationId",
    "Party",
    "Place",
    "Position",
    "Refusal",
    "Sentence",
    "Vi",
    "Violation",
    "Window",
];

/// Names for which a plain word exists.
const FIGURES: [&str; 8] = [
    "house", "desk", "bed", "world", "door", "ground", "way", "matter",
];

/// A source file of the suite.
struct Source {
    /// From the root of the repository.
    path: String,
    text: String,
}

impl Source {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for folder in [
            "services", "crates", "cli", "stage", "demo", "proof", "deploy", "tests", "proto",
        ] {
            collect(&root().join(folder), folder, &mut all);
        }
        assert!(all.len() > 500, "{} sources", all.len());
        all
    }

    /// The service and the floor that it stands on, and the height of that.
    fn floor(&self) -> Option<(&str, &'static str, usize)> {
        let rest = self.path.strip_prefix("services/")?;
        let (service, rest) = rest.split_once("/src/")?;
        let name = rest.split(['/', '.']).next()?;
        let (floor, height) = FLOORS.iter().find(|(floor, _)| *floor == name)?;
        SERVICES
            .contains(&service)
            .then_some((service, *floor, *height))
    }

    /// Lines of code, comments apart.
    fn code(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines().map(str::trim_start);
        lines.filter(|line| !line.starts_with("//"))
    }

    /// What it says a name of right after these words: `crate::store` has `store` after `crate::`.
    fn after(&self, words: &str) -> BTreeSet<&str> {
        let places = self.code().flat_map(|line| line.split(words).skip(1));
        places.map(first_word).collect()
    }

    /// The outermost names of its imports.
    fn imports(&self) -> impl Iterator<Item = &str> {
        let lines = self
            .code()
            .map(|line| line.strip_prefix("pub ").unwrap_or(line));
        lines
            .filter_map(|line| line.strip_prefix("use "))
            .map(first_word)
    }

    /// The types and modules that it declares, from whatever it is seen.
    fn declared(&self) -> impl Iterator<Item = &str> {
        self.code().filter_map(|line| {
            let line = line.strip_prefix("pub").map_or(line, |rest| {
                rest.strip_prefix("(crate)")
                    .or(rest.strip_prefix("(super)"))
                    .unwrap_or(rest)
            });
            let (keyword, name) = line.trim_start().split_once(' ')?;
            matches!(keyword, "struct" | "enum" | "trait" | "type" | "mod")
                .then(|| first_word(name))
        })
    }
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
}

fn collect(folder: &Path, name: &str, all: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() && !path.ends_with("/target") {
            collect(&entry.path(), &path, all);
        } else if path.ends_with(".rs") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            all.push(Source { path, text });
        }
    }
}

/// Every breach of a law: the law, the file, what of it.
fn breaches(sources: &[Source]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources {
        let path = &source.path;
        if source.text.lines().count() > LINES {
            found.insert(format!("size {path}"));
        }
        if path.ends_with("/mod.rs") {
            found.insert(format!("sibling {path}"));
        }
        let breaches = floors(source)
            .into_iter()
            .chain(pure(source))
            .chain(sql(source));
        found.extend(breaches.chain(aliases(source)).chain(figures(source)));
    }
    found.extend(said_twice(sources));
    found
}

/// No floor knows of a higher one, nor of another of its height.
fn floors(source: &Source) -> Vec<String> {
    let Some((_, floor, height)) = source.floor() else {
        return Vec::new();
    };
    let known = source.after("crate::");
    let wrong = FLOORS
        .iter()
        .filter(|(other, of)| known.contains(other) && *other != floor && *of >= height);
    wrong
        .map(|(other, _)| format!("floor {} knows {other}", source.path))
        .collect()
}

fn pure(source: &Source) -> Vec<String> {
    if !matches!(source.floor(), Some((_, "domain", _))) {
        return Vec::new();
    }
    let local = source.declared().collect::<BTreeSet<_>>();
    let foreign = source
        .imports()
        .filter(|name| !PURE.contains(name) && !local.contains(name));
    let foreign = foreign.filter(|name| name.starts_with(char::is_lowercase));
    foreign
        .map(|name| format!("pure {} uses {name}", source.path))
        .collect()
}

/// Only the store speaks to the database.
fn sql(source: &Source) -> Option<String> {
    let (_, floor, _) = source.floor()?;
    let speaks = source.code().any(|line| line.contains("tokio_postgres"));
    (floor != "store" && speaks).then(|| format!("sql {}", source.path))
}

/// Generated modules have one alias.
fn aliases(source: &Source) -> Vec<String> {
    let imports = source
        .code()
        .filter(|line| line.starts_with("use lienminh_proto::"));
    let others = imports
        .filter_map(|line| line.split_once(" as "))
        .map(|(_, alias)| first_word(alias));
    let others = others.filter(|alias| *alias != "pb" && alias.starts_with(char::is_lowercase));
    let in_service = source.path.starts_with("services/");
    others
        .filter(|_| in_service)
        .map(|alias| format!("alias {} says {alias}", source.path))
        .collect()
}

/// Files and types have plain names.
fn figures(source: &Source) -> Vec<String> {
    let file = source
        .path
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".rs"));
    let names = file.into_iter().chain(source.declared());
    let figures: BTreeSet<String> = names
        .map(str::to_lowercase)
        .filter(|name| FIGURES.contains(&name.as_str()))
        .collect();
    figures
        .into_iter()
        .map(|name| format!("name {} says {name}", source.path))
        .collect()
}

/// One word of the language, one type.
fn said_twice(sources: &[Source]) -> Vec<String> {
    let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| is_product(&source.path)) {
        for name in source.declared().filter(|name| LANGUAGE.contains(name)) {
            said.entry(name).or_default().push(&source.path);
        }
    }
    let twice = said.into_iter().filter(|(_, places)| places.len() > 1);
    twice
        .flat_map(|(name, places)| {
            places
                .into_iter()
                .map(move |place| format!("twice {place} says {name}"))
        })
        .collect()
}

fn is_product(path: &str) -> bool {
    ["services/", "crates/"]
        .iter()
        .any(|folder| path.starts_with(folder))
        && path.contains("/src/")
}

#[test]
fn code_stands_on_its_floor_and_what_does_not_is_listed() {
    let listed = std::fs::read_to_string(root().join("tests/handbook/layout.txt")).unwrap();
    let listed: BTreeSet<String> = listed
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let found = breaches(&Source::all());
    let new: Vec<_> = found.difference(&listed).cloned().collect();
    let gone: Vec<_> = listed.difference(&found).cloned().collect();
    assert!(
        new.is_empty(),
        "these break a law of tests/handbook/layout.rs:\n{}",
        new.join("\n")
    );
    assert!(
        gone.is_empty(),
        "strike from tests/handbook/layout.txt:\n{}",
        gone.join("\n")
    );
    assert!(listed.len() <= AT_FIRST, "the list only gets shorter");
}

#[test]
fn no_service_is_built_with_another() {
    for service in SERVICES {
        let manifest = root().join("services").join(service).join("Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        let (dependencies, _) = manifest
            .split_once("[dev-dependencies]")
            .unwrap_or((&manifest, ""));
        let (_, dependencies) = dependencies.split_once("[dependencies]").unwrap();
        for other in SERVICES.iter().filter(|other| **other != service) {
            assert!(
                !dependencies.contains(&format!("lienminh-{other}")),
                "{service} is built with {other}"
            );
        }
    }
}

/// One source at a time, what is found in it.
fn found_in(path: &str, text: &str) -> Vec<String> {
    let (path, text) = (path.to_owned(), text.to_owned());
    breaches(&[Source { path, text }]).into_iter().collect()
}

#[test]
fn each_law_is_broken_by_what_breaks_it() {
    let domain = "services/events/src/domain/event.rs";
    for (path, text, breach) in [
        (
            domain,
            "use crate::store::event;",
            "floor services/events/src/domain/event.rs knows store",
        ),
        (
            domain,
            "let x = crate::api::y();",
            "floor services/events/src/domain/event.rs knows api",
        ),
        (
            "services/events/src/pages/reply.rs",
            "use crate::api::x;",
            "floor services/events/src/pages/reply.rs knows api",
        ),
        (
            domain,
            "use kit::error::Violation;",
            "pure services/events/src/domain/event.rs uses kit",
        ),
        (
            domain,
            "use tonic::Status;",
            "pure services/events/src/domain/event.rs uses tonic",
        ),
        (
            "services/events/src/api/event.rs",
            "use tokio_postgres::Row;",
            "sql services/events/src/api/event.rs",
        ),
        (
            "services/events/src/store/mod.rs",
            "",
            "sibling services/events/src/store/mod.rs",
        ),
        (
            "services/events/src/api/x.rs",
            "use lienminh_proto::events::v1 as proto;",
            "alias services/events/src/api/x.rs says proto",
        ),
        (
            "services/kit/src/x.rs",
            "pub(crate) struct House {",
            "name services/kit/src/x.rs says house",
        ),
        (
            "deploy/local/src/ground.rs",
            "",
            "name deploy/local/src/ground.rs says ground",
        ),
    ] {
        assert_eq!(found_in(path, text), [breach], "{text}");
    }
    let long = "\n".repeat(LINES + 1);
    assert_eq!(found_in("tests/src/x.rs", &long), ["size tests/src/x.rs"]);
    let twice = "pub struct Anchor;\npub(crate) enum Anchor {}";
    assert_eq!(
        found_in("crates/terms/src/x.rs", twice),
        ["twice crates/terms/src/x.rs says Anchor"]
    );
    for (path, text) in [
        (
            domain,
            "use vietnam::text;\n// use tonic::Status;\nuse crate::domain::x;",
        ),
        (
            "services/events/src/store/event.rs",
            "use crate::domain::event;\nuse tokio_postgres::Row;",
        ),
        (
            "services/events/src/api/event.rs",
            "use crate::app::x;\nuse lienminh_proto::events::v1 as pb;",
        ),
    ] {
        assert_eq!(found_in(path, text), [""; 0], "{text}");
    }
}
