//! The private PostgreSQL and RabbitMQ, for real.

use std::sync::Arc;
use std::time::Duration;

use lienminh_local::guard::Guard;
use lienminh_local::postgres::{Postgres, PostgresOptions, connect};
use lienminh_local::process::is_running;
use lienminh_local::rabbitmq::{BrokerAddress, RabbitMq, VHOST};
use lienminh_local::wait;

struct Stand {
    folder: tempfile::TempDir,
    guard: Arc<Guard>,
}

fn stand() -> Stand {
    // PostgreSQL's user must be able to enter it.
    let folder = tempfile::Builder::new()
        .prefix("lienminh-test-")
        .tempdir()
        .unwrap();
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    Stand {
        folder,
        guard: Arc::new(Guard::start().unwrap()),
    }
}

async fn postgres(stand: &Stand) -> Postgres {
    Postgres::start(
        stand.folder.path(),
        stand.guard.clone(),
        PostgresOptions::default(),
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn the_runtime_role_uses_what_the_owner_made_and_cannot_change_it() {
    let stand = stand();
    let server = postgres(&stand).await;
    let address = server.address();
    address.create_roles("registry").await.unwrap();
    address.create_roles("registry").await.unwrap();
    let database = address
        .create_database("registry", "registry_one")
        .await
        .unwrap();

    let owner = connect(&database.owner_url).await.unwrap();
    owner.batch_execute("create schema kit; create table kit.thing (id bigint generated always as identity, name text)").await.unwrap();
    let runtime = connect(&database.runtime_url).await.unwrap();
    runtime
        .batch_execute("insert into kit.thing (name) values ('một')")
        .await
        .unwrap();
    let refused = runtime
        .batch_execute("create table mine (id int)")
        .await
        .unwrap_err();
    assert_eq!(
        refused.code(),
        Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE)
    );
    let refused = runtime
        .batch_execute("alter table kit.thing drop column name")
        .await
        .unwrap_err();
    assert_eq!(
        refused.code(),
        Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE)
    );

    address.create_roles("events").await.unwrap();
    let events = address
        .create_database("events", "events_one")
        .await
        .unwrap();
    let foreign = events.runtime_url.replace("events_one", "registry_one");
    assert!(
        connect(&foreign).await.is_err(),
        "a service reads another's database"
    );

    drop((owner, runtime));
    let copy = address
        .copy_database("registry", "registry_one", "registry_two")
        .await
        .unwrap();
    let runtime = connect(&copy.runtime_url).await.unwrap();
    let names: i64 = runtime
        .query_one("select count(*) from kit.thing", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(names, 1);
    address.drop_database("registry_two").await.unwrap();
    assert!(runtime.query_one("select 1", &[]).await.is_err());
}

#[tokio::test]
async fn committed_rows_outlive_a_killed_server() {
    let stand = stand();
    let server = postgres(&stand).await;
    let client = server.address().connect("postgres").await.unwrap();
    client
        .batch_execute("create table kept (id int); insert into kept values (1)")
        .await
        .unwrap();
    let before = server.id().await.unwrap();
    server.kill().await.unwrap();
    assert!(!is_running(before));
    assert!(!server.address().answers().await);
    server.start_again().await.unwrap();
    let client = server.address().connect("postgres").await.unwrap();
    let rows: i64 = client
        .query_one("select count(*) from kept", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(rows, 1);
    server.crash().await.unwrap();
    server.start_again().await.unwrap();
    server.stop().await.unwrap();
    server.start_again().await.unwrap();
}

#[tokio::test]
async fn sessions_can_be_terminated() {
    let stand = stand();
    let server = postgres(&stand).await;
    let client = server.address().connect("postgres").await.unwrap();
    server.address().create_roles("funding").await.unwrap();
    let database = server
        .address()
        .create_database("funding", "funding")
        .await
        .unwrap();
    let victim = connect(&database.runtime_url).await.unwrap();
    victim.query_one("select 1", &[]).await.unwrap();
    assert_eq!(
        server
            .address()
            .terminate_sessions("funding")
            .await
            .unwrap(),
        1
    );
    assert!(victim.query_one("select 1", &[]).await.is_err());
    client.query_one("select 1", &[]).await.unwrap();
}

async fn holds(broker: &BrokerAddress, messages: u64) {
    wait::until("the queue's count", Duration::from_secs(20), || async {
        Ok(broker
            .messages(VHOST, "notifier.email")
            .await
            .unwrap_or_default()
            == messages)
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_wiped_broker_comes_back_whole() {
    let stand = stand();
    let node = RabbitMq::start(stand.folder.path(), stand.guard.clone())
        .await
        .unwrap();
    let address = node.address();
    let mut before = address.queues(VHOST).await.unwrap();
    before.sort();
    assert_eq!(before.len(), 7, "{before:?}");
    assert!(
        address
            .publish(VHOST, "lienminh.deliveries", "email", "1")
            .await
            .unwrap()
    );
    holds(address, 1).await;

    node.kill().await.unwrap();
    node.start_again().await.unwrap();
    holds(address, 1).await;

    node.wipe().await.unwrap();
    assert!(!address.answers().await);
    node.start_again().await.unwrap();
    let mut after = address.queues(VHOST).await.unwrap();
    after.sort();
    assert_eq!(after, before);
    assert_eq!(address.messages(VHOST, "notifier.email").await.unwrap(), 0);

    node.stop().await.unwrap();
    node.start_again().await.unwrap();
    let status = node.ctl(&["list_vhosts", "name"]).await.unwrap();
    assert!(status.contains(VHOST), "{status}");
}
