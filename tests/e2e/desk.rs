//! What an officer does on a day, by the command alone: no JSON, no names of resources by hand.

use lienminh_local::suite::Token;
use lienminh_proto::events::v1::GetEventRequest;
use lienminh_proto::r#type::v1::anchor::When;

use crate::audit::notifier::park_messages;
use crate::cli::{Said, lienminh, lienminh_as};
use crate::house::{House, at, through};
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN};
use crate::money::Office;

/// Succeeds and says all of this.
async fn does(house: &House, arguments: &[&str], told: &[&str]) -> String {
    let said = lienminh(house, arguments).await;
    assert!(said.ok, "{arguments:?}: {}{}", said.out, said.complaint);
    for words in told {
        assert!(said.out.contains(words), "{words} in {}", said.out);
    }
    said.out
}

/// Fails and complains of all of this.
async fn refuses(house: &House, arguments: &[&str], told: &[&str]) {
    complains(&lienminh(house, arguments).await, told);
}

fn complains(said: &Said, told: &[&str]) {
    assert!(!said.ok, "{}", said.out);
    for words in told {
        assert!(
            said.complaint.contains(words),
            "{words} in {}",
            said.complaint
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tasks_of_a_day_are_done_by_guessable_commands() {
    let mut office = Office::open(500_000_000).await;
    somebody_new_joins(&office.house).await;
    a_meeting_from_its_entry_to_its_end(&mut office.house).await;
    a_report_is_demanded_and_comes_in(&office.house).await;
    a_parked_message_is_opened(&office.house).await;

    office.approved("M4", 300_000_000).await;
    let disburse = ["application", "disburse", "M4", "195 triệu"];
    let how = ["--reference", "FT24061", "--date", "1/3/2024"];
    let words = [&disburse[..], &how].concat();
    does(
        &office.house,
        &words,
        &["Đồng Tâm (M4)", "195.000.000 trên 300.000.000"],
    )
    .await;
    let listed = ["Đồng Tâm (M4)", "đã phê duyệt", "195.000.000"];
    does(&office.house, &["application", "list"], &listed).await;
}

async fn somebody_new_joins(house: &House) {
    let add = [
        "organisation",
        "add",
        "Hợp tác xã Sông Xanh",
        "--kind",
        "HTX",
    ];
    let more = ["--code", "M9", "--province", "67", "--cluster", "Gia Nghĩa"];
    does(house, &[&add[..], &more].concat(), &["Sông Xanh (M9)"]).await;
    let contact = [
        "contact",
        "add",
        "M9",
        "--position",
        "giam-doc",
        "--name",
        "Trần Thị Bé",
    ];
    let reach = ["--email", "songxanh@example.com", "--phone", "0590.000.009"];
    let told = ["Giám đốc", "Trần Thị Bé", "0590 000 009"];
    does(house, &[&contact[..], &reach].concat(), &told).await;
    let end = ["contact", "end", "M9", "tran thi be"];
    does(house, &end, &["Sông Xanh (M9)"]).await;
    let admit = [
        "organisation",
        "admit",
        "sông xanh",
        "--decision",
        "20/QĐ-LMHTX",
    ];
    let when = ["--date", "15/2/2024"];
    let told = ["thành viên từ 15/02/2024", "20/QĐ-LMHTX"];
    does(house, &[&admit[..], &when].concat(), &told).await;
}

async fn a_meeting_from_its_entry_to_its_end(house: &mut House) {
    let add = [
        "event",
        "add",
        "Hội nghị giao ban",
        "--kind",
        "meeting",
        "--place",
        "Phòng họp",
    ];
    let when = ["--at", "22/3/2024 08:00", "--until", "10:00"];
    let who = [
        "--organiser",
        "LM",
        "--lead",
        "P-KHHT",
        "--invite",
        "M1",
        "--announce",
    ];
    let told = ["08 giờ 00", "22/3/2024", "đã thông báo", "đã mời 1 đơn vị"];
    let out = does(house, &[&add[..], &when, &who].concat(), &told).await;
    let name = out
        .lines()
        .find(|line| line.starts_with("events/"))
        .unwrap();
    let name = name.to_owned();

    let told = ["đã mời thêm 2 đơn vị; 1 đơn vị đã được mời từ trước"];
    does(house, &["event", "invite", "giao ban", "--members"], &told).await;
    let answer = [
        "event",
        "answer",
        "giao ban",
        "M9",
        "có",
        "--attendees",
        "2",
    ];
    does(house, &answer, &["Sông Xanh (M9): sẽ dự"]).await;
    let told = [
        "An Bình (M1)",
        "chưa trả lời: 2; sẽ dự: 1",
        "cán bộ",
        "0590 000 001",
    ];
    does(house, &["event", "answers", "giao ban"], &told).await;

    let to = [
        "event",
        "move",
        "giao ban",
        "25/3/2024 14h00",
        "--reason",
        "Trùng lịch",
    ];
    let told = [
        "14 giờ 00",
        "25/3/2024",
        "3 đơn vị sẽ được báo, sớm nhất lúc",
    ];
    does(house, &to, &told).await;
    let request = GetEventRequest {
        name,
        ..GetEventRequest::default()
    };
    let moved = house
        .officer
        .events()
        .get_event(request)
        .await
        .unwrap()
        .into_inner();
    let Some(When::Instant(times)) = moved.anchor.unwrap().when else {
        panic!("no instant");
    };
    let lasts = times.end_time.unwrap().seconds - times.start_time.unwrap().seconds;
    assert_eq!(lasts, 2 * 3600, "it lasts as long as before");
    for verb in ["postpone", "cancel"] {
        let why = ["còn thiếu: --reason", "như mọi người sẽ đọc"];
        refuses(house, &["event", verb, "giao ban"], &why).await;
    }
    let postpone = ["event", "postpone", "giao ban", "--reason", "Chờ lịch mới"];
    does(house, &postpone, &["tạm hoãn", "3 đơn vị sẽ được báo"]).await;
    let cancel = ["event", "cancel", "giao ban", "--reason", "Mưa bão"];
    let told = [
        "đã hủy",
        "3 đơn vị sẽ được báo, sớm nhất lúc 09 giờ 10, thứ Sáu, 01/3/2024",
    ];
    does(house, &cancel, &told).await;

    let add = [
        "event",
        "add",
        "Họp nhanh",
        "--kind",
        "meeting",
        "--at",
        "1/3/2024 10:00",
    ];
    does(
        house,
        &[&add[..], &["--organiser", "LM", "--announce"]].concat(),
        &[],
    )
    .await;
    house.to("2024-03-01T10:30").await;
    does(house, &["event", "held", "họp nhanh"], &["đã tổ chức"]).await;
}

async fn a_report_is_demanded_and_comes_in(house: &House) {
    let add = [
        "deadline",
        "add",
        "Báo cáo quý I",
        "--day",
        "29/3/2024",
        "--organiser",
        "LM",
    ];
    let who = ["--lead", "P-KHHT", "--owed-by", "M1,M9"];
    does(
        house,
        &[&add[..], &who].concat(),
        &["29/3/2024", "2 đơn vị phải nộp"],
    )
    .await;
    let received = ["deadline", "received", "báo cáo quý", "M9"];
    does(house, &received, &["Sông Xanh (M9): đã nhận"]).await;
    let told = ["An Bình (M1)", "chưa nhận được: 1; đã nhận: 1"];
    does(house, &["deadline", "submissions", "báo cáo quý"], &told).await;
    does(
        house,
        &["deadline", "move", "báo cáo quý", "5/4/2024"],
        &["05/4/2024"],
    )
    .await;
    does(
        house,
        &["deadline", "close", "báo cáo quý"],
        &["đã kết thúc"],
    )
    .await;
}

async fn a_parked_message_is_opened(house: &House) {
    park_messages(house).await;
    let out = does(
        house,
        &["parked", "list"],
        &["ReceiptNotice", "chờ quyết định"],
    )
    .await;
    let mut names = out
        .split_whitespace()
        .filter(|word| word.starts_with("parkedMessages/"));
    let (one, other) = (names.next().unwrap(), names.next().unwrap());
    does(
        house,
        &["parked", "show", one],
        &["lý do:", "lienminh parked redrive"],
    )
    .await;
    let discard = ["parked", "discard", one, "--reason", "hỏng"];
    does(house, &discard, &["đã bỏ"]).await;
    does(house, &["parked", "redrive", other], &["đã đưa trở lại"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_goes_by_the_name_that_the_timeline_prints_and_by_words_of_its_title() {
    let mut house = House::open(&[AN_BINH, BINH_MINH, CAO_NGUYEN]).await;
    let when = Some(at("2024-03-22T08:00"));
    let event = house
        .announce("seminar", "Hội thảo chuyển đổi số", when, &["M1", "M2"])
        .await;
    let deadline = house
        .demand("Báo cáo tháng 3", through("2024-03-29"), &["M1"])
        .await;
    house.settle().await;

    let out = does(
        &house,
        &["timeline"],
        &[&event.name, &deadline.name, "P-KHHT"],
    )
    .await;
    for name in out
        .split_whitespace()
        .filter(|word| word.contains('/') && word.len() > 40)
    {
        does(
            &house,
            &["explain", name, "M1"],
            &["An Bình (M1)", "01/3/2024 09:00"],
        )
        .await;
        // The report is asked for a week before its day; the invitation is out.
        let told = if *name == deadline.name {
            "chưa có lượt gửi nào"
        } else {
            "An Bình (M1)"
        };
        does(&house, &["deliveries", "--obligation", name], &[told]).await;
        does(
            &house,
            &["share", name],
            &["Phòng Kế hoạch Hỗ trợ", "0261 3000 012"],
        )
        .await;
    }
    does(
        &house,
        &["explain", "chuyen doi so"],
        &["Hội thảo chuyển đổi số"],
    )
    .await;
    does(
        &house,
        &["share", "báo cáo tháng"],
        &["ĐỀ NGHỊ: Báo cáo tháng 3", "29/3/2024"],
    )
    .await;
    let told = ["Hội thảo chuyển đổi số", "(M2)", "đã gửi", "email"];
    does(&house, &["deliveries"], &told).await;
    let month = ["timeline", "--from", "1/3/2024", "--to", "23/3/2024"];
    let out = does(&house, &month, &["08 giờ 00, thứ Sáu, 22/3/2024"]).await;
    assert!(!out.contains("Báo cáo tháng 3"), "{out}");

    refuses(
        &house,
        &["event", "move", "báo cáo", "1/4/2024"],
        &["timeline"],
    )
    .await;
    refuses(
        &house,
        &["event", "held", &deadline.name],
        &["lienminh deadline"],
    )
    .await;
    refuses(
        &house,
        &["event", "answers", "chuyển đổi xanh"],
        &["lienminh timeline"],
    )
    .await;
    house
        .announce("meeting", "Hội thảo khác", None, &["M1"])
        .await;
    refuses(
        &house,
        &["event", "answers", "hội thảo"],
        &[&event.name, "khác"],
    )
    .await;
    refuses(
        &house,
        &["explain", "hội thảo khác", "binh"],
        &["(M1)", "(M2)"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_what_to_do() {
    let house = House::open(&[AN_BINH]).await;
    let nobody = ["timeline", "--events-url", "http://127.0.0.1:9"];
    refuses(
        &house,
        &nobody,
        &["dịch vụ events", "127.0.0.1:9", "LIENMINH_EVENTS_URL"],
    )
    .await;
    let nobody = [&nobody[..], &["--language", "en"]].concat();
    refuses(
        &house,
        &nobody,
        &["the events service cannot be reached", "--events-url"],
    )
    .await;
    let add = ["event", "add", "Họp", "--organiser", "LM", "--kind"];
    refuses(
        &house,
        &[&add[..], &["party"]].concat(),
        &["meeting", "chọn một trong"],
    )
    .await;
    let when = [&add[..], &["meeting", "--at", "hôm nào"]].concat();
    refuses(&house, &when, &["11/4/2024 08:00"]).await;
    refuses(
        &house,
        &["organisation", "add"],
        &["còn thiếu", "Cách dùng"],
    )
    .await;
    refuses(&house, &["evnt"], &["không có lệnh", "event"]).await;

    let token = Token::new("user:khach", "registry.*");
    let token = house.stage.suite().token(&token).unwrap();
    let said = lienminh_as(&house, &token, &["timeline"]).await;
    complains(&said, &["events.plans.list"]);
    let member = Token {
        organisation: Some(house.member("M1")),
        ..Token::new("user:m1", "registry.*")
    };
    let token = house.stage.suite().token(&member).unwrap();
    let said = lienminh_as(&house, &token, &["timeline"]).await;
    assert!(
        !said.ok && !said.complaint.contains("events.plans"),
        "{said:?}"
    );

    let issue = [
        "token",
        "issue",
        "--subject",
        "user:x",
        "--auth-dir",
        "/nowhere",
        "--scope",
    ];
    let scope = [&issue[..], &["events.event.*"]].concat();
    refuses(&house, &scope, &["events.events.create"]).await;
}

const ROSTER: &str = "\
roster_code,kind,display_name,email,phone,position
N-1,HTX,Hợp tác xã Một,mot@example.com,0590000101,Giám đốc
N-2,HTX,Hợp tác xã Hai,hai@example.com,0590000102,Giám đốc
";

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_of_the_same_roster_says_that_nothing_is_new() {
    let house = House::open(&[AN_BINH]).await;
    let file = house.stage.folder().join("roster.csv");
    std::fs::write(&file, ROSTER).unwrap();
    let import = ["organisation", "import", file.to_str().unwrap()];
    does(&house, &import, &["2 đơn vị mới"]).await;
    does(&house, &import, &["không có gì mới: 2 dòng"]).await;
    let english = [&import[..], &["--language", "en"]].concat();
    does(&house, &english, &["nothing new: 2 rows"]).await;
    let grown = format!("{ROSTER}N-3,HTX,Hợp tác xã Ba,,0590000103,Giám đốc\n");
    std::fs::write(&file, grown).unwrap();
    does(&house, &import, &["1 đơn vị mới", "2 dòng không đổi"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_speaks_the_language_that_is_asked_for() {
    let house = House::open(&[]).await;
    let told = ["Cách dùng", "Hoạt động: nhập, mời", "Đối soát"];
    does(&house, &["--help"], &told).await;
    let told = ["Dời hoạt động", "NGÀY_GIỜ", "như mọi người sẽ đọc"];
    does(&house, &["help", "event", "move"], &told).await;
    let told = ["Usage", "Move an event"];
    does(&house, &["event", "move", "--help", "--language=en"], &told).await;
}
