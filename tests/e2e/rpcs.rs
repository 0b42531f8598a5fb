//! A walk over every rpc of the descriptors: whoever adds one is tested here by that alone.

mod bodies;
mod forge;
mod judge;
mod learn;
mod met;
mod names;
mod own;
mod raw;
mod rpc;
mod surprises;
mod updates;

use std::sync::Arc;

use bytes::Bytes;
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage};
use lienminh_tests::surface::is_as_recorded;
use prost::Message as _;
use tonic::{Code, Status};

use self::bodies::wrong_bodies;
use self::forge::{Forge, claims, unsigned, with};
use self::judge::{judge, violated};
pub(crate) use self::learn::learn;
pub(crate) use self::met::Met;
pub(crate) use self::names::{
    kind_of, kinds, moved_in, nameless, of_any, places, put_at, put_names, unknown,
};
pub(crate) use self::rpc::{Rpc, every_rpc};
use crate::house::{options, until};

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_turns_strangers_away() {
    let stage = Stage::start(&options()).await.unwrap();
    let forge = Forge::trusted(&stage);
    let rpcs = every_rpc(&stage);
    let mut strangers = strangers(&stage, &forge);
    strangers.push(("revoked", Some(revoked(&stage, &forge, &rpcs).await)));
    let before = rows(&stage).await;
    let (mut faults, mut told) = (Vec::new(), None);
    let mut met = Met::default();
    for rpc in &rpcs {
        for (who, token) in &strangers {
            let answer = rpc.call(token.as_deref(), "vi", Bytes::new()).await;
            let status = answer.err();
            met.caller(rpc, who, status.as_ref());
            let code = status.as_ref().map(Status::code);
            if code != Some(Code::Unauthenticated) {
                faults.push(format!("{}, {who}: {code:?}", rpc.name()));
            }
            // What is wrong with a token helps only whoever forges one.
            let words = status.map(|status| status.message().to_owned());
            if *told.get_or_insert(words.clone()) != words {
                faults.push(format!("{}, {who}: {words:?}", rpc.name()));
            }
        }
        let other = if rpc.permission.starts_with("funding.") {
            "registry.*"
        } else {
            "funding.*"
        };
        let near = format!("{other} {}x {}.more", rpc.permission, rpc.permission);
        let answer = rpc
            .call(Some(&forge.sign(&claims(&near))), "vi", Bytes::new())
            .await;
        let status = answer.err();
        met.caller(rpc, "without its permission", status.as_ref());
        let code = status.as_ref().map(Status::code);
        if code != Some(Code::PermissionDenied) {
            faults.push(format!(
                "{}, without {}: {code:?}",
                rpc.name(),
                rpc.permission
            ));
        }
    }
    assert_eq!(rows(&stage).await, before, "no stranger leaves anything");
    for rpc in &rpcs {
        let exact = forge.sign(&claims(&rpc.permission));
        let answer = rpc.call(Some(&exact), "vi", Bytes::new()).await;
        met.caller(rpc, "with its permission", answer.as_ref().err());
        if let Err(status) = answer
            && matches!(
                status.code(),
                Code::PermissionDenied | Code::Unauthenticated | Code::Unimplemented
            )
        {
            faults.push(format!("{}, with its permission: {status:?}", rpc.name()));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    is_as_recorded("callers.txt", &met.text());
}

/// Tokens that nobody may come in with.
fn strangers(stage: &Stage, forge: &Forge) -> Vec<(&'static str, Option<String>)> {
    let now = jiff::Timestamp::now().as_second();
    let good = claims("*");
    let said = |name: &str, value: serde_json::Value| forge.sign(&with(good.clone(), name, value));
    let long_ago = with(good.clone(), "iat", now - 7200);
    let signed = forge.sign(&good);
    let (unsigned_part, _) = signed.rsplit_once('.').unwrap();
    vec![
        ("no token", None),
        ("no JWT", Some("nobody".to_owned())),
        (
            "expired",
            Some(forge.sign(&with(long_ago, "exp", now - 3600))),
        ),
        ("not valid yet", Some(said("nbf", (now + 3600).into()))),
        (
            "good for ten years",
            Some(said("exp", (now + 315_576_000).into())),
        ),
        ("of nobody", Some(said("sub", "".into()))),
        (
            "of two lines",
            Some(said("sub", "user:lan\nuser:minh".into())),
        ),
        ("without an identity", Some(said("jti", "".into()))),
        ("wrong key", Some(Forge::stranger(stage).sign(&good))),
        (
            "a service's key for a person",
            Some(Forge::of_service(stage, "notifier").sign(&good)),
        ),
        (
            "unknown key id",
            Some(forge.sign_as("at+jwt", "nobody", &good)),
        ),
        (
            "another kind of token",
            Some(forge.sign_as("JWT", &forge.kid, &good)),
        ),
        ("alg none", Some(unsigned(&good, &forge.kid))),
        (
            "the public key as a secret",
            Some(forge.sign_with_the_public_key(&good)),
        ),
        ("wrong audience", Some(said("aud", "somebody".into()))),
        ("wrong issuer", Some(said("iss", "somebody".into()))),
        (
            "an organisation that is none",
            Some(said("org", "organisations/all".into())),
        ),
        ("signature cut off", Some(format!("{unsigned_part}."))),
    ]
}

/// A token that was good until it was revoked.
async fn revoked(stage: &Stage, forge: &Forge, rpcs: &[Rpc]) -> String {
    let good = claims("*");
    let token = forge.sign(&good);
    let list = stage.suite().auth_folder().join("revoked.json");
    std::fs::write(list, serde_json::json!([good["jti"]]).to_string()).unwrap();
    for rpc in rpcs {
        until("the revocation is known", || async {
            let answer = rpc
                .call(Some(&token), "vi", Bytes::from_static(&[0xff]))
                .await;
            answer.is_err_and(|status| status.code() == Code::Unauthenticated)
        })
        .await;
    }
    token
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_refuses_bad_input_and_names_the_field() {
    let stage = Stage::start(&options()).await.unwrap();
    let token: Arc<str> = stage
        .suite()
        .token(&Token::new("user:walker", "*"))
        .unwrap()
        .into();
    let mut before = rows(&stage).await;
    let mut faults = Vec::new();
    let mut met = Met::default();
    let mut calls = 0;
    let mut good = Vec::new();
    for rpc in every_rpc(&stage) {
        let base = learn(&rpc, &token).await;
        let answer = rpc
            .call(Some(&token), "en", base.encode_to_vec().into())
            .await;
        let known = answer
            .err()
            .map(|status| violated(&status))
            .unwrap_or_default();
        for (turn, wrong) in wrong_bodies(&base).into_iter().enumerate() {
            let language = ["vi", "en"][turn % 2];
            let answer = rpc.call(Some(&token), language, wrong.body.clone()).await;
            calls += 1;
            met.wrong(&rpc, &wrong, &known, answer.as_ref().err());
            if let Some(fault) = judge(&wrong, &known, language, answer) {
                faults.push(format!("{}, {}: {fault}", rpc.name(), wrong.what));
            }
        }
        good.push((rpc, base));
    }
    println!("{calls} calls");
    assert!(calls > 1_000);
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    let after = rows(&stage).await;
    before.retain(|row| !after.contains(row));
    assert!(
        before.is_empty(),
        "nothing is written: before {before:?}, after {after:?}"
    );
    updates::are_refused_by_field(&token, &good, &mut met).await;
    is_as_recorded("wrong_inputs.txt", &met.text());
    surprises::leak_nothing(&stage, &token, &good).await;
}

/// How many rows each table holds that a call could have written. What the services move in their
/// own time is left out; whatever a caller changes leaves a row of the audit.
pub(crate) async fn rows(stage: &Stage) -> Vec<String> {
    const TABLES: &str = "
        select format('%s %s', c.relname, (xpath('/row/n/text()',
               query_to_xml(format('select count(*) as n from %I', c.relname), false, true, '')))[1])
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname = 'public' and c.relname not in
              ('audit_head', 'audit_pending', 'audit_seal', 'outbox', 'published')
        order by 1";
    let mut all = Vec::new();
    for service in ServiceName::ALL {
        let database = stage.look_into(service).await.unwrap();
        let found = database.query(TABLES, &[]).await.unwrap();
        all.extend(
            found
                .iter()
                .map(|row| format!("{service}.{}", row.get::<_, String>(0))),
        );
    }
    all
}
