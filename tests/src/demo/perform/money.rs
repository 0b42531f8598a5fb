//! Support money: three people take an application through its steps.

// Each file handles its own deeds and names any other.
#![allow(clippy::wildcard_enum_match_arm)]

use anyhow::{Context, bail};
use jiff::civil::{Date, DateTime};
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::date;
use lienminh_proto::funding::v1 as proto;

use super::{Application, World, parties, refused, stands, working_days_after};
use crate::demo::script::{Deed, ProgrammeKind};
use crate::oracle::ladder::Anchor;
use crate::oracle::story::{Facts, Genre, Story, When};

/// Working days from a complete dossier to its appraisal, and from there to the
/// decision: the funding service's own defaults.
const STEP_DAYS: i32 = 7;

impl World {
    pub(super) async fn give_support(
        &mut self,
        at: DateTime,
        deed: &Deed,
    ) -> anyhow::Result<String> {
        match deed {
            Deed::OpenProgramme { .. } => self.open_programme(deed).await,
            Deed::SubmitApplication { .. } => self.submit_application(at, deed).await,
            Deed::RequestSupplement {
                key,
                actor,
                missing,
                until,
            } => {
                let request = proto::RequestSupplementRequest {
                    name: self.name(key)?,
                    missing_papers: missing.clone(),
                    supplement_date: Some(date(*until)),
                    request_id: fresh_request_id(),
                    ..Default::default()
                };
                self.actors
                    .by_subject(actor)
                    .funding()
                    .request_supplement(request)
                    .await
                    .map_err(refused)?;
                let applicant = self.application(key)?.applicant;
                let facts = Facts {
                    missing: missing.clone(),
                    ..Facts::default()
                };
                let what = ("dossier_supplement", Genre::Supplement, facts);
                self.next_step(at, key, what, *until, vec![applicant])?;
                Ok(format!("Yêu cầu bổ sung {} giấy tờ", missing.len()))
            }
            Deed::SupplyPapers { key } => {
                let request = proto::SupplyPapersRequest {
                    name: self.name(key)?,
                    request_id: fresh_request_id(),
                    ..Default::default()
                };
                self.actors
                    .officer()
                    .funding()
                    .supply_papers(request)
                    .await
                    .map_err(refused)?;
                self.unit_step(at, key, "thẩm định")?;
                Ok("Hồ sơ đã bổ sung đủ".to_owned())
            }
            Deed::Appraise { key, actor } => {
                let request = proto::AppraiseApplicationRequest {
                    name: self.name(key)?,
                    opinion: "Đủ điều kiện".to_owned(),
                    request_id: fresh_request_id(),
                    ..Default::default()
                };
                self.actors
                    .by_subject(actor)
                    .funding()
                    .appraise_application(request)
                    .await
                    .map_err(refused)?;
                self.unit_step(at, key, "quyết định")?;
                Ok("Thẩm định xong".to_owned())
            }
            Deed::Approve { .. } => self.approve(at, deed).await,
            Deed::Disburse { .. } => self.disburse(at, deed).await,
            other => bail!("{other:?} moves no money"),
        }
    }

    async fn open_programme(&mut self, deed: &Deed) -> anyhow::Result<String> {
        let Deed::OpenProgramme {
            key,
            kind,
            title,
            budget_vnd,
            lender,
            lead,
        } = deed
        else {
            bail!("no programme")
        };
        let lead_unit = self.code(lead)?;
        let wire_kind = match kind {
            ProgrammeKind::Grant => proto::ProgrammeKind::Grant,
            ProgrammeKind::ApplicationHelp => proto::ProgrammeKind::ApplicationHelp,
        };
        let programme = proto::Programme {
            title: title.clone(),
            kind: wire_kind.into(),
            budget_vnd: *budget_vnd,
            organiser: self.loaded.alliance.clone(),
            lead_unit: lead_unit.clone(),
            lender: lender.clone(),
            ..Default::default()
        };
        let request = proto::CreateProgrammeRequest {
            programme: Some(programme),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let opened = self
            .actors
            .officer()
            .funding()
            .create_programme(request)
            .await
            .map_err(refused)?
            .into_inner();
        self.names.insert(key.clone(), opened.name);
        let grant = *kind == ProgrammeKind::Grant;
        self.applications.insert(
            key.clone(),
            Application {
                applicant: String::new(),
                lead: lead_unit,
                grant,
                purpose: String::new(),
                programme: title.clone(),
            },
        );
        Ok(format!("Mở chương trình: {title}"))
    }

    async fn submit_application(&mut self, at: DateTime, deed: &Deed) -> anyhow::Result<String> {
        let Deed::SubmitApplication {
            key,
            programme,
            applicant,
            requested_vnd,
            purpose,
        } = deed
        else {
            bail!("no application")
        };
        let applicant = self.code(applicant)?;
        let of = self.application(programme)?;
        let application = proto::Application {
            programme: self.name(programme)?,
            applicant: applicant.clone(),
            purpose: purpose.clone(),
            requested_vnd: *requested_vnd,
            ..Default::default()
        };
        let request = proto::SubmitApplicationRequest {
            application: Some(application),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let taken = self
            .actors
            .officer()
            .funding()
            .submit_application(request)
            .await
            .map_err(refused)?
            .into_inner();
        self.names.insert(key.clone(), taken.name);
        let taken_in = Application {
            applicant,
            purpose: purpose.clone(),
            ..of
        };
        self.applications.insert(key.clone(), taken_in);
        self.unit_step(at, key, "thẩm định")?;
        Ok(format!("Nhận hồ sơ: {purpose}"))
    }

    async fn approve(&mut self, at: DateTime, deed: &Deed) -> anyhow::Result<String> {
        let Deed::Approve {
            key,
            actor,
            approved_vnd,
            decision,
            disburse_on,
        } = deed
        else {
            bail!("no approval")
        };
        let request = proto::ApproveApplicationRequest {
            name: self.name(key)?,
            approved_vnd: *approved_vnd,
            decision_number: decision.clone(),
            disbursement_date: Some(date(*disburse_on)),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.actors
            .by_subject(actor)
            .funding()
            .approve_application(request)
            .await
            .map_err(refused)?;
        let application = self.application(key)?;
        if application.grant {
            let concerned = vec![application.applicant, application.lead];
            let facts = Facts {
                decision: decision.clone(),
                amount: vietnam::money::Dong(*approved_vnd).to_string(),
                ..Facts::default()
            };
            let what = ("disbursement", Genre::Disbursement, facts);
            self.next_step(at, key, what, *disburse_on, concerned)?;
        } else {
            self.close_step(key);
        }
        Ok(format!(
            "Phê duyệt {} theo {decision}",
            vietnam::money::Dong(*approved_vnd)
        ))
    }

    async fn disburse(&mut self, at: DateTime, deed: &Deed) -> anyhow::Result<String> {
        let Deed::Disburse {
            key,
            actor,
            amount_vnd,
            bank_reference,
        } = deed
        else {
            bail!("no disbursement")
        };
        let request = proto::DisburseApplicationRequest {
            name: self.name(key)?,
            amount_vnd: *amount_vnd,
            bank_reference: bank_reference.clone(),
            effective_date: Some(date(at.date())),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.actors
            .by_subject(actor)
            .funding()
            .disburse_application(request)
            .await
            .map_err(refused)?;
        self.close_step(key);
        Ok(format!("Giải ngân {}", vietnam::money::Dong(*amount_vnd)))
    }

    fn application(&self, key: &str) -> anyhow::Result<Application> {
        self.applications
            .get(key)
            .cloned()
            .with_context(|| format!("no application {key}"))
    }

    /// The unit in charge has a step to take.
    fn unit_step(&mut self, at: DateTime, key: &str, step: &str) -> anyhow::Result<()> {
        let lead = self.application(key)?.lead;
        let facts = Facts {
            step: step.to_owned(),
            ..Facts::default()
        };
        let what = ("funding_step", Genre::Step, facts);
        let last_day = working_days_after(at, STEP_DAYS);
        self.next_step(at, key, what, last_day, vec![lead])
    }

    fn next_step(
        &mut self,
        at: DateTime,
        key: &str,
        (kind, genre, facts): (&str, Genre, Facts),
        last_day: Date,
        concerned: Vec<String>,
    ) -> anyhow::Result<()> {
        self.close_step(key);
        self.steps += 1;
        let own = format!("{key} step {}", self.steps);
        let application = self.application(key)?;
        let facts = Facts {
            title: application.purpose,
            party: application.applicant,
            programme: application.programme,
            ..facts
        };
        let lead = application.lead;
        let when = When::Until {
            last: last_day,
            before: false,
        };
        let named = format!("funding/obligations/{kind}-");
        let story = Story::new(genre, &named, &lead, facts).beginning(at, when, None);
        self.stories.insert(own.clone(), story);
        self.oracle.announce(
            &own,
            kind,
            &lead,
            stands(Anchor::Day(last_day), ""),
            parties(concerned),
        );
        self.open.insert(key.to_owned(), own);
        Ok(())
    }

    fn close_step(&mut self, key: &str) {
        if let Some(open) = self.open.remove(key) {
            self.oracle.satisfy(&open);
        }
    }
}
