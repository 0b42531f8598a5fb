use kit::broker::Broker;
use kit::consumer::Consumer;
use kit::telemetry::Metrics;
use lapin::BasicProperties;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lienminh_local::ServiceName;
use lienminh_proto::notifier::v1 as pb;
use lienminh_proto::notifier::v1::parking_service_server::ParkingService as _;
use notifier::meters::METERS;
use notifier::store::parked::{self, NewParked};
use notifier::store::receipt::RECEIPT_TYPE;
use notifier::work::intake::FactHandler;
use notifier::work::parking::run as take_over;
use tokio_util::sync::CancellationToken;
use tonic::Code;
use uuid::Uuid;

use crate::answers::from;
use crate::bed::{Bed, event, eventually, message, officer, starts};

/// Publishes a fact as a service's user; `false` when the broker refuses.
pub(crate) async fn publish(
    broker: &Broker,
    key: &str,
    properties: BasicProperties,
    payload: &[u8],
) -> bool {
    let connection = broker.connect("test").await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let options = ConfirmSelectOptions::default();
    channel.confirm_select(options).await.unwrap();
    let options = BasicPublishOptions::default();
    let exchange = "lienminh.facts".into();
    let publishing = channel.basic_publish(exchange, key.into(), options, payload, properties);
    let taken = match publishing.await {
        Ok(confirm) => confirm.await.is_ok_and(|confirm| confirm.is_ack()),
        Err(_) => false,
    };
    // A refusal has closed the channel, and perhaps more.
    let _ = connection.close(200, "done".into()).await;
    taken
}

pub(crate) const MOVED: &str = "events.v1.obligation.moved";

pub(crate) async fn broker_of(bed: &Bed, service: ServiceName) -> Broker {
    let url = bed.stage.broker_url(service).await.unwrap();
    Broker::new(&url, service.as_str()).unwrap()
}

/// Takes facts in, and what is parked, until stopped.
pub(crate) async fn take_in(bed: &Bed) -> CancellationToken {
    let broker = broker_of(bed, ServiceName::Notifier).await;
    let stop = CancellationToken::new();
    let handler = FactHandler::new(bed.desk.clone());
    let facts = Consumer::new(broker.clone(), "notifier.facts", handler);
    tokio::spawn(facts.run(stop.clone()));
    tokio::spawn(take_over(bed.desk.clone(), broker, stop.clone()));
    stop
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_36_what_nobody_understands_is_parked_for_a_person_and_its_neighbour_is_taken() {
    let metrics = Metrics::install(&METERS).unwrap();
    let bed = Bed::open("2024-03-27T09:00").await;
    let stop = take_in(&bed).await;
    let events = broker_of(&bed, ServiceName::Events).await;

    let kind = "lienminh.obligation.v1.Obligation";
    let id = Uuid::now_v7().to_string();
    let named = BasicProperties::default()
        .with_type(kind.into())
        .with_message_id(id.clone().into());
    assert!(publish(&events, MOVED, named, b"\xff\xff\xff").await);
    assert!(publish(&events, MOVED, BasicProperties::default(), b"nameless").await);
    let good = message(&event(
        "ceremony",
        starts("2024-04-11T08:00"),
        "2024-03-27T09:00",
    ));
    let named = BasicProperties::default()
        .with_type(kind.into())
        .with_message_id(good.id.to_string().into())
        .with_user_id("events".into());
    assert!(publish(&events, MOVED, named, &good.payload).await);
    eventually("two are parked, one is taken", async || {
        bed.count("select count(*) from parked_message").await == 2
            && bed.count("select count(*) from obligation").await == 1
    })
    .await;

    bed.measure();
    for line in [
        r#"parked_messages_total 2"#,
        r#"notifier_parked_messages 2"#,
    ] {
        eventually(line, async || metrics.shows(line)).await;
    }

    let list = pb::ListParkedMessagesRequest::default();
    let parked = bed
        .api
        .list_parked_messages(from(officer(), list))
        .await
        .unwrap()
        .into_inner();
    let parked = parked.parked_messages;
    assert!(parked.iter().all(|each| each.queue == "notifier.facts"));
    let understood = parked.iter().find(|each| each.r#type == kind).unwrap();
    assert_eq!(understood.reason, "its bytes are no obligation");
    let redrive = || pb::RedriveParkedMessageRequest {
        name: understood.name.clone(),
        request_id: Uuid::now_v7().to_string(),
    };
    let refused = bed.api.redrive_parked_message(from(officer(), redrive()));
    let refused = refused.await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(
        refused.message().contains("still"),
        "its bytes are the same"
    );

    let nameless = parked.iter().find(|each| each.r#type.is_empty()).unwrap();
    assert_eq!(nameless.reason, "it has no message id");
    let discard = pb::DiscardParkedMessageRequest {
        name: nameless.name.clone(),
        reason: "không rõ nguồn".to_owned(),
        request_id: Uuid::now_v7().to_string(),
    };
    let discarded = bed
        .api
        .discard_parked_message(from(officer(), discard))
        .await
        .unwrap();
    assert_eq!(discarded.into_inner().state, "discarded");
    let list = pb::ListParkedMessagesRequest::default();
    let left = bed
        .api
        .list_parked_messages(from(officer(), list))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        left.parked_messages.len(),
        1,
        "what is still refused waits on"
    );
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_goes_back_as_what_it_was_or_not_at_all() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let letter = |type_name: &str, bytes: usize| NewParked {
        id: Uuid::now_v7(),
        queue: "notifier.receipts".to_owned(),
        exchange: "lienminh.receipts".to_owned(),
        routing_key: "esms".to_owned(),
        message_id: Uuid::now_v7().to_string(),
        type_name: type_name.to_owned(),
        headers: serde_json::json!({}),
        payload: vec![1; bytes],
        reason: "it is no receipt".to_owned(),
    };
    let receipt = letter(RECEIPT_TYPE, 10);
    let stranger = letter("lienminh.elsewhere.v1.Letter", 10);
    let large = letter(RECEIPT_TYPE, 70_000);
    let session = bed.desk.pool.get().await.unwrap();
    let mut outcomes = Vec::new();
    for each in [&receipt, &stranger, &large] {
        parked::insert(&session, each).await.unwrap();
        let request = pb::RedriveParkedMessageRequest {
            name: format!("parkedMessages/{}", each.id),
            request_id: Uuid::now_v7().to_string(),
        };
        let answer = bed.api.redrive_parked_message(from(officer(), request));
        outcomes.push(answer.await.map(drop).map_err(|status| status.code()));
    }
    let refused = Err(Code::FailedPrecondition);
    assert_eq!(outcomes, [Ok(()), refused, refused]);
    let sent = bed.lines("select type from outbox").await;
    assert_eq!(sent, [RECEIPT_TYPE]);
}
