//! Who gets in, and who does not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::auth::{Claims, Grant, Key, issue, issued, revoke};
use lienminh_proto::clock::v1::GetSettledRequest;
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::house::{House, claims, eventually, open};

fn code(answer: Result<(), Status>) -> Code {
    answer.map_or_else(|status| status.code(), |()| Code::Ok)
}

#[tokio::test]
async fn a_good_token_opens_the_door() {
    let house = open().await;
    assert_eq!(code(house.ask_with(&claims()).await), Code::Ok);
}

#[tokio::test]
async fn no_token_is_unauthenticated() {
    let house = open().await;
    assert_eq!(code(house.ask(None).await), Code::Unauthenticated);
    for scheme in ["Basic dTpw", "Bearer", "Bearer x.y.z", ""] {
        assert_eq!(
            code(house.ask(Some(scheme)).await),
            Code::Unauthenticated,
            "{scheme}"
        );
    }
}

#[tokio::test]
async fn of_two_headers_that_contradict_each_other_neither_is_believed() {
    let house = open().await;
    let ask = async |name: &'static str, values: &[&str]| {
        let mut request = house.signed(GetSettledRequest {});
        for value in values {
            request.metadata_mut().append(name, value.parse().unwrap());
        }
        house.gate.passes.add_permits(1);
        let mut client = ClockServiceClient::new(house.channel().await);
        code(client.get_settled(request).await.map(drop))
    };
    let traces = ["0", "1"].map(|end| format!("00-{:032x}-{:015x}{end}-01", 7, 7));
    assert_eq!(ask("traceparent", &[&traces[0]]).await, Code::Ok);
    for (name, values) in [
        ("traceparent", &[traces[0].as_str(), &traces[1]][..]),
        ("grpc-timeout", &["5S", "6S"]),
    ] {
        assert_eq!(ask(name, values).await, Code::InvalidArgument, "{name}");
    }
    // One good token stands there already; another one, the same or none are too many.
    let again = house.signed(()).metadata().get("authorization").cloned();
    let again = again.unwrap().to_str().unwrap().to_owned();
    for second in [again.as_str(), "Bearer x.y.z", "Basic dTpw", ""] {
        let told = ask("authorization", &[second]).await;
        assert_eq!(told, Code::Unauthenticated, "{second}");
    }
}

async fn refused(house: &House, change: impl FnOnce(&mut Claims)) {
    let mut changed = claims();
    change(&mut changed);
    assert_eq!(code(house.ask_with(&changed).await), Code::Unauthenticated);
}

#[tokio::test]
async fn an_expired_token_is_unauthenticated_after_the_allowed_skew() {
    let house = open().await;
    refused(&house, |claims| claims.exp = claims.iat - 61).await;
    let mut within = claims();
    within.exp = within.iat - 30;
    assert_eq!(code(house.ask_with(&within).await), Code::Ok);
}

#[tokio::test]
async fn case_62_a_token_from_the_future_is_unauthenticated_beyond_the_skew() {
    let house = open().await;
    refused(&house, |claims| claims.nbf += 120).await;
    refused(&house, |claims| claims.iat += 120).await;
    let mut within = claims();
    within.nbf += 30;
    within.iat += 30;
    assert_eq!(code(house.ask_with(&within).await), Code::Ok);
}

#[tokio::test]
async fn a_token_for_or_by_somebody_else_is_unauthenticated() {
    let house = open().await;
    refused(&house, |claims| claims.aud = "another".to_owned()).await;
    refused(&house, |claims| claims.iss = "another".to_owned()).await;
}

#[tokio::test]
async fn a_token_that_names_nobody_or_cannot_be_revoked_is_unauthenticated() {
    let house = open().await;
    for nobody in [
        "",
        " ",
        "user:lan\n",
        "user:\tlan",
        "user:\u{202e}nal",
        "user:lan\u{200b}",
    ] {
        refused(&house, |claims| claims.sub = nobody.to_owned()).await;
        refused(&house, |claims| claims.jti = nobody.to_owned()).await;
    }
    for second_name in ["user:lan3.", "user:lan+3@lienminh.example", "user:lan--3"] {
        refused(&house, |claims| claims.sub = second_name.to_owned()).await;
    }
    refused(&house, |claims| claims.sub = "u".repeat(129)).await;
    let mut longest = claims();
    longest.sub = "u".repeat(128);
    assert_eq!(code(house.ask_with(&longest).await), Code::Ok);
}

#[tokio::test]
async fn a_token_that_hardly_ends_is_unauthenticated_whoever_signed_it() {
    const DAY: u64 = 24 * 3600;
    let house = open().await;
    refused(&house, |claims| claims.exp = claims.iat + 3_652 * DAY).await;
    refused(&house, |claims| claims.exp = u64::MAX).await;
    refused(&house, |claims| claims.exp = claims.iat + 366 * DAY + 1).await;
    // A service renews its own every few minutes.
    refused(&house, |claims| {
        claims.sub = "service:notifier".to_owned();
        claims.exp = claims.iat + DAY;
    })
    .await;
    let mut yearly = claims();
    yearly.exp = yearly.iat + 366 * DAY;
    assert_eq!(code(house.ask_with(&yearly).await), Code::Ok);
}

#[tokio::test]
async fn no_token_is_issued_that_would_be_refused() {
    let house = open().await;
    let grant = |subject: &str, hours: u64| Grant {
        subject: subject.to_owned(),
        scope: "clock.get".to_owned(),
        organisation: None,
        life: Duration::from_secs(hours * 3600),
    };
    for (subject, hours) in [
        ("", 1),
        ("user:lan\n", 1),
        ("user:lan3.", 1),
        ("service:events", 1),
        ("user:lan", 8785),
    ] {
        assert!(
            issue(&house.auth, &grant(subject, hours)).is_err(),
            "{subject}"
        );
    }
    assert!(issued(&house.auth).unwrap().is_empty());
    let (token, _) = issue(&house.auth, &grant("user:lan", 8784)).unwrap();
    assert_eq!(
        code(house.ask(Some(&format!("Bearer {token}"))).await),
        Code::Ok
    );
}

#[tokio::test]
async fn an_unreadable_organisation_is_unauthenticated() {
    let house = open().await;
    refused(&house, |claims| {
        claims.org = Some("organisations/all".to_owned())
    })
    .await;
}

#[tokio::test]
async fn a_key_nobody_trusts_opens_nothing() {
    let house = open().await;
    let stranger = Key::ensure(&house.folder().join("stranger.pem")).unwrap();
    let token = stranger.sign(&claims()).unwrap();
    let answer = house.ask(Some(&format!("Bearer {token}"))).await;
    assert_eq!(code(answer), Code::Unauthenticated);
}

#[tokio::test]
async fn a_forged_signature_opens_nothing() {
    let house = open().await;
    let stranger = Key::ensure(&house.folder().join("stranger.pem")).unwrap();
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(house.key.id().to_owned());
    let signature = stranger.sign(&claims()).unwrap();
    let signature = signature.rsplit_once('.').unwrap().1;
    let forged = format!("{}.{}.{signature}", part(&header), part(&claims()));
    let answer = house.ask(Some(&format!("Bearer {forged}"))).await;
    assert_eq!(code(answer), Code::Unauthenticated);
}

fn part(value: &impl serde::Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap())
}

#[tokio::test]
async fn algorithm_none_opens_nothing() {
    let house = open().await;
    for alg in ["none", "None", "NONE"] {
        let header = serde_json::json!({"alg": alg, "typ": "at+jwt", "kid": house.key.id()});
        let token = format!("{}.{}.", part(&header), part(&claims()));
        let answer = house.ask(Some(&format!("Bearer {token}"))).await;
        assert_eq!(code(answer), Code::Unauthenticated, "{alg}");
    }
}

#[tokio::test]
async fn the_public_key_as_a_shared_secret_opens_nothing() {
    let house = open().await;
    let public = URL_SAFE_NO_PAD.decode(house.key.public()).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(house.key.id().to_owned());
    let token =
        jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&public)).unwrap();
    let answer = house.ask(Some(&format!("Bearer {token}"))).await;
    assert_eq!(code(answer), Code::Unauthenticated);
}

#[tokio::test]
async fn a_token_of_another_type_opens_nothing() {
    let house = open().await;
    let pem = std::fs::read_to_string(house.folder().join("cli.key.pem")).unwrap();
    let der = SigningKey::from_pkcs8_pem(&pem)
        .unwrap()
        .to_pkcs8_der()
        .unwrap();
    let key = EncodingKey::from_ed_der(der.as_bytes());
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(house.key.id().to_owned());
    let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
    let answer = house.ask(Some(&format!("Bearer {token}"))).await;
    assert_eq!(code(answer), Code::Unauthenticated);
}

#[tokio::test]
async fn a_missing_permission_is_denied_and_named() {
    let house = open().await;
    let mut poor = claims();
    poor.scope = "clock.set registry.*".to_owned();
    let status = house.ask_with(&poor).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(info.reason, "PERMISSION_DENIED");
    assert_eq!(info.domain, "lienminh");
    assert_eq!(info.metadata["permission"], "clock.get");
    poor.scope = "clock.*".to_owned();
    assert_eq!(code(house.ask_with(&poor).await), Code::Ok);
}

#[tokio::test]
async fn a_service_key_speaks_only_for_its_service() {
    let house = open().await;
    let key = house.auth.service_key("registry").unwrap();
    let ask = async |subject: &str| {
        let mut claims = claims();
        claims.sub = subject.to_owned();
        let token = key.sign(&claims).unwrap();
        code(house.ask(Some(&format!("Bearer {token}"))).await)
    };
    // The key was made after the server started: learnt within its poll.
    eventually(async || ask("service:registry").await == Code::Ok).await;
    assert_eq!(ask("service:funding").await, Code::Unauthenticated);
    assert_eq!(ask("user:tester").await, Code::Unauthenticated);
}

#[tokio::test]
async fn a_revoked_token_stops_working_while_others_go_on() {
    let house = open().await;
    let grant = Grant {
        subject: "user:lan".to_owned(),
        scope: "clock.get".to_owned(),
        organisation: None,
        life: Duration::from_secs(3600),
    };
    let (token, note) = issue(&house.auth, &grant).unwrap();
    let (other, _) = issue(&house.auth, &grant).unwrap();
    let bearer = format!("Bearer {token}");
    assert_eq!(code(house.ask(Some(&bearer)).await), Code::Ok);

    assert!(revoke(&house.auth, &note.jti).unwrap());
    assert!(!revoke(&house.auth, &note.jti).unwrap());
    eventually(async || code(house.ask(Some(&bearer)).await) == Code::Unauthenticated).await;
    assert_eq!(
        code(house.ask(Some(&format!("Bearer {other}"))).await),
        Code::Ok
    );

    let listed = issued(&house.auth).unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed[0].revoked && !listed[1].revoked);
    assert_eq!(listed[0].sub, "user:lan");
}

#[tokio::test]
async fn a_withdrawn_key_opens_nothing_and_a_restart_does_not_bring_it_back() {
    let house = open().await;
    assert_eq!(code(house.ask_with(&claims()).await), Code::Ok);
    std::fs::remove_file(house.folder().join("trusted/cli.json")).unwrap();
    eventually(async || code(house.ask_with(&claims()).await) == Code::Unauthenticated).await;
    house.auth.cli_key().unwrap();
    assert!(!house.folder().join("trusted/cli.json").exists());
}

#[test]
fn what_was_taken_from_the_key_folder_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let open = || kit::auth::AuthFolder::open(folder.path()).unwrap();
    let here = |file: &str| folder.path().join(file);
    let take = |file: &str| std::fs::remove_file(here(file)).unwrap();
    open().service_key("events").unwrap();

    take("cli.key.pem");
    take("trusted/cli.json");
    open().service_key("events").unwrap();
    open().service_key("funding").unwrap();
    assert!(!here("cli.key.pem").exists() && !here("trusted/cli.json").exists());
    let told = open().cli_key().unwrap_err().to_string();
    assert!(
        told.contains("cli.key.pem") && told.contains("made/cli"),
        "{told}"
    );

    take("events.key.pem");
    take("trusted/events.json");
    let told = open().service_key("events").unwrap_err().to_string();
    assert!(told.contains("put it back"), "{told}");

    take("revoked.json");
    let told = kit::auth::Verifier::open(open()).err().unwrap().to_string();
    assert!(told.contains("revoked.json"), "{told}");
    revoke(&open(), "a token").unwrap_err();

    // Whoever wants new ones says so.
    take("made/events");
    open().service_key("events").unwrap();
}

#[test]
fn a_folder_that_only_trusts_makes_no_key_of_its_own_for_whom_it_trusts() {
    let origin = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    kit::auth::AuthFolder::open(origin.path())
        .unwrap()
        .cli_key()
        .unwrap();
    let auth = kit::auth::AuthFolder::open(copy.path()).unwrap();
    let file = "trusted/cli.json";
    std::fs::copy(origin.path().join(file), copy.path().join(file)).unwrap();
    auth.service_key("events").unwrap();
    assert!(!copy.path().join("cli.key.pem").exists());
    assert!(auth.cli_key().is_err());
}

#[tokio::test]
async fn an_rpc_that_is_not_ours_does_not_exist() {
    let house = open().await;
    let mut client = tonic_health::pb::health_client::HealthClient::new(house.channel().await);
    // Registered with the server, but not opened by the table.
    let status = client
        .watch(tonic_health::pb::HealthCheckRequest::default())
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

#[test]
fn two_first_starts_at_once_agree_on_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<String> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let auth = kit::auth::AuthFolder::open(folder.path()).unwrap();
                    auth.service_key("events").unwrap().id().to_owned()
                })
            })
            .collect();
        starts
            .into_iter()
            .map(|each| each.join().unwrap())
            .collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]));
    let trusted = std::fs::read_to_string(folder.path().join("trusted/events.json")).unwrap();
    assert!(trusted.contains(&ids[0]));
}

#[cfg(unix)]
#[test]
fn private_keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let auth = kit::auth::AuthFolder::open(folder.path().join("auth")).unwrap();
    auth.service_key("events").unwrap();
    let mode = std::fs::metadata(folder.path().join("auth/events.key.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
