//! Who may tell what of whom: real users at a real broker, and a source that is asked.

use kit::broker::Broker;
use kit::telemetry::Metrics;
use lapin::BasicProperties;
use lienminh_local::ServiceName;
use lienminh_proto::obligation::v1 as pb;
use lienminh_proto::obligation::v1::{ObligationStatus, PartyState};
use notifier::meters::METERS;
use uuid::Uuid;

use crate::bed::{Bed, changed, event, eventually, message, moved, starts};
use crate::parking::{MOVED, broker_of, publish, take_in};
use crate::world::{mailbox, party};

const ANNOUNCED: &str = "2024-03-27T09:00";

/// A ceremony with one party, known by its fact.
async fn told() -> (Bed, pb::Obligation) {
    let bed = Bed::open(ANNOUNCED).await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), ANNOUNCED);
    let organisation = bed
        .world
        .organisation("A", vec![mailbox("giamdoc@a.example")]);
    let parties = vec![party(&organisation, PartyState::Concerned)];
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    (bed, fact)
}

/// As if it were done, from far beyond all that is known.
fn forged(fact: &pb::Obligation) -> pb::Obligation {
    pb::Obligation {
        status: ObligationStatus::Satisfied.into(),
        sequence: i64::MAX - 1,
        ..fact.clone()
    }
}

async fn told_by(broker: &Broker, user: &str, key: &str, fact: &pb::Obligation) -> bool {
    let message = message(fact);
    let properties = BasicProperties::default()
        .with_type(message.type_name.as_str().into())
        .with_message_id(message.id.to_string().into())
        .with_user_id(user.into());
    publish(broker, key, properties, &message.payload).await
}

async fn reasons(bed: &Bed, parked: i64) -> Vec<String> {
    eventually("all are parked", async || {
        bed.count("select count(*) from parked_message").await >= parked
    })
    .await;
    bed.lines("select reason from parked_message order by reason")
        .await
}

const SCHEDULED: &str = "
    select count(*) from obligation o
    where o.status = 'SCHEDULED' and o.sequence = 1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_cannot_tell_of_anothers_matters() {
    let (bed, fact) = told().await;
    let stop = take_in(&bed).await;
    let forged = forged(&fact);
    let registry = broker_of(&bed, ServiceName::Registry).await;
    let notifier = broker_of(&bed, ServiceName::Notifier).await;
    // The broker lets nobody use another's key, or another's name.
    assert!(!told_by(&registry, "registry", MOVED, &forged).await);
    assert!(!told_by(&registry, "events", "registry.v1.obligation.moved", &forged).await);
    assert!(!told_by(&notifier, "notifier", MOVED, &forged).await);
    // Under its own key it reaches the desk, which does not believe it.
    assert!(
        told_by(
            &registry,
            "registry",
            "registry.v1.obligation.moved",
            &forged
        )
        .await
    );
    let near = pb::Obligation {
        sequence: 2,
        ..forged
    };
    assert!(told_by(&registry, "registry", "registry.v1.obligation.moved", &near).await);
    let reasons = reasons(&bed, 2).await;
    assert_eq!(
        reasons,
        [
            "sequence cannot be understood",
            "whoever published it does not own the matter"
        ]
    );
    assert_eq!(bed.count(SCHEDULED).await, 1);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_cannot_run_away_from_what_is_known_by_the_broker() {
    let (bed, fact) = told().await;
    let stop = take_in(&bed).await;
    let events = broker_of(&bed, ServiceName::Events).await;
    let far = pb::Obligation {
        sequence: 10_002,
        ..forged(&fact)
    };
    let unversioned = pb::Obligation {
        sequence: 2,
        anchor_version: i64::MAX,
        ..fact.clone()
    };
    assert!(told_by(&events, "events", MOVED, &far).await);
    assert!(told_by(&events, "events", MOVED, &unversioned).await);
    assert!(
        told_by(&events, "events", "events.v1.event.moved", &fact).await,
        "for others"
    );
    let reasons = reasons(&bed, 2).await;
    assert_eq!(
        reasons,
        [
            "its sequence or version is far beyond what is known",
            "sequence cannot be understood"
        ]
    );
    assert_eq!(bed.count(SCHEDULED).await, 1);
    let next = pb::Obligation {
        sequence: 10_001,
        title: "Lễ phát động, đổi tên".to_owned(),
        ..fact
    };
    assert!(told_by(&events, "events", MOVED, &next).await);
    eventually("what can follow is taken in", async || {
        bed.count("select count(*) from obligation where sequence = 10001")
            .await
            == 1
    })
    .await;
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_and_receipts_are_the_notifiers_own() {
    let bed = Bed::open(ANNOUNCED).await;
    let events = broker_of(&bed, ServiceName::Events).await;
    let connection = events.connect("test").await.unwrap();
    for (exchange, key) in [
        ("lienminh.deliveries", "email"),
        ("lienminh.receipts", "esms"),
        ("lienminh.parked", ""),
        ("", "notifier.facts"),
    ] {
        let channel = connection.create_channel().await.unwrap();
        let options = lapin::options::ConfirmSelectOptions::default();
        channel.confirm_select(options).await.unwrap();
        let options = lapin::options::BasicPublishOptions::default();
        let properties = BasicProperties::default();
        let publishing =
            channel.basic_publish(exchange.into(), key.into(), options, b"x", properties);
        let confirmed = match publishing.await {
            Ok(confirm) => confirm.await.is_ok(),
            Err(_) => false,
        };
        assert!(!confirmed, "{exchange} {key}");
    }
}

/// What a service that was taken over may have told: believed, for it owned the matter.
async fn believed(bed: &Bed, lie: &pb::Obligation) {
    let outcomes = bed.arrive(std::slice::from_ref(lie)).await;
    assert_eq!(outcomes, [kit::consumer::Outcome::Done]);
    bed.settle().await;
}

const OVERRULED: &str = "
    select count(*) from decision where (body ->> 'overruled')::boolean";

async fn overruled(bed: &Bed) {
    eventually("the source has overruled it", async || {
        bed.count(OVERRULED).await > 0
    })
    .await;
    bed.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_we_believe_beyond_the_source_gives_way_and_its_reminders_go_out() {
    let metrics = Metrics::install(&METERS).unwrap();
    let (bed, fact) = told().await;
    let lie = pb::Obligation {
        status: ObligationStatus::Satisfied.into(),
        sequence: 9_000,
        ..fact.clone()
    };
    bed.compare().await;
    believed(&bed, &lie).await;
    bed.jump("2024-03-27T10:30");
    overruled(&bed).await;
    let line = r#"antientropy_overruled_total{source="events"} 1"#;
    eventually(line, async || metrics.shows(line)).await;
    // The source goes on from where it is.
    bed.to("2024-04-10T20:00").await;
    assert_eq!(
        bed.timeline().await,
        ["issue 03-27 09:00", "t-3 04-08 08:00", "t-1 04-10 08:00"]
    );
    bed.tell(&moved(&fact, "2024-04-12T08:00", "2024-04-10T20:00"))
        .await;
    assert_eq!(
        bed.count("select count(*) from obligation where sequence = 2")
            .await,
        1
    );
}

/// Its transaction had begun before the comparison, and ended after it.
const LATE: &str = "update obligation set recorded_at = recorded_at - interval '1 minute'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_being_taken_in_while_the_sources_were_compared_is_compared_the_next_time() {
    let (bed, fact) = told().await;
    bed.compare().await;
    let mut lie = fact.clone();
    lie.sequence = 9_000;
    believed(&bed, &lie).await;
    bed.execute(LATE).await;
    bed.jump("2024-03-27T10:30");
    overruled(&bed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_date_that_the_source_never_set_is_corrected_and_reminded_of_anew() {
    let (bed, fact) = told().await;
    bed.to("2024-03-28T09:00").await;
    bed.compare().await;
    let mut lie = moved(&fact, "2024-05-20T08:00", "2024-03-28T09:00");
    lie.sequence = 9_000;
    lie.anchor_version = 9_000;
    believed(&bed, &lie).await;
    bed.to("2024-03-28T09:20").await;
    bed.jump("2024-03-28T11:00");
    overruled(&bed).await;
    bed.to("2024-04-10T20:00").await;
    let timeline = bed.timeline().await;
    // Told of the false date, they are told of the true one, and reminded of it.
    let corrections = timeline
        .iter()
        .filter(|line| line.starts_with("correction"));
    assert_eq!(corrections.count(), 2, "{timeline:?}");
    assert!(
        timeline.contains(&"t-1 04-10 08:00".to_owned()),
        "{timeline:?}"
    );
    assert_eq!(
        bed.calendar_sequences().await,
        ["1", "9000", "9001", "9001", "9001"]
    );
    // And its next version is its second, whatever we had believed to be the second; 18/4 is a holiday.
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-10T20:00"))
        .await;
    bed.to("2024-04-18T20:00").await;
    let timeline = bed.timeline().await;
    assert!(
        timeline.contains(&"t-1 04-17 08:00".to_owned()),
        "{timeline:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancellation_that_the_source_never_said_is_taken_back() {
    let (bed, fact) = told().await;
    bed.to("2024-03-28T09:00").await;
    bed.compare().await;
    let mut lie = changed(&fact, None, ObligationStatus::Cancelled, "2024-03-28T09:00");
    lie.anchor_version = fact.anchor_version;
    believed(&bed, &lie).await;
    bed.jump("2024-03-28T11:00");
    overruled(&bed).await;
    bed.to("2024-04-10T20:00").await;
    let timeline = bed.timeline().await;
    assert!(
        timeline.contains(&"t-1 04-10 08:00".to_owned()),
        "{timeline:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_matter_that_its_source_does_not_know_nothing_goes_out() {
    let bed = Bed::open(ANNOUNCED).await;
    let invented = pb::Obligation {
        name: format!("events/obligations/event-{}", Uuid::now_v7()),
        ..event("ceremony", starts("2024-04-11T08:00"), ANNOUNCED)
    };
    bed.compare().await;
    let outcomes = bed.arrive(&[invented]).await;
    assert_eq!(outcomes, [kit::consumer::Outcome::Done]);
    bed.jump("2024-03-27T10:30");
    assert_eq!(bed.count("select count(*) from delivery").await, 0);
}
