use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use uuid::Uuid;

use crate::bed::{Bed, eventually};

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
async fn a_report_with_a_wrong_token_finds_no_page_and_leaves_nothing() {
    let bed = Bed::open().await;
    assert_eq!(
        report(&bed, "guess", &Uuid::now_v7().to_string(), true).await,
        404
    );
    assert_eq!(bed.count("select count(*) from outbox").await, 0);
}
