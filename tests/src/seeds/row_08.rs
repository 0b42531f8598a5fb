//! 001: the seminar of 11 April, with the launch.

use jiff::civil::date;
use lienminh_proto::events::v1 as events;

use super::Row;
use super::cast::{Body, Cast, event, from};
use super::judge::Part;
use super::seen::Answers;

pub(super) const ROW: Row = Row {
    number: 8,
    story: |cast| Box::pin(story(cast)),
    parts,
};

const TITLE: &str = "Hội thảo kỷ niệm ngày HTX Việt Nam 11/4";
const LAUNCH: &str = "Phát động Tháng hành động vì HTX";
const READER: &str = "r08-a@example.com";
const MOBILE: &str = "0590080002";

async fn story(cast: &Cast) -> anyhow::Result<Answers> {
    let days = cast.days();
    days.until("2024-03-25T09:00").await?;
    let people = cast
        .people(&[
            Body::unit("R08-CS", "Phòng Chính sách", "0590080000"),
            Body::member("R08-A", "Hợp tác xã Cà phê Thuận An", "R08", ""),
            Body::member("R08-B", "Hợp tác xã Hồ tiêu Thuận Hà", "R08", MOBILE).by_sms_only(),
            Body::member("R08-C", "Hợp tác xã Xoài Đắk Gằn", "R08", ""),
        ])
        .await?;
    let invited = vec![people["R08-A"].clone(), people["R08-B"].clone()];
    let seminar = events::Event {
        agenda: vec![LAUNCH.to_owned(), "Tham luận về chuyển đổi số".to_owned()],
        ..event(
            "seminar",
            TITLE,
            &people["R08-CS"],
            &from("2024-04-11T08:00")?,
        )
    };
    let seminar = cast.enter(seminar, invited).await?;
    let mut answers = Answers::new();
    answers.insert("contents", cast.event(&seminar).await?.agenda.join("; "));
    days.until("2024-04-11T11:00").await?;
    cast.hold(&seminar).await?;
    answers.insert("state", cast.state(&seminar).await?);
    days.until("2024-04-22T09:00").await?;
    Ok(answers)
}

fn parts() -> Vec<Part> {
    vec![
        Part::new(
            "the launch is part of the seminar",
            |seen| {
                seen.answers
                    .get("contents")
                    .is_some_and(|said| said.contains(LAUNCH))
            },
            |seen| seen.answer("contents", "Tham luận"),
        ),
        Part::new(
            "the invitation names the day, the hour, the place and the launch",
            |seen| {
                let words = [
                    TITLE,
                    "11/4/2024",
                    "08 giờ 00",
                    "Hội trường Liên minh HTX tỉnh",
                    LAUNCH,
                ];
                seen.is_told(READER, "2024-03-25T09", &words)
            },
            |seen| seen.reword(LAUNCH, "Tham luận"),
        ),
        Part::new(
            "who has no mailbox is invited by SMS",
            |seen| seen.is_told(MOBILE, "2024-03-25T09", &["11/4"]),
            |seen| {
                seen.told
                    .retain(|told| told.to != MOBILE || told.at > date(2024, 3, 26).at(0, 0, 0, 0))
            },
        ),
        Part::new(
            "reminded three working days before, at eight",
            |seen| {
                [READER, MOBILE]
                    .iter()
                    .all(|to| seen.is_told(to, "2024-04-08T08", &["11/4"]))
            },
            |seen| seen.told.retain(|told| told.at.date() != date(2024, 4, 8)),
        ),
        Part::new(
            "reminded the working day before, at eight",
            |seen| {
                [READER, MOBILE]
                    .iter()
                    .all(|to| seen.is_told(to, "2024-04-10T08", &["11/4"]))
            },
            |seen| {
                seen.told
                    .retain(|told| told.to != MOBILE || told.at.date() != date(2024, 4, 10))
            },
        ),
        Part::new(
            "reminded on the day by SMS, as soon as the night is over",
            |seen| seen.is_told(MOBILE, "2024-04-11T07", &["08h00", "hom nay"]),
            |seen| seen.told.retain(|told| told.at.date() != date(2024, 4, 11)),
        ),
        Part::new(
            "nobody else is told",
            |seen| seen.is_quiet("r08-c@", "2024", &[]),
            |seen| {
                let other = seen.told.iter().find(|told| told.to == READER).cloned();
                seen.told.extend(other.map(|told| super::seen::Told {
                    to: "r08-c@example.com".to_owned(),
                    ..told
                }));
            },
        ),
        Part::new(
            "it is held, and nothing is said afterwards",
            |seen| {
                seen.is_answered("state", "COMPLETED")
                    && seen.is_quiet("r08-", "2024-04-11T11", &[])
                    && seen.is_quiet(MOBILE, "2024-04-11T11", &[])
            },
            |seen| seen.repeat(READER, &[TITLE], date(2024, 4, 12).at(8, 0, 0, 0)),
        ),
    ]
}
