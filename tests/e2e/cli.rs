//! The `lienminh` command as an officer or a script runs it.

use std::path::PathBuf;
use std::process::Stdio;

use lienminh_local::ServiceName;
use lienminh_local::suite::program;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::house::{House, at, obligation};
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN};

/// What a run of the command left behind.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) ok: bool,
    pub(crate) out: String,
    pub(crate) complaint: String,
}

pub(crate) async fn lienminh(house: &House, arguments: &[&str]) -> Said {
    lienminh_as(house, house.connection.token.as_deref().unwrap(), arguments).await
}

/// As somebody with another token.
pub(crate) async fn lienminh_as(house: &House, token: &str, arguments: &[&str]) -> Said {
    let program = program("lienminh").unwrap();
    run(house, token, Command::new(program).args(arguments), "").await
}

/// Another program, which runs the command in its turn and is told this.
pub(crate) async fn by(house: &House, program: &str, arguments: &[&str], typed: &str) -> Said {
    let token = house.connection.token.as_deref().unwrap();
    run(house, token, Command::new(program).args(arguments), typed).await
}

async fn run(house: &House, token: &str, command: &mut Command, typed: &str) -> Said {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("LIENMINH_TOKEN", token)
        .env_remove("LIENMINH_LANGUAGE")
        .env("COLUMNS", "240")
        .env("NO_COLOR", "1");
    for service in ServiceName::ALL {
        let name = format!("LIENMINH_{}_URL", service.as_str().to_uppercase());
        command.env(name, house.stage.suite().url(service));
    }
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    Said {
        ok: output.status.success(),
        out: String::from_utf8(output.stdout).unwrap(),
        complaint: String::from_utf8(output.stderr).unwrap(),
    }
}

fn write(house: &House, name: &str, text: &str) -> PathBuf {
    let path = house.stage.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

async fn organisations(house: &House) -> i64 {
    let database = house.stage.look_into(ServiceName::Registry).await.unwrap();
    let row = database
        .query_one("select count(*) from organisation", &[])
        .await;
    row.unwrap().get(0)
}

const ROSTER: &str = "\
roster_code,kind,display_name,tax_code,email,phone,position
N-1,HTX,Hợp tác xã Một,,mot@example.com,0590000101,Giám đốc
N-2,HTX,Hợp tác xã Hai,6400066952,hai@example.com,0590000102,Giám đốc
N-3,XYZ,Hợp tác xã Ba,,ba@example.com,0590000103,Giám đốc
N-4,HTX,Hợp tác xã Bốn,,not-an-address,0590000104,Giám đốc
N-5,HTX,Hợp tác xã Năm
N-6,HTX,Hợp tác xã Sáu,,sau@example.com,0590000106,Giám đốc
";

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_row_of_a_roster_is_told_and_nothing_or_just_the_good_ones_are_taken() {
    let house = House::open(&[AN_BINH]).await;
    let before = organisations(&house).await;
    let file = write(&house, "roster.csv", ROSTER);
    let file = file.to_str().unwrap();

    let said = lienminh(&house, &["organisation", "import", file]).await;
    assert!(!said.ok);
    let told = format!("{}{}", said.out, said.complaint);
    assert!(told.contains("dòng 6"), "too few columns: {told}");
    assert_eq!(organisations(&house).await, before, "nothing is imported");

    // Without the broken line the registry judges the others, and still takes none.
    let whole = ROSTER.replace("N-5,HTX,Hợp tác xã Năm\n", "");
    let whole = write(&house, "whole.csv", &whole);
    let said = lienminh(&house, &["organisation", "import", whole.to_str().unwrap()]).await;
    assert!(!said.ok);
    for words in ["3", "tax_code", "4", "kind", "5", "email", "từ chối"] {
        assert!(
            said.out.contains(words),
            "{words} in {}\n{}",
            said.out,
            said.complaint
        );
    }
    assert_eq!(organisations(&house).await, before, "nothing is imported");

    let said = lienminh(&house, &["organisation", "import", "--good-rows", file]).await;
    assert!(said.ok, "{}{}", said.out, said.complaint);
    assert_eq!(organisations(&house).await, before + 2, "{}", said.out);
    assert!(said.out.contains("2 đơn vị mới"), "{}", said.out);
    assert!(said.out.contains("4 dòng bị từ chối"), "{}", said.out);

    let said = lienminh(&house, &["organisation", "search", "hop tac xa sau"]).await;
    assert!(
        said.ok && said.out.contains("Hợp tác xã Sáu"),
        "{}",
        said.out
    );
    a_new_name_is_confirmed_by_who_saw_it(&house).await;
}

/// What a row waits for is shown, and typed to say yes.
async fn a_new_name_is_confirmed_by_who_saw_it(house: &House) {
    let renamed = "roster_code,kind,display_name\nN-1,HTX,Hợp tác xã Một Mới\n";
    let file = write(house, "renamed.csv", renamed);
    let import = ["organisation", "import", file.to_str().unwrap()];
    let said = lienminh(house, &import).await;
    assert!(!said.ok && said.out.contains("chờ"), "{}", said.out);
    let is_confirmation =
        |word: &&str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let confirmation = said.out.split_whitespace().find(is_confirmation);
    let confirmation = confirmation.unwrap_or_else(|| panic!("{}", said.out));
    let said = lienminh(house, &[&import[..], &["--confirm", confirmation]].concat()).await;
    assert!(
        said.ok && said.out.contains("1 đơn vị cập nhật"),
        "{}",
        said.out
    );
    let said = lienminh(house, &["organisation", "search", "mot moi"]).await;
    assert!(said.out.contains("Hợp tác xã Một Mới"), "{}", said.out);
}

const PLAN: &str = r#"
[plan]
key = "P1"
number = "12 KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh HTX tỉnh"
date = 2024-02-27
title = "Kế hoạch thử"

[[item]]
number = "1"
kind = "seminar"
title = "Hội thảo"
lead = "P-KHHT"

  [[item.event]]
  key = "seminar"
  kind = "seminar"
  title = "Hội thảo chuyển đổi số"
  at = 2024-04-11T08:00:00
  place = "Hội trường"
  lead = "P-KHHT"
  invite = { organisations = ["M1"] }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_line_of_a_plan_is_told_and_nothing_is_loaded() {
    let house = House::open(&[AN_BINH]).await;
    let database = house.stage.look_into(ServiceName::Events).await.unwrap();
    let rows = "select (select count(*) from plan) + (select count(*) from event)";
    let bad = PLAN
        .replace("at = 2024-04-11T08:00:00", "at = \"bao giờ cũng được\"")
        .replace("number = \"1\"", "numero = \"1\"")
        .replace("date = 2024-02-27", "date = 27");
    let file = write(&house, "bad.toml", &bad);
    let said = lienminh(&house, &["plan", "load", file.to_str().unwrap()]).await;
    assert!(!said.ok);
    for line in ["dòng 7", "dòng 11", "dòng 20"] {
        assert!(
            said.complaint.contains(line),
            "{line} in {}",
            said.complaint
        );
    }
    let unknown = PLAN.replace("organisations = [\"M1\"]", "organisations = [\"M9\"]");
    let file = write(&house, "unknown.toml", &unknown);
    let said = lienminh(&house, &["plan", "load", file.to_str().unwrap()]).await;
    assert!(
        !said.ok && said.complaint.contains("M9"),
        "{}",
        said.complaint
    );
    let written: i64 = database.query_one(rows, &[]).await.unwrap().get(0);
    assert_eq!(written, 0);

    let file = write(&house, "good.toml", PLAN);
    for _ in 0..2 {
        let said = lienminh(
            &house,
            &["plan", "load", "--announce", file.to_str().unwrap()],
        )
        .await;
        assert!(said.ok, "{}{}", said.out, said.complaint);
        let written: i64 = database.query_one(rows, &[]).await.unwrap().get(0);
        assert_eq!(written, 2, "loading twice changes nothing");
        assert_eq!(said.complaint, "", "and there is nothing to warn of");
    }
    // A plan tells what lies ahead; one event may be entered afterwards, with a warning.
    let add = [
        "event",
        "add",
        "Họp đã qua",
        "--kind",
        "meeting",
        "--organiser",
        "LM",
    ];
    let past = ["--at", "11/1/2024 08:00", "--invite", "M1", "--announce"];
    let said = lienminh(&house, &[&add[..], &past].concat()).await;
    assert!(said.ok, "{}", said.complaint);
    assert!(
        said.complaint.starts_with("! Thời gian đã qua"),
        "{}",
        said.complaint
    );
    let said = lienminh(&house, &["timeline"]).await;
    assert!(said.out.contains("Hội thảo chuyển đổi số"), "{}", said.out);

    // Whatever got into a database, a terminal is told only what a reader sees.
    let tampered = "update event set title = E'Hội thảo \\x1b]0;x\\x07\\u202e\\u200bsố'";
    database.execute(tampered, &[]).await.unwrap();
    let said = lienminh(&house, &["timeline"]).await;
    assert!(said.out.contains("Hội thảo ]0;xsố"), "{:?}", said.out);
}

/// A plan with a fault of each kind that the form alone does not show.
const WRONG: &str = r#"
[plan]
key = "P2"
number = "13 KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh HTX tỉnh"
date = 2024-02-27
title = "Kế hoạch sai"
parent = "9/KH-LMHTX"

[[item]]
number = "1"
kind = "seminar"
title = "Hội thảo"

  [[item.event]]
  key = "right"
  kind = "seminar"
  title = "Hội thảo đúng"
  lead = "P-KHHT"
  at = 2024-04-11T08:00:00

  [[item.event]]
  key = "kind"
  kind = "party"
  title = "Liên hoan"
  lead = "P-KHHT"

  [[item.event]]
  key = "year"
  kind = "meeting"
  title = "Họp"
  lead = "P-LA"
  at = 2023-04-11T08:00:00
  invite = { clusters = ["Sao Hỏa"] }

  [[item.deadline]]
  key = "late"
  kind = "report"
  title = "Báo cáo"
  day = 2023-04-10
  lead = "P-KHHT"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_a_plan_finds_all_that_the_load_refuses_and_a_load_takes_all_or_nothing() {
    let house = House::open(&[AN_BINH]).await;
    let file = write(&house, "wrong.toml", WRONG);
    let load = ["plan", "load", file.to_str().unwrap()];
    let checked = lienminh(&house, &[&load[..], &["--check"]].concat()).await;
    let refused = lienminh(&house, &load).await;
    assert!(!checked.ok && !refused.ok);
    assert_eq!(
        checked.complaint, refused.complaint,
        "a check tells the same"
    );
    for (line, told) in [
        ("9,", "9/KH-LMHTX"),
        ("25", "ceremony, seminar"),
        ("33", "P-LA"),
        ("34", "đã qua"),
        ("35", "Gia Nghĩa"),
        ("37", "owed_by"),
        ("41", "đã qua"),
    ] {
        let mut lines = checked.complaint.lines();
        let found = lines.any(|told_line| told_line.contains(line) && told_line.contains(told));
        assert!(found, "{line} {told} in {}", checked.complaint);
    }
    let database = house.stage.look_into(ServiceName::Events).await.unwrap();
    let rows = "select (select count(*) from plan) + (select count(*) from event)";
    let written: i64 = database.query_one(rows, &[]).await.unwrap().get(0);
    assert_eq!(written, 0, "nothing of it");

    let file = write(&house, "good.toml", PLAN);
    let load = ["plan", "load", file.to_str().unwrap()];
    let said = lienminh(&house, &load).await;
    assert!(said.ok && said.out.contains("Chưa ai được báo"), "{said:?}");
    let said = lienminh(&house, &load).await;
    assert!(
        said.ok && said.out.contains("đã được nạp trước đó"),
        "{said:?}"
    );
    let announce = [&load[..], &["--announce"]].concat();
    let said = lienminh(&house, &announce).await;
    assert!(said.out.contains("đã thông báo 1 hoạt động"), "{said:?}");
    let said = lienminh(&house, &announce).await;
    assert!(said.out.contains("đã thông báo 0 hoạt động"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn coverage_explain_answer_and_share_tell_what_happened() {
    let mut house = House::open(&[AN_BINH, BINH_MINH, CAO_NGUYEN]).await;
    let event = house
        .announce(
            "seminar",
            "Hội thảo chuyển đổi số",
            Some(at("2024-03-22T08:00")),
            &["M1", "M2", "M3"],
        )
        .await;
    house.settle().await;
    let name = obligation(&event.name);

    let said = lienminh(&house, &["coverage", "--unreachable"]).await;
    assert!(said.ok, "{}", said.complaint);
    for words in [
        "email",
        "đã gửi",
        "SMS",
        "đã đến",
        "không gửi",
        "Cao Nguyên",
        "0261 3000 003",
    ] {
        assert!(said.out.contains(words), "{words} in {}", said.out);
    }
    let sum = said
        .out
        .lines()
        .find(|line| line.contains("phải có"))
        .unwrap();
    let figures: Vec<i64> = sum
        .split(|sign: char| !sign.is_ascii_digit())
        .filter_map(|figure| figure.parse().ok())
        .collect();
    assert_eq!(figures[2], figures[3], "{sum}");

    let said = lienminh(&house, &["explain", &name, &house.member("M3")]).await;
    assert!(said.ok, "{}", said.complaint);
    assert!(
        said.out
            .starts_with("Hội thảo chuyển đổi số (08 giờ 00, thứ Sáu, 22/3/2024)"),
        "{}",
        said.out
    );
    assert!(
        said.out.lines().count() > 3 && !said.out.contains("no_address"),
        "in words: {}",
        said.out
    );

    // What nobody knows is no draft.
    let unknown = "funding/obligations/claim-0198a000-0000-7000-8000-000000000000";
    let said = lienminh(&house, &["explain", unknown]).await;
    assert!(!said.ok && !said.out.contains("bản nháp"), "{}", said.out);

    let text = house.texts("0590000002").remove(0).text;
    let code = digits_in_a_row(&text, 6);
    let said = lienminh(&house, &["answer", &code]).await;
    assert!(
        said.ok && said.out.contains("Hội thảo chuyển đổi số"),
        "{}{}",
        said.out,
        said.complaint
    );
    let first = said.out.lines().next().unwrap_or_default();
    assert!(
        first.contains("Bình Minh (M2)"),
        "whose it is: {}",
        said.out
    );
    let said = lienminh(&house, &["answer", &code, "yes", "--attendees", "3"]).await;
    assert!(
        said.ok && said.out.contains("Bình Minh (M2)") && said.out.contains("đã ghi"),
        "{}{}",
        said.out,
        said.complaint
    );
    let said = lienminh(&house, &["answer", "000000", "yes"]).await;
    assert!(!said.ok && !said.complaint.is_empty());

    let said = lienminh(&house, &["share", &event.name]).await;
    assert!(said.ok, "{}", said.complaint);
    for words in [
        "Hội thảo chuyển đổi số",
        "thứ Sáu, 22/3/2024",
        "Hội trường UBND tỉnh",
        "Phòng Kế hoạch Hỗ trợ",
    ] {
        assert!(said.out.contains(words), "{words} in {}", said.out);
    }
    assert!(!said.out.contains("http"), "no link: {}", said.out);
}

/// The only run of so many digits.
pub(crate) fn digits_in_a_row(text: &str, count: usize) -> String {
    let runs = text.split(|sign: char| !sign.is_ascii_digit());
    let mut found = runs.filter(|run| run.len() == count);
    let code = found.next().unwrap_or_else(|| panic!("no code in {text}"));
    code.to_owned()
}
