//! Every change at the reminder desk.

use lienminh_local::ServiceName;
use lienminh_local::smtp::Behaviour;
use lienminh_proto::notifier::v1 as notifier;
use serde_json::json;

use super::book::Book;
use crate::house::{House, until};

/// Something for a person to decide: a delivery of which nobody knows, and two messages that
/// nobody understands.
pub(super) fn lose_answers(house: &House, address: &str) {
    let rules = house.stage.smtp().rules();
    rules.set_times(address, Behaviour::AcceptThenDrop, 1);
}

pub(crate) async fn park_messages(house: &House) {
    for number in 0..2 {
        let properties = json!({
            "type": "lienminh.notifier.internal.ReceiptNotice",
            "message_id": uuid::Uuid::now_v7().to_string(),
        });
        let (broker, vhost) = (house.stage.rabbitmq(), house.stage.vhost());
        let routed = broker
            .publish_bytes(
                vhost,
                "lienminh.receipts",
                "esms",
                properties,
                &[0xff, 0xff, 0xff, number],
            )
            .await;
        assert!(routed.unwrap());
    }
    until("both are parked", || async {
        parked(house).await.len() == 2
    })
    .await;
}

pub(super) async fn deeds(book: &mut Book<'_>) {
    let session = book.house.stage.look_into(ServiceName::Notifier).await;
    let waiting = session
        .unwrap()
        .query_one("select id::text from delivery where state = 'PARKED'", &[])
        .await;
    let request = notifier::ResolveDeliveryRequest {
        name: format!("deliveries/{}", waiting.unwrap().get::<_, String>(0)),
        resolution: notifier::Resolution::Sent.into(),
        reason: "gọi hỏi rồi".to_owned(),
        ..Default::default()
    };
    let of_delivery = |delivery: &notifier::Delivery| delivery.name.clone();
    book.does("ResolveDelivery", request, of_delivery).await;

    let mut messages = parked(book.house).await.into_iter();
    let of_message = |message: &notifier::ParkedMessage| message.name.clone();
    let request = notifier::RedriveParkedMessageRequest {
        name: messages.next().unwrap(),
        ..Default::default()
    };
    book.does("RedriveParkedMessage", request, of_message).await;
    let request = notifier::DiscardParkedMessageRequest {
        name: messages.next().unwrap(),
        reason: "không đọc được".to_owned(),
        ..Default::default()
    };
    book.does("DiscardParkedMessage", request, of_message).await;
    held(book).await;
}

/// As if the database had been restored.
async fn held(book: &mut Book<'_>) {
    let session = book.house.stage.look_into(ServiceName::Notifier).await;
    let hold = "insert into hold (reason) values ('restored')";
    session.unwrap().execute(hold, &[]).await.unwrap();
    let request = notifier::RecordAcceptedRequest {
        references: vec![format!("<{}@lienminh.example>", uuid::Uuid::now_v7())],
        ..Default::default()
    };
    let of_hold = |_: &notifier::Hold| "hold".to_owned();
    book.does("RecordAccepted", request, of_hold).await;
    let request = notifier::ReleaseHoldRequest::default();
    book.does("ReleaseHold", request, of_hold).await;
}

async fn parked(house: &House) -> Vec<String> {
    let request = notifier::ListParkedMessagesRequest::default();
    let listed = house.officer.parking().list_parked_messages(request).await;
    let messages = listed.unwrap().into_inner().parked_messages;
    messages.into_iter().map(|each| each.name).collect()
}
