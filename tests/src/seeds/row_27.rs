//! 004: celebration and review of the half-year per cluster in each district.

use jiff::civil::date;
use lienminh_proto::events::v1 as events;

use super::Row;
use super::cast::{Body, Cast, event, from};
use super::judge::Part;
use super::seen::{Answers, Seen};

pub(super) const ROW: Row = Row {
    number: 27,
    story: |cast| Box::pin(story(cast)),
    parts,
};

/// Clusters with their day, a mailbox, a mobile without one, and what an event there is called.
const CLUSTERS: [Cluster; 2] = [
    Cluster {
        name: "Phú Vang",
        start: "2021-07-07T08:00",
        day: "07/7/2021",
        mailbox: "r27-pv1@example.com",
        mobile: "0590270012",
        told: "2021-07-06T08",
    },
    Cluster {
        name: "Phong Điền",
        start: "2021-07-08T08:00",
        day: "08/7/2021",
        mailbox: "r27-pd1@example.com",
        mobile: "0590270022",
        told: "2021-07-07T08",
    },
];

struct Cluster {
    name: &'static str,
    start: &'static str,
    day: &'static str,
    mailbox: &'static str,
    mobile: &'static str,
    /// When it is reminded the day before.
    told: &'static str,
}

impl Cluster {
    fn title(&self) -> String {
        format!(
            "Kỷ niệm Ngày HTX Quốc tế và sơ kết 6 tháng cụm {}",
            self.name
        )
    }
}

async fn story(cast: &Cast) -> anyhow::Result<Answers> {
    let days = cast.days();
    days.until("2021-06-29T09:00").await?;
    let people = cast
        .people(&[
            Body::unit("R27-TV", "Ban Tư vấn và Phát triển HTX", "0590270000"),
            Body::member("R27-PV1", "Hợp tác xã Phú Mỹ", "Phú Vang", ""),
            Body::member("R27-PV2", "Hợp tác xã Phú Hồ", "Phú Vang", "0590270012").by_sms_only(),
            Body::member("R27-PD1", "Hợp tác xã Điền Hải", "Phong Điền", ""),
            Body::member(
                "R27-PD2",
                "Hợp tác xã Phong Hiền",
                "Phong Điền",
                "0590270022",
            )
            .by_sms_only(),
        ])
        .await?;
    let mut held = Vec::new();
    for cluster in &CLUSTERS {
        let members = cast.cluster(cluster.name).await?;
        anyhow::ensure!(
            members.len() == 2,
            "{} members in {}",
            members.len(),
            cluster.name
        );
        let celebration = events::Event {
            agenda: vec!["Kỷ niệm".to_owned(), "Sơ kết 6 tháng đầu năm".to_owned()],
            ..event(
                "meeting",
                &cluster.title(),
                &people["R27-TV"],
                &from(cluster.start)?,
            )
        };
        held.push(cast.enter(celebration, members).await?);
    }
    let mut answers = Answers::new();
    answers.insert("events", held.len().to_string());
    days.until("2021-07-08T17:00").await?;
    let mut states = Vec::new();
    for celebration in &held {
        cast.hold(celebration).await?;
        states.push(cast.state(celebration).await?);
    }
    answers.insert("states", states.join(", "));
    days.until("2021-07-19T09:00").await?;
    Ok(answers)
}

/// Whether every cluster hears of its own, in both ways.
fn each(seen: &Seen, told: impl Fn(&Seen, &Cluster) -> bool) -> bool {
    CLUSTERS.iter().all(|cluster| told(seen, cluster))
}

fn parts() -> Vec<Part> {
    vec![
        Part::new(
            "an event for each cluster",
            |seen| seen.is_answered("events", "2"),
            |seen| seen.answer("events", "1"),
        ),
        Part::new(
            "each cluster is invited to its own by mail, celebration and review together",
            |seen| {
                each(seen, |seen, cluster| {
                    let words = [cluster.title(), cluster.day.to_owned(), "Sơ kết".to_owned()];
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    seen.is_told(cluster.mailbox, "2021-06-29T09", &words)
                })
            },
            |seen| seen.reword("Sơ kết", "Tổng kết"),
        ),
        Part::new(
            "and by SMS",
            |seen| {
                each(seen, |seen, cluster| {
                    seen.is_told(cluster.mobile, "2021-06-29T09", &[day_of(cluster)])
                })
            },
            |seen| seen.forget("0590270022", &["08/7"]),
        ),
        Part::new(
            "each is reminded at eight on the working day before",
            |seen| {
                each(seen, |seen, cluster| {
                    [cluster.mailbox, cluster.mobile]
                        .iter()
                        .all(|to| seen.is_told(to, cluster.told, &[day_of(cluster)]))
                })
            },
            |seen| seen.told.retain(|told| told.at.date() != date(2021, 7, 6)),
        ),
        Part::new(
            "no cluster hears of another's",
            |seen| {
                seen.is_quiet(CLUSTERS[0].mailbox, "2021", &["Phong Điền"])
                    && seen.is_quiet(CLUSTERS[1].mailbox, "2021", &["Phú Vang"])
            },
            |seen| seen.reword("Phong Điền", "Phong Điền, Phú Vang"),
        ),
        Part::new(
            "all are held, and nothing is said afterwards",
            |seen| {
                seen.is_answered("states", "COMPLETED, COMPLETED")
                    && seen.is_quiet("r27-", "2021-07-08T17", &[])
                    && seen.is_quiet("059027", "2021-07-08T17", &[])
            },
            |seen| seen.repeat(CLUSTERS[0].mailbox, &[], date(2021, 7, 9).at(8, 0, 0, 0)),
        ),
    ]
}

fn day_of(cluster: &Cluster) -> &'static str {
    cluster.day.strip_suffix("/2021").unwrap_or(cluster.day)
}
