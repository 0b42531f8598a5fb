//! Plans into the events service.

use std::collections::BTreeMap;

use lienminh_proto::events::v1::{
    AnnounceEventRequest, CreateDeadlineRequest, CreateEventRequest, CreatePlanItemRequest,
    CreatePlanRequest, Deadline, Event, Plan, PlanItem,
};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::Document;

use super::{Directory, request_id};
use crate::connect::Clients;
use crate::files::Problem;
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
    /// Its deadlines with the item they belong to, by key; opened or to be opened.
    pub deadlines: BTreeMap<String, (String, DeadlineRow)>,
}

/// Tells every code in the file that no organisation has.
#[must_use]
pub fn unknown_codes(file: &PlanFile, directory: &Directory) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut check = |line: usize, field: &str, code: &str| {
        if directory.get(code).is_none() {
            let reason = format!("no organisation has the roster code \"{code}\"");
            problems.push(Problem {
                line,
                field: field.to_owned(),
                reason,
            });
        }
    };
    check(1, "issuer", &file.issuer);
    for item in &file.items {
        if let Some(lead) = &item.lead {
            check(item.line, "lead", lead);
        }
        for event in &item.events {
            check(event.line, "lead", &event.lead);
            event
                .invite
                .organisations
                .iter()
                .for_each(|code| check(event.line, "invite", code));
        }
        for deadline in &item.deadlines {
            check(deadline.line, "lead", &deadline.lead);
            deadline
                .owed_by
                .organisations
                .iter()
                .for_each(|code| check(deadline.line, "owed_by", code));
        }
    }
    problems
}

/// Writes a plan with its items and its events as drafts. Nobody is told
/// anything before an event is announced and a deadline opened.
///
/// # Errors
/// A call is refused.
pub async fn load(
    clients: &Clients,
    file: &PlanFile,
    directory: &Directory,
    organiser: &str,
    parents: &BTreeMap<String, String>,
) -> Result<Loaded, tonic::Status> {
    let plan = clients
        .plans()
        .create_plan(plan_request(file, directory, parents))
        .await?
        .into_inner();
    let mut loaded = Loaded {
        plan: plan.name.clone(),
        ..Default::default()
    };
    for item in &file.items {
        let request = item_request(&plan.name, item, directory);
        let written = clients
            .plans()
            .create_plan_item(request)
            .await?
            .into_inner();
        loaded.items += 1;
        for event in &item.events {
            let request = event_request(event, &written.name, organiser, file, directory)?;
            let created = clients.events().create_event(request).await?.into_inner();
            loaded.events.insert(event.key.clone(), created.name);
        }
        for deadline in &item.deadlines {
            loaded.deadlines.insert(
                deadline.key.clone(),
                (written.name.clone(), deadline.clone()),
            );
        }
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
    let deadline = Deadline {
        kind: row.kind.clone(),
        title: row.title.clone(),
        short_title: row.short_title.clone(),
        anchor: Some(anchor(Some(&When::Day {
            date: row.day,
            before: row.before,
        }))),
        organiser: organiser.to_owned(),
        lead_unit: code(directory, &row.lead)?,
        plan_item: plan_item.to_owned(),
        contents: row.contents.clone(),
        submit_to: row.submit_to.clone(),
        ..Default::default()
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

fn plan_request(
    file: &PlanFile,
    directory: &Directory,
    parents: &BTreeMap<String, String>,
) -> CreatePlanRequest {
    let plan = Plan {
        document: Some(Document {
            number_as_printed: file.number.clone(),
            issuer: file.issuer_name.clone(),
            date: file.date.map(date),
            dates_seen: file.dates_seen.iter().copied().map(date).collect(),
            title: file.title.clone(),
            ..Default::default()
        }),
        title: file.title.clone(),
        theme: file.theme.clone(),
        issuer: directory.name(&file.issuer).unwrap_or_default(),
        parent_plan: file
            .parent
            .as_ref()
            .and_then(|number| parents.get(number))
            .cloned()
            .unwrap_or_default(),
        window: file.window.as_ref().map(window),
        peak: file.peak.as_ref().map(window),
        ..Default::default()
    };
    CreatePlanRequest {
        plan: Some(plan),
        request_id: request_id(&["plan", &file.issuer, &file.number]),
        validate_only: false,
    }
}

fn item_request(plan: &str, item: &Item, directory: &Directory) -> CreatePlanItemRequest {
    let plan_item = PlanItem {
        number: item.number.clone(),
        title: item.title.clone(),
        short_title: item.short_title.clone(),
        kind: item.kind.clone(),
        anchor: Some(anchor(item.when.as_ref())),
        place: item.place.clone(),
        lead_unit: item
            .lead
            .as_ref()
            .and_then(|lead| directory.name(lead))
            .unwrap_or_default(),
        coordinating: item.coordinating.clone(),
        audience_roles: item.audience.clone(),
        remarks: item.remarks.clone(),
        ..Default::default()
    };
    CreatePlanItemRequest {
        parent: plan.to_owned(),
        plan_item: Some(plan_item),
        request_id: request_id(&["item", plan, &item.number]),
        validate_only: false,
    }
}

fn event_request(
    row: &EventRow,
    plan_item: &str,
    organiser: &str,
    file: &PlanFile,
    directory: &Directory,
) -> Result<CreateEventRequest, tonic::Status> {
    let event = Event {
        kind: row.kind.clone(),
        title: row.title.clone(),
        short_title: row.short_title.clone(),
        anchor: Some(anchor(row.when.as_ref())),
        place: Some(Place {
            text: row.place.clone(),
            hint: row.hint.clone(),
            online_uri: String::new(),
        }),
        organiser: organiser.to_owned(),
        lead_unit: code(directory, &row.lead)?,
        plan_item: plan_item.to_owned(),
        issued_document: row
            .document
            .as_ref()
            .map(|found| document(found, &file.issuer_name)),
        chair: row.chair.clone(),
        agenda: row.agenda.clone(),
        bring: row.bring.clone(),
        reply_by_date: row.reply_by.map(date),
        ..Default::default()
    };
    Ok(CreateEventRequest {
        event: Some(event),
        announce: false,
        invitees: directory
            .select(&row.invite)
            .map_err(|codes| unknown(&codes))?,
        request_id: request_id(&["event", plan_item, &row.key]),
        validate_only: false,
    })
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
