//! Who did what is written down: every change once, nothing else, and nobody rewrites it (S25).

mod book;
mod events;
mod funding;
pub(crate) mod notifier;
mod registry;
mod tamper;

use lienminh_local::ServiceName;
use prost::Message as _;

use self::book::{Book, Row};
use crate::house::{House, at};
use crate::member::{AN_BINH, BINH_MINH, DONG_TAM};
use crate::rpcs::{every_rpc, learn, put_names};

#[tokio::test(flavor = "multi_thread")]
async fn every_change_leaves_one_audit_row_and_nothing_else_leaves_any() {
    let mut house = House::open(&[AN_BINH, BINH_MINH, DONG_TAM]).await;
    let page = something_to_decide(&mut house).await;
    let mut book = Book::open(&house).await;
    registry::deeds(&mut book).await;
    events::deeds(&mut book).await;
    funding::deeds(&mut book).await;
    notifier::deeds(&mut book).await;
    book.is_complete();
    a_visitor_of_a_page(&mut book, &page).await;
    readers(&mut book).await;
}

/// The link in an invitation, an unknown delivery and two parked messages.
async fn something_to_decide(house: &mut House) -> String {
    notifier::lose_answers(house, "dongtam@example.com");
    house
        .announce(
            "ceremony",
            "Lễ phát động",
            Some(at("2024-03-29T07:30")),
            &["M1", "M4"],
        )
        .await;
    house.settle().await;
    notifier::park_messages(house).await;
    house.letter("anbinh@example.com").page()
}

/// Whoever answers on a page has no token; what was answered is written down all the same.
async fn a_visitor_of_a_page(book: &mut Book<'_>, page: &str) {
    let browser = reqwest::Client::new();
    browser.get(page).send().await.unwrap();
    assert_eq!(book.news().await, [], "looking changes nothing");
    let post = |page: &str| {
        let form = browser.post(page).body("answer=yes&attendees=2");
        form.header("content-type", "application/x-www-form-urlencoded")
    };
    let refused = post(&format!("{page}x")).send().await.unwrap();
    assert_eq!(refused.status(), 404);
    assert_eq!(book.news().await, [], "a forged link changes nothing");
    assert_eq!(post(page).send().await.unwrap().status(), 200);
    let found = book.news().await;
    let [row] = found.as_slice() else {
        panic!("{found:#?}");
    };
    assert_eq!(
        (row.service, row.method.as_str(), row.subject.as_str()),
        (ServiceName::Events, "reply page", "page:reply")
    );
    let about = row.resource.as_deref().unwrap_or_default();
    assert!(about.contains("/invitations/"), "{row:?}");
    assert_eq!(post(page).send().await.unwrap().status(), 200);
    assert_eq!(book.news().await, [], "the second click changes nothing");
}

/// Every rpc that changes nothing, asked about what there is.
async fn readers(book: &mut Book<'_>) {
    let token = book.officer.token.clone();
    let mut readers = 0;
    let mut unanswered = Vec::new();
    for rpc in every_rpc(&book.house.stage) {
        if rpc.changes_something() || rpc.sets_the_clock() {
            continue;
        }
        let mut request = learn(&rpc, &token).await;
        put_names(&mut request, &names(book.house, rpc.server()).await);
        let answer = rpc
            .call(Some(&token), "vi", request.encode_to_vec().into())
            .await;
        match answer {
            Ok(_) => readers += 1,
            Err(status) => unanswered.push(format!("{}: {status:?}", rpc.name())),
        }
        let none: [Row; 0] = [];
        assert_eq!(book.news().await, none, "{} only reads", rpc.name());
    }
    assert!(unanswered.is_empty(), "{}", unanswered.join("\n"));
    assert!(readers > 40, "{readers} only read");
}

/// A name of each kind that a reader may ask this service for.
async fn names(house: &House, asked: ServiceName) -> Vec<(&'static str, String)> {
    let mut names = Vec::new();
    for (kind, service, query) in NAMES {
        if kind == "obligations" && service != asked {
            continue;
        }
        let database = house.stage.look_into(service).await.unwrap();
        let row = database.query_one(query, &[]).await.unwrap();
        names.push((kind, row.get(0)));
    }
    names
}

/// The kind of a name, who knows it, and how to find one.
const NAMES: [(&str, ServiceName, &str); 12] = [
    (
        "organisations",
        ServiceName::Registry,
        "select 'organisations/' || organisation_id from contact limit 1",
    ),
    (
        "contacts",
        ServiceName::Registry,
        "select 'organisations/' || organisation_id || '/contacts/' || id from contact limit 1",
    ),
    (
        "admissionBatches",
        ServiceName::Registry,
        "select 'admissionBatches/' || id from admission_batch limit 1",
    ),
    (
        "plans",
        ServiceName::Events,
        "select 'plans/' || id from plan limit 1",
    ),
    (
        "events",
        ServiceName::Events,
        "select 'events/' || id from event limit 1",
    ),
    (
        "deadlines",
        ServiceName::Events,
        "select 'deadlines/' || id from deadline limit 1",
    ),
    (
        "programmes",
        ServiceName::Funding,
        "select 'programmes/' || id from programme limit 1",
    ),
    (
        "applications",
        ServiceName::Funding,
        "select 'applications/' || id from application limit 1",
    ),
    (
        "obligations",
        ServiceName::Events,
        "select name from obligation limit 1",
    ),
    (
        "obligations",
        ServiceName::Registry,
        "select 'registry/obligations/admission_batch-' || id from admission_batch limit 1",
    ),
    (
        "obligations",
        ServiceName::Funding,
        "select 'funding/obligations/' || kind || '-' || id from obligation limit 1",
    ),
    (
        "obligations",
        ServiceName::Notifier,
        "select name from obligation limit 1",
    ),
];
