//! What is personal or secret stands in no log and no metric, also where things go wrong.

use lienminh_cli::connect::Clients;
use lienminh_cli::load::fresh_request_id;
use lienminh_local::ServiceName;
use lienminh_local::sms::{Answer, Receipt};
use lienminh_local::smtp::Behaviour;
use lienminh_proto::events::v1::{AnswerByCodeRequest, CodeAnswer};
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::{Contact, CreateContactRequest};

use tonic::Code;

use crate::house::{House, at, obligation, options};
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM};

const LOUD: &str = "info,kit=debug,registry=debug,events=debug,funding=debug,notifier=debug";

#[tokio::test(flavor = "multi_thread")]
async fn no_log_and_no_metric_names_an_address_a_telephone_or_a_token() {
    let mut stage = options();
    for service in ServiceName::ALL {
        stage = stage.with(service, "log", LOUD);
    }
    let mut house = House::with(&stage, &[AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM]).await;
    let smtp = house.stage.smtp().rules();
    smtp.set("dongtam@example.com", Behaviour::RefuseRecipient(550));
    smtp.set_times("anbinh@example.com", Behaviour::DropBeforeData, 1);
    let sms = house.stage.sms().rules();
    sms.set("0590000002", Receipt::Failed);
    sms.set_times("0590000001", Answer::HttpError(500), 1);
    let codes = ["M1", "M2", "M3", "M4"];
    let event = house
        .announce(
            "ceremony",
            "Lễ phát động",
            Some(at("2024-03-29T07:30")),
            &codes,
        )
        .await;
    house.to("2024-03-28T12:00").await;

    // Callers that are refused, with what they sent.
    let contact = Contact {
        person_name: "Trần Văn Bí Mật".to_owned(),
        email: "bimat@example".to_owned(),
        phone: "0590000999000".to_owned(),
        ..Default::default()
    };
    let request = CreateContactRequest {
        parent: house.member("M1"),
        contact: Some(contact),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    house
        .officer
        .contacts()
        .create_contact(request)
        .await
        .unwrap_err();
    let request = AnswerByCodeRequest {
        code: "918273".to_owned(),
        answer: CodeAnswer::Yes.into(),
        attendees: 0,
        attendee_names: String::new(),
        request_id: fresh_request_id(),
    };
    house
        .officer
        .answers()
        .answer_by_code(request)
        .await
        .unwrap_err();
    let page = house.letters("anbinh@example.com").remove(0).page();
    reqwest::get(&page).await.unwrap();
    reqwest::get(format!("{page}forged")).await.unwrap();
    let forged = lienminh_cli::args::Connection {
        token: Some("forged-token-of-nobody".to_owned()),
        ..house.connection.clone()
    };
    let forged = Clients::new(&forged).unwrap();
    let none = lienminh_proto::funding::v1::VerifyLedgerRequest {};
    forged.funding().verify_ledger(none).await.unwrap_err();

    surprise(&house).await;

    let mut planted: Vec<String> = [
        "anbinh@",
        "dongtam@",
        "khht@",
        "vanphong@",
        "bimat",
        "batngo",
        "590000001",
        "590000002",
        "2613000003",
        "590000999",
        "Lê Thanh Khánh",
        "Bí Mật",
        "918273",
        "forged-token",
        "PRIVATE KEY",
    ]
    .map(str::to_owned)
    .to_vec();
    planted.push(page.rsplit_once('/').unwrap().1.to_owned());
    planted.push(house.connection.token.clone().unwrap());
    for code in ["M1", "M2"] {
        planted.push(answer_code(&house, &obligation(&event.name), code).await);
    }
    for service in ServiceName::ALL {
        let log = std::fs::read_to_string(house.stage.suite().log(service)).unwrap();
        assert!(log.contains("ready"), "this is the log of {service}");
        let http = house.stage.suite().address(service).http;
        let metrics = reqwest::get(format!("http://{http}/metrics"))
            .await
            .unwrap();
        let metrics = metrics.text().await.unwrap();
        assert!(metrics.contains("# TYPE"), "{service} counts something");
        for secret in &planted {
            for (what, text) in [("log", &log), ("metrics", &metrics)] {
                let found = text.lines().find(|line| line.contains(secret.as_str()));
                assert_eq!(found, None, "{secret} in the {what} of {service}");
            }
        }
    }
}

/// A refusal by the database that nobody foresaw: its detail quotes the whole row.
async fn surprise(house: &House) {
    let registry = house.stage.look_into(ServiceName::Registry).await.unwrap();
    let surprise = "alter table contact add constraint surprise check (email not like 'batngo%')";
    registry.batch_execute(surprise).await.unwrap();
    let request = CreateContactRequest {
        parent: house.member("M1"),
        contact: Some(Contact {
            person_name: "Trần Văn Bí Mật".to_owned(),
            email: "batngo@example.com".to_owned(),
            position: Position::Director.into(),
            ..Default::default()
        }),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let answer = house.officer.contacts().create_contact(request).await;
    let status = answer.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let said = format!("{status:?} {}", String::from_utf8_lossy(status.details()));
    for inside in [
        "surprise", "contact", "batngo", "23514", "check", "postgres",
    ] {
        assert!(!said.contains(inside), "{inside} in {said}");
    }
}

async fn answer_code(house: &House, obligation: &str, code: &str) -> String {
    let request = lienminh_proto::obligation::v1::CheckPartiesRequest {
        obligation: obligation.to_owned(),
        organisations: house.members(&[code]),
    };
    let answer = house.officer.event_source().check_parties(request).await;
    let party = answer.unwrap().into_inner().parties.remove(0);
    assert!(party.answer_code.len() >= 6);
    party.answer_code
}
