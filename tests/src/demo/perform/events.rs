//! Events.

// Each file handles its own deeds and names any other.
#![allow(clippy::wildcard_enum_match_arm)]

use anyhow::{Context, bail};
use jiff::civil::DateTime;
use lienminh_cli::files::plan::{EventRow, When};
use lienminh_cli::load::{self, fresh_request_id};
use lienminh_cli::proto_values::anchor;
use lienminh_proto::events::v1 as proto;

use super::{World, parties, refused, stands};
use crate::demo::script::{Deed, Way, YesNo};
use crate::oracle::ladder::Anchor;
use crate::oracle::matter::{PartyState, Standing, Telling};
use crate::oracle::story::{self, Facts, Genre, Story};

impl World {
    pub(super) async fn hold_events(
        &mut self,
        at: DateTime,
        deed: &Deed,
    ) -> anyhow::Result<String> {
        match deed {
            Deed::Announce { key } => self.announce(at, key).await,
            Deed::Reschedule {
                key,
                to,
                end,
                reason,
            } => self.reschedule(at, key, (*to, *end), reason).await,
            Deed::Postpone { key, reason } => self.postpone(at, key, reason).await,
            Deed::Cancel { key, reason } => self.cancel(at, key, reason).await,
            Deed::Complete { key } => self.complete(key).await,
            Deed::OpenDeadline { key } => self.open_deadline(at, key).await,
            Deed::CloseDeadline { key } => self.close_deadline(key).await,
            Deed::SubmitReport {
                key,
                organisation,
                organisations,
            } => {
                self.submit_reports(key, organisation.as_deref(), *organisations)
                    .await
            }
            Deed::ClaimReport { key, organisation } => {
                self.claim_report(at, key, organisation).await
            }
            Deed::Answer {
                key,
                organisation,
                answer,
                by,
            } => self.answer(at, key, organisation, *answer, *by).await,
            other => bail!("{other:?} is no deed of events"),
        }
    }

    async fn announce(&mut self, at: DateTime, key: &str) -> anyhow::Result<String> {
        let (name, row) = self
            .loaded
            .events
            .get(key)
            .with_context(|| format!("no event {key}"))?
            .clone();
        load::plan::announce(self.actors.officer(), &name)
            .await
            .map_err(refused)?;
        let invited = self
            .loaded
            .directory
            .select(&row.invite)
            .map_err(|codes| anyhow::anyhow!("{codes:?}"))?;
        let lead = self.code(&row.lead)?;
        let telling = stands(when(row.when.as_ref()), &row.place);
        let story = story(&name, &row, &lead).beginning(at, time(row.when.as_ref()), row.reply_by);
        self.stories.insert(key.to_owned(), story);
        self.oracle
            .announce(key, &row.kind, &lead, telling, parties(invited));
        Ok(format!("Công bố: {}", row.title))
    }

    async fn reschedule(
        &mut self,
        at: DateTime,
        key: &str,
        (to, end): (DateTime, Option<DateTime>),
        reason: &str,
    ) -> anyhow::Result<String> {
        let request = proto::RescheduleEventRequest {
            name: self.name(key)?,
            anchor: Some(anchor(Some(&When::Instant { start: to, end }))),
            reason: reason.to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let event = self
            .actors
            .officer()
            .events()
            .reschedule_event(request)
            .await
            .map_err(refused)?
            .into_inner();
        let place = event.place.unwrap_or_default().text;
        self.oracle.change(key, stands(Anchor::At(to), &place));
        self.tell(
            key,
            at,
            Standing::Scheduled,
            story::When::At(to, end),
            reason,
        );
        let when = format!(
            "{} {}",
            vietnam::dates::clock(to.time()),
            vietnam::dates::with_weekday(to.date())
        );
        Ok(format!("Dời hoặc chốt ngày: {} → {when}", event.title))
    }

    async fn postpone(&mut self, at: DateTime, key: &str, reason: &str) -> anyhow::Result<String> {
        let request = proto::PostponeEventRequest {
            name: self.name(key)?,
            reason: reason.to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let event = self
            .actors
            .officer()
            .events()
            .postpone_event(request)
            .await
            .map_err(refused)?
            .into_inner();
        self.oracle.change(
            key,
            gone(Standing::Postponed, event.place.unwrap_or_default().text),
        );
        self.tell(
            key,
            at,
            Standing::Postponed,
            story::When::Open(None),
            reason,
        );
        Ok(format!("Tạm hoãn: {}", event.title))
    }

    async fn cancel(&mut self, at: DateTime, key: &str, reason: &str) -> anyhow::Result<String> {
        let request = proto::CancelEventRequest {
            name: self.name(key)?,
            reason: reason.to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let event = self
            .actors
            .officer()
            .events()
            .cancel_event(request)
            .await
            .map_err(refused)?
            .into_inner();
        self.oracle.change(
            key,
            gone(Standing::Cancelled, event.place.unwrap_or_default().text),
        );
        self.tell(
            key,
            at,
            Standing::Cancelled,
            story::When::Open(None),
            reason,
        );
        Ok(format!("Hủy: {}", event.title))
    }

    async fn complete(&mut self, key: &str) -> anyhow::Result<String> {
        let request = proto::CompleteEventRequest {
            name: self.name(key)?,
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let event = self
            .actors
            .officer()
            .events()
            .complete_event(request)
            .await
            .map_err(refused)?
            .into_inner();
        self.oracle.satisfy(key);
        Ok(format!("Đã tổ chức: {}", event.title))
    }

    async fn answer(
        &mut self,
        at: DateTime,
        key: &str,
        organisation: &str,
        answer: YesNo,
        by: Way,
    ) -> anyhow::Result<String> {
        let organisation = self.code(organisation)?;
        let event = self.name(key)?;
        match by {
            Way::Officer => {
                self.answer_by_officer(&event, &organisation, answer)
                    .await?
            }
            Way::Code => self.answer_by_code(&event, &organisation, answer).await?,
            Way::Page => self.answer_by_page(&event, &organisation, answer).await?,
        }
        if answer == YesNo::No {
            self.set_party(key, &organisation, PartyState::Aside);
        } else if let Some(story) = self.stories.get_mut(key) {
            story.coming.insert(organisation.clone(), at);
        }
        let said = if answer == YesNo::Yes {
            "sẽ dự"
        } else {
            "không dự"
        };
        Ok(format!(
            "{} trả lời {said}",
            self.oracle.roster.display_name(&organisation)
        ))
    }

    async fn answer_by_officer(
        &self,
        event: &str,
        organisation: &str,
        answer: YesNo,
    ) -> anyhow::Result<()> {
        let state = match answer {
            YesNo::Yes => proto::InvitationState::Accepted,
            YesNo::No => proto::InvitationState::Declined,
        };
        let request = proto::AnswerInvitationRequest {
            name: event.to_owned(),
            organisation: organisation.to_owned(),
            state: state.into(),
            attendees: 0,
            attendee_names: String::new(),
            request_id: fresh_request_id(),
        };
        self.actors
            .officer()
            .events()
            .answer_invitation(request)
            .await
            .map_err(refused)?;
        Ok(())
    }

    async fn answer_by_code(
        &self,
        event: &str,
        organisation: &str,
        answer: YesNo,
    ) -> anyhow::Result<()> {
        let code = self.invitation(event, organisation).await?.answer_code;
        let answer = match answer {
            YesNo::Yes => proto::CodeAnswer::Yes,
            YesNo::No => proto::CodeAnswer::No,
        };
        let request = proto::AnswerByCodeRequest {
            code,
            answer: answer.into(),
            attendees: 0,
            attendee_names: String::new(),
            request_id: fresh_request_id(),
        };
        self.actors
            .officer()
            .answers()
            .answer_by_code(request)
            .await
            .map_err(refused)?;
        Ok(())
    }

    /// As the reader of the email would: the page is opened, then the form is sent.
    async fn answer_by_page(
        &self,
        event: &str,
        organisation: &str,
        answer: YesNo,
    ) -> anyhow::Result<()> {
        let token = self.reply_token(event, organisation).await?;
        let page = format!("{}/r/{token}", self.pages);
        let browser = reqwest::Client::new();
        let shown = browser
            .get(&page)
            .send()
            .await?
            .error_for_status()?
            .text()
            .await?;
        anyhow::ensure!(shown.contains("<form"), "the reply page shows no form");
        let answer = if answer == YesNo::Yes { "yes" } else { "no" };
        let body = format!("answer={answer}");
        let form = ("content-type", "application/x-www-form-urlencoded");
        browser
            .post(&page)
            .header(form.0, form.1)
            .body(body)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    async fn reply_token(&self, event: &str, organisation: &str) -> anyhow::Result<String> {
        let id = event
            .strip_prefix("events/")
            .context("an event's name begins with events/")?;
        let request = lienminh_proto::obligation::v1::CheckPartiesRequest {
            obligation: format!("events/obligations/event-{id}"),
            organisations: vec![organisation.to_owned()],
        };
        let answer = self
            .actors
            .officer()
            .event_source()
            .check_parties(request)
            .await
            .map_err(refused)?;
        let party = answer
            .into_inner()
            .parties
            .into_iter()
            .next()
            .context("the organisation is not invited")?;
        Ok(party.reply_token)
    }

    async fn invitation(
        &self,
        event: &str,
        organisation: &str,
    ) -> anyhow::Result<proto::Invitation> {
        let mut page_token = String::new();
        loop {
            let request = proto::ListInvitationsRequest {
                parent: event.to_owned(),
                page_size: 200,
                page_token,
            };
            let page = self
                .actors
                .officer()
                .events()
                .list_invitations(request)
                .await
                .map_err(refused)?
                .into_inner();
            if let Some(found) = page
                .invitations
                .into_iter()
                .find(|found| found.organisation == organisation)
            {
                return Ok(found);
            }
            page_token = page.next_page_token;
            anyhow::ensure!(!page_token.is_empty(), "{organisation} is not invited");
        }
    }

    pub(super) fn set_party(&mut self, key: &str, organisation: &str, state: PartyState) {
        if let Some(party) = self
            .oracle
            .matter(key)
            .and_then(|matter| matter.parties.get_mut(organisation))
        {
            party.state = state;
        }
    }
}

fn gone(standing: Standing, place: String) -> Telling {
    Telling {
        standing,
        anchor: Anchor::Undated,
        place,
    }
}

fn when(when: Option<&When>) -> Anchor {
    match when {
        Some(When::Instant { start, .. }) => Anchor::At(*start),
        Some(When::Day { date, before }) if *before => {
            date.yesterday().map_or(Anchor::Undated, Anchor::Day)
        }
        Some(When::Day { date, .. }) => Anchor::Day(*date),
        Some(When::Window(window)) => Anchor::Window(window.start),
        None => Anchor::Undated,
    }
}

/// What the plan says of an event.
fn story(name: &str, row: &EventRow, lead: &str) -> Story {
    let facts = Facts {
        title: row.title.clone(),
        short_title: row.short_title.clone(),
        lines: row.agenda.clone(),
        bring: row.bring.clone(),
        chair: row.chair.clone(),
        hint: row.hint.clone(),
        place: row.place.clone(),
        document: row
            .document
            .as_ref()
            .map(|document| (document.number.clone(), document.date)),
        window: match &row.when {
            Some(When::Window(window)) => window.text.clone(),
            Some(When::Instant { .. } | When::Day { .. }) | None => String::new(),
        },
        visit: row.kind == "visit",
        ..Facts::default()
    };
    let named = name.replacen("events/", "events/obligations/event-", 1);
    Story::new(Genre::Event, &named, lead, facts)
}

fn time(when: Option<&When>) -> story::When {
    match when {
        Some(When::Instant { start, end }) => story::When::At(*start, *end),
        Some(When::Day { date, before }) => story::When::Until {
            last: *date,
            before: *before,
        },
        Some(When::Window(window)) => story::When::Open(Some(window.end)),
        None => story::When::Open(None),
    }
}
