//! `lienminh share`: a text about an event to paste into a group.

use lienminh_proto::events::v1::GetEventRequest;
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::BatchGetContactsRequest;

use crate::args::Share;
use crate::connect::Clients;
use crate::screen::say;
use crate::share_text;

pub(super) async fn run(clients: &Clients, command: Share) -> anyhow::Result<()> {
    let event = clients
        .events()
        .get_event(GetEventRequest {
            name: command.event,
        })
        .await?
        .into_inner();
    let request = BatchGetContactsRequest {
        organisations: vec![event.lead_unit.clone()],
    };
    let units = clients
        .contacts()
        .batch_get_contacts(request)
        .await?
        .into_inner()
        .organisations;
    let unit = units.into_iter().next().unwrap_or_default();
    let phone = unit
        .contacts
        .iter()
        .find(|contact| contact.position() == Position::Office && !contact.phone.is_empty())
        .map(|contact| vietnam::phone::shown(&contact.phone))
        .unwrap_or_default();
    say!("{}", share_text::share(&event, &unit.display_name, &phone));
    Ok(())
}
