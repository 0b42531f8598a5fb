//! What belongs to others looks like what does not exist (S3).

use lienminh_local::suite::Token;
use lienminh_proto::notifier::v1::ListDeliveriesRequest;
use prost::Message as _;
use tonic::Status;

use crate::house::{House, at, through};
use crate::member::{AN_BINH, DONG_TAM};
use crate::rpcs::{every_rpc, learn, put_names};

/// What the alliance plans and demands is its members' common knowledge; who is invited, who has
/// answered and how anybody is reached is not.
const COMMON: [&str; 2] = [
    "/lienminh.events.v1.DeadlineService/GetDeadline",
    "/lienminh.events.v1.EventService/GetEvent",
];

/// Names of another member's affairs, by the beginning that they share with all of their kind.
async fn affairs_of(house: &mut House, member: &str) -> Vec<(&'static str, String)> {
    let event = house
        .announce(
            "ceremony",
            "Lễ phát động",
            Some(at("2024-03-29T07:30")),
            &[member],
        )
        .await;
    let deadline = house
        .demand("Báo cáo", through("2024-03-28"), &[member])
        .await;
    house.to("2024-03-04T12:00").await;
    let request = ListDeliveriesRequest {
        organisation: house.member(member),
        ..Default::default()
    };
    let answer = house.officer.notifier().list_deliveries(request).await;
    let delivery = answer.unwrap().into_inner().deliveries.remove(0);
    let request = lienminh_proto::registry::v1::ListContactsRequest {
        parent: house.member(member),
        ..Default::default()
    };
    let answer = house.officer.contacts().list_contacts(request).await;
    let contact = answer.unwrap().into_inner().contacts.remove(0);
    vec![
        ("contacts", contact.name),
        ("organisations", house.member(member)),
        ("events", event.name),
        ("deadlines", deadline.name),
        ("deliveries", delivery.name),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_caller_cannot_tell_what_is_anothers_from_what_does_not_exist() {
    let mut house = House::open(&[AN_BINH, DONG_TAM]).await;
    let affairs = affairs_of(&mut house, "M4").await;
    let token = |token: Token| house.stage.suite().token(&token).unwrap();
    let officer = token(Token::new("user:walker", "*"));
    let bound = token(Token::new("member:an-binh", "*").bound_to(&house.member("M1")));
    let mut compared = 0;
    let mut told = Vec::new();
    for rpc in every_rpc(&house.stage) {
        let missing = learn(&rpc, &officer).await;
        let mut theirs = missing.clone();
        if !put_names(&mut theirs, &affairs) {
            continue;
        }
        compared += 1;
        let mut answers = Vec::new();
        for body in [missing, theirs] {
            let answer = rpc
                .call(Some(&bound), "en", body.encode_to_vec().into())
                .await;
            answers.push(answer.map_err(|status| (status.code(), words(&status))));
        }
        if answers[0] != answers[1] && !COMMON.contains(&rpc.name()) {
            told.push(format!("{}: {answers:?}", rpc.name()));
        }
    }
    assert!(compared > 20, "{compared} rpcs take such names");
    assert!(
        told.is_empty(),
        "{} of {compared} tell:\n{}",
        told.len(),
        told.join("\n")
    );
}

/// What an answer says, less the names that were asked for.
fn words(status: &Status) -> String {
    let plain: Vec<_> = status
        .message()
        .split_whitespace()
        .map(|word| word.split_once('/').map_or(word, |(kind, _)| kind))
        .collect();
    plain.join(" ")
}
