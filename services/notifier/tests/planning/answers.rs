use kit::auth::{Caller, Scope};
use kit::database::Session as _;
use kit::language::Language;
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
fn member(organisation: &str) -> Caller {
    Caller {
        organisation: Some(organisation["organisations/".len()..].parse().unwrap()),
        ..officer()
    }
}

/// What a member hears of a matter and itself, less the name it asked by.
async fn explained(bed: &Bed, obligation: &str, own: &str) -> Result<(), (Code, String)> {
    let request = pb::ExplainReminderRequest {
        obligation: obligation.to_owned(),
        organisation: own.to_owned(),
    };
    let answer = bed.api.explain_reminder(from(member(own), request)).await;
    let told = |status: tonic::Status| (status.code(), status.message().replace(obligation, "it"));
    answer.map(drop).map_err(told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_who_takes_no_part_a_matter_is_like_one_that_does_not_exist() {
    let (bed, obligation, reached) = played().await;
    let [organiser, unit] = ["L", "P"].map(|name| bed.world.organisation(name, Vec::new()));
    let matter = lienminh_proto::obligation::v1::Obligation {
        name: obligation.clone(),
        organiser: organiser.clone(),
        lead_unit: unit.clone(),
        ..event("ceremony", starts("2024-04-19T08:00"), "2024-04-02T10:00")
    };
    let known = (obligation.clone(), matter);
    bed.world.held().obligations.extend([known]);
    for party in [&reached, &organiser, &unit] {
        assert_eq!(explained(&bed, &obligation, party).await, Ok(()));
    }
    let stranger = bed.world.organisation("C", Vec::new());
    let missing = format!("events/obligations/event-{}", Uuid::now_v7());
    let unknown = explained(&bed, &missing, &stranger).await;
    assert_eq!(unknown.as_ref().unwrap_err().0, Code::NotFound);
    assert_eq!(explained(&bed, &obligation, &stranger).await, unknown);
    let nobodys = format!("nobody/obligations/event-{}", Uuid::now_v7());
    assert_eq!(explained(&bed, &nobodys, &stranger).await, unknown);
    // Nor does the source's silence tell what we know ourselves.
    bed.world.set_down(true);
    let silent = explained(&bed, &missing, &stranger).await;
    assert_eq!(silent.as_ref().unwrap_err().0, Code::Unavailable);
    assert_eq!(explained(&bed, &obligation, &stranger).await, silent);
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
async fn who_has_no_part_in_a_matter_is_told_why_nothing_comes() {
    let (bed, obligation, _) = played().await;
    let exempt = bed.world.organisation("E", vec![mailbox("e@a.example")]);
    let parties = vec![party(&exempt, PartyState::Exempt)];
    bed.world.held().parties.insert(obligation.clone(), parties);
    let stranger = bed.world.organisation("C", vec![mailbox("c@a.example")]);
    let last = async |organisation: &str, language| {
        let request = pb::ExplainReminderRequest {
            obligation: obligation.clone(),
            organisation: organisation.to_owned(),
        };
        let caller = Caller {
            language,
            ..officer()
        };
        let answer = bed.api.explain_reminder(from(caller, request)).await;
        let told = answer.unwrap().into_inner().decisions;
        let last = told.into_iter().next_back().unwrap();
        (last.kind, last.text)
    };
    let (kind, text) = last(&stranger, Language::En).await;
    assert_eq!(kind, "no_part");
    assert!(text.contains("neither invited"), "{text}");
    let (_, text) = last(&stranger, Language::Vi).await;
    assert!(text.contains("không có trong danh sách"), "{text}");
    let (kind, text) = last(&exempt, Language::Vi).await;
    assert_eq!(kind, "aside");
    assert!(text.contains("đơn vị được miễn"), "{text}");
    bed.world.set_down(true);
    assert_eq!(last(&stranger, Language::Vi).await.0, "unasked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sentence_says_why_and_no_step_by_its_id() {
    let (bed, obligation, organisation) = played().await;
    bed.execute("update delivery set state = 'SATISFIED', reason = 'done' where state = 'SENT'")
        .await;
    bed.execute(
        "insert into attempt (delivery_id, number, worker_id, outcome, code, detail, business_at)
         select id, 9, gen_random_uuid(), 'withdrawn', '', '', state_at from delivery
         where state = 'SATISFIED'",
    )
    .await;
    for language in [Language::Vi, Language::En] {
        let caller = Caller {
            language,
            ..officer()
        };
        let request = pb::ExplainReminderRequest {
            obligation: obligation.clone(),
            organisation: organisation.clone(),
        };
        let answer = bed.api.explain_reminder(from(caller, request)).await;
        let told = answer.unwrap().into_inner().decisions;
        for each in &told {
            let jargon = ["t-3", "t-1", "h-2", "issue", "SENT", "SCHEDULED", "anchor"];
            assert!(
                jargon.iter().all(|word| !each.text.contains(word)),
                "{}",
                each.text
            );
            assert!(each.text.ends_with('.'), "{}", each.text);
        }
        let withdrawn = told.iter().find(|each| each.kind == "attempt").unwrap();
        let why = match language {
            Language::Vi => "thôi không gửi, đơn vị đã hoàn thành",
            Language::En => "not sent after all, the organisation has done it",
        };
        assert!(withdrawn.text.contains(why), "{}", withdrawn.text);
    }
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
