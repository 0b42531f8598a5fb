//! What crosses the network to database and broker, read along by somebody in between;
//! and servers that cannot show whose they are. The certificates beside this file are for
//! tests only and good for nothing else; the servers' own are made when they start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit::broker::{self, Broker};
use kit::database::{self, Pool, Session};
use kit::error::Error;
use kit::health::{DatabaseProbe, ReadinessProbe as _};
use kit::migrate;
use kit::outbox::{Bell, Order, RECEIPTS, put_orders};
use kit::relay::Relay;
use lienminh_local::certificates::Certificate;
use lienminh_local::guard::Guard;
use lienminh_local::postgres::{Postgres, PostgresOptions};
use lienminh_local::proxy::Proxy;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use crate::bed::{Bed, MIGRATIONS, Running, eventually, receipt};
use crate::relay::take_all_from;

/// Words that nobody in between may read.
const MARK: &str = "Nguyen Van An, 0912345678";
const SAY: &str = "select 'Nguyen Van An, 0912345678'";

const IS_ENCRYPTED: &str = "select s.ssl from pg_stat_ssl s where s.pid = pg_backend_pid()";

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/ground/tls", name]
        .iter()
        .collect()
}

/// A certificate of the other authority, with RSA keys; both are for 127.0.0.1.
fn by_rsa(name: &str) -> Certificate {
    Certificate {
        authority: file("authority.pem"),
        certificate: file(&format!("{name}.pem")),
        key: file(&format!("{name}.key.pem")),
    }
}

fn pool(url: &str, authority: Option<&Path>) -> Pool {
    let address = database::Address::read(url, authority).unwrap();
    Pool::to(address, 2, "encryption").unwrap()
}

fn cause(error: &Error) -> String {
    let source = std::error::Error::source(error);
    kit::tls::cause(error).unwrap_or_else(|| source.map(ToString::to_string).unwrap_or_default())
}

/// What is wrong with a database of this URL.
async fn refusal(url: &str, authority: Option<&Path>) -> String {
    let pool = pool(url, authority);
    let (pooled, own) = (pool.get().await, pool.dedicated().await);
    let why = cause(&pooled.unwrap_err());
    assert_eq!(cause(&own.unwrap_err()), why);
    let told = DatabaseProbe(pool).ready().await.unwrap_err();
    assert_eq!(told, format!("no way to the database: {why}"));
    why
}

/// Somebody who answers each connection as `answer` says.
async fn server<F: Future<Output = ()> + Send + 'static>(
    answer: impl Fn(tokio::net::TcpStream) -> F + Send + 'static,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    port
}

#[tokio::test]
async fn every_connection_to_the_database_is_encrypted_and_who_reads_along_learns_nothing() {
    let bed = Bed::empty().await;
    let servers = bed.stage.servers().clone();
    let proxy = Proxy::start_reading(format!("127.0.0.1:{}", servers.postgres.port))
        .await
        .unwrap();
    let plain = bed.database().through(proxy.port());
    let authority = servers.postgres.authority.as_path();
    let encrypted = plain.encrypted();

    let owner = database::Address::read(&encrypted.owner_url, Some(authority)).unwrap();
    migrate::run_at(owner, &MIGRATIONS, bed.pool.role())
        .await
        .unwrap();
    let pool = pool(&encrypted.runtime_url, Some(authority));
    let by_key = pool.by_key(1).unwrap();
    for connection in [
        pool.get().await.unwrap(),
        pool.dedicated().await.unwrap(),
        by_key.get().await.unwrap(),
    ] {
        let row = connection.query_one(IS_ENCRYPTED, &[]).await.unwrap();
        assert!(row.get::<_, bool>(0));
        let row = connection.query_one(SAY, &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), MARK);
    }
    assert!(proxy.counters().bytes > 1_000);
    for secret in [MARK, "stage-only", "create table"] {
        assert!(!proxy.overheard(secret.as_bytes()), "{secret} was read");
    }

    // The same in clear, to know that the proxy would have read it.
    let clear = Pool::open(&plain.runtime_url, 1, "encryption").unwrap();
    clear.get().await.unwrap().query(SAY, &[]).await.unwrap();
    assert!(proxy.overheard(MARK.as_bytes()));
}

#[tokio::test]
async fn a_database_that_cannot_show_whose_it_is_is_refused_with_the_cause() {
    let bed = Bed::empty().await;
    let servers = bed.stage.servers().clone();
    let url = bed.database().encrypted().runtime_url;
    let of_another = refusal(&url, Some(&file("authority.pem"))).await;
    assert!(of_another.contains("no authority"), "{of_another}");
    let named = url.replace("127.0.0.1", "localhost");
    let of_another = refusal(&named, Some(&servers.postgres.authority)).await;
    assert!(of_another.contains("the name localhost"), "{of_another}");
    let port = server(|mut stream| async move {
        // Each begins by asking for TLS (PostgreSQL, "SSL Session Encryption").
        let mut request = [0_u8; 8];
        stream.read_exact(&mut request).await.unwrap();
        stream.write_all(b"N").await.unwrap();
    })
    .await;
    let in_clear = bed.database().through(port).encrypted().runtime_url;
    let none = refusal(&in_clear, Some(&servers.postgres.authority)).await;
    assert!(none.contains("does not support TLS"), "{none}");
}

/// Lets nobody in but by TLS and a password that is bound to the channel.
async fn bind_passwords(server: &Postgres) -> tokio_postgres::Client {
    let superuser = server.address().connect("postgres").await.unwrap();
    let row = superuser
        .query_one("select current_setting('hba_file')", &[])
        .await
        .unwrap();
    let rule = "hostssl all all 127.0.0.1/32 scram-sha-256\n";
    std::fs::write(row.get::<_, String>(0), rule).unwrap();
    superuser
}

#[tokio::test]
async fn rsa_and_p_384_bind_passwords_to_the_channel_and_what_has_expired_is_refused() {
    let bed = Bed::empty().await;
    let guard = Arc::new(Guard::start().unwrap());
    let folder = bed.stage.folder();
    let server = Postgres::start(folder, guard, PostgresOptions::default())
        .await
        .unwrap();
    let superuser = bind_passwords(&server).await;
    let reload = async || {
        let reloading = superuser.batch_execute("select pg_reload_conf()");
        reloading.await.unwrap();
    };
    let url = server.address().url("postgres");
    let url = format!("{url}?sslmode=require&channel_binding=require");

    // It takes what it is told a moment later.
    reload().await;
    let p_384 = pool(&url, Some(&server.address().authority));
    let in_clear = Pool::open(&server.address().url("postgres"), 1, "encryption").unwrap();
    eventually("nobody gets in without TLS", async || {
        in_clear.dedicated().await.is_err()
    })
    .await;
    p_384.get().await.unwrap();

    server.show(&by_rsa("rsa")).unwrap();
    reload().await;
    let rsa = pool(&url, Some(&file("authority.pem")));
    eventually("it shows the other certificate", async || {
        rsa.dedicated().await.is_ok()
    })
    .await;

    server.show(&by_rsa("expired")).unwrap();
    reload().await;
    let mut why = String::new();
    eventually("it shows the old certificate", async || {
        let refused = rsa.dedicated().await.err();
        why = refused.as_ref().map(cause).unwrap_or_default();
        !why.is_empty()
    })
    .await;
    assert!(why.ends_with("it expired 2020-01-03T00:00:00Z"), "{why}");
}

fn broker(url: &str, authority: &Path) -> Broker {
    let address = broker::Address::read(url, Some(authority)).unwrap();
    Broker::at(address, "notifier")
}

/// Carries a thousand orders by `broker` and takes them out of their queue by it.
async fn carry(bed: &Bed, broker: &Broker) -> Vec<Vec<u8>> {
    let order = |number| Order {
        id: Uuid::now_v7(),
        payload: format!("{number} {MARK}").into_bytes(),
        ..receipt(number)
    };
    let orders: Vec<Order> = (0..1_000).map(order).collect();
    let tx = bed.pool.begin().await.unwrap();
    put_orders(&tx, RECEIPTS, &orders).await.unwrap();
    tx.commit().await.unwrap();
    let relay = Relay::new(bed.pool.clone(), broker.clone(), Bell::new());
    let relay = Running::start(|stop| relay.run(stop));
    bed.drained().await;
    relay.stop().await;
    let taken = take_all_from(broker, "notifier.receipts").await;
    taken.into_iter().map(|(_, payload)| payload).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_through_the_broker_arrives_whole_and_who_reads_along_learns_nothing() {
    let bed = Bed::open().await;
    let node = bed.stage.servers().rabbitmq.clone();
    let vhost = bed.stage.vhost().await.unwrap();
    let secured = Proxy::start_reading(format!("127.0.0.1:{}", node.amqps_port))
        .await
        .unwrap();
    let url = node.encrypted_url(secured.port(), "notifier", &vhost);
    let taken = carry(&bed, &broker(&url, &node.authority)).await;
    assert_eq!(taken.len(), 1_000);
    assert!(
        taken
            .iter()
            .all(|payload| payload.ends_with(MARK.as_bytes()))
    );
    for secret in [MARK, &node.password, "notifier.receipts"] {
        assert!(!secured.overheard(secret.as_bytes()), "{secret} was read");
    }

    // The same in clear, to know that the proxy would have read it.
    let clear = Proxy::start_reading(format!("127.0.0.1:{}", node.amqp_port))
        .await
        .unwrap();
    let url = node.url_through(clear.port(), "notifier", &vhost);
    carry(&bed, &Broker::new(&url, "notifier").unwrap()).await;
    for secret in [MARK, &node.password] {
        assert!(clear.overheard(secret.as_bytes()), "{secret} was not read");
    }
}

/// Shows this certificate to whoever comes.
async fn showing(certificate: &Certificate) -> u16 {
    let chain = CertificateDer::pem_file_iter(&certificate.certificate).unwrap();
    let key = PrivateKeyDer::from_pem_file(&certificate.key).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.map(Result::unwrap).collect(), key)
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    server(move |stream| {
        let accepting = acceptor.accept(stream);
        async move { drop(accepting.await) }
    })
    .await
}

#[tokio::test]
async fn a_broker_that_cannot_show_whose_it_is_is_refused_with_the_cause() {
    let bed = Bed::empty().await;
    let node = bed.stage.servers().rabbitmq.clone();
    let rsa = file("authority.pem");
    let expired = showing(&by_rsa("expired")).await;
    for (host, port, authority, why) in [
        ("127.0.0.1", node.amqps_port, &rsa, "no authority"),
        (
            "localhost",
            node.amqps_port,
            &node.authority,
            "the name localhost",
        ),
        (
            "127.0.0.1",
            expired,
            &rsa,
            "it expired 2020-01-03T00:00:00Z",
        ),
        (
            "127.0.0.1",
            node.amqp_port,
            &node.authority,
            "does not speak TLS",
        ),
    ] {
        let url = node.encrypted_url(port, "notifier", "lienminh");
        let url = url.replace("127.0.0.1", host);
        let error = broker(&url, authority).connect("test").await.unwrap_err();
        let told = cause(&error);
        assert!(told.contains(why), "{host} {port}: {told}");
    }
}
