#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::*;
use crate::load::Directory;
use crate::load::plan::request;

fn demo(file: &str) -> PlanFile {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/demo/plans");
    read(&Path::new(folder).join(file)).unwrap()
}

/// What a plan begins with, before its items.
const HEAD: &str = r#"[plan]
key = "P"
number = "1/KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh"
title = "Kế hoạch"
"#;

#[test]
fn of_a_key_that_is_another_file_only_the_beginning_is_told() {
    let long = "x".repeat(9_000);
    for text in [
        format!("[plan]\nnumber = \"1\"\n{long} = 1\n"),
        format!("[plan]\nnumber = {long}\n"),
        format!("[plan]\n{long} = 1\n{long} = 2\n"),
    ] {
        for told in parse(&text).unwrap_err() {
            let told = told.to_string();
            assert!(told.chars().count() < 160, "{told}");
        }
    }
}

#[test]
fn the_plans_of_the_demonstration_are_well_formed() {
    let plan = demo("123-dak-nong-2024.toml");
    assert_eq!(plan.number, "123 KH-LMHTX");
    assert_eq!(
        plan.items
            .iter()
            .map(|item| item.events.len())
            .sum::<usize>(),
        7
    );
    let national = demo("70-vca-2024.toml");
    assert_eq!(national.dates_seen.len(), 2);
    assert_eq!(demo("46-vca-2024.toml").items[0].deadlines.len(), 2);
    assert_eq!(demo("133-thua-thien-hue-2021.toml").items.len(), 8);
}

#[test]
fn every_wrong_row_is_told_with_line_field_and_reason() {
    let text = r#"[plan]
key = "P"
number = "1/KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh"
title = 5

[[item]]
number = "1"
kind = "meeting"
titel = "Hội nghị"

  [[item.event]]
  key = "a"
  kind = "meeting"
  title = "Hội nghị"
  lead = "VP"
  at = 2024-04-11T08:00:00
  end = 2024-04-11T07:00:00

  [[item.deadline]]
  key = "a"
  kind = "raport"
  title = "Báo cáo"
  lead = "VP"
  day = 2024-04-10T08:00:00
"#;
    let told: Vec<String> = parse(text)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    for expected in [
        "dòng 6, title: cần chữ trong ngoặc kép, nhưng gặp một số",
        "dòng 11, titel: không phải trường của bảng này",
        "dòng 8, title: còn thiếu",
        "dòng 19, end: phải sau giờ bắt đầu",
        "dòng 23, kind: phải là \"report\" hoặc \"task\"",
        "dòng 26, day: 2024-04-10T08:00:00 không phải ngày như 2024-04-11",
    ] {
        assert!(
            told.iter().any(|line| line == expected),
            "{expected} is not in {told:#?}"
        );
    }
}

#[test]
fn a_file_that_is_not_toml_names_the_line() {
    let told = parse("[plan]\nkey = \"P\nnumber = 1").unwrap_err();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].line, 2);
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let text = HEAD.to_owned()
        + r#"[[item]]
number = "1"
kind = "task"
title = "Việc"
  [[item.deadline]]
  key = "a"
  kind = "task"
  title = "Một"
  lead = "VP"
  day = 2024-04-10
  [[item.deadline]]
  key = "a"
  kind = "task"
  title = "Hai"
  lead = "VP"
  day = 2024-04-10
"#;
    let told = parse(&text).unwrap_err();
    assert_eq!(told[0].to_string(), "dòng 18, key: “a” dùng hai lần");
}

#[test]
fn a_short_title_is_read_and_loaded_wherever_a_title_stands() {
    let text = HEAD.to_owned()
        + r#"[[item]]
number = "1"
kind = "meeting"
title = "Hội nghị giao ban cụm Cư Jút"
short_title = "Giao ban cụm"
  [[item.event]]
  key = "a"
  kind = "meeting"
  title = "Hội nghị giao ban cụm Cư Jút quý I năm 2024"
  short_title = "Giao ban cụm Cư Jút quý I"
  lead = "VP"
  [[item.deadline]]
  key = "b"
  kind = "report"
  title = "Báo cáo kết quả hoạt động quý I năm 2024"
  short_title = "Báo cáo quý I/2024"
  lead = "VP"
  day = 2024-04-10
"#;
    let plan = parse(&text).unwrap();
    let directory = Directory::default();
    let request = request(&plan, &directory, "organisations/lm", &BTreeMap::new());
    let item = &request.items[0];
    let short_titles = [
        &item.plan_item.as_ref().unwrap().short_title,
        &item.events[0].event.as_ref().unwrap().short_title,
        &item.deadlines[0].deadline.as_ref().unwrap().short_title,
    ];
    let written = [
        "Giao ban cụm",
        "Giao ban cụm Cư Jút quý I",
        "Báo cáo quý I/2024",
    ];
    assert_eq!(short_titles, written);
}

#[test]
fn a_plan_in_another_encoding_names_the_line_and_one_without_end_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let told = |bytes: &[u8]| {
        let file = folder.path().join("plan.toml");
        std::fs::write(&file, bytes).unwrap();
        read(&file).unwrap_err().to_string()
    };
    let latin = told(b"[plan]\nkey = \"P\"\ntitle = \"K\xea ho\xe1ch\"\n");
    assert!(
        latin.contains("dòng 3: không phải chữ UTF-8 hợp lệ"),
        "{latin}"
    );
    let endless = told("# a\n".repeat(300_000).as_bytes());
    assert!(endless.contains("lớn hơn 1024 KiB"), "{endless}");
    let workbook = told(b"PK\x03\x04");
    assert!(workbook.contains("là tệp bảng tính"), "{workbook}");
}

#[test]
fn a_deep_or_a_long_value_is_refused_and_thousands_of_slips_are_told_in_part() {
    let deep = format!("[plan]\nkey = {}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(parse(&deep).unwrap_err()[0].line, 2);
    let long = format!("[plan]\nkey = \"{}\"\n", "x".repeat(10_001));
    let told = parse(&long).unwrap_err();
    assert!(
        told.iter().any(|each| each.reason.contains("dài quá")),
        "{told:?}"
    );
    let slips: String = (0..5_000).map(|n| format!("slip{n} = 1\n")).collect();
    let told = parse(&format!("[plan]\n{slips}")).unwrap_err();
    assert_eq!(told.len(), crate::files::MOST_PROBLEMS + 1);
}

#[test]
fn the_examples_of_the_handbook_are_one_plan_with_every_part() {
    let page = include_str!("../../../../../docs/plan-file.md");
    let blocks = page.split("```toml").skip(1);
    let text: String = blocks.filter_map(|rest| rest.split("```").next()).collect();
    let plan = parse(&text).unwrap();
    assert_eq!((plan.dates_seen.len(), plan.items.len()), (2, 1));
    assert!(plan.window.is_some() && plan.peak.is_some() && !plan.theme.is_empty());
    let item = &plan.items[0];
    assert!(item.when.is_some() && item.lead.is_some() && !item.remarks.is_empty());
    let (event, deadline) = (&item.events[0], &item.deadlines[0]);
    assert!(event.when.is_some() && event.reply_by.is_some() && event.invite.members);
    assert!(deadline.owed_by.members && !deadline.submit_to.is_empty());
}
