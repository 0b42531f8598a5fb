//! Every hop of all four services under TLS, read along by somebody in between; and what an operator
//! is told where a certificate is not the one to trust.

use std::path::{Path, PathBuf};
use std::process::Command;

use lienminh_local::certificates::Certificate;
use lienminh_local::proxy::Proxy;
use lienminh_local::smtp::{SmtpOptions, SmtpSink, SmtpTls};
use lienminh_local::suite::program;
use lienminh_local::{ServiceName, Stage, StageOptions};

use crate::house::{House, NOW, at, local, until};
use crate::member::AN_BINH;

/// Why nobody is believed who shows another's certificate.
const NOT_OURS: &str = "its certificate is refused: no authority that is trusted here signed it";

/// Leads every way to database and broker under TLS through somebody who reads along.
async fn encrypt(stage: &Stage) -> [Proxy; 2] {
    let (postgres, rabbitmq) = (stage.postgres(), stage.rabbitmq());
    let reading = |port: u16| Proxy::start_reading(format!("127.0.0.1:{port}"));
    let to_database = reading(postgres.port).await.unwrap();
    let to_broker = reading(rabbitmq.amqps_port).await.unwrap();
    for service in ServiceName::ALL {
        let database = stage.database(service).through(to_database.port());
        let database = database.encrypted();
        let broker = rabbitmq.encrypted_url(to_broker.port(), service.as_str(), stage.vhost());
        stage.suite().change(service, |settings| {
            settings
                .set("database-url", database.runtime_url)
                .set("migration-database-url", database.owner_url)
                .set("database-ca", shown(&postgres.authority))
                .set("broker-url", broker)
                .set("broker-ca", shown(&rabbitmq.authority));
        });
    }
    [to_database, to_broker]
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A relay that encrypts from the first byte, and the authority that signed its certificate.
async fn relay(folder: &Path) -> (SmtpSink, PathBuf) {
    let own = Certificate::make(folder).unwrap();
    let tls = SmtpTls::read(&own.certificate, &own.key, true).unwrap();
    let options = SmtpOptions {
        tls: Some(tls),
        ..SmtpOptions::in_folder(folder)
    };
    (SmtpSink::start(options).await.unwrap(), own.authority)
}

/// What `probe` tells of a service, and whether it calls it ready.
fn probe(stage: &Stage, service: ServiceName) -> (bool, String) {
    let output = Command::new(program(service.as_str()).unwrap())
        .arg("probe")
        .arg("--http-listen")
        .arg(stage.suite().address(service).http.to_string())
        .output()
        .unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(told).unwrap())
}

/// Restarts a service that trusts `authority` for this hop; it need not become ready.
async fn trusting(stage: &Stage, service: ServiceName, flag: &str, authority: &Path) {
    let suite = stage.suite();
    suite.stop(service).await.unwrap();
    suite.change(service, |settings| {
        settings.set(flag, shown(authority));
    });
    suite.start_service(service).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hop_is_encrypted_and_a_certificate_that_nobody_vouches_for_is_told_by_probe() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, signed_it) = relay(folder.path()).await;
    let options = StageOptions {
        foreign_smtp: Some(sink.url().replacen("smtp://", "smtps://", 1)),
        ..StageOptions::stepped(local(NOW))
    };
    let stage = Stage::prepare(&options).await.unwrap();
    let readers = encrypt(&stage).await;
    // A relay that another authority vouches for gets nothing.
    let another = stage.postgres().authority.clone();
    stage.suite().change(ServiceName::Notifier, |settings| {
        settings.set("smtp-ca", shown(&another));
    });
    let house = House::enter(stage, &[AN_BINH]).await;
    let start = Some(at("2024-03-29T07:30"));
    house.announce("seminar", "Hội thảo", start, &["M1"]).await;
    let stage = &house.stage;
    until("the channel rests and says why", async || {
        let (ready, told) = probe(stage, ServiceName::Notifier);
        ready && told.contains("remark: email: ") && told.contains(NOT_OURS)
    })
    .await;
    assert_eq!(sink.accepted().len(), 0);
    let log = std::fs::read_to_string(stage.suite().log(ServiceName::Notifier)).unwrap();
    assert!(log.contains(NOT_OURS), "the log says why as well");

    trusting(stage, ServiceName::Notifier, "smtp-ca", &signed_it).await;
    until("the mail arrives", async || sink.accepted().len() == 1).await;
    for reader in &readers {
        assert!(reader.counters().bytes > 10_000);
        let overheard = |text: &str| reader.overheard(text.as_bytes());
        for words in [
            "anbinh@example.com",
            "Hội thảo",
            "stage-only",
            "insert into",
        ] {
            assert!(!overheard(words), "{words} was read");
        }
    }

    let told_by = async |service, flag, words: &str| {
        trusting(stage, service, flag, &signed_it).await;
        until(&format!("{service} tells of --{flag}"), async || {
            let (ready, told) = probe(stage, service);
            !ready && told.contains(&format!("{words}{NOT_OURS}"))
        })
        .await;
    };
    told_by(
        ServiceName::Registry,
        "database-ca",
        "database: no way to the database: ",
    )
    .await;
    told_by(ServiceName::Notifier, "broker-ca", "no way to the broker: ").await;
}

/// The authorities of several servers, where the platform looks for those that it knows.
fn platform(folder: &Path, authorities: &[&Path]) -> String {
    let known = authorities.iter().map(|each| std::fs::read(each).unwrap());
    let file = folder.join("platform.pem");
    std::fs::write(&file, known.collect::<Vec<_>>().concat()).unwrap();
    shown(&file)
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_platform_vouches_for_is_trusted_at_every_hop_though_no_authority_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, relays) = relay(folder.path()).await;
    let options = StageOptions {
        foreign_smtp: Some(sink.url().replacen("smtp://", "smtps://", 1)),
        ..StageOptions::stepped(local(NOW))
    };
    let stage = Stage::prepare(&options).await.unwrap();
    let readers = encrypt(&stage).await;
    let database = stage.postgres().authority.clone();
    let broker = stage.rabbitmq().authority.clone();
    let known = platform(folder.path(), &[&database, &broker, &relays]);
    for service in ServiceName::ALL {
        stage.suite().change(service, |settings| {
            settings.unset("database-ca").unset("broker-ca");
            settings.surround("SSL_CERT_FILE", &known);
        });
    }
    let house = House::enter(stage, &[AN_BINH]).await;
    let start = || Some(at("2024-03-29T07:30"));
    house
        .announce("seminar", "Hội thảo", start(), &["M1"])
        .await;
    until("the mail arrives", async || sink.accepted().len() == 1).await;
    assert!(
        readers
            .iter()
            .all(|reader| reader.counters().bytes > 10_000)
    );

    // Without the relay's authority the same platform refuses the relay alone.
    let stage = &house.stage;
    platform(folder.path(), &[&database, &broker]);
    stage.suite().restart(ServiceName::Notifier).await.unwrap();
    house.announce("seminar", "Tọa đàm", start(), &["M1"]).await;
    until("the channel rests and says why", async || {
        let (ready, told) = probe(stage, ServiceName::Notifier);
        ready && told.contains(NOT_OURS)
    })
    .await;
    assert_eq!(sink.accepted().len(), 1);
}
