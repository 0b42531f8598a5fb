//! What was due while somebody did not answer.

use jiff::SignedDuration;
use lienminh_local::proxy::{Link, Proxy};
use lienminh_local::{ServiceName, Stage};
use lienminh_proto::notifier::v1::{
    DeliveryState, ExplainReminderRequest, ReconcileCoverageRequest,
};

use crate::house::{House, at, local, obligation, options, through, until};
use crate::member::{AN_BINH, DONG_TAM, Member};

/// A house whose notifier reaches the events service through a link that can be cut.
async fn linked(members: &[Member]) -> (House, Proxy) {
    let stage = Stage::prepare(&options()).await.unwrap();
    let target = stage.suite().address(ServiceName::Events).grpc.to_string();
    let proxy = Proxy::start(target).await.unwrap();
    let url = format!("http://{}", proxy.address());
    stage.suite().change(ServiceName::Notifier, |settings| {
        settings.set("events-url", url);
    });
    (House::enter(stage, members).await, proxy)
}

async fn cut_and_pass(house: &mut House, proxy: &Proxy, wall_clock: &str) {
    proxy.set(Link::closed());
    proxy.cut();
    let refused = proxy.counters().refused;
    house.clock.set(local(wall_clock)).await.unwrap();
    until("the notifier has asked in vain", || async {
        proxy.counters().refused > refused
    })
    .await;
}

/// The kinds of all that was decided about the first member, each told in words.
async fn journal(house: &House, obligation: &str) -> Vec<String> {
    let request = ExplainReminderRequest {
        obligation: obligation.to_owned(),
        organisation: house.member("M1"),
    };
    let told = house
        .officer
        .notifier()
        .explain_reminder(request)
        .await
        .unwrap()
        .into_inner();
    assert!(told.decisions.iter().all(|each| !each.text.is_empty()));
    told.decisions.into_iter().map(|each| each.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_due_while_its_source_is_down_goes_out_when_it_is_back() {
    let (mut house, proxy) = linked(&[AN_BINH, DONG_TAM]).await;
    let deadline = house
        .demand("Báo cáo quý I", through("2024-03-28"), &["M1", "M4"])
        .await;
    house.to("2024-03-20T12:00").await;
    // The week-before step falls due on the 21st at eight.
    cut_and_pass(&mut house, &proxy, "2024-03-22T10:00").await;
    house.receive(&deadline.name, "M4").await;
    assert_eq!(house.stage.smtp().counters().accepted, 0);
    let name = obligation(&deadline.name);
    assert_eq!(house.step(&name, "t-7").await.0, "SCHEDULED", "it waits");

    proxy.set(Link::healthy());
    house.settle().await;
    let letter = house.letter("anbinh@example.com");
    assert!(
        letter.says("còn 6 ngày"),
        "not the seven it was planned for: {}",
        letter.text
    );
    assert_eq!(
        house.letters("dongtam@example.com").len(),
        0,
        "has submitted meanwhile"
    );
    let row = house.row(&name, "M4", "t-7").await;
    assert_eq!(row.state(), DeliveryState::Satisfied);
    house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_whose_source_came_back_too_late_is_missed_and_shown() {
    let (mut house, proxy) = linked(&[AN_BINH]).await;
    let event = house
        .announce("seminar", "Hội thảo", Some(at("2024-03-22T08:00")), &["M1"])
        .await;
    house.settle().await;
    let name = obligation(&event.name);
    house.to("2024-03-20T12:00").await;
    let mails = house.letters("anbinh@example.com").len();
    cut_and_pass(&mut house, &proxy, "2024-03-21T09:00").await;
    until("the wait is noted", || async {
        journal(&house, &name).await.contains(&"waiting".to_owned())
    })
    .await;
    house.clock.set(local("2024-03-22T08:30")).await.unwrap();
    until("the steps are given up", || async {
        house.step(&name, "t-1").await.0 == "MISSED" && house.step(&name, "h-2").await.0 == "MISSED"
    })
    .await;
    proxy.set(Link::healthy());
    house.settle().await;
    assert_eq!(house.letters("anbinh@example.com").len(), mails);
    assert_ne!(house.step(&name, "t-1").await.1, "", "with a reason");

    let request = ReconcileCoverageRequest {
        obligation: name.clone(),
    };
    let sum = house
        .officer
        .notifier()
        .reconcile_coverage(request)
        .await
        .unwrap()
        .into_inner();
    let missed = sum
        .occurrence_states
        .iter()
        .find(|cell| cell.state().as_str_name().ends_with("MISSED"));
    assert_eq!(missed.unwrap().count, 2);
    assert_eq!(sum.expected, sum.accounted);
    let kinds = journal(&house, &name).await;
    assert!(kinds.contains(&"ended".to_owned()), "{kinds:?}");
    house.the_sum_holds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_steps_due_in_an_outage_only_the_latest_goes_out() {
    let mut house = House::open(&[AN_BINH]).await;
    let deadline = house
        .demand("Báo cáo quý I", through("2024-03-28"), &["M1"])
        .await;
    house.settle().await;
    house
        .stage
        .suite()
        .kill(ServiceName::Notifier)
        .await
        .unwrap();
    let sources = [
        ServiceName::Registry,
        ServiceName::Events,
        ServiceName::Funding,
    ];
    let back = local("2024-03-27T09:00");
    house
        .stage
        .conductor_for(&sources)
        .unwrap()
        .set(back)
        .await
        .unwrap();
    house
        .stage
        .suite()
        .change(ServiceName::Notifier, |settings| {
            settings.set("logical-clock", back.to_string());
        });
    house
        .stage
        .suite()
        .start_service(ServiceName::Notifier)
        .await
        .unwrap();
    house
        .stage
        .suite()
        .wait_until_ready(ServiceName::Notifier)
        .await
        .unwrap();
    house.clock.set(back).await.unwrap();
    house.settle().await;

    let letter = house.letter("anbinh@example.com");
    assert!(letter.says("ngày mai"), "{}", letter.text);
    assert_eq!(letter.dated, back);
    let name = obligation(&deadline.name);
    for step in ["t-7", "t-3"] {
        let (state, reason) = house.step(&name, step).await;
        assert_eq!(
            (state.as_str(), reason.as_str()),
            ("MISSED", "outage"),
            "{step}"
        );
    }
    house.nothing_is_lost_or_doubled().await;
    house
        .clock
        .advance_to(back + SignedDuration::from_hours(24))
        .await
        .unwrap();
    assert_eq!(house.letters("anbinh@example.com").len(), 1);
}
