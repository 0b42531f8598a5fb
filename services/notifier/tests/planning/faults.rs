use kit::consumer::{Handler as _, Outcome};
use kit::telemetry::Metrics;
use lienminh_proto::obligation::v1::PartyState;
use notifier::meters::METERS;
use notifier::work::intake::FactHandler;

use crate::bed::{Bed, event, eventually, message, moved, starts};
use crate::world::{mailbox, party};

async fn one_party(start: &str) -> (Bed, lienminh_proto::obligation::v1::Obligation, String) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts(start), "2024-03-27T09:00");
    let name = bed.world.organisation("A", vec![mailbox("a@a.example")]);
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), vec![party(&name, PartyState::Concerned)]);
    (bed, fact, name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_was_down_is_asked_again_and_who_declined_meanwhile_hears_nothing() {
    let (bed, fact, name) = one_party("2024-04-11T08:00").await;
    bed.tell(&fact).await;
    bed.to("2024-04-08T07:59").await;
    bed.world.set_down(true);
    let asked = bed.world.asked();
    bed.jump("2024-04-08T08:00");
    eventually("the source is asked again and again", async || {
        bed.world.asked() >= asked + 3
    })
    .await;
    assert_eq!(
        bed.count("select count(*) from occurrence where state = 'SCHEDULED' and step = 't-3'")
            .await,
        1
    );
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), vec![party(&name, PartyState::Declined)]);
    bed.world.set_down(false);
    bed.settle().await;
    let rows = bed
        .lines(
            "select d.state || ' ' || d.reason from delivery d
             join occurrence o on o.id = d.occurrence_id where o.step = 't-3'",
        )
        .await;
    assert_eq!(rows, ["SUPPRESSED declined"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_stays_down_makes_the_reminder_missed_and_says_why() {
    let metrics = Metrics::install(&METERS).unwrap();
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    bed.tell(&fact).await;
    bed.to("2024-04-10T07:59").await;
    bed.world.set_down(true);
    bed.jump("2024-04-10T08:00");
    eventually("it waits", async || {
        bed.count("select count(*) from occurrence where attempts > 0 and state = 'SCHEDULED'")
            .await
            == 1
    })
    .await;
    bed.jump("2024-04-10T09:00");
    bed.measure();
    for line in [
        r#"notifier_overdue_occurrences 1"#,
        r#"notifier_overdue_seconds 3600"#,
    ] {
        eventually(line, async || metrics.shows(line)).await;
    }
    bed.jump("2024-04-11T08:00");
    bed.settle().await;
    let missed = bed
        .lines("select step || ' ' || reason from occurrence where state = 'MISSED' order by nominal_at")
        .await;
    assert_eq!(missed, ["t-1 source_unreachable", "h-2 too_late"]);
    for line in [
        r#"occurrences_missed_total{reason="source_unreachable"} 1"#,
        r#"occurrences_missed_total{reason="too_late"} 1"#,
    ] {
        eventually(line, async || metrics.shows(line)).await;
    }
    let told = bed
        .lines("select body ->> 'kind' from decision where body ->> 'step' = 't-1' order by id")
        .await;
    assert_eq!(told, ["scheduled", "waiting", "ended"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_19_after_days_of_outage_only_the_latest_step_goes_out() {
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    bed.tell(&fact).await;
    bed.jump("2024-04-10T15:00");
    bed.settle().await;
    let ended = bed
        .lines(
            "select step || ' ' || state || ' ' || reason from occurrence
             where state <> 'SCHEDULED' order by nominal_at",
        )
        .await;
    assert_eq!(
        ended,
        ["issue FANNED_OUT ", "t-3 MISSED outage", "t-1 FANNED_OUT "]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_07_facts_out_of_order_and_twice_take_effect_once() {
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    let second = moved(&fact, "2024-04-19T08:00", "2024-03-27T09:00");
    bed.world
        .held()
        .obligations
        .insert(fact.name.clone(), second.clone());
    let newest = message(&second);
    let batch = [newest.clone(), message(&fact), newest.clone()];
    let handler = FactHandler::new(bed.desk.clone());
    assert_eq!(handler.handle(&batch).await, vec![Outcome::Done; 3]);
    assert_eq!(handler.handle(&[newest]).await, [Outcome::Done]);
    assert_eq!(handler.handle(&[message(&fact)]).await, [Outcome::Done]);
    let versions = bed
        .lines("select distinct anchor_version::text from occurrence")
        .await;
    assert_eq!(versions, ["2"]);
    assert_eq!(bed.count("select count(*) from occurrence").await, 4);
    assert_eq!(bed.count("select count(*) from inbox").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_obligation_is_poison_and_its_neighbours_are_taken() {
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    let mut broken = message(&fact);
    broken.payload = vec![0xff; 7];
    let mut stranger = message(&fact);
    stranger.type_name = "lienminh.events.v1.Event".to_owned();
    let mut nameless = fact.clone();
    nameless.name.clear();
    let batch = [broken, message(&fact), stranger, message(&nameless)];
    let outcomes = FactHandler::new(bed.desk.clone()).handle(&batch).await;
    assert!(matches!(outcomes[0], Outcome::Poison(_)));
    assert_eq!(outcomes[1], Outcome::Done);
    assert!(matches!(outcomes[2], Outcome::Poison(_)));
    assert_eq!(
        outcomes[3],
        Outcome::Poison("name cannot be understood".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_database_cannot_hold_is_poison_and_its_neighbours_are_taken() {
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    let mut nul = fact.clone();
    nul.name.push_str("-nul");
    nul.title.push('\0');
    let mut endless = fact.clone();
    // Longer than an index entry may be, and no pattern that could be compressed.
    endless.name = (0..1_000)
        .map(|_| uuid::Uuid::now_v7().to_string())
        .collect();
    let batch = [message(&nul), message(&fact), message(&endless)];
    let outcomes = FactHandler::new(bed.desk.clone()).handle(&batch).await;
    assert!(matches!(outcomes[0], Outcome::Poison(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Done);
    assert!(matches!(outcomes[2], Outcome::Poison(_)), "{outcomes:?}");
    assert_eq!(bed.count("select count(*) from obligation").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_fact_is_found_by_the_hourly_comparison() {
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    bed.compare().await;
    bed.world
        .held()
        .obligations
        .insert(fact.name.clone(), fact.clone());
    bed.jump("2024-03-27T10:00");
    eventually("the obligation is known", async || {
        bed.count("select count(*) from obligation").await == 1
    })
    .await;
    let repaired = bed
        .lines("select body ->> 'repaired' from decision where body ->> 'kind' = 'fact'")
        .await;
    assert_eq!(repaired, ["true"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_ahead_of_its_facts_is_believed() {
    let (bed, fact, _) = one_party("2024-04-11T08:00").await;
    bed.tell(&fact).await;
    bed.to("2024-04-08T07:59").await;
    let second = moved(&fact, "2024-04-19T08:00", "2024-04-08T07:59");
    bed.world
        .held()
        .obligations
        .insert(fact.name.clone(), second);
    bed.to("2024-04-08T09:00").await;
    assert_eq!(
        bed.timeline().await,
        ["issue 03-27 09:00", "correction 04-08 08:09"]
    );
}
