//! The SMS gateway double, spoken to over HTTP.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::routing::get;
use lienminh_local::acceptance::AcceptanceLog;
use lienminh_local::sms::{AcceptedSms, Answer, Noise, Receipt, SmsGateway, SmsOptions};
use lienminh_local::wait;
use serde_json::{Value, json};

type Receipts = Arc<Mutex<Vec<HashMap<String, String>>>>;

struct Sender {
    callback_url: String,
    client: reqwest::Client,
    gateway: SmsGateway,
    receipts: Receipts,
    _folder: tempfile::TempDir,
}

async fn receive(State(receipts): State<Receipts>, Query(fields): Query<HashMap<String, String>>) {
    receipts.lock().unwrap().push(fields);
}

async fn sender() -> Sender {
    let folder = tempfile::tempdir().unwrap();
    let gateway = SmsGateway::start(SmsOptions::in_folder(folder.path()))
        .await
        .unwrap();
    let receipts = Receipts::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback_url = format!(
        "http://{}/receipts/esms/token",
        listener.local_addr().unwrap()
    );
    let routes = axum::Router::new()
        .route("/receipts/esms/token", get(receive))
        .with_state(receipts.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    Sender {
        callback_url,
        client,
        gateway,
        receipts,
        _folder: folder,
    }
}

impl Sender {
    fn url(&self) -> String {
        let gateway = self.gateway.url();
        format!("{gateway}/MainService.svc/json/SendMultipleMessage_V4_post_json/")
    }

    async fn send(&self, order: &Value) -> Value {
        let posting = self.client.post(self.url()).json(order).send();
        posting.await.unwrap().json().await.unwrap()
    }

    async fn post(&self, phone: &str, request_id: &str) -> reqwest::Result<Value> {
        let order = json!({
            "ApiKey": "stage", "SecretKey": "stage", "Phone": phone, "Content": "Kinh moi Quy HTX", "Brandname": "LMHTX",
            "SmsType": "2", "IsUnicode": "0", "Sandbox": "0", "RequestId": request_id, "CallbackUrl": self.callback_url,
        });
        self.client
            .post(self.url())
            .json(&order)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await
    }

    async fn code(&self, phone: &str, request_id: &str) -> String {
        self.post(phone, request_id).await.unwrap()["CodeResult"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Page "Get SMS by SMSID": what the gateway tells of a message asked for like this.
    async fn status(&self, query: &str) -> Value {
        let url = format!(
            "{}/MainService.svc/json/GetSendStatus?{query}&ApiKey=stage&SecretKey=stage",
            self.gateway.url()
        );
        let asking = self.client.get(url).send();
        asking.await.unwrap().json().await.unwrap()
    }

    async fn settled(&self) -> Vec<HashMap<String, String>> {
        wait::until("all receipts told", Duration::from_secs(5), || async {
            Ok(self.gateway.outstanding_callbacks() == 0)
        })
        .await
        .unwrap();
        self.receipts.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn an_accepted_order_is_logged_answered_and_receipted() {
    let sender = sender().await;
    let answer = sender.post("84590000001", "r-1").await.unwrap();
    assert_eq!(answer["CodeResult"], "100");
    let logged: Vec<AcceptedSms> = AcceptanceLog::read(sender.gateway.log()).unwrap();
    assert_eq!(
        (
            logged[0].to.as_str(),
            logged[0].request_id.as_str(),
            logged[0].segments
        ),
        ("0590000001", "r-1", 1)
    );
    let receipts = sender.settled().await;
    assert_eq!(receipts.len(), 1);
    let receipt = &receipts[0];
    assert_eq!(receipt["SMSID"], answer["SMSID"].as_str().unwrap());
    assert_eq!(
        (
            receipt["SendStatus"].as_str(),
            receipt["SendSuccess"].as_str()
        ),
        ("5", "1")
    );
    assert_eq!(
        (
            receipt["RequestId"].as_str(),
            receipt["phonenumber"].as_str()
        ),
        ("r-1", "0590000001")
    );
    assert_eq!(receipt["TotalPrice"], "800.0000");
}

#[tokio::test]
async fn wrong_keys_types_senders_and_numbers_are_refused_by_the_table_of_codes() {
    let sender = sender().await;
    sender.gateway.rules().set("0590000009", Answer::Refuse(99));
    assert_eq!(sender.code("02083851234", "a").await, "108");
    assert_eq!(sender.code("0590000009", "b").await, "99");
    assert_eq!(sender.code("0590000001", &"x".repeat(51)).await, "110");
    let keys =
        json!({ "ApiKey": "stage", "SecretKey": "stage", "Phone": "0590000001", "Content": "x" });
    for (field, value, code) in [
        ("ApiKey", "no", "101"),
        ("SmsType", "", "300"),
        ("SmsType", "24", "118"),
        ("SmsType", "2", "104"),
    ] {
        let mut order = keys.clone();
        order[field] = value.into();
        assert_eq!(sender.send(&order).await["CodeResult"], code);
    }
    let mut rehearsal = keys.clone();
    rehearsal["SmsType"] = "8".into();
    rehearsal["Sandbox"] = 1.into();
    assert_eq!(sender.send(&rehearsal).await["CodeResult"], "100");
    assert!(sender.gateway.accepted().is_empty());
}

#[tokio::test]
async fn an_order_without_an_answer_is_accepted_and_its_repetition_a_duplicate() {
    let sender = sender().await;
    sender
        .gateway
        .rules()
        .set_times("059", Answer::AcceptThenSilence(Duration::from_secs(20)), 1);
    let failure = sender.post("0590000001", "r-1").await.unwrap_err();
    assert!(failure.is_timeout(), "{failure:?}");
    assert_eq!(sender.code("0590000001", "r-1").await, "124");
    assert_eq!(sender.gateway.accepted().len(), 1);
    assert_eq!(sender.gateway.counters().duplicates, 1);
    assert_eq!(sender.settled().await.len(), 1);

    let id = sender.gateway.accepted()[0].id.clone();
    let told = sender.status(&format!("RefId={id}")).await;
    assert_eq!(
        (&told["CodeResponse"], &told["SendSuccess"]),
        (&json!("100"), &json!(1))
    );
    for unknown in ["RequestId=r-1", "RefId=r-1", "RefId="] {
        assert_eq!(sender.status(unknown).await["CodeResponse"], "105");
    }
}

#[tokio::test]
async fn a_request_id_is_known_again_for_a_day_and_no_longer() {
    let sender = sender().await;
    assert_eq!(sender.code("0590000001", "r-1").await, "100");
    sender
        .gateway
        .pass(jiff::SignedDuration::from_mins(24 * 60 - 1));
    assert_eq!(sender.code("0590000001", "r-1").await, "124");
    sender.gateway.pass(jiff::SignedDuration::from_mins(1));
    assert_eq!(sender.code("0590000001", "r-1").await, "100");
    assert_eq!(sender.gateway.accepted().len(), 2);
}

#[tokio::test]
async fn an_order_may_be_refused_before_it_is_known_again() {
    let sender = sender().await;
    assert_eq!(sender.code("0590000001", "r-1").await, "100");
    let rules = sender.gateway.rules();
    rules.set_times("059", Answer::RefuseFirst(103), 1);
    assert_eq!(sender.code("0590000001", "r-1").await, "103");
    assert_eq!(sender.code("0590000001", "r-1").await, "124");
}

#[tokio::test]
async fn an_answer_that_nobody_documented_comes_after_acceptance() {
    let sender = sender().await;
    for (number, noise) in [
        Noise::Page,
        Noise::Long,
        Noise::Deep,
        Noise::Packed,
        Noise::Latin1,
    ]
    .into_iter()
    .enumerate()
    {
        let phone = format!("059000000{number}");
        let rules = sender.gateway.rules();
        rules.set(&phone, Answer::AcceptThenNoise(noise));
        // None of them is what a plain reader of JSON takes.
        let told = sender.post(&phone, &phone).await;
        assert!(told.is_err() || noise == Noise::Long, "{noise:?}");
        assert_eq!(sender.gateway.accepted_for(&phone).len(), 1);
    }
}

#[tokio::test]
async fn the_same_order_fifty_times_at_once_is_accepted_once() {
    let sender = Arc::new(sender().await);
    let mut orders = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let sender = sender.clone();
        orders.spawn(async move { sender.code("0590000001", "same").await });
    }
    let codes = orders.join_all().await;
    assert_eq!(
        codes.iter().filter(|code| *code == "100").count(),
        1,
        "{codes:?}"
    );
    // Known already, or in hand at the same moment.
    let others = codes
        .iter()
        .filter(|code| ["124", "199"].contains(&code.as_str()));
    assert_eq!(others.count(), 49);
}

#[tokio::test]
async fn receipts_come_early_twice_failed_for_strangers_or_never() {
    let sender = sender().await;
    let rules = sender.gateway.rules();
    rules.set("0590000001", Receipt::BeforeAnswer);
    rules.set("0590000002", Receipt::Twice);
    rules.set("0590000003", Receipt::Failed);
    rules.set("0590000004", Receipt::UnknownIdFirst);
    rules.set("0590000005", Receipt::Never);
    rules.set("0590000006", Receipt::WaitingFirst);

    assert_eq!(sender.code("0590000001", "1").await, "100");
    assert_eq!(
        sender.receipts.lock().unwrap().len(),
        1,
        "the receipt was there before the answer"
    );
    for number in 2..=6 {
        assert_eq!(
            sender
                .code(&format!("059000000{number}"), &number.to_string())
                .await,
            "100"
        );
    }
    let receipts = sender.settled().await;
    let of = |id: &str| {
        receipts
            .iter()
            .filter(|receipt| receipt["RequestId"] == id)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("2").len(), 2);
    assert_eq!(
        (
            of("3")[0]["SendStatus"].as_str(),
            of("3")[0]["SendSuccess"].as_str()
        ),
        ("5", "0")
    );
    assert_eq!(of("4").len(), 1);
    assert_eq!(of("5").len(), 0);
    assert_eq!(
        of("6")
            .iter()
            .map(|receipt| receipt["SendStatus"].as_str())
            .collect::<Vec<_>>(),
        ["2", "5"]
    );
    assert_eq!(receipts.len(), 1 + 2 + 1 + 2 + 2);
    assert_eq!(sender.gateway.counters().receipts, 8);
}

#[tokio::test]
async fn the_generic_api_answers_an_id_and_knows_a_repetition() {
    let sender = sender().await;
    let url = format!("{}/send", sender.gateway.url());
    let order = json!({ "to": "0590000001", "text": "Kính mời Quý HTX", "request_id": "g-1" });
    let first = sender.client.post(&url).json(&order).send().await.unwrap();
    assert_eq!(first.status(), 200);
    let first: Value = first.json().await.unwrap();
    let second = sender.client.post(&url).json(&order).send().await.unwrap();
    assert_eq!(second.status(), 409);
    assert_eq!(second.json::<Value>().await.unwrap()["id"], first["id"]);
    let status = sender
        .client
        .get(format!("{}/messages/g-1", sender.gateway.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(status.json::<Value>().await.unwrap()["status"], "delivered");
}
