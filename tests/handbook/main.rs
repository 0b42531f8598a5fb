//! README.md, docs and docker-compose.yml say what the programs say: settings against `--help`.
#![allow(clippy::unwrap_used)]
// Tests await whole stages; boxing them would only hide what they do.
#![allow(clippy::large_futures)]

mod bounds;
mod compose;
mod dates;
mod layout;
mod mistakes;
mod operations;
mod spelling;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use lienminh_local::ServiceName;
use lienminh_local::suite::program;

/// A row of the table, or an option of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flag {
    /// Its default, empty for none.
    default: String,
    /// Its environment variable.
    pub(crate) variable: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The flags of `serve` by name.
pub(crate) fn flags_of(service: ServiceName) -> BTreeMap<String, Flag> {
    let output = Command::new(program(service.as_str()).unwrap())
        .args(["serve", "--help"])
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{service} serve --help");
    let mut flags = BTreeMap::new();
    let mut current = String::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix("--") {
            current = name.split([' ', '[']).next().unwrap().to_owned();
            flags.insert(current.clone(), Flag::default());
        }
        if let Some(flag) = flags.get_mut(&current) {
            if let Some(variable) = bracketed(line, "[env: ") {
                flag.variable = variable.trim_end_matches('=').to_owned();
            }
            if let Some(default) = bracketed(line, "[default: ") {
                flag.default = default.trim_matches('"').to_owned();
            }
        }
    }
    flags.remove("help");
    without_files_of_secrets(flags)
}

/// Each secret has a second flag for a file; the text above the table says so once.
fn without_files_of_secrets(mut flags: BTreeMap<String, Flag>) -> BTreeMap<String, Flag> {
    let all: Vec<String> = flags.keys().cloned().collect();
    flags.retain(|name, _| {
        let secret = name.strip_suffix("-file");
        secret.is_none_or(|secret| !all.iter().any(|each| each == secret))
    });
    flags
}

fn bracketed<'t>(line: &'t str, opening: &str) -> Option<&'t str> {
    let rest = &line[line.find(opening)? + opening.len()..];
    rest.split(']').next()
}

/// The rows of the table that speak of this service.
fn rows_of(service: ServiceName) -> BTreeMap<String, Flag> {
    let page = std::fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `--")) {
        let cells: Vec<&str> = line
            .split('|')
            .map(|cell| cell.trim().trim_matches('`'))
            .collect();
        let [_, name, who, default, ..] = cells.as_slice() else {
            panic!("a row of another shape: {line}");
        };
        if *who == "all" || who.split(", ").any(|each| each == service.as_str()) {
            let name = name.trim_start_matches("--").to_owned();
            let variable = format!("LIENMINH_{}", name.replace('-', "_").to_uppercase());
            let default = (*default).to_owned();
            rows.insert(name, Flag { default, variable });
        }
    }
    rows
}

#[test]
fn the_configuration_table_lists_every_flag_with_its_default_and_no_other() {
    for service in ServiceName::ALL {
        let (told, real) = (rows_of(service), flags_of(service));
        let unknown: Vec<&String> = told
            .keys()
            .filter(|name| !real.contains_key(*name))
            .collect();
        assert!(unknown.is_empty(), "{service} has no flag {unknown:?}");
        for (name, flag) in real {
            let row = told.get(&name);
            assert_eq!(
                row,
                Some(&flag),
                "{service} --{name} in docs/configuration.md"
            );
        }
    }
}

#[test]
fn every_path_that_the_documents_name_exists() {
    let documents = [
        "README.md",
        "README.vi.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "docs/command.md",
        "docs/configuration.md",
        "docs/deploy.md",
        "docs/integration.md",
        "docs/operations.md",
        "docs/plan-file.md",
    ];
    let mut named = 0;
    for document in documents {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        let folder = root().join(document).parent().unwrap().to_owned();
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
            .filter(|link| !link.is_empty() && !link.contains("://"));
        let quoted = text.split('`').skip(1).step_by(2);
        let linked = links.map(|link| folder.join(link));
        let quoted = quoted.filter(|words| is_a_path(words));
        for path in linked.chain(quoted.map(|words| root().join(words))) {
            assert!(path.exists(), "{document} names {}", path.display());
            named += 1;
        }
    }
    assert!(named > 50, "{named} paths");
}

#[test]
fn the_first_page_is_short() {
    for page in ["README.md", "README.vi.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        let lines = text.lines().count();
        assert!(lines <= 120, "{page} has {lines} lines");
    }
}

/// Whether a quotation names a place in the repository and not a pattern of places.
fn is_a_path(words: &str) -> bool {
    let top = [
        "services/",
        "proto/",
        "deploy/",
        "tests/",
        "docs/",
        "examples/",
        ".ci/",
    ];
    top.iter().any(|folder| words.starts_with(folder)) && !words.contains(['<', '*', ' '])
}

#[test]
fn the_examples_of_lienminh_vn_answer_as_printed() {
    let page = std::fs::read_to_string(root().join("docs/command.md")).unwrap();
    let mut lines = page.lines().map(str::trim_start);
    let mut tried = 0;
    while let Some(line) = lines.next() {
        let Some(arguments) = line.strip_prefix("$ lienminh vn") else {
            continue;
        };
        let output = Command::new(program("lienminh").unwrap())
            .arg("vn")
            .args(arguments.split_whitespace())
            .output()
            .unwrap();
        for real in String::from_utf8(output.stdout).unwrap().lines() {
            let printed = lines.next().unwrap();
            // The page cuts long lines: what stands before the mark must be there.
            let beginning = printed.split('…').next().unwrap();
            assert!(real.starts_with(beginning), "{arguments}: {real}");
            assert!(printed.contains('…') || printed == real, "{real}");
            tried += 1;
        }
    }
    assert!(tried > 0, "the page has examples");
}
