//! The chain from an announcement to the reader, with nothing going wrong.

use lienminh_cli::files::plan::{Precision, When, Window};
use lienminh_proto::notifier::v1::{Channel, DeliveryState, ListUnreachableRequest};

use crate::house::{
    ALLIANCE_MAILBOX, House, UNIT_LANDLINE, UNIT_MAILBOX, at, day, local, obligation,
};
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN};

const TITLE: &str = "Lễ phát động Tháng hành động vì HTX năm 2024";

/// A Friday; the Thursday before is a working day.
const START: &str = "2024-03-29T07:30";

#[tokio::test(flavor = "multi_thread")]
async fn an_announced_ceremony_reaches_email_and_sms() {
    let mut house = House::open(&[AN_BINH, BINH_MINH, CAO_NGUYEN]).await;
    let event = house
        .announce("ceremony", TITLE, Some(at(START)), &["M1", "M2", "M3"])
        .await;
    let name = obligation(&event.name);
    house.settle().await;

    let letter = house.letter("anbinh@example.com");
    assert!(letter.subject.contains(TITLE), "{}", letter.subject);
    assert_eq!(
        letter.dated,
        local("2024-03-01T09:00"),
        "the business clock"
    );
    assert_eq!(letter.reply_to, ALLIANCE_MAILBOX, "the organiser's mailbox");
    for words in [
        "Quý HTX",
        "07 giờ 30",
        "thứ Sáu",
        "29/3/2024",
        "Hội trường UBND tỉnh",
    ] {
        assert!(
            letter.says(words),
            "{words} in\n{}\n{}",
            letter.text,
            letter.html
        );
    }
    let landline: String = letter.text.chars().filter(char::is_ascii_digit).collect();
    assert!(
        landline.contains(&UNIT_LANDLINE[1..]),
        "whom to call: {}",
        letter.text
    );
    assert!(letter.text.contains("Trân trọng,"), "{}", letter.text);
    let calendar = letter.calendar();
    assert_eq!(calendar.method(), "PUBLISH");
    assert_eq!(calendar.start(), "20240329T003000Z");
    // Nobody said when it ends: as long as ceremonies are.
    assert_eq!(calendar.one("DTEND"), "20240329T023000Z");
    for words in ["Liên hệ: ", "điện thoại 0", "Trả lời: http"] {
        assert!(calendar.one("DESCRIPTION").contains(words), "{words}");
    }
    let (uid, sequence) = (calendar.uid().to_owned(), calendar.sequence());

    let text = house.texts("0590000002").remove(0).text;
    assert!(text.contains("29/3") && text.contains("7"), "{text}");
    assert!(!text.contains("http"), "no link in an SMS: {text}");

    let nobody = house.row(&name, "M3", "issue").await;
    assert_eq!(nobody.channel(), Channel::None);
    assert_eq!(nobody.state(), DeliveryState::Suppressed);
    assert_eq!(nobody.reason, "no_address");
    let unreachable = ListUnreachableRequest {
        obligation: name.clone(),
        ..Default::default()
    };
    let listed = house.officer.notifier().list_unreachable(unreachable).await;
    let listed = listed.unwrap().into_inner().unreachable;
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0].organisation, house.member("M3"));
    assert!(listed[0].phone.ends_with("2613000003"), "{listed:?}");

    // The working day before, by both channels.
    house.to("2024-03-28T08:00").await;
    let last = house.letters("anbinh@example.com").pop().unwrap();
    assert!(last.subject.contains("ngày mai"), "{}", last.subject);
    assert_eq!(last.dated, local("2024-03-28T08:00"));
    assert_eq!(last.calendar().uid(), uid);
    assert_eq!(
        last.calendar().sequence(),
        sequence,
        "nothing material changed"
    );
    assert_eq!(house.texts("0590000001").len(), 1);

    // Two hours before would be 05:30, within quiet hours; 07:00 still helps.
    house.to("2024-03-29T06:59").await;
    assert_eq!(house.texts("0590000001").len(), 1, "quiet until seven");
    house.to("2024-03-29T07:00").await;
    assert_eq!(house.texts("0590000001").len(), 2);
    assert_eq!(house.texts("0590000002").len(), 4, "issue, t-3, t-1, h-2");
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_before_a_day_is_asked_for_with_both_readings() {
    let mut house = House::open(&[AN_BINH, BINH_MINH]).await;
    let before = When::Day {
        date: day("2024-04-10"),
        before: true,
    };
    let deadline = house
        .demand("Báo cáo kết quả quý I năm 2024", before, &["M1", "M2"])
        .await;
    // A week before the last day, which is the ninth.
    house.to("2024-04-02T07:59").await;
    assert_eq!(house.letters("anbinh@example.com").len(), 0);
    house.to("2024-04-02T08:00").await;
    let letter = house.letter("anbinh@example.com");
    assert!(
        letter.says("chậm nhất hết thứ Ba, 09/4/2024"),
        "{}",
        letter.text
    );
    assert!(letter.says("trước ngày 10/4"), "{}", letter.text);
    assert!(letter.says("còn 7 ngày"), "{}", letter.text);
    assert_eq!(house.texts("0590000002").len(), 1);
    let row = house.row(&obligation(&deadline.name), "M1", "t-7").await;
    assert_eq!(row.state(), DeliveryState::Sent);
    assert_eq!(row.attempts, 1);
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_a_date_asks_its_unit_and_tells_no_invitee() {
    let mut house = House::open(&[AN_BINH, BINH_MINH]).await;
    let window = When::Window(Window {
        text: "từ 01/4/2024 đến 31/5/2024".to_owned(),
        start: day("2024-04-01"),
        end: day("2024-05-31"),
        precision: Precision::Day,
        derived: false,
    });
    let event = house
        .announce(
            "information_meeting",
            "Hội nghị tuyên truyền",
            Some(window),
            &["M1", "M2"],
        )
        .await;
    house.to("2024-04-08T12:00").await;

    let asked = house.letters(UNIT_MAILBOX);
    // The eve of a month before lies behind, so at once; then 14 and 7 days before, then weekly.
    assert_eq!(
        asked.len(),
        5,
        "{:?}",
        house.steps(&obligation(&event.name)).await
    );
    assert!(
        asked[0].says("từ 01/4/2024 đến 31/5/2024"),
        "{}",
        asked[0].text
    );
    assert_eq!(house.letters("anbinh@example.com").len(), 0);
    assert_eq!(house.texts("0590000002").len(), 0);

    house.reschedule(&event.name, "2024-04-26T08:00").await;
    house.to("2024-04-09T08:00").await;
    assert_eq!(
        house.letters("anbinh@example.com").len(),
        1,
        "now there is a date"
    );
    house.to("2024-04-16T12:00").await;
    assert_eq!(house.letters(UNIT_MAILBOX).len(), 5, "nobody asks any more");
    house.nothing_is_lost_or_doubled().await;
}
