//! Members and the people in them.

// Each file handles its own deeds and names any other.
#![allow(clippy::wildcard_enum_match_arm)]

use anyhow::{Context, bail};
use jiff::civil::DateTime;
use lienminh_cli::files::plan::When;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::{anchor, date};
use lienminh_proto::registry::v1 as proto;

use super::{World, parties, refused, stands};
use crate::demo::loading::refresh;
use crate::demo::script::Deed;
use crate::oracle::ladder::Anchor;
use crate::oracle::matter::PartyState;
use crate::oracle::story::{self, Facts, Genre, Story};

impl World {
    pub(super) async fn keep_registry(
        &mut self,
        at: DateTime,
        deed: &Deed,
    ) -> anyhow::Result<String> {
        match deed {
            Deed::ChangePhone {
                organisation,
                phone,
            } => self.change_phone(organisation, phone).await,
            Deed::OptOutAdverts {
                organisation,
                evidence,
            } => self.opt_out(organisation, evidence).await,
            Deed::OpenAdmissionBatch {
                key,
                batch,
                before,
                lead,
                applicants,
            } => {
                let applicants = applicants
                    .iter()
                    .map(|code| self.code(code))
                    .collect::<anyhow::Result<Vec<_>>>()?;
                let lead = self.code(lead)?;
                let admission_batch = proto::AdmissionBatch {
                    batch: batch.clone(),
                    deadline: Some(anchor(Some(&When::Day {
                        date: *before,
                        before: true,
                    }))),
                    lead_unit: lead.clone(),
                    organiser: self.loaded.alliance.clone(),
                    applicants: applicants.clone(),
                    ..Default::default()
                };
                let request = proto::CreateAdmissionBatchRequest {
                    admission_batch: Some(admission_batch),
                    request_id: fresh_request_id(),
                    validate_only: false,
                };
                let opened = self
                    .actors
                    .officer()
                    .admissions()
                    .create_admission_batch(request)
                    .await
                    .map_err(refused)?;
                self.names.insert(key.clone(), opened.into_inner().name);
                let telling = stands(Anchor::Day(before.yesterday()?), "");
                let concerned = parties(applicants.into_iter().chain([lead.clone()]));
                let facts = Facts {
                    title: format!("Kết nạp thành viên đợt {batch}"),
                    ..Facts::default()
                };
                let when = story::When::Until {
                    last: before.yesterday()?,
                    before: true,
                };
                let named = "registry/obligations/";
                let story = Story::new(Genre::Admission, named, &lead, facts);
                self.stories
                    .insert(key.clone(), story.beginning(at, when, None));
                self.oracle
                    .announce(key, "admission_batch", &lead, telling, concerned);
                Ok(format!("Mở đợt kết nạp {batch}"))
            }
            Deed::Admit {
                organisations,
                batch,
                decision,
            } => self.admit(at, organisations, batch, decision).await,
            Deed::CompleteAdmissionBatch { key } => {
                let request = proto::CompleteAdmissionBatchRequest {
                    name: self.name(key)?,
                    request_id: fresh_request_id(),
                    ..Default::default()
                };
                self.actors
                    .officer()
                    .admissions()
                    .complete_admission_batch(request)
                    .await
                    .map_err(refused)?;
                self.oracle.satisfy(key);
                Ok("Hoàn thành đợt kết nạp".to_owned())
            }
            other => bail!("{other:?} is no deed of the registry"),
        }
    }

    async fn change_phone(&mut self, organisation: &str, phone: &str) -> anyhow::Result<String> {
        let organisation = self.code(organisation)?;
        let contact = self.first_contact(&organisation).await?;
        let request = proto::UpdateContactRequest {
            contact: Some(proto::Contact {
                name: contact.name,
                phone: phone.to_owned(),
                etag: contact.etag,
                ..Default::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["phone".to_owned()],
            }),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        self.actors
            .officer()
            .contacts()
            .update_contact(request)
            .await
            .map_err(refused)?;
        self.read_anew(std::slice::from_ref(&organisation)).await?;
        Ok(format!(
            "Đổi số điện thoại: {}",
            self.oracle.roster.display_name(&organisation)
        ))
    }

    async fn opt_out(&mut self, organisation: &str, evidence: &str) -> anyhow::Result<String> {
        let organisation = self.code(organisation)?;
        let contact = self.first_contact(&organisation).await?;
        let request = proto::RecordConsentRequest {
            name: contact.name,
            consent: Some(proto::Consent {
                purpose: proto::ConsentPurpose::Advert.into(),
                granted: false,
                evidence: evidence.to_owned(),
                time: None,
            }),
            request_id: fresh_request_id(),
        };
        self.actors
            .officer()
            .contacts()
            .record_consent(request)
            .await
            .map_err(refused)?;
        Ok(format!(
            "Từ chối nhận quảng bá: {}",
            self.oracle.roster.display_name(&organisation)
        ))
    }

    async fn admit(
        &mut self,
        at: DateTime,
        organisations: &[String],
        batch: &str,
        decision: &str,
    ) -> anyhow::Result<String> {
        let mut names = Vec::new();
        for code in organisations {
            let name = self.code(code)?;
            let request = proto::AdmitMemberRequest {
                name: name.clone(),
                kind: proto::MembershipKind::Official.into(),
                decision_number: decision.to_owned(),
                admit_date: Some(date(at.date())),
                batch: batch.to_owned(),
                request_id: fresh_request_id(),
                ..Default::default()
            };
            self.actors
                .officer()
                .organisations()
                .admit_member(request)
                .await
                .map_err(refused)?;
            for key in self.names.keys().cloned().collect::<Vec<_>>() {
                let matter = self
                    .oracle
                    .matter(&key)
                    .filter(|matter| matter.kind == "admission_batch");
                if let Some(party) = matter.and_then(|matter| matter.parties.get_mut(&name)) {
                    party.state = PartyState::Aside;
                }
            }
            names.push(name);
        }
        self.read_anew(&names).await?;
        Ok(format!(
            "Kết nạp {} thành viên (đợt {batch})",
            organisations.len()
        ))
    }

    async fn first_contact(&self, organisation: &str) -> anyhow::Result<proto::Contact> {
        let request = proto::ListContactsRequest {
            parent: organisation.to_owned(),
            ..Default::default()
        };
        let contacts = self
            .actors
            .officer()
            .contacts()
            .list_contacts(request)
            .await
            .map_err(refused)?;
        contacts
            .into_inner()
            .contacts
            .into_iter()
            .next()
            .context("the organisation has no contact")
    }

    async fn read_anew(&mut self, organisations: &[String]) -> anyhow::Result<()> {
        refresh(
            self.actors.officer(),
            &mut self.oracle.roster,
            organisations,
        )
        .await
    }
}
