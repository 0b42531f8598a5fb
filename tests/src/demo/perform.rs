//! What people do: each deed through gRPC, and told to the oracle.

mod deadlines;
mod events;
mod money;
mod people;

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::civil::{Date, DateTime};
use lienminh_cli::connect::in_words;
use vietnam::calendar::Calendar;

use super::actors::Actors;
use super::loading::Loaded;
use super::script::{Action, Deed};
use crate::oracle::Oracle;
use crate::oracle::ladder::Anchor;
use crate::oracle::matter::{Party, PartyState, Standing, Telling};
use crate::oracle::story::{Story, When};

/// Everything a deed touches.
pub struct World {
    /// Who acts.
    pub actors: Actors,
    /// What was loaded.
    pub loaded: Loaded,
    /// What must come out.
    pub oracle: Oracle,
    /// What readers must be told, by the oracle's keys.
    pub stories: BTreeMap<String, Story>,
    /// Where the reply pages are.
    pub pages: String,
    /// Resource names of what the script made, by key.
    pub names: BTreeMap<String, String>,
    /// The oracle's key of what stands open for an application, by its key.
    pub open: BTreeMap<String, String>,
    /// Applicants and units in charge of applications, by key.
    pub applications: BTreeMap<String, Application>,
    /// Counts the steps of applications.
    pub steps: usize,
}

/// An application of the script.
#[derive(Clone, Debug)]
pub struct Application {
    /// Who asks.
    pub applicant: String,
    /// The unit in charge.
    pub lead: String,
    /// Whether money of the alliance moves.
    pub grant: bool,
    /// What it is for.
    pub purpose: String,
    /// Title of its programme.
    pub programme: String,
}

impl World {
    /// Does what an action says.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn perform(&mut self, action: &Action) -> anyhow::Result<String> {
        match &action.deed {
            Deed::Announce { .. }
            | Deed::Reschedule { .. }
            | Deed::Postpone { .. }
            | Deed::Cancel { .. }
            | Deed::Complete { .. }
            | Deed::OpenDeadline { .. }
            | Deed::CloseDeadline { .. }
            | Deed::SubmitReport { .. }
            | Deed::ClaimReport { .. }
            | Deed::Answer { .. } => self.hold_events(action.at, &action.deed).await,
            Deed::ChangePhone { .. }
            | Deed::OptOutAdverts { .. }
            | Deed::OpenAdmissionBatch { .. }
            | Deed::Admit { .. }
            | Deed::CompleteAdmissionBatch { .. } => {
                self.keep_registry(action.at, &action.deed).await
            }
            Deed::OpenProgramme { .. }
            | Deed::SubmitApplication { .. }
            | Deed::RequestSupplement { .. }
            | Deed::SupplyPapers { .. }
            | Deed::Appraise { .. }
            | Deed::Approve { .. }
            | Deed::Disburse { .. } => self.give_support(action.at, &action.deed).await,
        }
        .with_context(|| format!("at {}: {:?}", action.at, action.deed))
    }

    fn code(&self, code: &str) -> anyhow::Result<String> {
        self.loaded
            .directory
            .name(code)
            .with_context(|| format!("no organisation has the code {code}"))
    }

    /// A story goes on.
    fn tell(&mut self, key: &str, at: DateTime, standing: Standing, when: When, reason: &str) {
        if let Some(story) = self.stories.get_mut(key) {
            story.goes_on(at, standing, when, reason);
        }
    }

    fn name(&self, key: &str) -> anyhow::Result<String> {
        let known = self
            .names
            .get(key)
            .or_else(|| self.loaded.events.get(key).map(|(name, _)| name));
        known
            .cloned()
            .with_context(|| format!("nothing is called {key}"))
    }
}

fn refused(status: tonic::Status) -> anyhow::Error {
    anyhow::anyhow!("{} ({:?})", in_words(&status), status.code())
}

fn parties(names: impl IntoIterator<Item = String>) -> BTreeMap<String, Party> {
    let party = Party {
        state: PartyState::Concerned,
        positions: Vec::new(),
    };
    names
        .into_iter()
        .map(|name| (name, party.clone()))
        .collect()
}

fn stands(anchor: Anchor, place: &str) -> Telling {
    Telling {
        standing: Standing::Scheduled,
        anchor,
        place: place.to_owned(),
    }
}

fn working_days_after(at: DateTime, days: i32) -> Date {
    crate::oracle::ladder::working_days_later(at.date(), days, &Calendar::official())
}
