//! Messages that could not be handled: a person lists, redrives, discards.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::consumer::Message;
use kit::database::Tx;
use kit::error::{Error, Result, Violations};
use kit::outbox::{DELIVERIES, FACTS, MAX_PAYLOAD, Order, RECEIPTS};
use kit::{page, resource, text, wire};
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;
use vietnam::text::{reference, remark};

use super::{Api, name};
use crate::store::order::ORDER_TYPE;
use crate::store::parked::{self, Letter, Parked};
use crate::store::receipt::RECEIPT_TYPE;
use crate::work::intake::{self, OBLIGATION, Origin};

const REDRIVE: &str = "lienminh.notifier.v1.ParkingService/RedriveParkedMessage";

const DISCARD: &str = "lienminh.notifier.v1.ParkingService/DiscardParkedMessage";

const COLLECTION: &str = "parkedMessages";

/// A reason is a sentence, not a report.
const LONGEST_REASON: usize = 500;

pub(super) async fn list(
    api: &Api,
    caller: &Caller,
    request: &pb::ListParkedMessagesRequest,
) -> Result<pb::ListParkedMessagesResponse> {
    let size = page::size(request.page_size)?;
    caller.require_house()?;
    let shape = ["ListParkedMessages"];
    let after: Option<(Timestamp, Uuid)> = api.tokens.read(&shape, &request.page_token)?;
    let session = api.desk.pool.get().await?;
    let mut found = parked::list(&session, after, i64::from(size) + 1).await?;
    let more = name::cut(&mut found, size);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => api.tokens.issue(&shape, &(last.parked_at, last.id))?,
        None => String::new(),
    };
    Ok(pb::ListParkedMessagesResponse {
        parked_messages: found.iter().map(encode).collect(),
        next_page_token,
    })
}

pub(super) async fn redrive(
    api: &Api,
    caller: &Caller,
    request: &pb::RedriveParkedMessageRequest,
) -> Result<pb::ParkedMessage> {
    let mut wrong = Violations::default();
    let id = wrong.check(resource::required("name", COLLECTION, &request.name));
    wrong.check(name::request_id(&request.request_id));
    let id = wrong.finish(id)?;
    caller.require_house()?;
    let request_id = &request.request_id;
    kit::mutation::run(
        &api.mutations,
        caller,
        REDRIVE,
        request_id,
        request,
        |tx| async move {
            let letter = waiting(&tx, id).await?;
            if letter.exchange == FACTS {
                take_again(api, &tx, &letter).await?;
            } else {
                send_again(&tx, &letter).await?;
            }
            decide(&tx, letter, "redriven", "").await
        },
    )
    .await
}

pub(super) async fn discard(
    api: &Api,
    caller: &Caller,
    request: &pb::DiscardParkedMessageRequest,
) -> Result<pb::ParkedMessage> {
    let mut wrong = Violations::default();
    let id = wrong.check(resource::required("name", COLLECTION, &request.name));
    let reason = wrong.check(text::required_note(
        "reason",
        &request.reason,
        LONGEST_REASON,
    ));
    wrong.check(name::request_id(&request.request_id));
    let (id, reason) = wrong.finish(id.zip(reason))?;
    caller.require_house()?;
    let request_id = &request.request_id;
    kit::mutation::run(&api.mutations, caller, DISCARD, request_id, request, |tx| {
        let reason = &reason;
        async move {
            let letter = waiting(&tx, id).await?;
            decide(&tx, letter, "discarded", reason).await
        }
    })
    .await
}

/// The message, if nobody has decided about it yet.
async fn waiting(tx: &Tx, id: Uuid) -> Result<Letter> {
    let known = parked::lock(tx, id).await?;
    let letter = known.ok_or_else(|| Error::not_found(format!("{COLLECTION}/{id}")))?;
    if letter.parked.state != "parked" {
        return Err(Error::failed_precondition(
            "NOT_PARKED",
            "Tin này đã có người xử lý.",
            "Somebody has decided about this message already.",
        )
        .with("state", &letter.parked.state));
    }
    Ok(letter)
}

/// Takes a fact in as if it came now. It does not go back to the broker, who lets nobody
/// but its source tell it; whoever told it first must still be its source.
async fn take_again(api: &Api, tx: &Tx, letter: &Letter) -> Result<()> {
    let told = |name: &str| letter.headers[name].as_str().map(ToOwned::to_owned);
    let message = Message {
        id: letter.message_id.parse().unwrap_or_else(|_| Uuid::now_v7()),
        type_name: known_type(&letter.parked.type_name)?.to_owned(),
        source: String::new(),
        publisher: told("publisher"),
        routing_key: letter.routing_key.clone(),
        aggregate: told("aggregate"),
        sequence: None,
        occurred_at: None,
        traceparent: None,
        redelivered: true,
        payload: fitting(&letter.payload)?,
    };
    if let Some(reason) = intake::problem(tx, &message).await? {
        return Err(still_refused(&reason));
    }
    let fact = intake::decode(&message).map_err(|reason| still_refused(&reason))?;
    for (_, fact) in kit::inbox::admit(tx, intake::STREAM, vec![(message.id, fact)]).await? {
        intake::apply(tx, &api.desk, vec![fact], Origin::Told).await?;
        api.desk.planned.notify_one();
    }
    Ok(())
}

fn still_refused(reason: &str) -> Error {
    Error::failed_precondition(
        "STILL_REFUSED",
        "Tin này vẫn không nhận được vì cùng lý do như trước.",
        "This message still cannot be taken in, for the reason it was parked for.",
    )
    .with("reason", remark(reason))
}

/// Puts it back to where it came from, under its own id, so that the inbox of a
/// consumer that had handled it knows it.
async fn send_again(tx: &Tx, letter: &Letter) -> Result<()> {
    let exchange = [DELIVERIES, RECEIPTS]
        .into_iter()
        .find(|exchange| *exchange == letter.exchange);
    let Some(exchange) = exchange else {
        return Err(Error::failed_precondition(
            "UNKNOWN_ORIGIN",
            "Không rõ tin này từ đâu đến nên không gửi lại được.",
            "It is not known where this message came from, so it cannot go back.",
        )
        .with("exchange", &letter.exchange));
    };
    let order = Order {
        id: letter.message_id.parse().unwrap_or_else(|_| Uuid::now_v7()),
        routing_key: letter.routing_key.clone(),
        type_name: known_type(&letter.parked.type_name)?,
        payload: fitting(&letter.payload)?,
    };
    kit::outbox::put_orders(tx, exchange, &[order]).await
}

/// Types that our queues carry. Anything else no consumer would take this time either.
fn known_type(name: &str) -> Result<&'static str> {
    [OBLIGATION, ORDER_TYPE, RECEIPT_TYPE]
        .into_iter()
        .find(|known| *known == name)
        .ok_or_else(|| {
            Error::failed_precondition(
                "UNKNOWN_TYPE",
                "Loại tin này không bộ phận nào nhận, gửi lại cũng không ích gì.",
                "Nobody takes messages of this type, sending it again would not help.",
            )
            .with("type", name)
        })
}

fn fitting(payload: &[u8]) -> Result<Vec<u8>> {
    if payload.len() <= MAX_PAYLOAD {
        return Ok(payload.to_vec());
    }
    Err(Error::failed_precondition(
        "TOO_LARGE",
        "Tin này lớn hơn mức cho phép nên không gửi lại được.",
        "This message is larger than a message may be and cannot go back.",
    )
    .with("bytes", payload.len().to_string()))
}

async fn decide(tx: &Tx, letter: Letter, state: &str, reason: &str) -> Result<pb::ParkedMessage> {
    parked::decide(tx, letter.parked.id, state, reason).await?;
    tx.about(format!("{COLLECTION}/{}", letter.parked.id));
    Ok(encode(&Parked {
        state: state.to_owned(),
        ..letter.parked
    }))
}

fn encode(parked: &Parked) -> pb::ParkedMessage {
    pb::ParkedMessage {
        name: format!("{COLLECTION}/{}", parked.id),
        queue: reference(&parked.queue),
        r#type: reference(&parked.type_name),
        reason: remark(&parked.reason),
        park_time: Some(wire::timestamp(parked.parked_at)),
        state: parked.state.clone(),
    }
}
