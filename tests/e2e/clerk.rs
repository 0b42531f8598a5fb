//! What made a newcomer stumble who had only `--help`.

use crate::cli::{Said, lienminh};
use crate::house::{House, at, through};
use crate::member::{AN_BINH, BINH_MINH};

/// What was refused, said once, without what only programs know.
async fn refused(house: &House, words: &[&str]) -> String {
    let Said { ok, out, complaint } = lienminh(house, words).await;
    assert!(!ok, "{words:?}: {out}");
    for inner in [
        "organisations/",
        "events/",
        "deadlines/",
        "os error",
        "province_code",
    ] {
        assert!(!complaint.contains(inner), "{inner} in {complaint}");
    }
    complaint
}

async fn done(house: &House, words: &[&str]) -> Said {
    let said = lienminh(house, words).await;
    assert!(said.ok, "{words:?}: {}{}", said.out, said.complaint);
    said
}

fn all_in(told: &str, words: &[&str]) {
    for word in words {
        assert!(told.contains(word), "{word} in {told}");
    }
}

fn write(house: &House, name: &str, text: &str) -> String {
    let path = house.stage.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_made_a_newcomer_stumble_is_told_as_people_speak() {
    let house = House::open(&[AN_BINH, BINH_MINH]).await;
    every_fault_of_a_plan_is_told_on_its_own_line(&house).await;
    a_refusal_names_things_as_people_do_once_and_where_they_were_typed(&house).await;
    a_change_says_what_to_look_at_and_who_will_hear_of_it(&house).await;
    what_nobody_owes_and_a_number_to_call_are_said(&house).await;
}

async fn a_refusal_names_things_as_people_do_once_and_where_they_were_typed(house: &House) {
    let when = Some(at("2024-03-22T08:00"));
    house
        .announce("meeting", "Hội nghị giao ban", when, &["M1"])
        .await;
    house
        .demand("Báo cáo tháng 3", through("2024-03-29"), &["M1"])
        .await;

    let said = refused(house, &["event", "answer", "giao ban", "M2", "có"]).await;
    all_in(
        &said,
        &["Bình Minh (M2) chưa được mời tới “Hội nghị giao ban”"],
    );
    let english = [
        "event",
        "answer",
        "giao ban",
        "M2",
        "có",
        "--language",
        "en",
    ];
    let said = refused(house, &english).await;
    all_in(
        &said,
        &["Bình Minh (M2) is not invited to \"Hội nghị giao ban\""],
    );
    let said = refused(house, &["deadline", "received", "báo cáo", "M2"]).await;
    all_in(&said, &["Bình Minh (M2) không phải nộp “Báo cáo tháng 3”"]);

    let add = [
        "organisation",
        "add",
        "Hợp tác xã Mới",
        "--kind",
        "HTX",
        "--province",
        "6x",
    ];
    let said = refused(house, &add).await;
    assert!(said.starts_with("lienminh: --province: "), "{said}");
    assert_eq!(said.lines().count(), 1, "said once: {said}");
    let said = refused(house, &[&add[..], &["--language", "en"]].concat()).await;
    assert!(said.starts_with("lienminh: --province: "), "{said}");
    let two = [&add[..], &["--tax-code", "12"]].concat();
    let said = refused(house, &two).await;
    all_in(&said, &["\n  --province: ", "\n  --tax-code: "]);
    let contact = [
        "contact",
        "add",
        "M1",
        "--position",
        "Kế toán",
        "--name",
        "Lê Thị Hoa",
    ];
    all_in(
        &refused(house, &contact).await,
        &["còn thiếu", "--email", "--phone"],
    );
}

/// A fault of each kind, each on a line of its own, none behind another.
const FAULTS: &str = r#"[plan]
key = "P2"
number = "13 KH-LMHTX"
issuer = "LMX"
issuer_name = "Liên minh HTX tỉnh"
date = "27/2/24"
title = "Kế hoạch sai"

[[item]]
number = "1"
kind = "seminar"
titel = "Hội thảo"
title = "Hội thảo"
lead = "P-LA"

  [[item.event]]
  key = "a"
  kind = "party"
  title = "Liên hoan"
  lead = "P-LB"
  at = "8h ngày 11/4/2023"
  invite = { clusters = ["Gia Nghĩa", "Sao Hỏa"] }

  [[item.deadline]]
  key = "b"
  kind = "raport"
  title = ""
  lead = "P-LC"
  day = "hôm nào"
  owed_by = { organisations = [
    "M1",
    "M9",
  ] }
"#;

async fn every_fault_of_a_plan_is_told_on_its_own_line(house: &House) {
    let file = write(house, "faults.toml", FAULTS);
    let said = refused(house, &["plan", "load", "--check", &file]).await;
    for (line, told) in [
        (4, "LMX"),
        (12, "titel"),
        (14, "P-LA"),
        (18, "kind"),
        (20, "P-LB"),
        (21, "đã qua"),
        (22, "Sao Hỏa"),
        (26, "report"),
        (27, "title"),
        (28, "P-LC"),
        (29, "day"),
        (32, "M9"),
    ] {
        let line = format!("dòng {line}");
        let mut lines = said.lines().map(str::trim);
        let found = lines.any(|each| {
            let rest = each
                .strip_prefix(&line)
                .filter(|rest| rest.starts_with([',', ':']));
            rest.is_some_and(|rest| rest.contains(told))
        });
        assert!(found, "{line} {told} in {said}");
    }
    assert_eq!(said.lines().count(), 13, "and nothing else: {said}");
}

async fn a_change_says_what_to_look_at_and_who_will_hear_of_it(house: &House) {
    let add = [
        "event",
        "add",
        "Họp nhanh",
        "--kind",
        "meeting",
        "--organiser",
        "LM",
    ];
    let past = [&add[..], &["--at", "8h ngày 11/1/24"]].concat();
    let said = done(house, &past).await;
    assert!(said.complaint.starts_with("! Thời gian đã qua"), "{said:?}");
    all_in(
        &said.out,
        &[
            "11/01/2024",
            "Chưa ai được báo",
            "lienminh event announce \"Họp nhanh\"",
        ],
    );

    let add = [
        "event",
        "add",
        "Hội thảo số",
        "--kind",
        "seminar",
        "--organiser",
        "LM",
    ];
    let words = [
        "--at",
        "2024-03-22 08:00",
        "--short-title",
        "Hội thảo số",
        "--place",
        "Hội trường",
        "--hint",
        "Cổng số 2, trước 07 giờ 45",
        "--online",
        "https://hop.example/1",
        "--agenda",
        "Khai mạc",
        "--agenda",
        "Thảo luận",
        "--members",
        "--announce",
        "--document",
        "14/GM-LMHTX",
        "--document-date",
        "29/2/2024",
    ];
    let said = done(house, &[&add[..], &words].concat()).await;
    let told = "2 đơn vị sẽ được báo, sớm nhất lúc 09 giờ 00, thứ Sáu, 01/3/2024.";
    all_in(&said.out, &["đã mời 2 đơn vị", told]);
    let shown = done(house, &["event", "show", "hội thảo số"]).await.out;
    let told = [
        "Cổng số 2",
        "https://hop.example/1",
        "Khai mạc",
        "Thảo luận",
        "tiêu đề ngắn",
    ];
    all_in(&shown, &told);

    // The hint names the old hour: it is warned of, and pasted into no group.
    let to = ["event", "move", "hội thảo số", "22/3/2024 14:00"];
    let why = ["--reason", "Mưa bão"];
    let said = done(house, &[&to[..], &why].concat()).await;
    all_in(&said.complaint, &["! Câu “", "07 giờ 45"]);
    let shared = done(house, &["share", "hội thảo số"]).await.out;
    assert!(shared.starts_with("THÔNG BÁO THAY ĐỔI: "), "{shared}");
    all_in(&shared, &["Lý do: Mưa bão", "14 giờ 00"]);
    assert!(!shared.contains("07 giờ 45"), "{shared}");
}

async fn what_nobody_owes_and_a_number_to_call_are_said(house: &House) {
    let silent = done(house, &["event", "answers", "hội thảo số"]).await.out;
    all_in(&silent, &["gọi ai", "Lê Thanh Khánh, 0590 000 002"]);
    done(house, &["event", "answer", "hội thảo số", "M2", "khong"]).await;
    let silent = done(house, &["event", "answers", "hội thảo số"]).await.out;
    assert!(
        !silent.contains("0590 000 002"),
        "only who is silent is called: {silent}"
    );

    let task = [
        "deadline",
        "add",
        "Rà soát danh sách",
        "--kind",
        "task",
        "--organiser",
        "LM",
    ];
    done(
        house,
        &[&task[..], &["--lead", "P-KHHT", "--day", "29/3/2024"]].concat(),
    )
    .await;
    let said = done(house, &["deadline", "submissions", "rà soát"])
        .await
        .out;
    all_in(
        &said,
        &[
            "Không có đơn vị nào phải nộp",
            "Phòng Kế hoạch Hỗ trợ (P-KHHT)",
        ],
    );
}
