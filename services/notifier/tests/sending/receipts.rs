use kit::consumer::{Handler as _, Message, Outcome};
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use notifier::store::receipt::{RECEIPT_TYPE, ReceiptNotice};
use notifier::work::receipts::Receipts;
use prost::Message as _;
use uuid::Uuid;

use crate::bed::{Bed, eventually};

fn message(notice: &ReceiptNotice) -> Message {
    Message {
        id: Uuid::now_v7(),
        type_name: RECEIPT_TYPE.to_owned(),
        source: "notifier".to_owned(),
        publisher: None,
        routing_key: "esms".to_owned(),
        aggregate: None,
        sequence: None,
        occurred_at: None,
        traceparent: None,
        redelivered: false,
        payload: notice.encode_to_vec(),
    }
}

/// It waits at the gateway, which calls it so.
pub(crate) fn pending(delivery: Uuid, name: &str) -> Message {
    message(&ReceiptNotice {
        provider: "esms".to_owned(),
        reference: delivery.to_string(),
        status: "pending".to_owned(),
        code: "2".to_owned(),
        message_id: name.to_owned(),
    })
}

async fn report(bed: &Bed, token: &str, reference: &str, success: bool) -> u16 {
    let url = format!(
        "{}/receipts/esms/{token}?SMSID=1&SendStatus=5&SendSuccess={}&SendFailed=0&RequestId={reference}",
        bed.receipts_url,
        u8::from(success)
    );
    reqwest::get(url).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_32_receipts_twice_out_of_order_and_for_strangers_end_in_one_state() {
    let bed = Bed::open().await;
    bed.sms
        .rules()
        .set("059", lienminh_local::sms::Receipt::Never);
    let running = bed.run().await;
    let id = bed
        .queue(Channel::Sms, "+84590000002", Class::Invitation)
        .await;
    bed.reaches(id, "SENT").await;
    let stranger = Uuid::now_v7().to_string();
    for (reference, success) in [
        (stranger.as_str(), true),
        ("not-a-reference", true),
        (&id.to_string(), false),
        (&id.to_string(), true),
        (&id.to_string(), true),
        (&id.to_string(), false),
    ] {
        assert_eq!(report(&bed, "token", reference, success).await, 200);
    }
    eventually("all six receipts are kept", async || {
        bed.count("select count(*) from receipt").await == 6
    })
    .await;
    bed.reaches(id, "DELIVERED").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_the_database_cannot_hold_is_poison_and_its_neighbours_are_applied() {
    let bed = Bed::open().await;
    let receipt = |status: &str, code: &str| {
        message(&ReceiptNotice {
            provider: "esms".to_owned(),
            reference: Uuid::now_v7().to_string(),
            status: status.to_owned(),
            code: code.to_owned(),
            message_id: String::new(),
        })
    };
    let mut stranger = receipt("delivered", "");
    stranger.type_name.clear();
    let batch = [
        receipt("delivered", "5"),
        receipt("perhaps", "5"),
        // Hidden signs are cleaned away.
        receipt("failed", "\0"),
        stranger,
        receipt("pending", "2"),
    ];
    let outcomes = Receipts(bed.desk.clone()).handle(&batch).await;
    let poison: Vec<bool> = outcomes
        .iter()
        .map(|outcome| matches!(outcome, Outcome::Poison(_)))
        .collect();
    assert_eq!(poison, [false, true, false, true, false], "{outcomes:?}");
    assert_eq!(bed.count("select count(*) from receipt").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_with_a_wrong_token_finds_no_page_and_leaves_nothing() {
    let bed = Bed::open().await;
    assert_eq!(
        report(&bed, "guess", &Uuid::now_v7().to_string(), true).await,
        404
    );
    assert_eq!(bed.count("select count(*) from outbox").await, 0);
}
