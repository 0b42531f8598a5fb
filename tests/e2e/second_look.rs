//! What the command tells to be looked at again, after it did what it was asked.

use lienminh_local::suite::program;

use crate::cli::{Said, by, digits_in_a_row, lienminh};
use crate::house::{House, at};
use crate::member::{AN_BINH, BINH_MINH};

/// Succeeds, and tells of each of these on a line of its own that begins with a mark.
async fn warns(house: &House, arguments: &[&str], told: &[&str]) {
    let said = lienminh(house, arguments).await;
    assert!(said.ok, "{arguments:?}: {}{}", said.out, said.complaint);
    for words in told {
        let marked = said.complaint.lines().any(|line| line.starts_with(words));
        assert!(marked, "{words} in {said:?}");
    }
    assert_eq!(said.complaint.lines().count(), told.len(), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_deserves_a_second_look_is_told_to_whoever_typed_it() {
    const SHORT: &str = "! Ban hành sát ngày: chưa đủ 3 ngày làm việc trước thứ Hai, 04/3/2024.";
    let house = House::open(&[AN_BINH, BINH_MINH]).await;
    let meeting = ["--kind", "meeting", "--organiser", "LM", "--announce"];

    let soon = ["event", "add", "Họp gấp", "--at", "4/3/2024 10:00"];
    let nobody = "! Chưa mời đơn vị nào nên chưa có giấy mời nào được gửi.";
    warns(&house, &[&soon[..], &meeting].concat(), &[SHORT, nobody]).await;
    warns(
        &house,
        &["event", "invite", "họp gấp", "--members"],
        &[SHORT],
    )
    .await;

    let later = ["event", "add", "Hội nghị sơ kết", "--at", "22/3/2024 08:00"];
    let more = [
        "--hint",
        "Tập trung trước 07 giờ 45",
        "--reply-by",
        "15/3/2024",
        "--invite",
        "M1",
    ];
    warns(&house, &[&later[..], &meeting, &more].concat(), &[]).await;
    let to = [
        "event",
        "move",
        "sơ kết",
        "25/3/2024 14:00",
        "--reason",
        "Trùng lịch",
    ];
    let along = "! Hạn trả lời được dời theo, từ thứ Sáu, 15/3/2024 sang thứ Hai, 18/3/2024;";
    let lost = "! Câu “Tập trung trước 07 giờ 45” nhắc giờ hoặc ngày cũ nên không in";
    warns(&house, &to, &[along, lost]).await;

    let report = ["deadline", "add", "Báo cáo nhanh", "--day", "4/3/2024"];
    let owed = ["--organiser", "LM", "--owed-by", "M1"];
    warns(&house, &[&report[..], &owed].concat(), &[SHORT]).await;

    let contact = [
        "contact",
        "add",
        "M1",
        "--position",
        "giam-doc",
        "--name",
        "Lê Văn Tư",
    ];
    let phone = "! Đã ghi là số di động, nhưng cũng có thể là số cố định";
    let held = "! Đã có người khác giữ chức danh này.";
    let number = ["--phone", "0838291234"];
    warns(&house, &[&contact[..], &number].concat(), &[phone, held]).await;
}

/// The same at a terminal, where somebody types this.
async fn typing(house: &House, arguments: &[&str], typed: &str) -> Said {
    let quoted = arguments.iter().map(|each| format!("'{each}'"));
    let program = program("lienminh").unwrap();
    let line = format!(
        "{} {}",
        program.display(),
        quoted.collect::<Vec<_>>().join(" ")
    );
    // script(1) gives the program a terminal of its own.
    let arguments = ["--quiet", "--return", "--command", &line, "/dev/null"];
    by(house, "script", &arguments, typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_terminal_a_code_is_recorded_only_after_a_yes() {
    let mut house = House::open(&[AN_BINH, BINH_MINH]).await;
    let when = Some(at("2024-03-22T08:00"));
    let event = house.announce("seminar", "Hội thảo số", when, &["M1", "M2"]);
    event.await;
    house.settle().await;
    let text = house.texts("0590000002").remove(0).text;
    let code = digits_in_a_row(&text, 6);
    let arguments = ["answer", &code, "yes"];
    for (typed, told, untold) in [
        ("k\n", "chưa ghi gì", "đã ghi"),
        ("\n", "chưa ghi gì", "đã ghi"),
        ("c\n", "đã ghi", "chưa ghi gì"),
    ] {
        let said = typing(&house, &arguments, typed).await;
        assert!(said.out.contains("Ghi cho đơn vị này? [c/k]"), "{said:?}");
        assert!(
            said.ok && said.out.contains(told) && !said.out.contains(untold),
            "{said:?}"
        );
    }
}
