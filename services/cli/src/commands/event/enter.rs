//! Entering an event.

use lienminh_proto::events::v1::{CreateEventRequest, Event};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::Document;

use super::super::{find, told};
use super::tell;
use crate::args::AddEvent;
use crate::args::value::word;
use crate::connect::Clients;
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::proto_values::{date, moment_anchor};
use crate::screen::say;

pub(super) async fn add(clients: &Clients, new: AddEvent) -> anyhow::Result<()> {
    let organiser = find::organisation(clients, &new.organiser).await?.name;
    let lead_unit = match &new.lead {
        Some(lead) => find::organisation(clients, lead).await?.name,
        None => organiser.clone(),
    };
    let invitees = find::chosen(clients, &new.invite, new.members, &new.cluster).await?;
    let announce = new.announce;
    let request = CreateEventRequest {
        event: Some(event(new, organiser, lead_unit)?),
        announce,
        invitees,
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let invited = request.invitees.len();
    let made = clients.events().create_event(request).await?.into_inner();
    tell(&made);
    say!(
        "{}",
        phrase!("đã mời {invited} đơn vị", "{invited} organisations invited")
    );
    if announce {
        told::of_change(clients, &made.name, &made.title, made.anchor_version).await;
    } else {
        let title = &made.title;
        say!(
            "{}",
            phrase!(
                "Chưa ai được báo. Thông báo bằng: lienminh event announce \"{title}\"",
                "Nobody is told yet. Announce it with: lienminh event announce \"{title}\""
            )
        );
    }
    Ok(())
}

fn event(new: AddEvent, organiser: String, lead_unit: String) -> anyhow::Result<Event> {
    let place = Place {
        text: new.place,
        hint: new.hint,
        online_uri: new.online,
    };
    let document = Document {
        number_as_printed: new.document,
        date: new.document_date.map(date),
        ..Default::default()
    };
    Ok(Event {
        kind: word(&new.kind),
        title: new.title,
        short_title: new.short_title,
        anchor: Some(moment_anchor(new.at, new.until)?),
        place: Some(place).filter(|place| *place != Place::default()),
        organiser,
        lead_unit,
        issued_document: Some(document).filter(|document| !document.number_as_printed.is_empty()),
        chair: new.chair,
        agenda: new.agenda,
        bring: new.bring,
        reply_by_date: new.reply_by.map(date),
        public: new.public,
        ..Default::default()
    })
}
