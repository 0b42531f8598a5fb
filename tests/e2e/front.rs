//! The only door to the world: nginx by the files of the deployment, before running services.

use std::net::{Ipv4Addr, SocketAddr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lienminh_local::front::{self, Front};
use lienminh_local::sms::Receipt;
use lienminh_local::{ServiceName, Stage, StageOptions};
use lienminh_proto::notifier::v1::DeliveryState;
use notifier::channel::sms::receipt_token;
use reqwest::tls::TlsInfo;
use reqwest::{Client, Method, StatusCode};

use crate::house::{House, at, obligation, until};
use crate::member::{AN_BINH, Member};

/// Wrong tokens that one visitor may try in ten minutes.
const GUESSES: usize = 10;

/// A visitor with an address of his own.
fn visitor(last: u8) -> Client {
    front::visitor(Ipv4Addr::new(127, 0, 0, last)).unwrap()
}

async fn status(client: &Client, url: &str) -> StatusCode {
    client.get(url).send().await.unwrap().status()
}

/// How many wrong tokens a visitor gets through who names another address each time.
async fn guesses(client: &Client, pages: &str) -> usize {
    for guess in 0..=GUESSES {
        let try_one = client
            .get(format!("{pages}/r/guess{guess}"))
            .header("x-forwarded-for", format!("198.51.100.{guess}"));
        match try_one.send().await.unwrap().status() {
            StatusCode::NOT_FOUND => {}
            StatusCode::TOO_MANY_REQUESTS => return guess,
            other => panic!("{other}"),
        }
    }
    GUESSES + 1
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_and_receipts_come_in_by_the_front_and_nothing_else_does() {
    const SON_HA: Member = Member::new("S", "Sơn Hà").phone("0590000021");
    let mut house = House::open(&[AN_BINH, SON_HA]).await;
    house.stage.sms().rules().set("0590000021", Receipt::Never);
    let front = Front::start(&house.stage).await.unwrap();
    let secure = format!("https://{}", front.secure());
    let start = Some(at("2024-03-29T07:30"));
    let event = house
        .announce("seminar", "Hội thảo", start, &["M1", "S"])
        .await;
    house.settle().await;
    let (client, name) = (visitor(2), obligation(&event.name));

    let page = house.letter("anbinh@example.com").page();
    let token = page.rsplit_once('/').unwrap().1;
    let reply = client.post(format!("{secure}/r/{token}"));
    let reply = reply
        .header("content-type", "application/x-www-form-urlencoded")
        .body("answer=yes");
    let reply = reply.send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert!(reply.headers().contains_key("strict-transport-security"));
    assert!(reply.text().await.unwrap().contains("Đã ghi nhận"));

    let row = house.row(&name, "S", "issue").await;
    assert_eq!(row.state(), DeliveryState::Sent);
    let report = format!(
        "receipts/esms/{}?RequestId={}&SendStatus=5&SendSuccess=1",
        receipts(&house.stage).await,
        row.reference
    );
    assert_eq!(
        status(&client, &format!("{secure}/{report}")).await,
        StatusCode::OK
    );
    until("the receipt arrives", async || {
        house.row(&name, "S", "issue").await.state() == DeliveryState::Delivered
    })
    .await;

    for inside in [
        "",
        "metrics",
        "healthz",
        "readyz",
        "r",
        "receipts",
        "lienminh.events.v1.EventService/GetEvent",
        "grpc.health.v1.Health/Check",
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = client.request(method, format!("{secure}/{inside}"));
            let answer = answer.header("content-type", "application/grpc");
            let answer = answer.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{inside}");
            assert!(!answer.headers().contains_key("grpc-status"), "{inside}");
        }
    }
    let plain = client.get(format!("http://{}/r/{token}", front.plain()));
    let plain = plain.send().await.unwrap();
    assert_eq!(plain.status(), StatusCode::PERMANENT_REDIRECT);
    assert!(
        plain.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("https://")
    );
    assert!(
        front.log().contains(" replies POST 200 "),
        "{}",
        front.log()
    );
    assert!(!front.log().contains(token), "a reply's token is a secret");
}

/// The secret part of the path at which gateways report.
async fn receipts(stage: &Stage) -> String {
    const SECRET: &str = "select value from secret where name = 'receipts'";
    let notifier = stage.look_into(ServiceName::Notifier).await.unwrap();
    receipt_token(notifier.query_one(SECRET, &[]).await.unwrap().get(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_behind_the_front_are_told_apart_and_none_can_pass_for_another() {
    let options = StageOptions::default().with(ServiceName::Events, "trusted-proxy", "127.0.0.1");
    let stage = Stage::prepare(&options).await.unwrap();
    let suite = stage.suite();
    suite.migrate_one(ServiceName::Events).await.unwrap();
    suite.start_service(ServiceName::Events).await.unwrap();
    suite.wait_until_ready(ServiceName::Events).await.unwrap();
    let front = Front::start(&stage).await.unwrap();
    let secure = format!("https://{}", front.secure());
    let direct: SocketAddr = suite.address(ServiceName::Events).public;

    assert_eq!(guesses(&visitor(2), &secure).await, GUESSES);
    assert_eq!(guesses(&visitor(3), &secure).await, GUESSES);
    assert_eq!(
        guesses(&visitor(4), &format!("http://{direct}")).await,
        GUESSES
    );
    let next = status(&visitor(5), &format!("{secure}/r/guess")).await;
    assert_eq!(next, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_given_takes_the_place_of_the_fronts_own_without_a_restart() {
    let stage = Stage::prepare(&StageOptions::default()).await.unwrap();
    let front = Front::start(&stage).await.unwrap();
    let own = shown(&front).await;
    let given = stage.folder().join("front/given");
    std::fs::create_dir_all(&given).unwrap();
    let (chain, key) = (given.join("front_certificate"), given.join("front_key"));
    let signed = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-subj",
            "/CN=given",
            "-keyout",
        ])
        .args([key.as_os_str(), "-out".as_ref(), chain.as_os_str()])
        .output()
        .unwrap();
    assert!(signed.status.success());
    until("the given one is shown", async || {
        shown(&front).await != own
    })
    .await;
    let chain = std::fs::read_to_string(chain).unwrap().replace('\n', "");
    assert!(chain.contains(&STANDARD.encode(shown(&front).await)));
}

/// The certificate that a new visitor is shown.
async fn shown(front: &Front) -> Vec<u8> {
    let url = format!("https://{}", front.secure());
    let answer = visitor(6).get(url).send().await.unwrap();
    let tls = answer.extensions().get::<TlsInfo>().unwrap();
    tls.peer_certificate().unwrap().to_vec()
}
