//! Mailings: what is announced, and who must hear of it exactly once.

use std::collections::BTreeSet;

use anyhow::Context;
use jiff::Span;
use lienminh_cli::files::plan::When;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_proto::events::v1::{
    AnnounceEventRequest, BatchInviteRequest, CreateDeadlineRequest, CreateEventRequest, Deadline,
    Event,
};
use lienminh_proto::obligation::v1::Place;

use super::{Ground, insist};

/// The step by which an invitation is told.
const ISSUE: &str = "issue";

/// The step of a report that falls on the day of its announcement.
const WEEK_BEFORE: &str = "t-7";

/// Days until a ceremony, at the least: none of its reminders is near.
const FAR_AWAY: i64 = 75;

/// Days over which ceremonies are spread, so that no two say the same.
const SPREAD: i64 = 90;

/// The sources take at most so many parties in one call.
const PARTIES_A_CALL: usize = 1_000;

/// A mailing that was announced: who must hear of it exactly once.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// Resource name of the obligation.
    pub obligation: String,
    /// Resource names of the organisations concerned.
    pub invited: BTreeSet<String>,
    /// The step by which they hear of it.
    pub step: &'static str,
}

impl Ground {
    /// Invites everybody to a ceremony.
    ///
    /// # Errors
    /// When a call is refused for good.
    pub async fn invite_all(&self) -> anyhow::Result<()> {
        self.invite(self.parties.len()).await
    }

    /// Invites so many members, chosen at random. Each call is repeated under its
    /// request_id until it is answered: a fault may have cut off the answer.
    ///
    /// # Errors
    /// When a call is refused for good.
    pub async fn invite(&self, number: usize) -> anyhow::Result<()> {
        let invited = self.some(number)?;
        let names: Vec<String> = invited.iter().cloned().collect();
        let at_once = names.len() <= PARTIES_A_CALL;
        let request = CreateEventRequest {
            event: Some(self.ceremony()?),
            announce: at_once,
            invitees: if at_once { names.clone() } else { Vec::new() },
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let event = insist("an announcement", || async {
            let answer = self.clients.events().create_event(request.clone()).await?;
            Ok(answer.into_inner())
        })
        .await?;
        if !at_once {
            for few in names.chunks(PARTIES_A_CALL) {
                self.add(&event.name, few).await?;
            }
            self.announce(&event.name).await?;
        }
        self.announced("event", &event.name, invited, ISSUE)
    }

    /// Demands a report from so many members, chosen at random: a legal deadline,
    /// told at once. Answers its resource name.
    ///
    /// # Errors
    /// When a call is refused for good.
    pub async fn demand_reports(&self, number: usize) -> anyhow::Result<String> {
        let concerned = self.some(number)?;
        let turn = self.lock().mailings.len();
        let last_day = vietnam::local(self.clock.now()).date() + Span::new().days(7);
        let deadline = Deadline {
            kind: "report".to_owned(),
            title: format!("Báo cáo chuyên đề số {}", turn + 1),
            anchor: Some(anchor(Some(&When::Day {
                date: last_day,
                before: false,
            }))),
            organiser: self.alliance.clone(),
            lead_unit: self.unit.clone(),
            contents: vec!["Kết quả thực hiện".to_owned()],
            submit_to: "Văn phòng Liên minh".to_owned(),
            ..Default::default()
        };
        let request = CreateDeadlineRequest {
            deadline: Some(deadline),
            organisations: concerned.iter().cloned().collect(),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let deadline = insist("a deadline", || async {
            let mut deadlines = self.clients.deadlines();
            Ok(deadlines
                .create_deadline(request.clone())
                .await?
                .into_inner())
        })
        .await?;
        self.announced("deadline", &deadline.name, concerned, WEEK_BEFORE)?;
        Ok(deadline.name)
    }

    /// The obligation of the latest mailing.
    #[must_use]
    pub fn latest(&self) -> Option<String> {
        let record = self.lock();
        record.mailings.last().map(|last| last.obligation.clone())
    }

    async fn add(&self, event: &str, organisations: &[String]) -> anyhow::Result<()> {
        let request = BatchInviteRequest {
            parent: event.to_owned(),
            organisations: organisations.to_vec(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        insist("invitations", || async {
            self.clients.events().batch_invite(request.clone()).await
        })
        .await?;
        Ok(())
    }

    async fn announce(&self, event: &str) -> anyhow::Result<()> {
        let request = AnnounceEventRequest {
            name: event.to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        insist("an announcement", || async {
            self.clients.events().announce_event(request.clone()).await
        })
        .await?;
        Ok(())
    }

    /// So many members that stand together in the roster, from a random one on.
    fn some(&self, number: usize) -> anyhow::Result<BTreeSet<String>> {
        let first = usize::try_from(self.dice.below(self.parties.len() as u64))?;
        let around = self.parties.iter().cycle().skip(first);
        Ok(around
            .take(number.min(self.parties.len()))
            .cloned()
            .collect())
    }

    fn announced(
        &self,
        kind: &str,
        subject: &str,
        invited: BTreeSet<String>,
        step: &'static str,
    ) -> anyhow::Result<()> {
        let (_, id) = subject.split_once('/').context("not a resource name")?;
        self.lock().mailings.push(Mailing {
            obligation: format!("events/obligations/{kind}-{id}"),
            invited,
            step,
        });
        Ok(())
    }

    fn ceremony(&self) -> anyhow::Result<Event> {
        let turn = self.lock().mailings.len();
        let away = FAR_AWAY + i64::try_from(turn)? % SPREAD;
        let day = vietnam::local(self.clock.now()).date() + Span::new().days(away);
        let start = day.at(8, 0, 0, 0);
        let when = When::Instant {
            start,
            end: Some(start + Span::new().hours(2)),
        };
        Ok(event(
            "ceremony",
            &format!("Lễ kỷ niệm lần thứ {}", turn + 1),
            Some(&when),
            self.house(),
        ))
    }
}

/// An event as the office would enter it; `house` is the alliance and its unit in charge.
#[must_use]
pub fn event(kind: &str, title: &str, when: Option<&When>, house: (&str, &str)) -> Event {
    let (alliance, unit) = house;
    Event {
        kind: kind.to_owned(),
        title: title.to_owned(),
        anchor: Some(anchor(when)),
        place: Some(Place {
            text: "Hội trường UBND tỉnh".to_owned(),
            ..Default::default()
        }),
        organiser: alliance.to_owned(),
        lead_unit: unit.to_owned(),
        ..Default::default()
    }
}
