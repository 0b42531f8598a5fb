//! A walk over every rpc of the descriptors: whoever adds one is tested here by that alone.

mod bodies;
mod forge;
mod judge;
mod learn;
mod raw;
mod rpc;

use std::sync::Arc;

use bytes::Bytes;
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage};
use tonic::Code;

use self::bodies::wrong_bodies;
use self::forge::{Forge, claims, unsigned, with};
use self::judge::judge;
use self::learn::learn;
use self::rpc::every_rpc;
use crate::house::options;

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_turns_strangers_away() {
    let stage = Stage::start(&options()).await.unwrap();
    let forge = Forge::trusted(&stage);
    let now = jiff::Timestamp::now().as_second();
    let good = claims("*");
    let mut strangers = vec![
        ("no token", None),
        ("no JWT", Some("nobody".to_owned())),
        (
            "expired",
            Some(forge.sign(&with(
                with(good.clone(), "iat", now - 7200),
                "exp",
                now - 3600,
            ))),
        ),
        (
            "not valid yet",
            Some(forge.sign(&with(good.clone(), "nbf", now + 3600))),
        ),
        ("wrong key", Some(Forge::stranger(&stage).sign(&good))),
        ("alg none", Some(unsigned(&good, &forge.kid))),
        (
            "wrong audience",
            Some(forge.sign(&with(good.clone(), "aud", "somebody"))),
        ),
        (
            "wrong issuer",
            Some(forge.sign(&with(good.clone(), "iss", "somebody"))),
        ),
    ];
    let broken = forge.sign(&good);
    let (body, _) = broken.rsplit_once('.').unwrap();
    strangers.push(("signature cut off", Some(format!("{body}."))));

    let mut faults = Vec::new();
    for rpc in every_rpc(&stage) {
        for (who, token) in &strangers {
            let answer = rpc.call(token.as_deref(), "vi", Bytes::new()).await;
            let code = answer.err().map(|status| status.code());
            if code != Some(Code::Unauthenticated) {
                faults.push(format!("{}, {who}: {code:?}", rpc.name()));
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
        let code = answer.err().map(|status| status.code());
        if code != Some(Code::PermissionDenied) {
            faults.push(format!(
                "{}, without {}: {code:?}",
                rpc.name(),
                rpc.permission
            ));
        }
        let exact = forge.sign(&claims(&rpc.permission));
        if let Err(status) = rpc.call(Some(&exact), "vi", Bytes::new()).await
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
    let mut calls = 0;
    for rpc in every_rpc(&stage) {
        let base = learn(&rpc, &token).await;
        for (turn, wrong) in wrong_bodies(&base).into_iter().enumerate() {
            let language = ["vi", "en"][turn % 2];
            let answer = rpc.call(Some(&token), language, wrong.body.clone()).await;
            calls += 1;
            if let Some(fault) = judge(&wrong, language, answer) {
                faults.push(format!("{}, {}: {fault}", rpc.name(), wrong.what));
            }
        }
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
}

/// How many rows each table holds that a call could have written.
async fn rows(stage: &Stage) -> Vec<String> {
    const TABLES: &str = "
        select format('%s %s', c.relname, (xpath('/row/n/text()',
               query_to_xml(format('select count(*) as n from %I', c.relname), false, true, '')))[1])
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname = 'public'
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
