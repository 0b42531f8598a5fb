//! docs/operations.md and the alerts of deploy/prometheus name the metrics that the
//! programs have, and those only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kit::telemetry::{Kind, METERS, Meter};
use lienminh_local::{ServiceName, Stage, StageOptions};

use crate::root;

/// All that the programs may show.
fn meters() -> impl Iterator<Item = &'static Meter> {
    METERS.iter().chain(&notifier::meters::METERS)
}

#[test]
fn the_page_for_operators_lists_every_metric_as_the_programs_describe_it_and_no_other() {
    let page = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let told: Vec<&str> = page
        .lines()
        .filter(|line| {
            let kinds = ["| counter |", "| gauge |", "| histogram |"];
            kinds.iter().any(|kind| line.contains(kind))
        })
        .collect();
    let real: Vec<String> = meters().map(row).collect();
    for row in &real {
        assert!(
            told.contains(&row.as_str()),
            "docs/operations.md lacks {row}"
        );
    }
    assert_eq!(
        told.len(),
        real.len(),
        "docs/operations.md tells one twice or too many"
    );
}

fn row(meter: &Meter) -> String {
    let labels: Vec<String> = meter
        .labels
        .split_whitespace()
        .map(|label| format!("`{label}`"))
        .collect();
    format!(
        "| `{}` | {} | {} | {} | {} |",
        meter.name,
        meter.kind.word(),
        meter.unit(),
        labels.join(", "),
        meter.meaning
    )
}

/// The names that sources under `folder` give to `metrics::counter!` and its like.
fn used(folder: &Path, names: &mut BTreeMap<String, &'static str>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            used(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            for kind in ["counter", "gauge", "histogram"] {
                for rest in source.split(&format!("metrics::{kind}!(")).skip(1) {
                    let rest = rest.trim_start();
                    // A name that a function is given stands where it is called.
                    let Some(name) = rest.strip_prefix('"') else {
                        continue;
                    };
                    let name = name.split('"').next().unwrap();
                    names.insert(name.to_owned(), kind);
                }
            }
        }
    }
}

#[test]
fn every_metric_in_the_sources_is_described_and_every_described_one_is_used() {
    let mut in_sources = BTreeMap::new();
    for service in ["kit", "registry", "events", "funding", "notifier"] {
        used(
            &root().join("services").join(service).join("src"),
            &mut in_sources,
        );
    }
    let described: BTreeMap<String, &'static str> = meters()
        .map(|meter| (meter.name.to_owned(), meter.kind.word()))
        .collect();
    for (name, kind) in &in_sources {
        assert_eq!(described.get(name), Some(kind), "{name} in the sources");
    }
    let sources = all_sources(&root().join("services"));
    for name in described.keys() {
        // Once where it is described, once where it is used.
        let uses = sources.matches(&format!("\"{name}\"")).count();
        assert!(uses >= 2, "nobody uses {name}");
    }
}

/// The text of every source under `folder`.
fn all_sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&all_sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
    text
}

/// Words of the query language and labels that stand outside braces.
const LANGUAGE: [&str; 12] = [
    "by", "channel", "flag", "increase", "job", "max", "min", "or", "sum", "time", "up", "m",
];

#[test]
fn every_alert_watches_a_metric_that_exists() {
    let path = root().join("deploy/prometheus/alerts.yml");
    let rules = std::fs::read_to_string(&path).unwrap();
    let known: BTreeSet<String> = meters()
        .flat_map(|meter| match meter.kind {
            Kind::Counter | Kind::Gauge => vec![meter.name.to_owned()],
            Kind::Histogram => ["bucket", "count", "sum"]
                .map(|part| format!("{}_{part}", meter.name))
                .into(),
        })
        .collect();
    let expressions = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut watched = 0;
    for expression in expressions {
        let mut words = words(expression);
        words.retain(|word| !LANGUAGE.contains(&word.as_str()));
        assert!(
            expression.contains("up ==") || !words.is_empty(),
            "{expression}"
        );
        for word in words {
            assert!(
                known.contains(&word),
                "{expression}: {word} is no metric of ours"
            );
            watched += 1;
        }
    }
    assert!(watched >= 15, "{watched}");
    assert_eq!(
        rules.matches("- alert:").count(),
        rules.matches("severity:").count()
    );
}

/// Names in an expression, without what stands in braces and brackets.
fn words(expression: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut depth = 0;
    for sign in expression.chars() {
        match sign {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ if depth == 0 => outside.push(sign),
            _ => {}
        }
    }
    outside
        .split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'))
        .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_programs_show_is_told_on_the_page_for_operators() {
    let stage = Stage::start(&StageOptions::default()).await.unwrap();
    let known: BTreeSet<&str> = meters().map(|meter| meter.name).collect();
    let mut shown = BTreeSet::new();
    for service in ServiceName::ALL {
        let url = format!("http://{}/metrics", stage.suite().address(service).http);
        let page = reqwest::get(url).await.unwrap().text().await.unwrap();
        for line in page.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
            let name = line.split(' ').next().unwrap();
            assert!(known.contains(name), "{service} shows {name}");
            shown.insert(name.to_owned());
        }
    }
    for gauge in [
        "ready",
        "probe_failing",
        "database_size_bytes",
        "volume_free_bytes",
        "notifier_deliveries",
        "notifier_overdue_seconds",
        "notifier_channel_at_rest",
        "notifier_parked_messages",
    ] {
        assert!(shown.contains(gauge), "nobody shows {gauge}: {shown:?}");
    }
}
