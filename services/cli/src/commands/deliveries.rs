//! `lienminh deliveries`: what went out and what became of it.

use std::collections::BTreeMap;

use lienminh_proto::notifier::v1::{DeliveryState, ListDeliveriesRequest, ListOccurrencesRequest};

use super::{find, table, words};
use crate::args::{Deliveries, State};
use crate::connect::{Clients, PAGE};
use crate::language::phrase;
use crate::proto_values::local;

pub(super) async fn run(clients: &Clients, command: Deliveries) -> anyhow::Result<()> {
    let mut request = asked(clients, &command).await?;
    // Whoever may not read the registry is told the names alone.
    let mut known = find::Known::default();
    let mut titles = Titles::default();
    let mut rows = table::with_headings(&[
        &phrase!("lúc", "when"),
        &phrase!("việc", "matter"),
        &phrase!("đơn vị", "organisation"),
        &phrase!("bước", "step"),
        &phrase!("kênh", "channel"),
        &phrase!("tình trạng", "state"),
        &phrase!("lý do", "why"),
    ]);
    let mut left = command.limit;
    while left > 0 {
        request.page_size = i32::try_from(left).unwrap_or(PAGE).min(PAGE);
        let answer = clients.notifier().list_deliveries(request.clone()).await?;
        let page = answer.into_inner();
        left -= page.deliveries.len().min(left);
        for delivery in page.deliveries {
            let organisation = known.of(clients, &delivery.organisation).await;
            let (channel, state) = (delivery.channel(), delivery.state());
            rows.add_row([
                table::at(delivery.state_time.as_ref().and_then(local)),
                titles.of(clients, &delivery.obligation).await,
                organisation.map_or(delivery.organisation_display_name, find::label),
                delivery.step,
                words::channel(channel),
                words::delivery(state),
                delivery.reason_text,
            ]);
        }
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    table::show(
        &rows,
        &phrase!("chưa có lượt gửi nào", "nothing went out yet"),
    );
    Ok(())
}

async fn asked(clients: &Clients, command: &Deliveries) -> anyhow::Result<ListDeliveriesRequest> {
    let obligation = match &command.obligation {
        Some(wanted) => find::obligation(clients, wanted).await?,
        None => String::new(),
    };
    let organisation = match &command.organisation {
        Some(wanted) => find::organisation(clients, wanted).await?.name,
        None => String::new(),
    };
    let states = command.state.iter().map(|state| proto_state(*state).into());
    Ok(ListDeliveriesRequest {
        obligation,
        organisation,
        states: states.collect(),
        ..Default::default()
    })
}

/// Titles of matters, each asked for once.
#[derive(Default)]
struct Titles(BTreeMap<String, String>);

impl Titles {
    async fn of(&mut self, clients: &Clients, obligation: &str) -> String {
        if let Some(title) = self.0.get(obligation) {
            return title.clone();
        }
        let request = ListOccurrencesRequest {
            obligation: obligation.to_owned(),
            page_size: 1,
            ..Default::default()
        };
        let answer = clients.notifier().list_occurrences(request).await;
        let first = answer
            .ok()
            .and_then(|page| page.into_inner().occurrences.pop());
        let title = first.map_or_else(|| obligation.to_owned(), |found| found.title);
        self.0.insert(obligation.to_owned(), title.clone());
        title
    }
}

fn proto_state(state: State) -> DeliveryState {
    match state {
        State::Queued => DeliveryState::Queued,
        State::Sent => DeliveryState::Sent,
        State::Delivered => DeliveryState::Delivered,
        State::Bounced => DeliveryState::Bounced,
        State::Failed => DeliveryState::Failed,
        State::Unknown => DeliveryState::Unknown,
        State::Suppressed => DeliveryState::Suppressed,
        State::Superseded => DeliveryState::Superseded,
        State::Satisfied => DeliveryState::Satisfied,
        State::Missed => DeliveryState::Missed,
        State::Parked => DeliveryState::Parked,
    }
}
