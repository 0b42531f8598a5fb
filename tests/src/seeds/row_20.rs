//! 003: celebration on a weekday near the day, review of the half-year and the members' meeting
//! of a district in one event.

use jiff::civil::date;
use lienminh_proto::events::v1 as events;

use super::Row;
use super::cast::{Body, Cast, event, from};
use super::judge::Part;
use super::seen::{Answers, Told};

pub(super) const ROW: Row = Row {
    number: 20,
    story: |cast| Box::pin(story(cast)),
    parts,
};

const TITLE: &str = "Kỷ niệm Ngày HTX Quốc tế, sơ kết 6 tháng";
const CONTENTS: [&str; 3] = [
    "Kỷ niệm Ngày HTX Quốc tế",
    "Sơ kết công tác 6 tháng đầu năm 2023",
    "Họp thành viên quận Kiến An",
];
const DISTRICT: &str = "Kiến An";
const READER: &str = "r20-a@example.com";
const MOBILE: &str = "0590200002";
const OTHER: &str = "r20-c@example.com";

async fn story(cast: &Cast) -> anyhow::Result<Answers> {
    let days = cast.days();
    days.until("2023-06-19T09:00").await?;
    let people = cast
        .people(&[
            Body::unit("R20-VP", "Văn phòng thành viên", "0590200000"),
            Body::member("R20-A", "Hợp tác xã Vận tải Kiến An", DISTRICT, ""),
            Body::member("R20-B", "Hợp tác xã Cơ khí Trường Sơn", DISTRICT, MOBILE).by_sms_only(),
            Body::member("R20-C", "Hợp tác xã Đồ Sơn", "Đồ Sơn", ""),
        ])
        .await?;
    let invited = cast.cluster(DISTRICT).await?;
    let celebration = events::Event {
        agenda: CONTENTS.map(str::to_owned).to_vec(),
        ..event(
            "ceremony",
            TITLE,
            &people["R20-VP"],
            &from("2023-06-28T14:00")?,
        )
    };
    let mut answers = Answers::new();
    answers.insert("members of the district", invited.len().to_string());
    let celebration = cast.enter(celebration, invited).await?;
    let found = cast.event(&celebration).await?;
    answers.insert("contents", found.agenda.join("; "));
    days.until("2023-06-28T17:00").await?;
    cast.hold(&celebration).await?;
    answers.insert("state", cast.state(&celebration).await?);
    days.until("2023-07-10T09:00").await?;
    Ok(answers)
}

fn parts() -> Vec<Part> {
    vec![
        Part::new(
            "celebration, review and meeting are one event",
            |seen| seen.is_answered("contents", &CONTENTS.join("; ")),
            |seen| seen.answer("contents", CONTENTS[0]),
        ),
        Part::new(
            "the members of the district are known",
            |seen| seen.is_answered("members of the district", "2"),
            |seen| seen.answer("members of the district", "3"),
        ),
        Part::new(
            "one invitation names all three, on a weekday before the day",
            |seen| {
                let words = [
                    TITLE,
                    "thứ Tư",
                    "28/6/2023",
                    CONTENTS[0],
                    CONTENTS[1],
                    CONTENTS[2],
                ];
                seen.is_told(READER, "2023-06-19T09", &words)
            },
            |seen| seen.reword(CONTENTS[2], ""),
        ),
        Part::new(
            "who has no mailbox hears the day by SMS",
            |seen| seen.is_told(MOBILE, "2023-06-19T09", &["28/6"]),
            |seen| seen.reword("28/6", "29/6"),
        ),
        Part::new(
            "reminded three working days and one before, at eight",
            |seen| {
                ["2023-06-23T08", "2023-06-27T08"].iter().all(|at| {
                    [READER, MOBILE]
                        .iter()
                        .all(|to| seen.is_told(to, at, &["28/6"]))
                })
            },
            |seen| seen.told.retain(|told| told.at.date() != date(2023, 6, 23)),
        ),
        Part::new(
            "members of other districts are told nothing",
            |seen| seen.is_quiet(OTHER, "2023", &[]),
            |seen| {
                seen.told.push(Told {
                    at: date(2023, 6, 19).at(9, 0, 0, 0),
                    to: OTHER.to_owned(),
                    text: TITLE.to_owned(),
                });
            },
        ),
        Part::new(
            "it is held, and nothing is said afterwards",
            |seen| {
                seen.is_answered("state", "COMPLETED")
                    && seen.is_quiet("r20-", "2023-06-28T17", &[])
                    && seen.is_quiet(MOBILE, "2023-06-28T17", &[])
            },
            |seen| seen.answer("state", "SCHEDULED"),
        ),
    ]
}
