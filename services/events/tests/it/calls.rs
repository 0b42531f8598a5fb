//! What holds for every call: request ids, etags, page tokens, permissions, languages.

use futures::join_all;
use lienminh_proto::events::v1::{
    BatchInviteRequest, CreateEventRequest, Event, GetEventRequest, ListEventsRequest,
    UpdateEventRequest,
};
use lienminh_proto::r#type::v1::Document;
use prost_types::FieldMask;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::house;
use crate::samples::{
    announced, at, ceremony, fields, organisations, reason, request_id, reschedule,
};

/// Waiting for many at once, without a crate for it.
mod futures {
    use std::future::Future;

    pub async fn join_all<T: Send + 'static>(
        futures: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
    ) -> Vec<T> {
        let tasks: Vec<_> = futures.map(tokio::spawn).collect();
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.unwrap());
        }
        results
    }
}

#[tokio::test]
async fn case_58_fifty_copies_of_one_request_make_one_event() {
    let house = house::open().await;
    let desk = house.officer();
    let request = CreateEventRequest {
        event: Some(ceremony()),
        announce: true,
        invitees: organisations(5),
        request_id: request_id(),
        validate_only: false,
    };
    let answers = join_all((0..50).map(|_| {
        let (mut events, request) = (desk.events.clone(), request.clone());
        async move { events.create_event(request).await.unwrap().into_inner() }
    }))
    .await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(house.count("select count(*) from event").await, 1);
    assert_eq!(house.obligations().await.len(), 1);
}

#[tokio::test]
async fn case_58_the_same_request_id_with_another_body_is_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let first = reschedule(&event, at("2024-04-02T08:00:00+07"));
    let mut second = reschedule(&event, at("2024-04-03T08:00:00+07"));
    second.request_id.clone_from(&first.request_id);
    desk.events.reschedule_event(first).await.unwrap();
    let refused = desk.events.reschedule_event(second).await.unwrap_err();
    assert_eq!(fields(&refused), ["request_id"]);
}

#[tokio::test]
async fn a_mutation_without_a_request_id_is_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let mut request = reschedule(&event, at("2024-04-02T08:00:00+07"));
    request.request_id.clear();
    let refused = desk.events.reschedule_event(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["request_id"]);
}

#[tokio::test]
async fn case_59_of_two_moves_that_saw_the_same_event_one_is_stale() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let results = join_all((1..=8).map(|day| {
        let mut events = desk.events.clone();
        let mut request = reschedule(&event, at(&format!("2024-04-0{day}T08:00:00+07")));
        request.etag.clone_from(&event.etag);
        async move { events.reschedule_event(request).await }
    }))
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for refused in lost {
        let refused = refused.unwrap_err();
        assert_eq!(reason(&refused), (Code::Aborted, "ETAG_STALE".into()));
    }
    assert_eq!(house.obligations().await.len(), 2);
}

#[tokio::test]
async fn validate_only_checks_and_writes_nothing() {
    let house = house::open().await;
    let mut desk = house.officer();
    let request = CreateEventRequest {
        event: Some(ceremony()),
        announce: true,
        invitees: organisations(2),
        request_id: request_id(),
        validate_only: true,
    };
    desk.events.create_event(request).await.unwrap();
    assert_eq!(house.count("select count(*) from event").await, 0);
    assert_eq!(house.count("select count(*) from answer_code").await, 0);
    assert!(house.facts().await.is_empty());
}

#[tokio::test]
async fn case_59_a_field_mask_names_only_what_may_be_written() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    for path in ["state", "anchor", "nonsense", "title.x"] {
        let request = UpdateEventRequest {
            event: Some(event.clone()),
            update_mask: Some(FieldMask {
                paths: vec![path.into()],
            }),
            request_id: request_id(),
            validate_only: false,
        };
        let refused = desk.events.update_event(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{path}");
    }
    let cleared = UpdateEventRequest {
        event: Some(Event {
            name: event.name.clone(),
            ..Event::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["bring".into()],
        }),
        request_id: request_id(),
        validate_only: false,
    };
    let after = desk
        .events
        .update_event(cleared)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (after.bring.as_str(), after.title.as_str()),
        ("", event.title.as_str())
    );
}

#[tokio::test]
async fn case_59_a_mask_within_a_document_leaves_the_rest_of_it() {
    let house = house::open().await;
    let desk = house.officer();
    let document = Document {
        number_as_printed: "45/GM-LMHTX".into(),
        issuer: "Liên minh HTX tỉnh".into(),
        ..Document::default()
    };
    let invited = Event {
        issued_document: Some(document.clone()),
        ..ceremony()
    };
    let event = announced(&desk, invited, 0).await;
    let update = |path: &str, document: Document| {
        let request = UpdateEventRequest {
            event: Some(Event {
                name: event.name.clone(),
                issued_document: Some(document),
                ..Event::default()
            }),
            update_mask: Some(FieldMask {
                paths: vec![path.into()],
            }),
            request_id: request_id(),
            validate_only: false,
        };
        let mut events = desk.events.clone();
        async move { events.update_event(request).await }
    };
    let titled = Document {
        title: "Về việc mời họp".into(),
        ..Document::default()
    };
    let after = update("issued_document.title", titled).await.unwrap();
    let after = after.into_inner().issued_document.unwrap();
    assert_eq!(after.number_as_printed, document.number_as_printed);
    assert_eq!(after.issuer, document.issuer);
    assert_eq!(after.title, "Về việc mời họp");

    let long = Document {
        title: "ă".repeat(5_000),
        ..Document::default()
    };
    let refused = update("issued_document.title", long).await.unwrap_err();
    assert_eq!(fields(&refused), ["event.issued_document.title"]);
    let derived = update("issued_document.number", document).await;
    assert_eq!(fields(&derived.unwrap_err()), ["update_mask"]);
}

#[tokio::test]
async fn case_59_a_page_token_fits_only_its_own_list() {
    let house = house::open().await;
    let mut desk = house.officer();
    for _ in 0..3 {
        announced(&desk, ceremony(), 0).await;
    }
    let first = ListEventsRequest {
        page_size: 1,
        ..ListEventsRequest::default()
    };
    let page = desk.events.list_events(first).await.unwrap().into_inner();
    let other = ListEventsRequest {
        page_token: page.next_page_token,
        undated_only: true,
        ..ListEventsRequest::default()
    };
    let refused = desk.events.list_events(other).await.unwrap_err();
    assert_eq!(fields(&refused), ["page_token"]);
    let negative = ListEventsRequest {
        page_size: -1,
        ..ListEventsRequest::default()
    };
    let refused = desk.events.list_events(negative).await.unwrap_err();
    assert_eq!(fields(&refused), ["page_size"]);
    let huge = ListEventsRequest {
        page_size: 1_000_000,
        ..ListEventsRequest::default()
    };
    assert_eq!(
        desk.events
            .list_events(huge)
            .await
            .unwrap()
            .into_inner()
            .events
            .len(),
        3
    );
}

#[tokio::test]
async fn a_caller_without_the_permission_is_denied() {
    let house = house::open().await;
    let mut reader = house.desk("user:reader", "events.events.get", None, "en");
    let event = announced(&house.officer(), ceremony(), 0).await;
    let read = GetEventRequest {
        name: event.name.clone(),
        ..GetEventRequest::default()
    };
    assert!(reader.events.get_event(read).await.is_ok());
    let invite = BatchInviteRequest {
        parent: event.name,
        organisations: organisations(1),
        request_id: request_id(),
        ..BatchInviteRequest::default()
    };
    let refused = reader.events.batch_invite(invite).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_refusal_speaks_the_language_of_its_caller() {
    let house = house::open().await;
    let event = announced(&house.officer(), ceremony(), 0).await;
    for (language, sentence) in [
        ("vi", "Thời gian mới đã qua, xin kiểm tra lại ngày giờ."),
        ("en", "The new time has passed already."),
    ] {
        let mut desk = house.desk("user:lan", "*", None, language);
        let past = reschedule(&event, at("2024-02-01T07:30:00+07"));
        let refused = desk.events.reschedule_event(past).await.unwrap_err();
        assert_eq!(
            refused.get_details_localized_message().unwrap().message,
            sentence
        );
    }
}

#[tokio::test]
async fn every_change_leaves_one_audit_row() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let moved = reschedule(&event, at("2024-04-02T08:00:00+07"));
    desk.events.reschedule_event(moved.clone()).await.unwrap();
    desk.events.reschedule_event(moved).await.unwrap();
    assert_eq!(house.count("select count(*) from audit").await, 2);
}
