//! Whoever looks people up too often waits, and nobody else does (S21).

use std::time::Duration;

use lienminh_cli::connect::Clients;
use lienminh_local::ServiceName;
use lienminh_local::suite::Token;
use lienminh_proto::registry::v1::{GetOrganisationRequest, ListContactsRequest};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::house::House;
use crate::member::{AN_BINH, BINH_MINH};

/// What a member has at once, by default.
const BURST: usize = 20;

/// Far more than a member gets in the time that so many calls take.
const FLOOD: usize = 1_000;

fn bound(house: &House, subject: &str, code: &str) -> Clients {
    let own = house.member(code);
    house.caller(&Token::new(subject, "*").bound_to(&own))
}

async fn look_up(house: &House, caller: &Clients, code: &str) -> Result<(), Status> {
    let request = ListContactsRequest {
        parent: house.member(code),
        ..Default::default()
    };
    caller.contacts().list_contacts(request).await.map(drop)
}

/// Asks until it is refused; tells after how many, and how.
async fn flood(house: &House, caller: &Clients, code: &str) -> (usize, Status) {
    for taken in 0..FLOOD {
        if let Err(status) = look_up(house, caller, code).await {
            return (taken, status);
        }
    }
    panic!("{FLOOD} look-ups in a row were answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_floods_look_ups_is_told_to_wait_and_others_keep_their_service() {
    let house = House::open(&[AN_BINH, BINH_MINH]).await;
    let greedy = bound(&house, "member:an-binh", "M1");
    let (taken, refused) = flood(&house, &greedy, "M1").await;
    assert!(taken >= BURST, "{taken} were answered");
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused:?}");
    let details = refused.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "TOO_MANY_LOOKUPS");
    let words = details.localized_message().unwrap();
    assert!(words.locale.starts_with("vi"), "{words:?}");
    let wait = details.retry_info().unwrap().retry_delay.unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_millis(100));

    let modest = bound(&house, "member:binh-minh", "M2");
    for _ in 0..BURST {
        look_up(&house, &modest, "M2").await.unwrap();
    }
    for _ in 0..3 * BURST {
        look_up(&house, &house.officer, "M1").await.unwrap();
    }
    // What finds nobody is not counted, also for whoever has to wait.
    flood(&house, &greedy, "M1").await;
    let request = GetOrganisationRequest {
        name: house.member("M1"),
    };
    for _ in 0..BURST {
        let mut desk = greedy.organisations();
        desk.get_organisation(request.clone()).await.unwrap();
    }

    // The wait that was told is enough.
    let (_, refused) = flood(&house, &greedy, "M1").await;
    let told = refused.get_details_retry_info().unwrap();
    tokio::time::sleep(told.retry_delay.unwrap()).await;
    look_up(&house, &greedy, "M1").await.unwrap();
    let http = house.stage.suite().address(ServiceName::Registry).http;
    let metrics = reqwest::get(format!("http://{http}/metrics"))
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("lookups_refused_total"), "{metrics}");
}
