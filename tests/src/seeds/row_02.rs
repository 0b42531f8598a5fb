//! 000: launch "cuối tháng 3", closing "cuối tháng 4": the lead is asked to fix the day; it is
//! fixed; moved; held.

use jiff::civil::date;

use super::Row;
use super::cast::{Body, Cast, event, mailbox, printed, window};
use super::judge::Part;
use super::seen::Answers;

pub(super) const ROW: Row = Row {
    number: 2,
    story: |cast| Box::pin(story(cast)),
    parts,
};

const LEAD: &str = "r02-vp@example.com";
const CLOSING_LEAD: &str = "0590020009";
const READER: &str = "r02-a@example.com";
const MOBILE: &str = "0590020002";
const LAUNCH: &str = "Lễ phát động Tháng hành động vì HTX năm 2024";
const CLOSING: &str = "Lễ tổng kết Tháng hành động vì HTX năm 2024";

async fn story(cast: &Cast) -> anyhow::Result<Answers> {
    let days = cast.days();
    days.until("2024-02-19T09:00").await?;
    let people = cast
        .people(&[
            Body::unit("R02-VP", "Văn phòng Tháng hành động", "0590020000"),
            Body::unit("R02-TK", "Tổ Tổng kết", CLOSING_LEAD).by_sms_only(),
            Body::member("R02-A", "Hợp tác xã Tháng Ba", "R02", "0590020001"),
            Body::member("R02-B", "Hợp tác xã Tháng Tư", "R02", MOBILE).by_sms_only(),
        ])
        .await?;
    anyhow::ensure!(mailbox("R02-VP") == LEAD, "the lead reads another mailbox");
    let invited = vec![people["R02-A"].clone(), people["R02-B"].clone()];
    let lead = &people["R02-VP"];
    let march = window("cuối tháng 3/2024", "2024-03-21", "2024-03-31")?;
    let april = window("cuối tháng 4/2024", "2024-04-21", "2024-04-30")?;
    let launch = event("ceremony", LAUNCH, lead, &march);
    let launch = cast.enter(launch, invited.clone()).await?;
    let closing = event("ceremony", CLOSING, &people["R02-TK"], &april);
    let closing = cast.enter(closing, invited).await?;
    let mut answers = Answers::new();
    answers.insert("window of the launch", printed(&cast.event(&launch).await?));
    answers.insert(
        "window of the closing",
        printed(&cast.event(&closing).await?),
    );

    days.until("2024-03-11T09:00").await?;
    cast.fix(&launch, "2024-03-29T08:00").await?;
    days.until("2024-03-18T09:00").await?;
    cast.fix(&launch, "2024-03-28T14:00").await?;
    days.until("2024-03-28T17:00").await?;
    cast.hold(&launch).await?;
    answers.insert("state of the launch", cast.state(&launch).await?);

    days.until("2024-04-08T09:00").await?;
    cast.fix(&closing, "2024-04-26T08:00").await?;
    days.until("2024-04-26T11:00").await?;
    cast.hold(&closing).await?;
    answers.insert("state of the closing", cast.state(&closing).await?);
    days.until("2024-05-10T09:00").await?;
    Ok(answers)
}

fn parts() -> Vec<Part> {
    let mut parts = asked();
    parts.extend(fixed());
    parts.extend(moved());
    parts.extend(held());
    parts
}

fn asked() -> Vec<Part> {
    vec![
        Part::new(
            "both windows as they are printed",
            |seen| {
                seen.is_answered("window of the launch", "cuối tháng 3/2024")
                    && seen.is_answered("window of the closing", "cuối tháng 4/2024")
            },
            |seen| seen.answer("window of the launch", "tháng 3/2024"),
        ),
        Part::new(
            "the lead is asked to fix the launch, a month and two weeks before",
            |seen| {
                ["2024-02-20T08", "2024-03-07T08"].iter().all(|at| {
                    seen.is_told(LEAD, at, &[LAUNCH, "cuối tháng 3/2024", "ấn định ngày"])
                })
            },
            |seen| seen.reword("cuối tháng 3/2024", "tháng 3/2024"),
        ),
        Part::new(
            "a lead without a mailbox is asked to fix the closing by SMS, a month before",
            |seen| {
                seen.is_told(
                    CLOSING_LEAD,
                    "2024-03-22T08",
                    &["CHUA AN DINH NGAY", "cuoi thang 4"],
                )
            },
            |seen| seen.forget(CLOSING_LEAD, &["CHUA AN DINH"]),
        ),
        Part::new(
            "nobody is asked any more once it is fixed",
            |seen| {
                seen.is_quiet(LEAD, "2024-03-11T09", &[LAUNCH, "ấn định ngày"])
                    && seen.is_quiet(CLOSING_LEAD, "2024-04-08T09", &["CHUA AN DINH"])
            },
            |seen| {
                seen.repeat(
                    LEAD,
                    &[LAUNCH, "ấn định ngày"],
                    date(2024, 3, 14).at(8, 0, 0, 0),
                )
            },
        ),
    ]
}

fn fixed() -> Vec<Part> {
    vec![
        Part::new(
            "those invited to the launch hear the day by mail",
            |seen| seen.is_told(READER, "2024-03-11T09", &[LAUNCH, "29/3/2024", "08 giờ 00"]),
            |seen| seen.reword("29/3/2024", "30/3/2024"),
        ),
        Part::new(
            "and by SMS who has no mailbox",
            |seen| seen.is_told(MOBILE, "2024-03-11T09", &["29/3"]),
            |seen| seen.forget(MOBILE, &["29/3"]),
        ),
        Part::new(
            "those invited to the closing hear the day",
            |seen| {
                seen.is_told(READER, "2024-04-08T09", &[CLOSING, "26/4/2024"])
                    && seen.is_told(MOBILE, "2024-04-08T09", &["26/4"])
            },
            |seen| seen.forget(MOBILE, &["26/4"]),
        ),
    ]
}

fn moved() -> Vec<Part> {
    vec![
        Part::new(
            "the move is told by mail with the old and the new day",
            |seen| {
                let words = [LAUNCH, "29/3/2024", "28/3/2024", "14 giờ 00"];
                seen.is_told(READER, "2024-03-18T09", &words)
            },
            |seen| seen.reword("28/3/2024", "27/3/2024"),
        ),
        Part::new(
            "and by SMS",
            |seen| seen.is_told(MOBILE, "2024-03-18T09", &["29/3", "28/3"]),
            |seen| seen.forget(MOBILE, &["29/3", "28/3"]),
        ),
        Part::new(
            "the reminder before names the new day, at eight on a working day",
            |seen| seen.is_told(READER, "2024-03-27T08", &[LAUNCH, "28/3/2024"]),
            |seen| seen.forget(READER, &[LAUNCH, "ngày mai"]),
        ),
        Part::new(
            "nobody is reminded of the day that was given up",
            |seen| seen.is_quiet("r02-", "2024-03-18T10", &[LAUNCH, "29/3/2024"]),
            |seen| {
                seen.repeat(
                    READER,
                    &[LAUNCH, "29/3/2024"],
                    date(2024, 3, 28).at(8, 0, 0, 0),
                )
            },
        ),
    ]
}

fn held() -> Vec<Part> {
    vec![
        Part::new(
            "both are held",
            |seen| {
                seen.is_answered("state of the launch", "COMPLETED")
                    && seen.is_answered("state of the closing", "COMPLETED")
            },
            |seen| seen.answer("state of the closing", "SCHEDULED"),
        ),
        Part::new(
            "nothing is said of them afterwards",
            |seen| {
                seen.is_quiet("r02-", "2024-03-28T17", &[LAUNCH])
                    && seen.is_quiet("r02-", "2024-04-26T11", &[CLOSING])
                    && seen.is_quiet("059002", "2024-03-28T17", &["phat dong"])
                    && seen.is_quiet("059002", "2024-04-26T11", &["tong ket"])
            },
            |seen| seen.repeat(READER, &[CLOSING], date(2024, 5, 2).at(8, 0, 0, 0)),
        ),
    ]
}
