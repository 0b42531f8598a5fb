//! `lienminh vn`: items in, answers out.
#![allow(clippy::unwrap_used)]

use lienminh_cli::vn::{Outcome, run};
use serde_json::{Value, json};

fn answers(words: &[&str], input: &[u8]) -> (Outcome, Vec<Value>) {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let (mut output, mut complaints) = (Vec::new(), Vec::new());
    let outcome = run(&words, input, &mut output, &mut complaints).unwrap();
    let lines = String::from_utf8(output).unwrap();
    (
        outcome,
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// Compares the fields of one answer, as far as they are expected.
fn check(topic: &str, item: &str, expected: &Value) {
    let (outcome, answers) = answers(&[topic], format!("{item}\n").as_bytes());
    assert_eq!(
        (outcome, answers.len()),
        (Outcome::Done, 1),
        "{topic} {item}: {answers:?}"
    );
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&answers[0][field], value, "{topic} {item}: {field}");
    }
}

#[test]
fn time_and_moon_answer_with_their_fields() {
    for (topic, item, expected) in [
        (
            "holiday",
            "2026-04-27",
            json!({"date": "2026-04-27", "off": true, "name": "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)", "status": "announced", "why": "in_lieu"}),
        ),
        (
            "holiday",
            "2026-08-22",
            json!({"off": false, "why": "working_weekend"}),
        ),
        (
            "holiday",
            "2024-04-11",
            json!({"off": false, "name": null, "status": null, "why": "working_day"}),
        ),
        ("workday", "2027-02-15 -3", json!({"date": "2027-02-03"})),
        ("workday", "2026-08-28 1", json!({"date": "2026-09-03"})),
        (
            "deadline",
            "2024-01-31 1 months",
            json!({"last_day": "2024-02-29", "ends_at": "2024-03-01T00:00:00+07:00"}),
        ),
        (
            "lunar",
            "2025-08-01",
            json!({"year": 2025, "month": 6, "day": 8, "leap": true, "year_name": "Ất Tỵ", "uncertain": false}),
        ),
        ("solar", "2030 1 1", json!({"date": "2030-02-02"})),
        ("solar", "2025 6 1 leap", json!({"date": "2025-07-25"})),
        (
            "when",
            "2024-04-11T01:00:00Z 2024-04-08T09:00:00+07:00",
            json!({"text": "còn 3 ngày"}),
        ),
        (
            "when",
            "2024-04-04 2024-04-08",
            json!({"text": "đã quá hạn 2 ngày làm việc"}),
        ),
        (
            "window",
            "trước 10/4 2024",
            json!({"start": null, "end": "2024-04-09", "precision": "day", "bound": "before", "derived": true}),
        ),
        (
            "window",
            "cuối tháng 3/2024 2024",
            json!({"start": "2024-03-21", "end": "2024-03-31", "precision": "approx", "bound": null, "derived": false}),
        ),
    ] {
        check(topic, item, &expected);
    }
}

#[test]
fn text_and_money_answer_with_their_fields() {
    let reminder = "Kính gửi Quý HTX";
    for (topic, item, expected) in [
        ("fold", "Đắk Nông", json!({"text": "dak nong"})),
        (
            "sms",
            reminder,
            json!({"encoding": "UCS2", "units": 16, "segments": 1, "parts": [reminder], "accentless": "Kinh gui Quy HTX", "accentless_segments": 1}),
        ),
        (
            "money",
            "195000000",
            json!({"text": "195.000.000 đồng", "short": "195 triệu"}),
        ),
        (
            "words",
            "195000000",
            json!({"text": "một trăm chín mươi lăm triệu đồng"}),
        ),
        ("amount", "1,2 tỷ", json!({"dong": 1_200_000_000_i64})),
    ] {
        check(topic, item, &expected);
    }
}

#[test]
fn identifiers_and_places_answer_with_their_fields() {
    for (topic, item, expected) in [
        (
            "taxcode",
            "0100233488001",
            json!({"valid": true, "normal": "0100233488-001"}),
        ),
        (
            "taxcode",
            "0100233489",
            json!({"valid": false, "normal": "0100233489"}),
        ),
        (
            "phone",
            "0169 123 4567",
            json!({"e164": "+84391234567", "kind": "mobile", "sms": true}),
        ),
        (
            "phone",
            "024.38431234",
            json!({"e164": "+842438431234", "kind": "landline", "sms": false}),
        ),
        (
            "docnum",
            "45/2021/NĐ-CP",
            json!({"normal": "45/2021/NĐ-CP", "number": 45, "type": "NĐ", "issuer": "CP", "party": false}),
        ),
        (
            "docnum",
            "20-NQ/TW",
            json!({"normal": "20-NQ/TW", "type": "NQ", "issuer": "TW", "party": true}),
        ),
        (
            "unit",
            "Đăk Nông",
            json!({"code": "67", "name": "Tỉnh Đắk Nông", "successor": "68", "successor_name": "Tỉnh Lâm Đồng"}),
        ),
        (
            "unit",
            "tp hải phòng",
            json!({"code": "31", "name": "Thành phố Hải Phòng", "successor": null}),
        ),
        (
            "unit",
            "15 2024-01-01",
            json!({"code": "15", "name": "Tỉnh Yên Bái", "successor": "15"}),
        ),
        ("unit", "15", json!({"code": "15", "name": "Tỉnh Lào Cai"})),
    ] {
        check(topic, item, &expected);
    }
}

#[test]
fn a_bad_item_is_answered_in_its_place_and_the_rest_go_on() {
    let (outcome, answers) = answers(
        &["workday"],
        b"2024-04-11 1\nnonsense\n\xff\n\n2024-04-11 2\r\n",
    );
    assert_eq!(outcome, Outcome::SomeRefused);
    let errors: Vec<bool> = answers
        .iter()
        .map(|answer| answer["error"].is_string())
        .collect();
    assert_eq!(errors, [false, true, true, true, false]);
}

#[test]
fn every_topic_refuses_what_it_cannot_read() {
    for (topic, item) in [
        ("holiday", "2024-02-30"),
        ("workday", "2024-04-11"),
        ("workday", "2024-04-11 x"),
        ("workday", "2024-04-11 999999"),
        ("deadline", "2024-04-11 1 hours"),
        ("deadline", "2024-04-11 -1 days"),
        ("lunar", "1899-01-01"),
        ("solar", "2025 7 1 leap"),
        ("solar", "2025 300 1"),
        ("money", "abc"),
        ("words", ""),
        ("amount", "1.5"),
        ("taxcode", "12"),
        ("phone", "12"),
        ("docnum", "12"),
        ("window", "sớm 2024"),
        ("unit", "Atlantis"),
        ("unit", ""),
        ("when", "now later"),
    ] {
        let (outcome, answers) = answers(&[topic], format!("{item}\n").as_bytes());
        assert_eq!(outcome, Outcome::SomeRefused, "{topic} {item}: {answers:?}");
        assert!(answers[0]["error"].is_string(), "{topic} {item}");
    }
}

#[test]
fn a_tax_code_of_another_shape_is_refused_and_not_valid() {
    let (_, answers) = answers(&["taxcode"], b"12\n");
    assert_eq!(answers[0]["valid"], json!(false));
}

#[test]
fn sorting_prints_all_items_in_vietnamese_order() {
    let texts = |words: &[&str], input: &str| -> Vec<String> {
        let (_, answers) = answers(words, input.as_bytes());
        answers
            .iter()
            .map(|answer| answer["text"].as_str().unwrap().to_owned())
            .collect()
    };
    let provinces = texts(&["sort"], "Đà Nẵng\nCần Thơ\nAn Giang\nCao Bằng\n");
    assert_eq!(provinces, ["An Giang", "Cao Bằng", "Cần Thơ", "Đà Nẵng"]);
    assert_eq!(
        texts(&["sort", "--people"], "Trần Bình\nĐỗ An\n"),
        ["Đỗ An", "Trần Bình"]
    );
}

#[test]
fn items_can_stand_on_the_command_line() {
    assert_eq!(
        answers(&["workday", "2024-04-11", "-3"], b"").1,
        [json!({"date": "2024-04-08"})]
    );
    assert_eq!(
        answers(&["holiday", "2024-04-11", "2024-04-18"], b"")
            .1
            .len(),
        2
    );
    assert_eq!(
        answers(&["window", "cuối tháng 3", "2024"], b"").1[0]["end"],
        json!("2024-03-31")
    );
    assert_eq!(
        answers(&["money", "--", "-1500"], b"").1[0]["text"],
        json!("-1.500 đồng")
    );
}

#[test]
fn a_line_without_end_is_refused_in_its_place_and_the_rest_go_on() {
    let long = vec![b'a'; 3 << 20];
    let input = [b"Huyen\n", long.as_slice(), b"\nXuan\n", long.as_slice()].concat();
    for topic in ["fold", "sort"] {
        let (outcome, answers) = answers(&[topic], &input);
        assert_eq!(outcome, Outcome::SomeRefused, "{topic}");
        let refused = |answer: &&Value| answer["error"] == "longer than a mebibyte";
        assert_eq!(answers.iter().filter(refused).count(), 2, "{topic}");
        assert_eq!(answers.len(), 4, "{topic}");
    }
}

#[test]
fn what_is_not_understood_says_so_with_its_own_exit_code() {
    let commands: [&[&str]; 7] = [
        &[],
        &["sing"],
        &["fold", "--loud"],
        &["holiday", "--decisions"],
        &["unit", "--communes", "/nowhere"],
        // These do not end: only a bound does.
        &["unit", "--communes", "/dev/zero"],
        &["workday", "--decisions", "/dev/zero"],
    ];
    for words in commands {
        assert_eq!(answers_raw(words), Outcome::NotUnderstood, "{words:?}");
    }
}

fn answers_raw(words: &[&str]) -> Outcome {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    run(&words, &b""[..], Vec::new(), Vec::new()).unwrap()
}

#[test]
fn help_names_every_topic_and_every_field() {
    let mut help = Vec::new();
    let outcome = run(&["--help".to_owned()], &b""[..], &mut help, Vec::new()).unwrap();
    let help = String::from_utf8(help).unwrap();
    assert_eq!(outcome, Outcome::Done);
    for (topic, item) in [
        ("holiday", "2024-04-18"),
        ("workday", "2024-04-11 1"),
        ("deadline", "2024-04-11 1 days"),
        ("when", "2024-04-11 2024-04-11"),
        ("window", "quý II 2024"),
        ("lunar", "2024-04-11"),
        ("solar", "2024 1 1"),
        ("fold", "a"),
        ("sort", "a"),
        ("sms", "a"),
        ("money", "1"),
        ("words", "1"),
        ("amount", "1"),
        ("taxcode", "0100233488"),
        ("phone", "0912345678"),
        ("docnum", "1/KH-LM"),
        ("unit", "Huế"),
    ] {
        assert!(help.contains(&format!("\n  {topic} ")), "{topic}");
        for field in answers(&[topic], item.as_bytes()).1[0]
            .as_object()
            .unwrap()
            .keys()
        {
            assert!(help.contains(field.as_str()), "{topic}: {field}");
        }
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn former_districts_and_a_file_of_communes_can_be_looked_up() {
    let district = answers(&["unit", "--districts"], "huyện Cư Jút\n".as_bytes()).1;
    assert_eq!(
        (&district[0]["kind"], &district[0]["valid_to"]),
        (&json!("huyện"), &json!("2025-06-30"))
    );
    let file = format!("{}/communes.csv", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, "24211,Xã Nhân Cơ,68\n").unwrap();
    let commune = answers(&["unit", "--communes", &file], "x. nhan co\n".as_bytes()).1;
    assert_eq!(
        (&commune[0]["code"], &commune[0]["province"]),
        (&json!("24211"), &json!("68"))
    );
}

#[test]
fn a_decision_file_and_another_week_change_what_is_worked() {
    let file = format!("{}/decision-2027.csv", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, "2027-02-13,working_day,Làm bù,announced,\n").unwrap();
    let decided = answers(&["workday", "--decisions", &file], b"2027-02-15 -3\n").1;
    assert_eq!(decided, [json!({"date": "2027-02-11"})]);
    assert_eq!(
        answers(&["workday", "--six-days"], b"2024-04-12 1\n").1,
        [json!({"date": "2024-04-13"})]
    );
}
