use kit::auth::{Caller, Scope};
use lienminh_proto::notifier::v1 as pb;
use lienminh_proto::notifier::v1::notifier_service_server::NotifierService as _;
use lienminh_proto::obligation::v1::PartyState;
use tonic::{Code, Request};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::bed::{Bed, event, moved, officer, starts};
use crate::world::{landline, mailbox, party};

pub(crate) fn from<T>(caller: Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(std::sync::Arc::new(caller));
    request
}

async fn played() -> (Bed, String, String) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let reached = bed
        .world
        .organisation("A", vec![mailbox("giamdoc@a.example")]);
    let unreached = bed.world.organisation("B", vec![landline("+842613842123")]);
    let parties = vec![
        party(&reached, PartyState::Concerned),
        party(&unreached, PartyState::Concerned),
    ];
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    bed.to("2024-04-02T10:00").await;
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00"))
        .await;
    bed.to("2024-04-16T00:00").await;
    (bed, fact.name, reached)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sum_holds_at_every_step_and_a_row_on_its_way_is_a_gap() {
    let (bed, obligation, _) = played().await;
    let ask = || {
        from(
            officer(),
            pb::ReconcileCoverageRequest {
                obligation: obligation.clone(),
            },
        )
    };
    let sum = bed
        .api
        .reconcile_coverage(ask())
        .await
        .unwrap()
        .into_inner();
    // issue 2 rows, 3 superseded, correction 1 row, 1 covered, t-3 2 rows, 2 ahead
    assert_eq!((sum.obligations, sum.occurrences), (1, 9));
    assert_eq!((sum.expected, sum.accounted), (11, 11), "{:?}", sum.gaps);
    assert!(sum.gaps.is_empty());
    bed.execute(
        "update delivery set state = 'QUEUED', next_action_at = now()
         where id = (select id from delivery where state = 'SENT' limit 1)",
    )
    .await;
    let sum = bed
        .api
        .reconcile_coverage(ask())
        .await
        .unwrap()
        .into_inner();
    assert_eq!((sum.expected, sum.accounted), (11, 10));
    assert_eq!(sum.gaps, ["1 deliveries are still on their way."]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_decision_is_told_in_order() {
    let (bed, obligation, organisation) = played().await;
    let request = pb::ExplainReminderRequest {
        obligation,
        organisation,
    };
    let told = bed
        .api
        .explain_reminder(from(officer(), request))
        .await
        .unwrap()
        .into_inner();
    let kinds: Vec<&str> = told
        .decisions
        .iter()
        .map(|each| each.kind.as_str())
        .collect();
    assert_eq!(
        kinds[..5],
        ["fact", "scheduled", "scheduled", "scheduled", "scheduled"]
    );
    assert!(
        kinds.contains(&"chosen") && kinds.contains(&"ended"),
        "{kinds:?}"
    );
    let times: Vec<i64> = told
        .decisions
        .iter()
        .map(|each| each.time.unwrap().seconds)
        .collect();
    assert!(times.is_sorted());
    let covered = told
        .decisions
        .iter()
        .find(|each| each.text.contains("a correction said it"));
    assert!(covered.is_some(), "{:?}", told.decisions);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_not_reached_is_listed_with_a_landline() {
    let (bed, obligation, _) = played().await;
    let request = pb::ListUnreachableRequest {
        obligation,
        ..pb::ListUnreachableRequest::default()
    };
    let found = bed
        .api
        .list_unreachable(from(officer(), request))
        .await
        .unwrap()
        .into_inner();
    let lines: Vec<_> = found
        .unreachable
        .iter()
        .map(|each| {
            (
                each.organisation_display_name.as_str(),
                each.reason.as_str(),
                each.phone.as_str(),
            )
        })
        .collect();
    assert_eq!(lines, [("B", "no_address", "+842613842123")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_are_paged_masked_and_bound() {
    let (bed, _, organisation) = played().await;
    let ask = |token: &str, size| pb::ListDeliveriesRequest {
        page_size: size,
        page_token: token.to_owned(),
        ..pb::ListDeliveriesRequest::default()
    };
    let first = bed
        .api
        .list_deliveries(from(officer(), ask("", 2)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.deliveries.len(), 2);
    let rest = ask(&first.next_page_token, 50);
    let rest = bed
        .api
        .list_deliveries(from(officer(), rest))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(rest.deliveries.len(), 3);
    assert!(rest.next_page_token.is_empty());

    let mut clerk = officer();
    clerk.scope = Scope::parse("notifier.deliveries.list");
    let masked = bed
        .api
        .list_deliveries(from(clerk, ask("", 50)))
        .await
        .unwrap()
        .into_inner();
    let address = &masked
        .deliveries
        .iter()
        .find(|each| !each.address.is_empty())
        .unwrap()
        .address;
    assert_eq!(address, "g***@a.example");

    let mut member = officer();
    member.organisation = Some(organisation["organisations/".len()..].parse().unwrap());
    let own = bed
        .api
        .list_deliveries(from(member.clone(), ask("", 50)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(own.deliveries.len(), 3);
    let mut other = ask("", 50);
    other.organisation = format!("organisations/{}", Uuid::now_v7());
    let refused = bed
        .api
        .list_deliveries(from(member, other))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_59_a_token_of_another_list_and_bad_fields_are_refused_by_name() {
    let (bed, obligation, _) = played().await;
    let first = pb::ListOccurrencesRequest {
        page_size: 1,
        ..pb::ListOccurrencesRequest::default()
    };
    let first = bed
        .api
        .list_occurrences(from(officer(), first))
        .await
        .unwrap()
        .into_inner();
    let foreign = pb::ListOccurrencesRequest {
        obligation: obligation.clone(),
        page_token: first.next_page_token,
        ..pb::ListOccurrencesRequest::default()
    };
    let refused = bed
        .api
        .list_occurrences(from(officer(), foreign))
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["page_token"]);

    let wrong = pb::ListDeliveriesRequest {
        obligation: "nonsense".to_owned(),
        occurrence: "occurrences/1".to_owned(),
        organisation: "organisation".to_owned(),
        states: vec![99],
        ..pb::ListDeliveriesRequest::default()
    };
    let refused = bed
        .api
        .list_deliveries(from(officer(), wrong))
        .await
        .unwrap_err();
    assert_eq!(
        fields(&refused),
        ["obligation", "occurrence", "organisation", "states[0]"]
    );

    let nobody = pb::ExplainReminderRequest {
        obligation: format!("events/obligations/event-{}", Uuid::now_v7()),
        ..pb::ExplainReminderRequest::default()
    };
    let refused = bed
        .api
        .explain_reminder(from(officer(), nobody))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

fn fields(status: &tonic::Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_details_bad_request().unwrap();
    details
        .field_violations
        .into_iter()
        .map(|each| each.field)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parked_delivery_is_settled_by_a_person_once() {
    let (bed, _, _) = played().await;
    bed.execute(
        "update delivery set state = 'PARKED', reason = 'no_answer'
         where id = (select id from delivery where state = 'SENT' order by id limit 1)",
    )
    .await;
    let name = bed
        .lines("select 'deliveries/' || id from delivery where state = 'PARKED'")
        .await;
    let ask = |resolution: pb::Resolution, request_id: &str| pb::ResolveDeliveryRequest {
        name: name[0].clone(),
        resolution: resolution.into(),
        reason: "đã gọi điện".to_owned(),
        request_id: request_id.to_owned(),
    };
    let id = Uuid::now_v7().to_string();
    for _ in 0..2 {
        let request = ask(pb::Resolution::Sent, &id);
        let settled = bed
            .api
            .resolve_delivery(from(officer(), request))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(settled.state(), pb::DeliveryState::Sent);
    }
    let again = ask(pb::Resolution::Failed, &Uuid::now_v7().to_string());
    let refused = bed
        .api
        .resolve_delivery(from(officer(), again))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let nameless = ask(pb::Resolution::Unspecified, "x");
    let refused = bed
        .api
        .resolve_delivery(from(officer(), nameless))
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["resolution", "request_id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rule_says_when_in_words() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let rules = bed
        .api
        .list_rules(from(officer(), pb::ListRulesRequest {}))
        .await
        .unwrap();
    for rule in &rules.into_inner().rules {
        assert!(!rule.description.is_empty() && !rule.steps.is_empty());
        assert!(
            rule.steps.iter().all(|step| !step.when_text.is_empty()),
            "{}",
            rule.kind
        );
    }
}
