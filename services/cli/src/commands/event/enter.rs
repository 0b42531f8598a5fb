//! Entering an event.

use lienminh_proto::events::v1::{CreateEventRequest, Event};
use lienminh_proto::obligation::v1::Place;

use super::super::find;
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
    let place = Place {
        text: new.place,
        ..Default::default()
    };
    let event = Event {
        kind: word(&new.kind),
        title: new.title,
        anchor: Some(moment_anchor(new.at, new.until)?),
        place: Some(place).filter(|place| !place.text.is_empty()),
        organiser,
        lead_unit,
        chair: new.chair,
        bring: new.bring,
        reply_by_date: new.reply_by.map(date),
        ..Default::default()
    };
    let request = CreateEventRequest {
        event: Some(event),
        announce: new.announce,
        invitees: find::organisations(clients, &new.invite).await?,
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let invited = request.invitees.len();
    tell(clients.events().create_event(request).await?.get_ref());
    say!(
        "{}",
        phrase!("đã mời {invited} đơn vị", "{invited} organisations invited")
    );
    if !new.announce {
        say!(
            "{}",
            phrase!(
                "Chưa ai được báo. Thông báo bằng: lienminh event announce",
                "Nobody is told yet. Announce it with: lienminh event announce"
            )
        );
    }
    Ok(())
}
