//! The four services as processes. Needs their programs: `cargo build --workspace --bins`.

use std::time::{Duration, Instant};

use lienminh_local::conductor::Conductor;
use lienminh_local::process::is_running;
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage, StageOptions};

const START: &str = "2024-02-27T07:00:00+07:00";

fn stepped() -> StageOptions {
    StageOptions::stepped(START.parse().unwrap())
}

#[tokio::test]
async fn the_suite_comes_up_and_a_killed_service_comes_back_to_its_port() {
    let started = Instant::now();
    let stage = Stage::start(&stepped()).await.unwrap();
    println!("up after {:.1} s", started.elapsed().as_secs_f64());
    let suite = stage.suite();
    for service in ServiceName::ALL {
        let (address, id) = (suite.address(service), suite.id(service).await.unwrap());
        suite.kill(service).await.unwrap();
        assert!(!is_running(id));
        suite.start_service(service).await.unwrap();
        suite.wait_until_ready(service).await.unwrap();
        assert_eq!(suite.address(service), address);
        assert_ne!(suite.id(service).await, Some(id));
    }
    let started = Instant::now();
    assert_eq!(
        suite.stop(ServiceName::Notifier).await.unwrap().code(),
        Some(0)
    );
    println!(
        "stopped in good order after {:.1} s",
        started.elapsed().as_secs_f64()
    );
}

#[tokio::test]
async fn the_conductor_leads_the_real_services() {
    let stage = Stage::start(&stepped()).await.unwrap();
    let mut conductor = stage.conductor().unwrap();
    let a_day_later = conductor.now() + jiff::SignedDuration::from_hours(24);
    let started = Instant::now();
    let steps = conductor.advance_to(a_day_later).await.unwrap();
    println!(
        "a day in {:.2} s, {steps} steps",
        started.elapsed().as_secs_f64()
    );
    assert_eq!(conductor.now(), a_day_later);
}

#[tokio::test]
async fn a_second_process_of_a_service_runs_beside_the_first() {
    let stage = Stage::start(&stepped()).await.unwrap();
    let mut second = stage.suite().start_another(ServiceName::Notifier).unwrap();
    let started = Instant::now();
    while !second.is_ready().await.unwrap() {
        assert!(started.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_ne!(
        second.address(),
        stage.suite().address(ServiceName::Notifier)
    );
    let id = second.id();
    drop(second);
    assert!(!is_running(id));
}

#[tokio::test]
async fn a_token_opens_what_its_scope_names_and_nothing_else() {
    let stage = Stage::start(&stepped()).await.unwrap();
    let players = [(ServiceName::Events, stage.suite().url(ServiceName::Events))];
    for (scope, opens) in [("clock.*", true), ("registry.*", false)] {
        let token = stage.suite().token(&Token::new("user:lan", scope)).unwrap();
        let mut conductor = Conductor::over(&players, &token, START.parse().unwrap()).unwrap();
        let told = conductor.set(conductor.now()).await;
        assert_eq!(told.is_ok(), opens, "{scope}: {told:?}");
    }
}
