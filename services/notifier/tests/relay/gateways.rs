use notifier::channel::sms::{Account, Esms, Generic, SmsGateway, SmsOrder};
use notifier::domain::outcome::Verdict;
use uuid::Uuid;

use crate::world::Relay;

#[tokio::test]
async fn a_gateway_that_nobody_vouches_for_gets_nothing_and_the_cause_is_named() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Only its certificate is shown: whoever does not believe it says nothing.
    let strange = Relay::encrypted("relay.pem", true).await;
    let plain = Relay::open(None).await;
    for (relay, cause) in [
        (&strange, "no authority that is trusted here signed it"),
        (&plain, "does not speak TLS"),
    ] {
        let url = format!("https://localhost:{}", relay.sink.address().port());
        let account = Account {
            api_key: "k".to_owned().into(),
            secret_key: "s".to_owned().into(),
            brandname: "LMHTX".to_owned(),
        };
        for gateway in [
            SmsGateway::Generic(Generic::new(&url, String::new()).unwrap()),
            SmsGateway::Esms(Esms::new(&url, account, String::new()).unwrap()),
        ] {
            let order = SmsOrder {
                id: Uuid::now_v7(),
                to: "+84590000001".to_owned(),
                text: "Moi hop".to_owned(),
            };
            let handed = gateway.send(&order).await;
            assert!(
                matches!(&handed.verdict, Verdict::Away { reason, .. } if reason == "tls_failed"),
                "{handed:?}"
            );
            assert!(handed.cause.contains(cause), "{handed:?}");
        }
    }
}
