//! What an operator sees: lines of the log, readiness and metrics.

use std::path::Path;

use lienminh_local::{ServiceName, Stage};
use lienminh_tests::faults::watch::remark;

use crate::house::{House, at, options, until};
use crate::member::{AN_BINH, CAO_NGUYEN, DONG_TAM, Member};

/// Nobody can reach it.
const SILENT: Member = Member::new("M9", "Im Lặng");

/// Lines of the notifier's log with these words.
fn lines(house: &House, words: &str) -> Vec<String> {
    let log = house.stage.suite().log(ServiceName::Notifier);
    let log = std::fs::read_to_string(log).unwrap();
    let lines = log.lines().filter(|line| line.contains(words));
    lines.map(str::to_owned).collect()
}

async fn page(house: &House, path: &str) -> (bool, String) {
    let http = house.stage.suite().address(ServiceName::Notifier).http;
    let answer = reqwest::get(format!("http://{http}/{path}")).await.unwrap();
    (answer.status().is_success(), answer.text().await.unwrap())
}

/// Whether the notifier's metrics hold this line.
async fn shows(house: &House, line: &str) -> bool {
    page(house, "metrics")
        .await
        .1
        .lines()
        .any(|each| each == line)
}

/// The notifier hears of its relay by `--smtp-url-file`, and in no other way.
fn relay_from_a_file(stage: &Stage, file: &Path) {
    stage.suite().change(ServiceName::Notifier, |settings| {
        let url = settings.get("smtp-url").unwrap();
        std::fs::write(file, format!("{url}\n")).unwrap();
        settings
            .unset("smtp-url")
            .set("smtp-url-file", file.display().to_string());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailing_is_followed_line_by_line_from_due_to_settled_and_no_line_names_anybody() {
    let stage = Stage::prepare(&options()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    relay_from_a_file(&stage, &folder.path().join("smtp-url"));
    let mut house = House::enter(stage, &[AN_BINH, DONG_TAM, SILENT]).await;
    let codes = ["M1", "M4", "M9"];
    let start = Some(at("2024-05-22T08:00"));
    house.announce("seminar", "Hội thảo", start, &codes).await;
    house.settle().await;
    until("the end is told", || async {
        !lines(&house, "all of its messages are settled").is_empty()
    })
    .await;
    let mut told = Vec::new();
    for words in [
        "an occurrence is due",
        "an occurrence has gone out",
        "all of its messages are settled",
    ] {
        let found = lines(&house, words);
        assert_eq!(found.len(), 1, "{words}: {found:?}");
        told.extend(found);
    }
    assert!(told[1].contains("parties=3"), "{}", told[1]);
    assert!(told[1].contains("without=1"), "{}", told[1]);
    assert!(told[2].contains("SENT 2"), "{}", told[2]);
    assert!(told[2].contains("SUPPRESSED 1"), "{}", told[2]);
    let occurrence = |line: &str| {
        line.split("occurrence=")
            .nth(1)
            .map(|rest| rest[..36].to_owned())
    };
    assert!(occurrence(&told[0]).is_some());
    for line in &told {
        assert_eq!(occurrence(line), occurrence(&told[0]), "{line}");
        for personal in ["@", "An Bình", "Đồng Tâm", "Im Lặng", "Hội thảo"] {
            assert!(!line.contains(personal), "{line}");
        }
    }
    for line in [
        "notifier_deliveries_moved_total{state=\"SENT\",reason=\"\"} 2",
        "notifier_deliveries_moved_total{state=\"SUPPRESSED\",reason=\"no_address\"} 1",
        "notifier_answers_total{channel=\"email\",code=\"accepted\"} 2",
        "notifier_deliveries{channel=\"email\",state=\"QUEUED\"} 0",
    ] {
        assert!(shows(&house, line).await, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_at_rest_is_a_remark_of_readiness_and_shows_as_a_metric() {
    let stage = Stage::prepare(&options()).await.unwrap();
    stage.suite().change(ServiceName::Notifier, |settings| {
        // A port that nobody listens at.
        settings.set("smtp-url", "smtp://127.0.0.1:1");
    });
    let house = House::enter(stage, &[AN_BINH, CAO_NGUYEN]).await;
    let start = Some(at("2024-05-22T08:00"));
    house.announce("seminar", "Hội thảo", start, &["M1"]).await;
    until("readiness remarks on it", || async {
        let (ready, text) = page(&house, "readyz").await;
        let told = serde_json::from_str(&text).unwrap();
        assert!(ready, "{text}");
        remark(&told, "email").is_some_and(|words| words.contains("the provider is away"))
    })
    .await;
    until("it shows as a metric", || async {
        shows(&house, "notifier_channel_at_rest{channel=\"email\"} 1").await
    })
    .await;
    assert!(shows(&house, "notifier_channel_at_rest{channel=\"sms\"} 0").await);
    assert!(shows(&house, "probe_remarks{probe=\"email\"} 1").await);
    assert!(shows(&house, "ready 1").await);
}
