use lienminh_local::smtp::Manner;
use notifier::channel::smtp::{Refusal, Session};
use notifier::domain::outcome::Verdict;

use crate::world::{Relay, file, mail};

const ACCOUNT: &str = "nhacviec%40lienminh.example:mat%23khau%24@";

fn house() -> Manner {
    let account = ("nhacviec@lienminh.example", "mat#khau$");
    Manner {
        account: Some((account.0.to_owned(), account.1.to_owned())),
        ..Manner::default()
    }
}

async fn refused(relay: &Relay, scheme: &str, account: &str) -> Refusal {
    let server = relay.server(scheme, account, Some(&file("authority.pem")));
    Session::connect(&server).await.unwrap_err()
}

#[tokio::test]
async fn the_account_is_decoded_and_logs_in_however_the_connection_is_encrypted() {
    for (scheme, implicit) in [("smtp+starttls", false), ("smtps", true)] {
        let relay = Relay::encrypted("relay.pem", implicit).await;
        relay.sink.rules().set_manner(house());
        let server = relay.server(scheme, ACCOUNT, Some(&file("authority.pem")));
        let mut session = Session::connect(&server).await.unwrap();
        mail(&mut session).await.unwrap();
        mail(&mut session).await.unwrap();
        let counters = relay.sink.counters();
        assert_eq!((counters.logins, counters.accepted), (1, 2), "{scheme}");
    }
}

#[tokio::test]
async fn a_wrong_password_rests_the_channel_and_tells_what_the_relay_said() {
    let relay = Relay::encrypted("relay.pem", false).await;
    relay.sink.rules().set_manner(house());
    let refusal = refused(&relay, "smtp+starttls", "nhacviec%40lienminh.example:mat@").await;
    assert!(matches!(refusal.verdict, Verdict::Config { .. }));
    assert_eq!(refusal.code, "535 5.7.8");
    assert_eq!(refusal.detail, "Username and Password not accepted");
}

#[tokio::test]
async fn nobody_is_trusted_whom_no_authority_vouches_for_and_the_cause_is_named() {
    for (certificate, cause) in [
        ("expired.pem", "it expired 2020-01-03"),
        ("elsewhere.pem", "it is not for the name localhost"),
    ] {
        for (scheme, implicit) in [("smtp+starttls", false), ("smtps", true)] {
            let relay = Relay::encrypted(certificate, implicit).await;
            relay.sink.rules().set_manner(house());
            let refusal = refused(&relay, scheme, ACCOUNT).await;
            assert!(
                matches!(&refusal.verdict, Verdict::Config { reason, .. } if reason == "tls_failed")
            );
            assert!(refusal.detail.contains(cause), "{}", refusal.detail);
            assert_eq!(relay.sink.counters().logins, 0);
        }
    }
}

#[tokio::test]
async fn the_platform_vouches_for_those_it_knows_and_not_for_a_house_s_own_authority() {
    let relay = Relay::encrypted("relay.pem", true).await;
    let server = relay.server("smtps", ACCOUNT, None);
    let refusal = Session::connect(&server).await.unwrap_err();
    let unknown = "no authority that is trusted here signed it";
    assert!(refusal.detail.contains(unknown), "{}", refusal.detail);
}

#[tokio::test]
async fn no_password_is_told_to_a_relay_that_does_not_encrypt() {
    let relay = Relay::open(None).await;
    relay.sink.rules().set_manner(house());
    let refusal = refused(&relay, "smtp+starttls", ACCOUNT).await;
    assert!(matches!(&refusal.verdict, Verdict::Config { reason, .. } if reason == "no_starttls"));
    let refusal = refused(&relay, "smtps", ACCOUNT).await;
    assert!(
        refusal.detail.contains("does not speak TLS"),
        "{}",
        refusal.detail
    );
    assert_eq!(relay.sink.counters().logins, 0);
}

#[tokio::test]
async fn what_was_said_in_clear_does_not_count_within_tls() {
    use lienminh_local::smtp::{Oddity, Place};

    let relay = Relay::encrypted("relay.pem", false).await;
    let odd = [(Place::StartTls, Oddity::Twice)].into();
    relay.sink.rules().set_manner(Manner { odd, ..house() });
    let refusal = refused(&relay, "smtp+starttls", ACCOUNT).await;
    assert_eq!(refusal.detail, "unasked_reply at TLS");
}
