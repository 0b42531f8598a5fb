//! Somebody migrates the schema beneath a sender to one that it does not know.

use std::time::Duration;

use kit::migrate::watch;
use kit::service::Service as _;
use lienminh_local::smtp::Behaviour;
use notifier::Notifier;
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;

use crate::bed::{Bed, eventually};

const NEWER: &str = "
    insert into migration (series, version, name, checksum, breaks_before)
    values ('service', 9999, 'newer', '', 9999)";

const KNOWN_AGAIN: &str = "delete from migration where version = 9999";

/// A receipt may follow an SMS at once.
const SENT: &str = "select count(*) from delivery where state in ('SENT', 'DELIVERED')";

/// The answer to the mail in flight: time enough for other lanes to send what waits.
const ANSWER: Duration = Duration::from_secs(3);

/// Looks as a running program does every second.
async fn look(bed: &Bed) -> bool {
    watch::begin(&bed.desk.pool, Notifier::migrations()).await;
    bed.desk.pool.knows_schema()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_newer_schema_nothing_leaves_and_what_had_left_is_recorded() {
    let bed = Bed::open().await;
    assert!(look(&bed).await);
    let rules = bed.smtp.rules();
    rules.set("htx0@example.com", Behaviour::DelayAfterDot(ANSWER));
    let running = bed.run().await;
    let in_flight = bed.queue(Channel::Email, "htx0@example.com", Class::Invitation);
    let in_flight = in_flight.await;
    eventually("one has left", async || bed.smtp.accepted().len() == 1).await;

    bed.execute_as_owner(NEWER).await;
    assert!(!look(&bed).await);
    let addresses: Vec<String> = (1..9).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::LegalDeadline)
        .await;
    bed.queue(Channel::Sms, "+84901230001", Class::LegalDeadline)
        .await;
    assert_eq!(bed.state(in_flight).await.0, "SENDING");
    bed.reaches(in_flight, "SENT").await;
    assert_eq!(bed.smtp.accepted().len(), 1, "mail left unknown to us");
    assert_eq!(bed.sms.accepted().len(), 0, "an SMS left unknown to us");

    bed.execute_as_owner(KNOWN_AGAIN).await;
    assert!(look(&bed).await);
    eventually("all are sent", async || bed.count(SENT).await == 10).await;
    assert_eq!(bed.smtp.accepted().len(), 9);
    assert_eq!(bed.sms.accepted().len(), 1);
    running.stop().await;
}
