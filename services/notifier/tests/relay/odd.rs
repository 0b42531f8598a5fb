//! Replies that no RFC knows, at every place.

use std::time::Duration;

use lienminh_local::smtp::{Manner, Oddity, Place};
use notifier::channel::smtp::{Refusal, Session};
use notifier::domain::outcome::{Phase, no_reply};

use crate::world::{Relay, file, mail};

/// What a socket's buffers may hold of a reply that nobody reads on.
const BUFFERED: u64 = 16 * 1024 * 1024;

/// Connects and sends one mail, as far as it gets.
async fn attempt(relay: &Relay) -> Result<String, Refusal> {
    let account = "nhacviec:mat@";
    let server = relay.server("smtp+starttls", account, Some(&file("authority.pem")));
    let mut session = Session::connect(&server).await?;
    mail(&mut session).await
}

async fn odd_relay(place: Place, oddity: Oddity) -> Relay {
    let relay = Relay::encrypted("relay.pem", false).await;
    let account = Some(("nhacviec".to_owned(), "mat".to_owned()));
    let odd = [(place, oddity)].into();
    relay.sink.rules().set_manner(Manner {
        account,
        odd,
        ..Manner::default()
    });
    relay
}

async fn is_let_go(relay: &Relay) {
    let waiting = async {
        while relay.sink.counters().open > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    assert!(waited.is_ok(), "the connection is still open");
    let taken = relay.sink.counters().endless_bytes;
    assert!(taken < BUFFERED, "{taken} bytes were taken");
}

#[tokio::test]
async fn a_reply_without_an_end_is_let_go_at_every_place_and_means_what_its_place_means() {
    let places = [
        (Place::Greeting, "greeting", Phase::Connect),
        (Place::Ehlo, "EHLO", Phase::Connect),
        (Place::StartTls, "STARTTLS", Phase::Connect),
        (Place::Auth, "AUTH", Phase::Connect),
        (Place::Mail, "MAIL", Phase::Mail),
        (Place::Rcpt, "RCPT", Phase::Rcpt),
        (Place::Data, "DATA", Phase::Data),
        (Place::Dot, "the final dot", Phase::Dot),
    ];
    for oddity in [Oddity::EndlessLine, Oddity::EndlessLines] {
        for (place, name, phase) in places {
            let relay = odd_relay(place, oddity).await;
            let refusal = attempt(&relay).await.unwrap_err();
            let told = format!("endless_reply at {name}");
            assert_eq!(refusal.detail, told, "{oddity:?}");
            assert_eq!(refusal.verdict, no_reply(phase, "endless_reply"), "{told}");
            assert!(!refusal.connection_stands);
            is_let_go(&relay).await;
        }
    }
}

#[tokio::test]
async fn neither_a_reset_nor_a_farewell_is_listened_to_for_ever() {
    let relay = Relay::open(None).await;
    let odd = [Place::Rset, Place::Quit].map(|place| (place, Oddity::EndlessLine));
    relay.sink.rules().set_manner(Manner {
        odd: odd.into(),
        ..Manner::default()
    });
    let mut session = Session::connect(&relay.plain()).await.unwrap();
    assert!(!session.reset().await);
    drop(session);
    is_let_go(&relay).await;
    let session = Session::connect(&relay.plain()).await.unwrap();
    session.quit().await;
    is_let_go(&relay).await;
}

#[tokio::test]
async fn a_mail_that_was_accepted_in_latin_1_is_accepted() {
    for place in [Place::Greeting, Place::Ehlo, Place::Rcpt, Place::Dot] {
        let relay = odd_relay(place, Oddity::Latin1).await;
        let reference = attempt(&relay).await.unwrap();
        assert!(
            reference.starts_with("2.0.0 Ok: queued as 1"),
            "{reference}"
        );
        assert_eq!(relay.sink.counters().accepted, 1);
    }
}

#[tokio::test]
async fn a_reply_that_nobody_asked_for_is_taken_for_no_other() {
    let relay = Relay::open(None).await;
    let odd = [(Place::Dot, Oddity::Twice)].into();
    relay.sink.rules().set_manner(Manner {
        odd,
        ..Manner::default()
    });
    let mut session = Session::connect(&relay.plain()).await.unwrap();
    mail(&mut session).await.unwrap();
    let refusal = mail(&mut session).await.unwrap_err();
    assert_eq!(refusal.detail, "unasked_reply at MAIL");
    assert_eq!(relay.sink.counters().accepted, 1);
}
