//! `.ci/deny` holds every dependency against deny.toml, and would notice a bad one.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn deny(arguments: &[&Path]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Command::new("sh")
        .arg(root.join(".ci/deny"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What the check says of one package with this source and licence.
fn verdict_on(name: &str, source: &str, licence: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let (rules, lock, licences) = (
        Path::new("deny.toml"),
        folder.path().join("Cargo.lock"),
        folder.path().join("licences"),
    );
    let package =
        format!("[[package]]\nname = \"{name}\"\nversion = \"1.2.3\"\nsource = \"{source}\"\n");
    std::fs::write(&lock, format!("version = 4\n\n{package}")).unwrap();
    std::fs::write(&licences, format!("{name} v1.2.3|{licence}\n")).unwrap();
    let output = deny(&[rules, &lock, &licences]);
    (
        output.status.success(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn every_dependency_of_the_suite_is_allowed() {
    let output = deny(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_licence_is_met_when_one_alternative_of_each_part_is_allowed() {
    for licence in [
        "MIT",
        "MIT OR GPL-3.0-only",
        "GPL-2.0/MIT",
        "(MIT OR GPL-3.0-only) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        let (allowed, said) = verdict_on("fine", REGISTRY, licence);
        assert!(allowed, "{licence}: {said}");
    }
}

#[test]
fn a_licence_that_is_not_allowed_is_named() {
    for licence in [
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "GPL-2.0 WITH Classpath-exception-2.0",
        "MIT OR",
    ] {
        let (allowed, said) = verdict_on("foul", REGISTRY, licence);
        assert!(!allowed, "{licence}");
        assert_eq!(said.trim(), format!("deny: foul v1.2.3: licence {licence}"));
    }
    let (allowed, said) = verdict_on("foul", REGISTRY, "");
    assert!(!allowed);
    assert_eq!(said.trim(), "deny: foul v1.2.3: names no licence");
}

#[test]
fn a_banned_package_is_refused_with_the_reason() {
    let (allowed, said) = verdict_on("openssl-sys", REGISTRY, "MIT");
    assert!(!allowed);
    assert_eq!(
        said.trim(),
        "deny: openssl-sys 1.2.3: banned, needs a system library"
    );
}

#[test]
fn a_package_from_elsewhere_than_the_registry_is_refused() {
    let source = "git+https://example.com/fork#0123abc";
    let (allowed, said) = verdict_on("fork", source, "MIT");
    assert!(!allowed);
    assert_eq!(
        said.trim(),
        format!("deny: fork 1.2.3: comes from {source}")
    );
}
