//! What a test gets, on servers that tests share.

use lienminh_local::postgres::connect;
use lienminh_local::{ServiceName, TestBed};

#[tokio::test]
async fn each_test_has_its_own_databases_and_virtual_host_and_gives_them_back() {
    let one = TestBed::open().await.unwrap();
    let two = TestBed::open().await.unwrap();
    let servers = one.servers().clone();
    for bed in [&one, &two] {
        let owner = connect(&bed.database(ServiceName::Events).await.unwrap().owner_url)
            .await
            .unwrap();
        owner
            .batch_execute("create table mine (id int)")
            .await
            .unwrap();
        bed.vhost().await.unwrap();
    }
    assert_eq!(servers.rabbitmq.queues(one.id()).await.unwrap().len(), 7);
    assert_ne!(one.vhost().await.unwrap(), two.vhost().await.unwrap());

    let names = [one.id().to_owned(), two.id().to_owned()];
    drop((one, two));
    let vhosts = servers.rabbitmq.vhosts().await.unwrap();
    assert!(
        names.iter().all(|name| !vhosts.contains(name)),
        "{vhosts:?}"
    );
    let client = servers.postgres.connect("postgres").await.unwrap();
    for name in names {
        let left: i64 = client
            .query_one(
                "select count(*) from pg_database where datname like $1 || '%'",
                &[&name],
            )
            .await
            .unwrap()
            .get(0);
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn a_services_user_publishes_where_it_may_and_nowhere_else() {
    use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
    use lapin::{BasicProperties, Confirmation, Connection, ConnectionProperties};

    let bed = TestBed::open().await.unwrap();
    let url = bed.broker_url(ServiceName::Events).await.unwrap();
    let connection = Connection::connect(&url, ConnectionProperties::default())
        .await
        .unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await
        .unwrap();
    let mandatory = BasicPublishOptions {
        mandatory: true,
        ..BasicPublishOptions::default()
    };
    let publish = |exchange: &'static str, key: &'static str| {
        let channel = channel.clone();
        async move {
            channel
                .basic_publish(
                    exchange.into(),
                    key.into(),
                    mandatory,
                    b"x",
                    BasicProperties::default(),
                )
                .await?
                .await
        }
    };
    let routed = publish("lienminh.facts", "events.v1.obligation.moved")
        .await
        .unwrap();
    assert!(matches!(routed, Confirmation::Ack(None)), "{routed:?}");
    let nobody_bound = publish("lienminh.facts", "events.v1.event.moved")
        .await
        .unwrap();
    assert!(
        matches!(nobody_bound, Confirmation::Ack(Some(_))),
        "{nobody_bound:?}"
    );
    assert!(
        publish("lienminh.deliveries", "email").await.is_err(),
        "only the notifier orders deliveries"
    );
}

#[tokio::test]
async fn a_message_refused_twenty_times_is_parked() {
    use futures_util::StreamExt;
    use lapin::options::{BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
    use lapin::types::FieldTable;
    use lapin::{Connection, ConnectionProperties};

    let bed = TestBed::open().await.unwrap();
    let url = bed.broker_url(ServiceName::Notifier).await.unwrap();
    let vhost = bed.vhost().await.unwrap();
    let broker = &bed.servers().rabbitmq;
    assert!(
        broker
            .publish(&vhost, "lienminh.deliveries", "sms", "poison")
            .await
            .unwrap()
    );

    let connection = Connection::connect(&url, ConnectionProperties::default())
        .await
        .unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel
        .basic_qos(1, BasicQosOptions::default())
        .await
        .unwrap();
    let mut consumer = channel
        .basic_consume(
            "notifier.sms".into(),
            "test".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();
    let mut deliveries = 0;
    for _ in 0..21 {
        let delivery = consumer.next().await.unwrap().unwrap();
        delivery
            .acker
            .reject(BasicRejectOptions { requeue: true })
            .await
            .unwrap();
        deliveries += 1;
    }
    assert_eq!(deliveries, 21);
    let mut parked = channel
        .basic_consume(
            "lienminh.parking".into(),
            "parked".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();
    let message = tokio::time::timeout(std::time::Duration::from_secs(20), parked.next())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(message.data, b"poison");
}

/// Which service a database belongs to; `None` for those of the server itself. Roles are a
/// server's and not a database's, so the corners of other tests say nothing new.
async fn databases(bed: &TestBed) -> Vec<(String, Option<ServiceName>)> {
    const SERVERS_OWN: &str = "
        select datname::text from pg_database
        where datallowconn and datname not like 't\\_%' and datname <> all ($1)";
    let mut all = Vec::new();
    for service in ServiceName::ALL {
        let database = bed.database(service).await.unwrap();
        all.push((database.name, Some(service)));
    }
    let services: Vec<&str> = ServiceName::ALL.map(ServiceName::as_str).into();
    let client = bed.servers().postgres.connect("postgres").await.unwrap();
    for row in client.query(SERVERS_OWN, &[&services]).await.unwrap() {
        all.push((row.get(0), None));
    }
    all
}

#[tokio::test]
async fn every_role_enters_the_database_of_its_service_and_no_other() {
    let bed = TestBed::open().await.unwrap();
    let mut all = databases(&bed).await;
    let server = &bed.servers().postgres;
    let copy = format!("{}_copy", bed.id());
    let original = bed.database(ServiceName::Funding).await.unwrap().name;
    let copied = server.copy_database("funding", &original, &copy).await;
    all.push((copied.unwrap().name, Some(ServiceName::Funding)));
    for closed in ["postgres", "template1"] {
        assert!(all.iter().any(|(name, _)| name == closed), "{all:?}");
    }
    for service in ServiceName::ALL {
        for (name, owner) in &all {
            let as_seen = server.database(service.as_str(), name);
            for url in [as_seen.owner_url, as_seen.runtime_url] {
                let entered = connect(&url).await.is_ok();
                assert_eq!(entered, *owner == Some(service), "{service} in {name}");
            }
        }
    }
    server.drop_database(&copy).await.unwrap();
}
