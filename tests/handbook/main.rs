//! README.md says what the programs say: its configuration table against their `--help`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use lienminh_local::ServiceName;
use lienminh_local::suite::program;

/// A row of the table, or an option of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Flag {
    /// Its default, empty for none.
    default: String,
    /// Its environment variable.
    variable: String,
}

/// The flags of `serve` by name.
fn flags_of(service: ServiceName) -> BTreeMap<String, Flag> {
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
                flag.default = default.to_owned();
            }
        }
    }
    flags.remove("help");
    flags
}

fn bracketed<'t>(line: &'t str, opening: &str) -> Option<&'t str> {
    let rest = &line[line.find(opening)? + opening.len()..];
    rest.split(']').next()
}

/// The rows of the table that speak of this service.
fn rows_of(service: ServiceName) -> BTreeMap<String, Flag> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let mut rows = BTreeMap::new();
    for line in readme.lines().filter(|line| line.starts_with("| `--")) {
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
            assert_eq!(row, Some(&flag), "{service} --{name} in README.md");
        }
    }
}
