//! `lienminh parked`: messages that could not be handled.

use anyhow::bail;
use lienminh_proto::notifier::v1::{
    DiscardParkedMessageRequest, ListParkedMessagesRequest, ParkedMessage,
    RedriveParkedMessageRequest,
};

use super::table;
use crate::args::Parked;
use crate::connect::{Clients, PAGE, every};
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::proto_values::local;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Parked) -> anyhow::Result<()> {
    let mut desk = clients.parking();
    let request_id = fresh_request_id();
    match command {
        Parked::List => list(&all(clients).await?),
        Parked::Show { message } => show(&all(clients).await?, &message)?,
        Parked::Redrive { message } => {
            let name = full(&message);
            let request = RedriveParkedMessageRequest { name, request_id };
            tell(desk.redrive_parked_message(request).await?.get_ref());
        }
        Parked::Discard { message, reason } => {
            let request = DiscardParkedMessageRequest {
                name: full(&message),
                reason,
                request_id,
            };
            tell(desk.discard_parked_message(request).await?.get_ref());
        }
    }
    Ok(())
}

/// Also the identity alone.
fn full(message: &str) -> String {
    let id = message.strip_prefix("parkedMessages/").unwrap_or(message);
    format!("parkedMessages/{id}")
}

async fn all(clients: &Clients) -> Result<Vec<ParkedMessage>, tonic::Status> {
    every(|page_token| async move {
        let request = ListParkedMessagesRequest {
            page_size: PAGE,
            page_token,
        };
        let page = clients
            .parking()
            .list_parked_messages(request)
            .await?
            .into_inner();
        Ok((page.parked_messages, page.next_page_token))
    })
    .await
}

fn list(messages: &[ParkedMessage]) {
    if messages.is_empty() {
        say!(
            "{}",
            phrase!("không có thông điệp nào bị giữ lại", "no message is parked")
        );
        return;
    }
    let mut rows = table::with_headings(&[
        &phrase!("lúc", "at"),
        &phrase!("loại", "type"),
        &phrase!("lý do", "reason"),
        &phrase!("tình trạng", "state"),
        &phrase!("thông điệp", "message"),
    ]);
    for each in messages {
        rows.add_row([
            table::at(each.park_time.as_ref().and_then(local)),
            each.r#type.clone(),
            each.reason.clone(),
            state(each),
            each.name.clone(),
        ]);
    }
    say!("{rows}");
}

fn show(messages: &[ParkedMessage], wanted: &str) -> anyhow::Result<()> {
    let name = full(wanted);
    let Some(found) = messages.iter().find(|each| each.name == name) else {
        bail!(phrase!(
            "không có thông điệp {name}; xem: lienminh parked list",
            "there is no message {name}; see: lienminh parked list"
        ));
    };
    tell(found);
    let (queue, kind, reason) = (&found.queue, &found.r#type, &found.reason);
    let at = table::at(found.park_time.as_ref().and_then(local));
    say!(
        "{}",
        phrase!(
            "giữ lại lúc {at} từ hàng đợi {queue}\nloại: {kind}\nlý do: {reason}\nKhi nguyên nhân đã hết: lienminh parked redrive {name}\nBỏ hẳn: lienminh parked discard {name} --reason \"…\"",
            "parked at {at} from the queue {queue}\ntype: {kind}\nreason: {reason}\nOnce its cause is gone: lienminh parked redrive {name}\nTo give it up: lienminh parked discard {name} --reason \"…\""
        )
    );
    Ok(())
}

fn tell(message: &ParkedMessage) {
    say!("{}: {}", message.name, state(message));
}

fn state(message: &ParkedMessage) -> String {
    match message.state.as_str() {
        "parked" => phrase!("đang giữ, chờ quyết định", "parked"),
        "redriven" => phrase!("đã đưa trở lại", "redriven"),
        "discarded" => phrase!("đã bỏ", "discarded"),
        other => other.to_owned(),
    }
}
