//! Plans into the events service.

mod problems;

pub use problems::{refused, unknown_codes};

use std::collections::BTreeMap;

use lienminh_proto::events::v1::{
    AnnounceEventRequest, CreateDeadlineRequest, Deadline, Event, LoadPlanRequest, LoadedDeadline,
    LoadedEvent, LoadedItem, Plan, PlanItem,
};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::{Document, Warning};

use super::{Directory, request_id};
use crate::connect::Clients;
use crate::files::plan::{DeadlineRow, EventRow, Item, PlanFile, When};
use crate::proto_values::{anchor, date, document, window};

/// What a loaded plan became.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Resource name of the plan.
    pub plan: String,
    /// Items written.
    pub items: usize,
    /// Resource names of the events, by key.
    pub events: BTreeMap<String, String>,
    /// What a person should look at again.
    pub warnings: Vec<Warning>,
    /// Its deadlines with the item they belong to, by key; opened or to be opened.
    pub deadlines: BTreeMap<String, (String, DeadlineRow)>,
}

/// Asks for a whole plan in one step: all of it or nothing. Events are drafts and deadlines are
/// only checked, unless they are announced. Codes that nobody has are read as the organiser, so
/// that one check finds what else is wrong.
#[must_use]
pub fn request(
    file: &PlanFile,
    directory: &Directory,
    organiser: &str,
    parents: &BTreeMap<String, String>,
) -> LoadPlanRequest {
    let name = |code: &str| directory.name(code).unwrap_or_else(|| organiser.to_owned());
    let items = file.items.iter().map(|item| LoadedItem {
        plan_item: Some(plan_item(item, directory)),
        events: item
            .events
            .iter()
            .map(|row| LoadedEvent {
                event: Some(event(row, organiser, name(&row.lead), file)),
                invitees: directory.select(&row.invite).unwrap_or_default(),
            })
            .collect(),
        deadlines: item
            .deadlines
            .iter()
            .map(|row| LoadedDeadline {
                deadline: Some(deadline(row, organiser, name(&row.lead))),
                organisations: directory.select(&row.owed_by).unwrap_or_default(),
            })
            .collect(),
    });
    LoadPlanRequest {
        plan: Some(plan(file, directory, parents)),
        items: items.collect(),
        request_id: request_id(&["load", &file.issuer, &file.number]),
        ..Default::default()
    }
}

/// Writes a plan with its items, and its events as drafts. Nobody is told anything before an
/// event is announced and a deadline opened.
///
/// # Errors
/// The call is refused.
pub async fn load(
    clients: &Clients,
    file: &PlanFile,
    request: LoadPlanRequest,
) -> Result<Loaded, tonic::Status> {
    let answer = clients.plans().load_plan(request).await?.into_inner();
    let events = file.items.iter().flat_map(|item| &item.events);
    let keys = events.map(|row| row.key.clone());
    let mut loaded = Loaded {
        plan: answer.plan,
        items: answer.plan_items.len(),
        events: keys.zip(answer.events).collect(),
        warnings: answer.warnings,
        deadlines: BTreeMap::new(),
    };
    for (item, name) in file.items.iter().zip(answer.plan_items) {
        let rows = item.deadlines.iter();
        let rows = rows.map(|row| (row.key.clone(), (name.clone(), row.clone())));
        loaded.deadlines.extend(rows);
    }
    Ok(loaded)
}

/// Announces an event.
///
/// # Errors
/// The call is refused.
pub async fn announce(clients: &Clients, event: &str) -> Result<Event, tonic::Status> {
    let request = AnnounceEventRequest {
        name: event.to_owned(),
        request_id: request_id(&["announce", event]),
        ..Default::default()
    };
    Ok(clients.events().announce_event(request).await?.into_inner())
}

/// Opens a deadline of a loaded plan.
///
/// # Errors
/// The call is refused.
pub async fn open_deadline(
    clients: &Clients,
    row: &DeadlineRow,
    plan_item: &str,
    organiser: &str,
    directory: &Directory,
) -> Result<Deadline, tonic::Status> {
    let organisations = directory
        .select(&row.owed_by)
        .map_err(|codes| unknown(&codes))?;
    let lead = code(directory, &row.lead)?;
    let deadline = Deadline {
        plan_item: plan_item.to_owned(),
        ..deadline(row, organiser, lead)
    };
    let request = CreateDeadlineRequest {
        deadline: Some(deadline),
        organisations,
        request_id: request_id(&["deadline", plan_item, &row.key]),
        validate_only: false,
    };
    Ok(clients
        .deadlines()
        .create_deadline(request)
        .await?
        .into_inner())
}

fn plan(file: &PlanFile, directory: &Directory, parents: &BTreeMap<String, String>) -> Plan {
    let document = Document {
        number_as_printed: file.number.clone(),
        issuer: file.issuer_name.clone(),
        date: file.date.map(date),
        dates_seen: file.dates_seen.iter().copied().map(date).collect(),
        title: file.title.clone(),
        ..Default::default()
    };
    let parent = file.parent.as_ref().and_then(|number| parents.get(number));
    Plan {
        document: Some(document),
        title: file.title.clone(),
        theme: file.theme.clone(),
        issuer: directory.name(&file.issuer).unwrap_or_default(),
        parent_plan: parent.cloned().unwrap_or_default(),
        window: file.window.as_ref().map(window),
        peak: file.peak.as_ref().map(window),
        ..Default::default()
    }
}

fn plan_item(item: &Item, directory: &Directory) -> PlanItem {
    let lead = item.lead.as_ref().and_then(|lead| directory.name(lead));
    PlanItem {
        number: item.number.clone(),
        title: item.title.clone(),
        short_title: item.short_title.clone(),
        kind: item.kind.clone(),
        anchor: Some(anchor(item.when.as_ref())),
        place: item.place.clone(),
        lead_unit: lead.unwrap_or_default(),
        coordinating: item.coordinating.clone(),
        audience_roles: item.audience.clone(),
        remarks: item.remarks.clone(),
        ..Default::default()
    }
}

fn event(row: &EventRow, organiser: &str, lead_unit: String, file: &PlanFile) -> Event {
    let place = Place {
        text: row.place.clone(),
        hint: row.hint.clone(),
        online_uri: String::new(),
    };
    let issued = row.document.as_ref();
    Event {
        kind: row.kind.clone(),
        title: row.title.clone(),
        short_title: row.short_title.clone(),
        anchor: Some(anchor(row.when.as_ref())),
        place: Some(place),
        organiser: organiser.to_owned(),
        lead_unit,
        issued_document: issued.map(|found| document(found, &file.issuer_name)),
        chair: row.chair.clone(),
        agenda: row.agenda.clone(),
        bring: row.bring.clone(),
        reply_by_date: row.reply_by.map(date),
        ..Default::default()
    }
}

fn deadline(row: &DeadlineRow, organiser: &str, lead_unit: String) -> Deadline {
    let when = When::Day {
        date: row.day,
        before: row.before,
    };
    Deadline {
        kind: row.kind.clone(),
        title: row.title.clone(),
        short_title: row.short_title.clone(),
        anchor: Some(anchor(Some(&when))),
        organiser: organiser.to_owned(),
        lead_unit,
        contents: row.contents.clone(),
        submit_to: row.submit_to.clone(),
        ..Default::default()
    }
}

fn code(directory: &Directory, code: &str) -> Result<String, tonic::Status> {
    directory
        .name(code)
        .ok_or_else(|| unknown(&[code.to_owned()]))
}

fn unknown(codes: &[String]) -> tonic::Status {
    tonic::Status::not_found(format!(
        "no organisation has the roster code {}",
        codes.join(", ")
    ))
}
