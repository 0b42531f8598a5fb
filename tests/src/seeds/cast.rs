//! The alliance of the stories, its people, and what an office does with them.

use std::collections::BTreeMap;

use lienminh_cli::connect::{Clients, in_words};
use lienminh_cli::files::plan::{Precision, When, Window};
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_proto::events::v1 as events;
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::registry::v1 as registry;
use lienminh_proto::r#type::v1::anchor::When as WireWhen;
use tonic::Status;

use super::days::Days;

/// The office, its connections, and the days.
pub struct Cast {
    officer: Clients,
    alliance: String,
    days: Days,
}

/// Organisations by code.
pub type People = BTreeMap<String, String>;

/// An organisation as a roster says it.
pub struct Body<'b> {
    /// The code; the mailbox is `code@example.com`.
    pub code: &'b str,
    /// `HTX`, `Ban`, `LM`.
    pub kind: &'b str,
    /// As printed.
    pub name: &'b str,
    /// The cluster and the district that it is in.
    pub cluster: &'b str,
    /// Its mobile, if it has one.
    pub phone: &'b str,
    /// Whether it reads mail.
    pub mail: bool,
}

impl<'b> Body<'b> {
    /// A member with a mailbox and a mobile.
    #[must_use]
    pub const fn member(code: &'b str, name: &'b str, cluster: &'b str, phone: &'b str) -> Self {
        Self {
            code,
            kind: "HTX",
            name,
            cluster,
            phone,
            mail: true,
        }
    }

    /// The unit in charge.
    #[must_use]
    pub const fn unit(code: &'b str, name: &'b str, phone: &'b str) -> Self {
        Self {
            kind: "Ban",
            ..Self::member(code, name, "", phone)
        }
    }

    /// Without a mailbox.
    #[must_use]
    pub const fn by_sms_only(mut self) -> Self {
        self.mail = false;
        self
    }

    fn row(&self, line: i32) -> registry::RosterRow {
        let member = self.kind == "HTX";
        let said = |words: &str| {
            if member {
                words.to_owned()
            } else {
                String::new()
            }
        };
        registry::RosterRow {
            line,
            roster_code: self.code.to_owned(),
            kind: self.kind.to_owned(),
            display_name: self.name.to_owned(),
            locality: "Gia Nghĩa".to_owned(),
            province_code: "67".to_owned(),
            cluster: self.cluster.to_owned(),
            membership: said("chính thức"),
            decision_number: said("71/QĐ-LMHTX"),
            admit_date: said("2/7/2019"),
            parent_code: if self.kind == "Ban" {
                "LM".to_owned()
            } else {
                String::new()
            },
            position: if member {
                "Giám đốc"
            } else {
                "Văn phòng"
            }
            .to_owned(),
            email: if self.mail {
                mailbox(self.code)
            } else {
                String::new()
            },
            phone: self.phone.to_owned(),
            ..Default::default()
        }
    }
}

/// The mailbox of a code.
#[must_use]
pub fn mailbox(code: &str) -> String {
    format!("{}@example.com", code.to_lowercase())
}

impl Cast {
    /// The alliance, with nobody in it yet.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn gather(officer: Clients, days: Days) -> anyhow::Result<Self> {
        let mut cast = Self {
            officer,
            alliance: String::new(),
            days,
        };
        let alliance = Body {
            kind: "LM",
            ..Body::unit("LM", "Liên minh Hợp tác xã tỉnh Đắk Nông", "02613000001")
        };
        let people = cast.people(&[alliance]).await?;
        cast.alliance = people["LM"].clone();
        Ok(cast)
    }

    /// The days that all stories share.
    #[must_use]
    pub fn days(&self) -> &Days {
        &self.days
    }

    /// The office's connections.
    #[must_use]
    pub fn officer(&self) -> &Clients {
        &self.officer
    }

    /// The alliance's resource name.
    #[must_use]
    pub fn alliance(&self) -> &str {
        &self.alliance
    }

    /// Enters organisations with one contact each.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn people(&self, bodies: &[Body<'_>]) -> anyhow::Result<People> {
        let rows: Vec<_> = (2..)
            .zip(bodies)
            .map(|(line, body)| body.row(line))
            .collect();
        let request = registry::ImportRosterRequest {
            rows: rows.clone(),
            mode: registry::ImportMode::AllOrNothing.into(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let answer = self.officer.organisations().import_roster(request).await;
        let reports = answer
            .map_err(|status| refused(&status))?
            .into_inner()
            .reports;
        let named = reports.iter().zip(&rows);
        named
            .map(|(report, row)| {
                anyhow::ensure!(!report.organisation.is_empty(), "{report:?}");
                Ok((row.roster_code.clone(), report.organisation.clone()))
            })
            .collect()
    }

    /// The members of a cluster, as the registry knows them.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn cluster(&self, cluster: &str) -> anyhow::Result<Vec<String>> {
        let request = registry::ListOrganisationsRequest {
            cluster: cluster.to_owned(),
            members_only: true,
            page_size: 200,
            ..Default::default()
        };
        let answer = self
            .officer
            .organisations()
            .list_organisations(request)
            .await;
        let found = answer
            .map_err(|status| refused(&status))?
            .into_inner()
            .organisations;
        Ok(found.into_iter().map(|each| each.name).collect())
    }

    /// Enters and announces an event. Until it has a day, only its lead hears of it.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn enter(
        &self,
        event: events::Event,
        invitees: Vec<String>,
    ) -> anyhow::Result<String> {
        let event = events::Event {
            organiser: self.alliance.clone(),
            ..event
        };
        let request = events::CreateEventRequest {
            event: Some(event),
            announce: true,
            invitees,
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let made = self.officer.events().create_event(request).await;
        Ok(made.map_err(|status| refused(&status))?.into_inner().name)
    }

    /// Fixes or moves an event to begin then, for two hours.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn fix(&self, event: &str, start: &str) -> anyhow::Result<()> {
        let request = events::RescheduleEventRequest {
            name: event.to_owned(),
            anchor: Some(anchor(Some(&from(start)?))),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let done = self.officer.events().reschedule_event(request).await;
        done.map_err(|status| refused(&status))?;
        Ok(())
    }

    /// Records that an event was held.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn hold(&self, event: &str) -> anyhow::Result<()> {
        let request = events::CompleteEventRequest {
            name: event.to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let done = self.officer.events().complete_event(request).await;
        done.map_err(|status| refused(&status))?;
        Ok(())
    }

    /// The event as it is read now.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn event(&self, name: &str) -> anyhow::Result<events::Event> {
        let request = events::GetEventRequest {
            name: name.to_owned(),
            ..events::GetEventRequest::default()
        };
        let found = self.officer.events().get_event(request).await;
        Ok(found.map_err(|status| refused(&status))?.into_inner())
    }

    /// The state of an event, in a word.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn state(&self, name: &str) -> anyhow::Result<String> {
        let event = self.event(name).await?;
        Ok(event.state().as_str_name().replace("EVENT_STATE_", ""))
    }
}

/// An event as the office would enter it.
#[must_use]
pub fn event(kind: &str, title: &str, lead: &str, when: &When) -> events::Event {
    events::Event {
        kind: kind.to_owned(),
        title: title.to_owned(),
        anchor: Some(anchor(Some(when))),
        place: Some(Place {
            text: "Hội trường Liên minh HTX tỉnh".to_owned(),
            ..Default::default()
        }),
        lead_unit: lead.to_owned(),
        ..Default::default()
    }
}

/// Two hours from then on.
///
/// # Errors
/// What is no instant.
pub fn from(start: &str) -> anyhow::Result<When> {
    let start: jiff::civil::DateTime = start.parse()?;
    Ok(When::Instant {
        start,
        end: Some(start.checked_add(jiff::Span::new().hours(2))?),
    })
}

/// A window as a plan prints it.
///
/// # Errors
/// What is no day.
pub fn window(text: &str, start: &str, end: &str) -> anyhow::Result<When> {
    Ok(When::Window(Window {
        text: text.to_owned(),
        start: start.parse()?,
        end: end.parse()?,
        precision: Precision::Approximate,
        derived: true,
    }))
}

/// The window as it was printed; empty where there is none.
#[must_use]
pub fn printed(event: &events::Event) -> String {
    match event
        .anchor
        .as_ref()
        .and_then(|anchor| anchor.when.as_ref())
    {
        Some(WireWhen::Window(window)) => window.text.clone(),
        Some(WireWhen::Instant(_) | WireWhen::Day(_)) | None => String::new(),
    }
}

fn refused(status: &Status) -> anyhow::Error {
    anyhow::anyhow!("{} ({:?})", in_words(status), status.code())
}
