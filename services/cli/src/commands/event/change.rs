//! Moving, postponing, cancelling.

use jiff::civil::{DateTime, Time};
use lienminh_proto::events::v1::{
    CancelEventRequest, Event, EventState, PostponeEventRequest, RescheduleEventRequest,
};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::anchor::When;

use super::super::{find, told};
use super::tell;
use crate::args::value::Moment;
use crate::args::{MoveEvent, Reasoned};
use crate::connect::Clients;
use crate::load::fresh_request_id;
use crate::proto_values::{date, local, moment_anchor};

/// What the event is now, and who will hear of it: of a draft nobody has heard anything.
async fn changed(clients: &Clients, event: &Event) {
    tell(event);
    if event.state() != EventState::Draft {
        told::of_change(clients, &event.name, &event.title, event.anchor_version).await;
    }
}

pub(super) async fn reschedule(clients: &Clients, command: MoveEvent) -> anyhow::Result<()> {
    let name = find::event(clients, &command.event).await?;
    let present = find::read_event(clients, name.clone()).await?;
    let end = command.until.or_else(|| as_long(&present, command.to));
    let anchor = command.to.map(|to| moment_anchor(Some(to), end));
    let hint = command.hint;
    let place = command.place.map(|text| Place {
        text,
        hint,
        ..Default::default()
    });
    let request = RescheduleEventRequest {
        name,
        anchor: anchor.transpose()?,
        place,
        reply_by_date: command.reply_by.map(date),
        reason: command.reason,
        etag: present.etag,
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let moved = clients.events().reschedule_event(request).await?;
    changed(clients, moved.get_ref()).await;
    Ok(())
}

/// The end of an event that lasts as long as it would have; none where it would be another day.
fn as_long(present: &Event, to: Option<Moment>) -> Option<Time> {
    let Some(Moment::At(start)) = to else {
        return None;
    };
    let When::Instant(times) = present.anchor.as_ref()?.when.as_ref()? else {
        return None;
    };
    let (old_start, old_end) = (times.start_time.as_ref()?, times.end_time.as_ref()?);
    let lasted = local(old_end)?.duration_since(local(old_start)?);
    let end: DateTime = start.checked_add(lasted).ok()?;
    (end.date() == start.date()).then(|| end.time())
}

pub(super) async fn postpone(clients: &Clients, why: Reasoned) -> anyhow::Result<()> {
    let request = PostponeEventRequest {
        name: find::event(clients, &why.event).await?,
        reason: why.reason,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let postponed = clients.events().postpone_event(request).await?;
    changed(clients, postponed.get_ref()).await;
    Ok(())
}

pub(super) async fn cancel(clients: &Clients, why: Reasoned) -> anyhow::Result<()> {
    let request = CancelEventRequest {
        name: find::event(clients, &why.event).await?,
        reason: why.reason,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let cancelled = clients.events().cancel_event(request).await?;
    changed(clients, cancelled.get_ref()).await;
    Ok(())
}
