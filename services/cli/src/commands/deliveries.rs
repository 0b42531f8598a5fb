//! `lienminh deliveries`: what went out and what became of it.

use lienminh_proto::notifier::v1::{DeliveryState, ListDeliveriesRequest};

use super::table;
use crate::args::{Deliveries, State};
use crate::connect::Clients;
use crate::proto_values::local;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Deliveries) -> anyhow::Result<()> {
    let mut rows =
        table::with_headings(&["when", "organisation", "step", "channel", "state", "why"]);
    let mut page_token = String::new();
    let mut left = command.limit;
    while left > 0 {
        let request = ListDeliveriesRequest {
            obligation: command.obligation.clone(),
            organisation: command.organisation.clone(),
            states: command
                .state
                .iter()
                .map(|state| proto_state(*state).into())
                .collect(),
            page_size: left.min(200).try_into()?,
            page_token,
            ..Default::default()
        };
        let page = clients
            .notifier()
            .list_deliveries(request)
            .await?
            .into_inner();
        left -= page.deliveries.len().min(left);
        for delivery in page.deliveries {
            let when = delivery
                .state_time
                .as_ref()
                .and_then(local)
                .map_or_else(String::new, |at| at.to_string());
            let channel = short(delivery.channel().as_str_name(), "CHANNEL_");
            let state = short(delivery.state().as_str_name(), "DELIVERY_STATE_");
            let organisation = delivery.organisation_display_name;
            rows.add_row([
                when,
                organisation,
                delivery.step,
                channel,
                state,
                delivery.reason_text,
            ]);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    say!("{rows}");
    Ok(())
}

pub(super) fn short(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
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
