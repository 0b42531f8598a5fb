//! Deadlines and the reports that are owed by them.

use anyhow::{Context, bail};
use jiff::civil::DateTime;
use lienminh_cli::files::plan::DeadlineRow;
use lienminh_cli::load::{self, fresh_request_id};
use lienminh_proto::events::v1 as proto;

use super::{World, parties, refused, stands, working_days_after};
use crate::demo::script::Half;
use crate::oracle::ladder::Anchor;
use crate::oracle::matter::PartyState;
use crate::oracle::story::{Facts, Genre, Story, When};

impl World {
    pub(super) async fn open_deadline(
        &mut self,
        at: DateTime,
        key: &str,
    ) -> anyhow::Result<String> {
        let (item, row) = self
            .loaded
            .deadlines
            .get(key)
            .with_context(|| format!("no deadline {key}"))?
            .clone();
        let loaded = &self.loaded;
        let opened = load::plan::open_deadline(
            self.actors.officer(),
            &row,
            &item,
            &loaded.alliance,
            &loaded.directory,
        )
        .await
        .map_err(refused)?;
        let lead = self.code(&row.lead)?;
        let owed_by = self
            .loaded
            .directory
            .select(&row.owed_by)
            .map_err(|codes| anyhow::anyhow!("{codes:?}"))?;
        let concerned = if row.kind == "task" {
            vec![lead.clone()]
        } else {
            owed_by
        };
        let last_day = if row.before {
            row.day.yesterday()?
        } else {
            row.day
        };
        self.oracle.announce(
            key,
            &row.kind,
            &lead,
            stands(Anchor::Day(last_day), ""),
            parties(concerned),
        );
        let when = When::Until {
            last: last_day,
            before: row.before,
        };
        let story = story(&opened.name, &row, &lead).beginning(at, when, None);
        self.stories.insert(key.to_owned(), story);
        self.names.insert(key.to_owned(), opened.name);
        Ok(format!(
            "Mở thời hạn: {} (chậm nhất {})",
            row.title,
            vietnam::dates::with_weekday(last_day)
        ))
    }

    pub(super) async fn close_deadline(&mut self, key: &str) -> anyhow::Result<String> {
        let request = proto::CompleteDeadlineRequest {
            name: self.name(key)?,
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let deadline = self
            .actors
            .officer()
            .deadlines()
            .complete_deadline(request)
            .await
            .map_err(refused)?
            .into_inner();
        self.oracle.satisfy(key);
        Ok(format!("Đóng: {}", deadline.title))
    }

    pub(super) async fn submit_reports(
        &mut self,
        key: &str,
        organisation: Option<&str>,
        half: Option<Half>,
    ) -> anyhow::Result<String> {
        let parent = self.name(key)?;
        let organisations = match (organisation, half) {
            (Some(code), None) => vec![self.code(code)?],
            (None, Some(Half::Half)) => self.every_second_that_owes(key),
            (Some(_), Some(_)) | (None, None) => bail!("name one organisation or \"half\""),
        };
        for organisation in &organisations {
            let request = proto::RecordSubmissionRequest {
                parent: parent.clone(),
                organisation: organisation.clone(),
                state: proto::SubmissionState::Submitted.into(),
                request_id: fresh_request_id(),
                ..Default::default()
            };
            self.actors
                .officer()
                .deadlines()
                .record_submission(request)
                .await
                .map_err(refused)?;
            self.set_party(key, organisation, PartyState::Aside);
            self.oracle.satisfy(&claim_key(key, organisation));
        }
        Ok(format!("Nhận báo cáo của {} đơn vị", organisations.len()))
    }

    /// The first, the third, ... of those who owe, in the order of roster codes.
    fn every_second_that_owes(&mut self, key: &str) -> Vec<String> {
        let Some(matter) = self.oracle.matter(key) else {
            return Vec::new();
        };
        let owing: Vec<&String> = matter
            .parties
            .iter()
            .filter(|(_, party)| party.state == PartyState::Concerned)
            .map(|(name, _)| name)
            .collect();
        let in_order = self
            .loaded
            .directory
            .iter()
            .filter(|organisation| owing.contains(&&organisation.name));
        in_order
            .step_by(2)
            .map(|organisation| organisation.name.clone())
            .collect()
    }

    pub(super) async fn claim_report(
        &mut self,
        at: DateTime,
        key: &str,
        organisation: &str,
    ) -> anyhow::Result<String> {
        let organisation = self.code(organisation)?;
        let request = proto::ClaimSubmissionRequest {
            parent: self.name(key)?,
            organisation: organisation.clone(),
            request_id: fresh_request_id(),
        };
        self.actors
            .officer()
            .deadlines()
            .claim_submission(request)
            .await
            .map_err(refused)?;
        self.set_party(key, &organisation, PartyState::Claimed(at));
        let lead = self
            .oracle
            .matter(key)
            .map(|matter| matter.lead.clone())
            .unwrap_or_default();
        let last = working_days_after(at, 3);
        let telling = stands(Anchor::Day(last), "");
        let asked = parties([lead.clone()]);
        let claim = self.claim_story(key, &organisation, &lead);
        let when = When::Until {
            last,
            before: false,
        };
        self.stories.insert(
            claim_key(key, &organisation),
            claim.beginning(at, when, None),
        );
        self.oracle.announce(
            &claim_key(key, &organisation),
            "claim_confirmation",
            &lead,
            telling,
            asked,
        );
        Ok(format!(
            "\"Đã gửi\": {}",
            self.oracle.roster.display_name(&organisation)
        ))
    }
}

impl World {
    /// The unit in charge is asked whether something has come.
    fn claim_story(&self, key: &str, claimant: &str, lead: &str) -> Story {
        let report = self.stories.get(key).map(|story| story.facts.title.clone());
        let facts = Facts {
            title: report.unwrap_or_default(),
            party: claimant.to_owned(),
            ..Facts::default()
        };
        Story::new(Genre::Claim, "events/obligations/deadline-", lead, facts)
    }
}

/// What the plan says of a deadline.
fn story(name: &str, row: &DeadlineRow, lead: &str) -> Story {
    let genre = if row.kind == "task" {
        Genre::Task
    } else {
        Genre::Report
    };
    let facts = Facts {
        title: row.title.clone(),
        short_title: row.short_title.clone(),
        lines: row.contents.clone(),
        submit_to: row.submit_to.clone(),
        ..Facts::default()
    };
    let named = name.replacen("deadlines/", "events/obligations/deadline-", 1);
    Story::new(genre, &named, lead, facts)
}

fn claim_key(key: &str, organisation: &str) -> String {
    format!("{key} claimed by {organisation}")
}
