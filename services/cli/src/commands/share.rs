//! `lienminh share`: a text about an event or a deadline to paste into a group.

use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::BatchGetContactsRequest;

use super::find;
use crate::args::Share;
use crate::connect::Clients;
use crate::screen::say;
use crate::share_text::{self, Unit};

pub(super) async fn run(clients: &Clients, command: Share) -> anyhow::Result<()> {
    let name = find::subject(clients, &command.matter, None).await?;
    let text = if name.starts_with("deadlines/") {
        let deadline = find::printed_deadline(clients, name).await?;
        let unit = unit(clients, &deadline.lead_unit).await?;
        share_text::of_deadline(&deadline, &unit)
    } else {
        let event = find::printed_event(clients, name).await?;
        let unit = unit(clients, &event.lead_unit).await?;
        share_text::of_event(&event, &unit)
    };
    say!("{text}");
    Ok(())
}

async fn unit(clients: &Clients, name: &str) -> Result<Unit, tonic::Status> {
    let request = BatchGetContactsRequest {
        organisations: vec![name.to_owned()],
    };
    let answer = clients.contacts().batch_get_contacts(request).await?;
    let found = answer.into_inner().organisations.into_iter().next();
    let unit = found.unwrap_or_default();
    let office = unit
        .contacts
        .iter()
        .find(|contact| contact.position() == Position::Office && !contact.phone.is_empty());
    Ok(Unit {
        name: unit.display_name.clone(),
        phone: office
            .map(|contact| vietnam::phone::shown(&contact.phone))
            .unwrap_or_default(),
    })
}
