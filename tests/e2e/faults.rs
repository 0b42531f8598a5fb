//! The short form of the faults: the broker forgets everything, the notifier is killed again and
//! again, and no message is lost or doubled.

use std::time::Duration;

use lienminh_local::smtp::Behaviour;
use lienminh_local::{ServiceName, Stage};
use lienminh_proto::notifier::v1::DeliveryState;
use lienminh_tests::demo::join;

use crate::house::{House, at, obligation, options, until};
use crate::member::Member;

const START: &str = "2024-03-22T08:00";

/// Members with mailboxes and mobiles of their own.
fn crowd(count: usize) -> (Vec<Member>, Vec<&'static str>) {
    let leak = |text: String| -> &'static str { text.leak() };
    let codes: Vec<&'static str> = (0..count)
        .map(|number| leak(format!("C{number:03}")))
        .collect();
    let members = codes.iter().enumerate().map(|(number, code)| {
        let member = Member::new(code, leak(format!("Số {number:03}")));
        if number % 3 == 0 {
            member.phone(leak(format!("0590001{number:03}")))
        } else {
            member.email(leak(format!("c{number:03}@example.com")))
        }
    });
    (members.collect(), codes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_wiped_in_the_middle_of_a_mailing_costs_nothing() {
    let (members, codes) = crowd(60);
    let stage = Stage::start_alone(&options()).await.unwrap();
    let mut house = House::on(stage, &members).await;
    house
        .stage
        .smtp()
        .rules()
        .set_default(Behaviour::Slow(Duration::from_millis(300)));
    house
        .announce("seminar", "Hội thảo", Some(at(START)), &codes)
        .await;
    house
        .stage
        .smtp()
        .wait_for(5, crate::house::PATIENCE)
        .await
        .unwrap();
    let accepted = house.stage.smtp().counters().accepted;
    assert!(
        accepted < 40,
        "the fault must bite: {accepted} of 40 were out already"
    );

    let broker = house.stage.servers().unwrap().rabbitmq();
    broker.kill().await.unwrap();
    broker.wipe().await.unwrap();
    // A fact committed while nobody could carry it.
    let late = house
        .announce("meeting", "Họp giao ban", Some(at(START)), &codes[..3])
        .await;
    broker.start_again().await.unwrap();
    until("all have gone out", || async {
        let rows = join::rows(&house.officer).await.unwrap();
        let out = rows
            .iter()
            .filter(|row| matches!(row.state(), DeliveryState::Sent | DeliveryState::Delivered));
        out.count() == 63
    })
    .await;
    assert_eq!(
        house
            .rows(&obligation(&late.name), codes[0], "issue")
            .await
            .len(),
        1
    );
    assert_eq!(house.stage.smtp().counters().accepted, 40 + 2);
    assert_eq!(house.stage.sms().counters().accepted, 20 + 1);
    assert_eq!(house.stage.sms().counters().duplicates, 0);
    house.nothing_is_lost_or_doubled().await;
    house.settle().await;
}

/// At each death something else is in hand: the ends are slow, the pauses uneven.
#[tokio::test(flavor = "multi_thread")]
async fn a_notifier_killed_ten_times_during_a_mailing_loses_and_doubles_nothing() {
    let (members, codes) = crowd(90);
    let mut house = House::open(&members).await;
    house
        .stage
        .smtp()
        .rules()
        .set_default(Behaviour::Slow(Duration::from_millis(300)));
    let event = house
        .announce("seminar", "Hội thảo", Some(at(START)), &codes)
        .await;
    let suite = house.stage.suite();
    let mut bitten = 0;
    for round in 0..10_u64 {
        // Not a wait for anything: the moment of death is what is varied.
        tokio::time::sleep(Duration::from_millis(150 + round * 137 % 900)).await;
        suite.kill(ServiceName::Notifier).await.unwrap();
        bitten += u64::from(house.stage.smtp().counters().accepted < 60);
        suite.start_service(ServiceName::Notifier).await.unwrap();
        suite.wait_until_ready(ServiceName::Notifier).await.unwrap();
    }
    assert!(bitten >= 3, "only {bitten} deaths fell into the mailing");
    house.settle().await;

    let rows = join::rows(&house.officer).await.unwrap();
    assert_eq!(
        rows.len(),
        90,
        "one row for each, however often it was fanned out"
    );
    let joined = house.joined().await;
    assert_eq!(joined.lost, Vec::<String>::new());
    assert_eq!(
        joined.doubled,
        Vec::<String>::new(),
        "an invitation is never blindly resent"
    );
    assert_eq!(joined.invented, Vec::<String>::new());
    // What was in the hand of a dead worker after the dot waits for a person; all else went out.
    let unsure = rows
        .iter()
        .filter(|row| row.state() == DeliveryState::Parked)
        .count();
    let out = rows
        .iter()
        .filter(|row| matches!(row.state(), DeliveryState::Sent | DeliveryState::Delivered));
    assert_eq!(
        out.count() + unsure,
        90,
        "{:?}",
        house.steps(&obligation(&event.name)).await
    );
    assert!(unsure <= 10 * 8, "at most a lane's worth at each death");
    house.the_sum_holds().await;
}
