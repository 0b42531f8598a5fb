//! Who will hear of a change, and when at the earliest: said right after it was made.

use std::time::Duration;

use jiff::civil::DateTime;
use lienminh_proto::notifier::v1::{ListOccurrencesRequest, Occurrence, OccurrenceState};
use lienminh_proto::obligation::v1::{Party, PartyState, StreamAudienceRequest};

use super::find;
use crate::connect::{Clients, PAGE, every};
use crate::language::phrase;
use crate::proto_values::local;
use crate::screen::say;

/// The notifier hears of a change within a moment; a person does not wait longer than this.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);

/// Says it of an event or a deadline as it is since this version of its date and place. Whoever may
/// not ask is told nothing: the change is made all the same.
pub(super) async fn of_change(clients: &Clients, subject: &str, title: &str, version: i64) {
    let obligation = find::obligation_of(subject);
    let Ok(concerned) = concerned(clients, &obligation).await else {
        return;
    };
    if concerned == 0 {
        say!(
            "{}",
            phrase!("Không có đơn vị nào cần báo.", "There is nobody to tell.")
        );
        return;
    }
    let Ok(first) = first_due(clients, &obligation, version).await else {
        return;
    };
    match first {
        Some(at) => {
            let at = vietnam::dates::moment(at);
            say!(
                "{}",
                phrase!(
                    "{concerned} đơn vị sẽ được báo, sớm nhất lúc {at}.",
                    "{concerned} organisations will be told, at the earliest at {at}."
                )
            );
        }
        None => say!(
            "{}",
            phrase!(
                "Chưa có tin nào được xếp lịch gửi cho {concerned} đơn vị; xem: lienminh explain \"{title}\"",
                "Nothing is planned for the {concerned} organisations yet; see: lienminh explain \"{title}\""
            )
        ),
    }
}

/// Parties that still care.
async fn concerned(clients: &Clients, obligation: &str) -> Result<usize, tonic::Status> {
    let request = StreamAudienceRequest {
        obligation: obligation.to_owned(),
    };
    let mut stream = clients
        .event_source()
        .stream_audience(request)
        .await?
        .into_inner();
    let mut concerned = 0;
    while let Some(some) = stream.message().await? {
        concerned += some.parties.iter().filter(|party| cares(party)).count();
    }
    Ok(concerned)
}

fn cares(party: &Party) -> bool {
    match party.state() {
        PartyState::Concerned | PartyState::Confirmed | PartyState::ClaimedDone => true,
        PartyState::Unspecified | PartyState::Done | PartyState::Declined | PartyState::Exempt => {
            false
        }
    }
}

/// The first instant at which something of this version goes out; none where nothing does.
async fn first_due(
    clients: &Clients,
    obligation: &str,
    version: i64,
) -> Result<Option<DateTime>, tonic::Status> {
    for _ in 0..LOOKS {
        let planned = occurrences(clients, obligation).await?;
        let mut planned = planned.iter().filter(|each| each.anchor_version == version);
        if let Some(first) = planned.next() {
            let all = std::iter::once(first).chain(planned);
            let going = all.filter(|each| goes_out(each));
            let due = going.filter_map(|each| each.due_time.as_ref().and_then(local));
            return Ok(due.min());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

fn goes_out(occurrence: &Occurrence) -> bool {
    matches!(
        occurrence.state(),
        OccurrenceState::Scheduled | OccurrenceState::FannedOut
    )
}

async fn occurrences(
    clients: &Clients,
    obligation: &str,
) -> Result<Vec<Occurrence>, tonic::Status> {
    every(|page_token| async move {
        let request = ListOccurrencesRequest {
            obligation: obligation.to_owned(),
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let page = clients
            .notifier()
            .list_occurrences(request)
            .await?
            .into_inner();
        Ok((page.occurrences, page.next_page_token))
    })
    .await
}
