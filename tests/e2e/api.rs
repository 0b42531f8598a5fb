//! What every caller may rely on: once is once, stale is refused, nobody sees what is not theirs.

use lienminh_cli::args::Connection;
use lienminh_cli::connect::Clients;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_local::ServiceName;
use lienminh_local::suite::Token;
use lienminh_proto::events::v1::{
    BatchInviteRequest, CancelEventRequest, CreateDeadlineRequest, CreateEventRequest, Deadline,
    Event, EventState, GetEventRequest, ListEventsRequest, ListInvitationsRequest,
    PostponeEventRequest,
};
use lienminh_proto::funding::v1::{CreateProgrammeRequest, Programme, VerifyLedgerRequest};
use lienminh_proto::notifier::v1::{ListDeliveriesRequest, ResolveDeliveryRequest};
use lienminh_proto::registry::v1::{
    BatchGetContactsRequest, CreateOrganisationRequest, GetOrganisationRequest,
    ListOrganisationsRequest, Organisation,
};
use tokio::task::JoinSet;
use tonic::{Code, Status};
use tonic_types::{FieldViolation, StatusExt};

use crate::house::{House, at, through};
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM};

const START: &str = "2024-03-22T08:00";

/// The fields that a refusal names, with the reasons.
pub(crate) fn violations(status: &Status) -> Vec<FieldViolation> {
    let details = status.get_details_bad_request();
    details.map_or_else(Vec::new, |details| details.field_violations)
}

fn fields(status: &Status) -> Vec<String> {
    let violations = violations(status);
    violations
        .into_iter()
        .map(|violation| violation.field)
        .collect()
}

async fn count(house: &House, service: ServiceName, table: &str) -> i64 {
    let database = house.stage.look_into(service).await.unwrap();
    // The names of tables are this file's own.
    let row = database
        .query_one(&format!("select count(*) from {table}"), &[])
        .await;
    row.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_calls_with_one_request_id_have_one_effect_and_one_answer() {
    let house = House::open(&[AN_BINH]).await;
    let request = CreateEventRequest {
        event: Some(house.event("seminar", "Hội thảo", Some(at(START)))),
        announce: true,
        invitees: house.members(&["M1"]),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let (mut client, request) = (house.officer.events(), request.clone());
        calls.spawn(async move { client.create_event(request).await.unwrap().into_inner() });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.len(), 50);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "the same answer"
    );
    assert_eq!(count(&house, ServiceName::Events, "event").await, 1);
    assert_eq!(count(&house, ServiceName::Events, "invitation").await, 1);

    let mut other = request.clone();
    other.announce = false;
    let refused = house
        .officer
        .events()
        .create_event(other)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(fields(&refused), ["request_id"]);

    // Another deed under the same key is another request.
    let cancel = CancelEventRequest {
        name: answers[0].name.clone(),
        request_id: request.request_id.clone(),
        ..Default::default()
    };
    let cancelled = house.officer.events().cancel_event(cancel).await.unwrap();
    assert_eq!(cancelled.into_inner().state(), EventState::Cancelled);

    // The key is the caller's own: somebody else may choose the same.
    let somebody = house.caller(&Token::new("user:minh", "*"));
    let theirs = somebody
        .events()
        .create_event(request)
        .await
        .unwrap()
        .into_inner();
    assert_ne!(theirs.name, answers[0].name);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_saw_the_same_etag_one_is_told_to_look_again() {
    let house = House::open(&[AN_BINH]).await;
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["M1"])
        .await;
    let postpone = PostponeEventRequest {
        name: event.name.clone(),
        etag: event.etag.clone(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let cancel = CancelEventRequest {
        name: event.name.clone(),
        etag: event.etag.clone(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let (mut one, mut other) = (house.officer.events(), house.officer.events());
    let (postponed, cancelled) =
        tokio::join!(one.postpone_event(postpone), other.cancel_event(cancel));
    let outcomes = [postponed, cancelled];
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    let refused = outcomes.into_iter().find_map(Result::err).unwrap();
    assert_eq!(refused.code(), Code::Aborted);
    assert_eq!(refused.get_details_error_info().unwrap().domain, "lienminh");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_serves_only_the_list_it_came_from() {
    let house = House::open(&[AN_BINH]).await;
    for number in 0..3 {
        let title = format!("Hội thảo {number}");
        house
            .announce("seminar", &title, Some(at(START)), &["M1"])
            .await;
    }
    let request = ListEventsRequest {
        page_size: 2,
        ..Default::default()
    };
    let mut client = house.officer.events();
    let page = client
        .list_events(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(page.events.len(), 2);
    let next = ListEventsRequest {
        page_token: page.next_page_token.clone(),
        ..request.clone()
    };
    let rest = client.list_events(next.clone()).await.unwrap().into_inner();
    assert_eq!((rest.events.len(), rest.next_page_token.as_str()), (1, ""));
    let foreign = ListEventsRequest {
        states: vec![EventState::Cancelled.into()],
        ..next.clone()
    };
    let refused = client.list_events(foreign).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(fields(&refused), ["page_token"]);
    let request = ListOrganisationsRequest {
        page_size: 1,
        ..Default::default()
    };
    let mut registry = house.officer.organisations();
    let page = registry
        .list_organisations(request.clone())
        .await
        .unwrap()
        .into_inner();
    let foreign = ListOrganisationsRequest {
        page_token: page.next_page_token,
        order_by: "update_time".to_owned(),
        ..request
    };
    let refused = registry.list_organisations(foreign).await.unwrap_err();
    assert_eq!(
        (refused.code(), fields(&refused)),
        (Code::InvalidArgument, vec!["page_token".to_owned()])
    );
    let forged = ListDeliveriesRequest {
        page_token: next.page_token,
        ..Default::default()
    };
    let refused = house
        .officer
        .notifier()
        .list_deliveries(forged)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_does_what_its_token_says_and_nothing_else() {
    let house = House::open(&[AN_BINH]).await;
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["M1"])
        .await;
    let reader = house.caller(&Token::new(
        "system:portal",
        "events.events.get events.plans.*",
    ));
    let get = GetEventRequest {
        name: event.name.clone(),
        ..GetEventRequest::default()
    };
    reader.events().get_event(get).await.unwrap();
    let cancel = CancelEventRequest {
        name: event.name.clone(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let refused = reader.events().cancel_event(cancel).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let refused = reader
        .funding()
        .verify_ledger(VerifyLedgerRequest {})
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let nobody = Connection {
        token: Some("nobody".to_owned()),
        ..house.connection.clone()
    };
    let get = GetEventRequest {
        name: event.name,
        ..GetEventRequest::default()
    };
    let refused = Clients::new(&nobody)
        .unwrap()
        .events()
        .get_event(get)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

/// Each refusal names the field, in the language asked for, and leaves nothing behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_field_is_named_in_either_language_and_nothing_is_half_written() {
    let house = House::open(&[AN_BINH]).await;
    let tables = [
        (ServiceName::Registry, "organisation"),
        (ServiceName::Registry, "outbox"),
        (ServiceName::Events, "event"),
        (ServiceName::Events, "invitation"),
        (ServiceName::Events, "deadline"),
        (ServiceName::Funding, "programme"),
        (ServiceName::Funding, "account"),
        (ServiceName::Notifier, "delivery"),
    ];
    let mut before = Vec::new();
    for (service, table) in tables {
        before.push(count(&house, service, table).await);
    }
    for language in ["vi", "en"] {
        let caller = Clients::new(&Connection {
            language: language.to_owned(),
            ..house.connection.clone()
        })
        .unwrap();
        for (status, field) in bad_calls(&house, &caller).await {
            assert_eq!(status.code(), Code::InvalidArgument, "{field}: {status:?}");
            let violations = violations(&status);
            let found = violations.iter().find(|violation| violation.field == field);
            let found = found.unwrap_or_else(|| panic!("{field} is named in {violations:?}"));
            let words = status.get_details_localized_message().unwrap();
            assert!(words.locale.starts_with(language), "{words:?}");
            let reason = found.localized_message.as_ref().unwrap();
            assert!(reason.locale.starts_with(language), "{reason:?}");
            let accented = !reason.message.is_ascii();
            assert_eq!(accented, language == "vi", "{reason:?}");
            assert!(found.description.is_ascii(), "for developers: {found:?}");
            assert_eq!(status.get_details_error_info().unwrap().domain, "lienminh");
        }
    }
    for ((service, table), before) in tables.into_iter().zip(before) {
        assert_eq!(
            count(&house, service, table).await,
            before,
            "{service} {table}"
        );
    }
}

async fn bad_calls(house: &House, caller: &Clients) -> Vec<(Status, &'static str)> {
    let mut told = Vec::new();
    let organisation = Organisation {
        display_name: "Hợp tác xã Sai Mã".to_owned(),
        kind: 1,
        tax_code: "6400066952".to_owned(),
        ..Default::default()
    };
    let request = CreateOrganisationRequest {
        organisation: Some(organisation),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let refused = caller
        .organisations()
        .create_organisation(request)
        .await
        .unwrap_err();
    told.push((refused, "organisation.tax_code"));

    // The event itself is fine; one of those invited does not exist as a name.
    let request = CreateEventRequest {
        event: Some(house.event("seminar", "Hội thảo", Some(at(START)))),
        announce: true,
        invitees: vec![house.member("M1"), "organisations/none".to_owned()],
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let refused = caller.events().create_event(request).await.unwrap_err();
    told.push((refused, "invitees[1]"));
    let request = CreateEventRequest {
        event: Some(Event {
            title: "x".repeat(5_000),
            ..house.event("seminar", "", Some(at(START)))
        }),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let refused = caller.events().create_event(request).await.unwrap_err();
    told.push((refused, "event.title"));
    let request = CreateDeadlineRequest {
        deadline: Some(Deadline {
            kind: "nonsense".to_owned(),
            title: "Báo cáo".to_owned(),
            anchor: Some(anchor(Some(&through("2024-03-28")))),
            organiser: house.alliance.clone(),
            lead_unit: house.unit.clone(),
            ..Default::default()
        }),
        organisations: house.members(&["M1"]),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let refused = caller
        .deadlines()
        .create_deadline(request)
        .await
        .unwrap_err();
    told.push((refused, "deadline.kind"));
    let programme = Programme {
        title: "Hỗ trợ".to_owned(),
        kind: 1,
        budget_vnd: -1,
        organiser: house.alliance.clone(),
        lead_unit: house.unit.clone(),
        ..Default::default()
    };
    let request = CreateProgrammeRequest {
        programme: Some(programme),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let refused = caller
        .funding()
        .create_programme(request)
        .await
        .unwrap_err();
    told.push((refused, "programme.budget_vnd"));
    let request = ResolveDeliveryRequest {
        name: "deliveries/x".to_owned(),
        resolution: 1,
        reason: "x".to_owned(),
        request_id: fresh_request_id(),
    };
    let refused = caller
        .notifier()
        .resolve_delivery(request)
        .await
        .unwrap_err();
    told.push((refused, "name"));
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_bound_to_one_organisation_sees_only_that() {
    let house = House::open(&[AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM]).await;
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &["M1", "M2"])
        .await;
    let own = house.member("M1");
    let token = Token::new("member:an-binh", "registry.* events.* notifier.* funding.*");
    let bound = house.caller(&token.bound_to(&own));

    let mut registry = bound.organisations();
    let get = |name: String| GetOrganisationRequest { name };
    registry.get_organisation(get(own.clone())).await.unwrap();
    let refused = registry
        .get_organisation(get(house.member("M2")))
        .await
        .unwrap_err();
    assert!(
        matches!(refused.code(), Code::NotFound | Code::PermissionDenied),
        "{refused:?}"
    );
    let listed = registry
        .list_organisations(ListOrganisationsRequest::default())
        .await
        .unwrap();
    let names: Vec<_> = listed
        .into_inner()
        .organisations
        .into_iter()
        .map(|each| each.name)
        .collect();
    assert_eq!(names, std::slice::from_ref(&own));
    let asked = BatchGetContactsRequest {
        organisations: house.members(&["M1", "M2", "M3"]),
    };
    match bound.contacts().batch_get_contacts(asked).await {
        Ok(answer) => {
            let found = answer.into_inner().organisations;
            assert!(
                found.iter().all(|each| each.organisation == own),
                "{found:?}"
            );
        }
        Err(refused) => assert_eq!(refused.code(), Code::PermissionDenied),
    }
    let request = ListInvitationsRequest {
        parent: event.name.clone(),
        ..Default::default()
    };
    match bound.events().list_invitations(request).await {
        Ok(answer) => {
            let found = answer.into_inner().invitations;
            assert!(
                found.iter().all(|each| each.organisation == own),
                "{found:?}"
            );
        }
        Err(refused) => assert_eq!(refused.code(), Code::PermissionDenied),
    }
    let request = BatchInviteRequest {
        parent: event.name.clone(),
        organisations: house.members(&["M3"]),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let refused = bound.events().batch_invite(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    match bound
        .notifier()
        .list_deliveries(ListDeliveriesRequest::default())
        .await
    {
        Ok(answer) => {
            let found = answer.into_inner().deliveries;
            assert!(
                found.iter().all(|each| each.organisation == own),
                "{found:?}"
            );
        }
        Err(refused) => assert_eq!(refused.code(), Code::PermissionDenied),
    }
}
