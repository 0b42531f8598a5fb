//! Every named place of the code is one at which a scenario makes a process die.

use std::collections::BTreeSet;
use std::path::Path;

use lienminh_tests::faults::{failpoints, ledger};

/// The names after `hit("` in all sources under `folder`.
fn named(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            named(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            let hits = source.split("failpoint::hit(\"").skip(1);
            names.extend(hits.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
}

#[test]
fn no_named_place_is_forgotten() {
    let services = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../services"));
    let mut in_code = BTreeSet::new();
    for service in ["kit", "registry", "events", "funding", "notifier"] {
        named(&services.join(service).join("src"), &mut in_code);
    }
    let played: BTreeSet<String> = failpoints::PLACES
        .iter()
        .map(|place| place.name)
        .chain(ledger::PLACES)
        .map(str::to_owned)
        .collect();
    assert!(!in_code.is_empty());
    assert_eq!(in_code, played);
}
