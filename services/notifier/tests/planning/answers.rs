use kit::auth::{Caller, Scope};
use kit::database::Session as _;
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

pub(crate) async fn played() -> (Bed, String, String) {
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
async fn the_figures_that_are_shown_add_up_in_every_state() {
    let (bed, obligation, _) = played().await;
    let adds_up = async |what: &str| {
        let request = pb::ReconcileCoverageRequest {
            obligation: obligation.clone(),
        };
        let answer = bed.api.reconcile_coverage(from(officer(), request)).await;
        let sum = answer.unwrap().into_inner();
        let rows: i64 = sum.deliveries.iter().map(|cell| cell.count).sum();
        let others: i64 = sum.without_rows.iter().map(|cell| cell.count).sum();
        assert_eq!(rows + others, sum.expected, "{what}: {sum:?}");
        assert_eq!((sum.expected, others), (11, 6), "{what}: {sum:?}");
    };
    adds_up("as it was played").await;
    bed.execute("insert into worker (id) values ('00000000-0000-0000-0000-000000000001')")
        .await;
    const BECOME: &str = "
        update delivery
        set state = $1, next_action_at = case when $2 then now() + interval '1 day' end,
            lease = id, leased_by = '00000000-0000-0000-0000-000000000001'
        where channel <> 'none'";
    for state in notifier::domain::delivery::State::ALL {
        let session = bed.desk.pool.get().await.unwrap();
        session
            .execute(BECOME, &[&state.as_str(), &state.has_alarm()])
            .await
            .unwrap();
        adds_up(state.as_str()).await;
    }
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

    let own = bed
        .api
        .list_deliveries(from(member(&organisation), ask("", 50)))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(own.deliveries.len(), 3);
    let mut other = ask("", 50);
    other.organisation = format!("organisations/{}", Uuid::now_v7());
    let refused = bed
        .api
        .list_deliveries(from(member(&organisation), other))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

/// A caller bound to this organisation, who may do everything else.
pub(crate) fn member(organisation: &str) -> Caller {
    Caller {
        organisation: Some(organisation["organisations/".len()..].parse().unwrap()),
        ..officer()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_successor_was_written_to_the_merged_organisation_reads_no_address_of_it() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let merged = bed.world.organisation("A", Vec::new());
    let successor = bed.world.organisation("B", Vec::new());
    bed.world.change(&merged, |reach| {
        reach.effective_organisation = successor;
        reach.display_name = "Hợp tác xã Kế thừa".to_owned();
        reach.contacts = vec![mailbox("giamdoc@b.example")];
    });
    let parties = vec![party(&merged, PartyState::Concerned)];
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    bed.to("2024-03-27T10:00").await;
    let list = async |caller| {
        let request = from(caller, pb::ListDeliveriesRequest::default());
        let answer = bed.api.list_deliveries(request).await.unwrap();
        let found = answer.into_inner().deliveries.remove(0);
        (found.organisation_display_name, found.address)
    };
    let (name, address) = ("Hợp tác xã Kế thừa", "giamdoc@b.example");
    assert_eq!(list(officer()).await, (name.to_owned(), address.to_owned()));
    assert_eq!(list(member(&merged)).await, Default::default());
    let request = pb::ExplainReminderRequest {
        obligation: fact.name,
        organisation: merged.clone(),
    };
    let told = bed
        .api
        .explain_reminder(from(member(&merged), request))
        .await;
    let told = format!("{:?}", told.unwrap().into_inner().decisions);
    assert!(told.contains("chosen") && !told.contains(name), "{told}");
}

/// Two behind one mailbox: the first carries the message of both.
async fn shared() -> (Bed, String, [String; 2]) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let both = ["A", "B"].map(|name| {
        let contacts = vec![mailbox("xa@a.example")];
        bed.world.organisation(name, contacts)
    });
    let parties = both.iter().map(|own| party(own, PartyState::Concerned));
    let parties = parties.collect();
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    bed.accept_all().await;
    (bed, fact.name, both)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_does_not_learn_who_else_has_its_address() {
    let (bed, obligation, [first, second]) = shared().await;
    let list = async |caller, states: &[pb::DeliveryState]| {
        let request = pb::ListDeliveriesRequest {
            states: states.iter().map(|state| (*state).into()).collect(),
            ..pb::ListDeliveriesRequest::default()
        };
        let answer = bed.api.list_deliveries(from(caller, request)).await;
        let found = answer.unwrap().into_inner().deliveries;
        let seen = found.iter().map(|each| {
            let said = (each.reason.clone(), each.reason_text.clone(), each.segments);
            (each.state(), said, each.state_time, each.attempts)
        });
        seen.collect::<Vec<_>>()
    };
    let suppressed = pb::DeliveryState::Suppressed;
    assert_eq!(list(officer(), &[suppressed]).await.len(), 1);
    let (one, other) = (
        list(member(&first), &[]).await,
        list(member(&second), &[]).await,
    );
    assert_eq!(one, other, "the message is the same");
    assert_eq!(one[0].0, pb::DeliveryState::Sent);
    assert_eq!(list(member(&second), &[suppressed]).await, []);
    assert_eq!(list(member(&second), &[pb::DeliveryState::Sent]).await, one);
    let kinds = async |own: &str| {
        let request = pb::ExplainReminderRequest {
            obligation: obligation.clone(),
            organisation: own.to_owned(),
        };
        let answer = bed.api.explain_reminder(from(member(own), request)).await;
        let told = answer.unwrap().into_inner().decisions;
        let told = told.into_iter().map(|each| each.text.replace(" B", " A"));
        told.collect::<Vec<_>>()
    };
    let told = kinds(&second).await;
    assert_eq!(told, kinds(&first).await);
    let counted = told.iter().any(|each| each.contains("messages"));
    assert!(!counted, "one message for two is one address: {told:?}");
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
