//! What is explained of a reminder, to whom and in which words.

use kit::auth::Caller;
use kit::language::Language;
use lienminh_proto::notifier::v1 as pb;
use lienminh_proto::notifier::v1::notifier_service_server::NotifierService as _;
use lienminh_proto::obligation::v1::PartyState;
use tonic::Code;
use uuid::Uuid;

use crate::answers::{from, member, played};
use crate::bed::{Bed, event, officer, starts};
use crate::world::{mailbox, party};

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
