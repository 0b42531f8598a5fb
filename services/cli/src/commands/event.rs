//! `lienminh event`: from the entry of an event to its end.

mod answers;
mod change;
mod enter;

use lienminh_proto::events::v1::{AnnounceEventRequest, CompleteEventRequest, Event};

use super::{find, told, words};
use crate::args;
use crate::connect::Clients;
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::proto_values::{anchor_in_words, civil};
use crate::screen::{say, warn};

pub(super) async fn run(clients: &Clients, command: args::Event) -> anyhow::Result<()> {
    match command {
        args::Event::Add(new) => enter::add(clients, *new).await,
        args::Event::Show { event } => show(clients, &event).await,
        args::Event::Announce { event } => announce(clients, &event).await,
        args::Event::Invite(invite) => answers::invite(clients, invite).await,
        args::Event::Answers { event } => answers::list(clients, &event).await,
        args::Event::Answer(answer) => answers::record(clients, answer).await,
        args::Event::Move(to) => change::reschedule(clients, to).await,
        args::Event::Postpone(why) => change::postpone(clients, why).await,
        args::Event::Cancel(why) => change::cancel(clients, why).await,
        args::Event::Held { event } => held(clients, &event).await,
    }
}

async fn show(clients: &Clients, wanted: &str) -> anyhow::Result<()> {
    let event = find::read_event(clients, find::event(clients, wanted).await?).await?;
    tell(&event);
    let place = event.place.clone().unwrap_or_default();
    let (text, hint, online) = (&place.text, &place.hint, &place.online_uri);
    let (chair, bring, short) = (&event.chair, &event.bring, &event.short_title);
    for (value, line) in [
        (text, phrase!("địa điểm: {text}", "place: {text}")),
        (hint, phrase!("chỉ đường: {hint}", "hint: {hint}")),
        (
            online,
            phrase!("họp trực tuyến: {online}", "online: {online}"),
        ),
        (chair, phrase!("chủ trì: {chair}", "chair: {chair}")),
        (bring, phrase!("mang theo: {bring}", "bring: {bring}")),
        (
            short,
            phrase!("tiêu đề ngắn: {short}", "short title: {short}"),
        ),
    ] {
        if !value.is_empty() {
            say!("{line}");
        }
    }
    for line in &event.agenda {
        say!("{}", phrase!("nội dung: {line}", "agenda: {line}"));
    }
    let organiser = find::label_of(clients, &event.organiser).await;
    let lead = find::label_of(clients, &event.lead_unit).await;
    say!(
        "{}",
        phrase!("đơn vị mời: {organiser}", "organiser: {organiser}")
    );
    say!(
        "{}",
        phrase!("đơn vị phụ trách: {lead}", "unit in charge: {lead}")
    );
    if let Some(day) = event.reply_by_date.as_ref().and_then(civil) {
        let day = vietnam::dates::with_weekday(day);
        say!("{}", phrase!("trả lời chậm nhất: {day}", "reply by: {day}"));
    }
    Ok(())
}

async fn announce(clients: &Clients, wanted: &str) -> anyhow::Result<()> {
    let request = AnnounceEventRequest {
        name: find::event(clients, wanted).await?,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let announced = clients.events().announce_event(request).await?.into_inner();
    tell(&announced);
    told::of_change(
        clients,
        &announced.name,
        &announced.title,
        announced.anchor_version,
    )
    .await;
    Ok(())
}

async fn held(clients: &Clients, wanted: &str) -> anyhow::Result<()> {
    let request = CompleteEventRequest {
        name: find::event(clients, wanted).await?,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    tell(clients.events().complete_event(request).await?.get_ref());
    Ok(())
}

/// What an event is now: title, when, state, name; and what to look at again.
fn tell(event: &Event) {
    let when = anchor_in_words(event.anchor.as_ref());
    let state = words::event(event.state());
    say!("{} ({when}): {state}\n{}", event.title, event.name);
    warn(&event.warnings);
}
