use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use kit::mutation::{Mutation, run};
use kit::outbox::put;
use uuid::Uuid;

use crate::bed::{Bed, PATIENCE, caller, eventually, obligation_moved};

pub(crate) const METHOD: &str = "lienminh.tests.v1.NoteService/CreateNote";
const INSERT: &str = "insert into note (text) values ($1)";
const NOTES: &str = "select count(*) from note";

pub(crate) async fn write(tx: Arc<Tx>, text: &str) -> Result<String> {
    tx.execute(INSERT, &[&text]).await?;
    put(&tx, &[obligation_moved(1)]).await?;
    tx.about(format!("notes/{text}"));
    Ok(format!("wrote {text}"))
}

fn id() -> String {
    Uuid::now_v7().to_string()
}

fn reason(error: &Error) -> (String, &'static str) {
    let Error::InvalidArgument(violations) = error else {
        panic!("not an invalid argument: {error:?}");
    };
    (violations[0].field.clone(), violations[0].reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn case_58_fifty_equal_requests_at_once_have_one_effect_and_one_answer() {
    let bed = Bed::open().await;
    // Two processes: the lock in the database must do what the one in memory cannot.
    let processes = [bed.mutations(), bed.mutations()];
    let (who, id, body) = (caller("user:lan"), id(), "a".to_owned());
    let runs = Arc::new(AtomicU32::new(0));
    let requests = (0..50).map(|number| {
        let (mutations, runs, who, id, body) = (
            processes[number % 2].clone(),
            runs.clone(),
            who.clone(),
            id.clone(),
            body.clone(),
        );
        tokio::spawn(async move {
            run(&mutations, &who, METHOD, &id, &body, |tx| {
                let body = &body;
                let answer = runs.fetch_add(1, Ordering::SeqCst);
                async move {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    write(tx, body).await?;
                    Ok(format!("answer {answer}"))
                }
            })
            .await
            .unwrap()
        })
    });
    for answer in futures_util::future::join_all(requests).await {
        assert_eq!(answer.unwrap(), "answer 0");
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert_eq!(bed.count(NOTES).await, 1);
    assert_eq!(bed.count("select count(*) from outbox").await, 1);
    assert_eq!(bed.count("select count(*) from audit").await, 1);
}

#[tokio::test]
async fn case_58_another_body_under_the_same_id_is_refused_by_name() {
    let bed = Bed::open().await;
    let (mutations, who, id) = (bed.mutations(), caller("user:lan"), id());
    run(&mutations, &who, METHOD, &id, &"a".to_owned(), |tx| {
        write(tx, "a")
    })
    .await
    .unwrap();
    let again = run(&mutations, &who, METHOD, &id, &"b".to_owned(), |tx| {
        write(tx, "b")
    })
    .await;
    assert_eq!(
        reason(&again.unwrap_err()),
        ("request_id".to_owned(), "REQUEST_ID_REUSED")
    );
    assert_eq!(bed.count(NOTES).await, 1);
}

#[tokio::test]
async fn another_caller_and_another_method_are_independent() {
    let bed = Bed::open().await;
    let (mutations, id, body) = (bed.mutations(), id(), "same".to_owned());
    for (subject, method, text) in [
        ("user:lan", METHOD, "a"),
        ("user:minh", METHOD, "b"),
        ("user:lan", "other/Method", "c"),
    ] {
        let who = caller(subject);
        let answer = run(&mutations, &who, method, &id, &body, |tx| write(tx, text)).await;
        assert_eq!(answer.unwrap(), format!("wrote {text}"));
    }
    assert_eq!(bed.count(NOTES).await, 3);
}

/// Somebody who calls through the portal for one organisation, or for the house.
fn through_the_portal(organisation: Option<u128>) -> kit::auth::Caller {
    kit::auth::Caller {
        organisation: organisation.map(Uuid::from_u128),
        ..caller("system:portal")
    }
}

#[tokio::test]
async fn organisations_behind_one_subject_never_hear_each_others_answers() {
    let bed = Bed::open().await;
    let (mutations, id, body) = (bed.mutations(), id(), "same".to_owned());
    let callers = [Some(1), Some(2), None].map(through_the_portal);
    for _ in 0..2 {
        for (who, text) in callers.iter().zip(["of one", "of two", "of the house"]) {
            let answer = run(&mutations, who, METHOD, &id, &body, |tx| write(tx, text)).await;
            assert_eq!(answer.unwrap(), format!("wrote {text}"));
        }
    }
    assert_eq!(bed.count(NOTES).await, 3);
    let of_the_house = "select count(*) from audit where organisation is null";
    assert_eq!(bed.count(of_the_house).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_makes_sixty_changes_of_a_kind_in_a_day_and_the_house_any_number() {
    const OTHER: &str = "lienminh.test.v1.TestService/WriteOther";
    let bed = Bed::open().await;
    let (mutations, body) = (bed.mutations(), "same".to_owned());
    let ask = async |organisation, method, id: String| {
        let who = through_the_portal(organisation);
        run(&mutations, &who, method, &id, &body, |tx| write(tx, &id)).await
    };
    let ids: Vec<String> = std::iter::repeat_with(id).take(70).collect();
    let at_once = ids.iter().map(|id| ask(Some(1), METHOD, id.clone()));
    let answers = futures_util::future::join_all(at_once).await;
    let taken = answers.iter().position(Result::is_ok).unwrap();
    let refused: Vec<Error> = answers.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 10);
    for error in refused {
        let Error::ResourceExhausted(refusal, Some(wait)) = error else {
            panic!("{error:?}");
        };
        assert_eq!(refusal.reason, "TOO_MANY_CHANGES");
        assert!(wait > Duration::from_secs(23 * 3600), "{wait:?}");
    }
    // What was answered is answered again, and nobody else is concerned.
    ask(Some(1), METHOD, ids[taken].clone()).await.unwrap();
    ask(Some(1), OTHER, id()).await.unwrap();
    ask(Some(2), METHOD, id()).await.unwrap();
    for _ in 0..61 {
        ask(None, METHOD, id()).await.unwrap();
    }
    let session = bed.pool.get().await.unwrap();
    let later = "update request set recorded_at = recorded_at - interval '1 day'";
    session.execute(later, &[]).await.unwrap();
    ask(Some(1), METHOD, id()).await.unwrap();
}

#[tokio::test]
async fn another_body_does_not_tell_that_another_organisation_used_the_id() {
    let bed = Bed::open().await;
    let (mutations, id) = (bed.mutations(), id());
    for (organisation, text) in [(Some(1), "a"), (Some(2), "b"), (None, "c")] {
        let who = through_the_portal(organisation);
        let body = text.to_owned();
        run(&mutations, &who, METHOD, &id, &body, |tx| write(tx, text))
            .await
            .unwrap();
    }
    let who = through_the_portal(Some(1));
    let own = run(&mutations, &who, METHOD, &id, &"d".to_owned(), |tx| {
        write(tx, "d")
    })
    .await;
    assert_eq!(reason(&own.unwrap_err()).1, "REQUEST_ID_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_behind_one_subject_do_not_wait_for_each_other() {
    let bed = Bed::open().await;
    let (mutations, id, body) = (bed.mutations(), id(), "same".to_owned());
    let both = tokio::sync::Barrier::new(2);
    let calls = [(Some(1), "a"), (Some(2), "b")].map(|(organisation, text)| {
        let (mutations, id, body, both) = (&mutations, &id, &body, &both);
        async move {
            let who = through_the_portal(organisation);
            run(mutations, &who, METHOD, id, body, async |tx| {
                // Comes to its end only where both are at work at once.
                both.wait().await;
                write(tx, text).await
            })
            .await
        }
    });
    let met = tokio::time::timeout(PATIENCE, futures_util::future::join_all(calls)).await;
    for (answer, text) in met.unwrap().into_iter().zip(["a", "b"]) {
        assert_eq!(answer.unwrap(), format!("wrote {text}"));
    }
}

#[tokio::test]
async fn a_missing_or_malformed_request_id_is_refused_by_name() {
    let bed = Bed::open().await;
    let (mutations, who) = (bed.mutations(), caller("user:lan"));
    for (id, expected) in [
        ("", "REQUIRED"),
        ("42", "MALFORMED"),
        ("zz-not-a-uuid", "MALFORMED"),
    ] {
        let refused = run(&mutations, &who, METHOD, id, &String::new(), |tx| {
            write(tx, "a")
        })
        .await;
        assert_eq!(
            reason(&refused.unwrap_err()),
            ("request_id".to_owned(), expected)
        );
    }
    assert_eq!(bed.count(NOTES).await, 0);
}

#[tokio::test]
async fn a_refusal_is_not_stored_and_the_same_request_may_succeed_later() {
    let bed = Bed::open().await;
    let (mutations, who, id, body) = (bed.mutations(), caller("user:lan"), id(), "a".to_owned());
    let refused: Result<String> = run(&mutations, &who, METHOD, &id, &body, async |tx: Arc<Tx>| {
        write(tx, "half").await?;
        Err(Error::failed_precondition(
            "TOO_EARLY",
            "Chưa đến lúc.",
            "Not yet.",
        ))
    })
    .await;
    assert!(matches!(refused, Err(Error::FailedPrecondition(_))));
    for table in [
        NOTES,
        "select count(*) from outbox",
        "select count(*) from request",
    ] {
        assert_eq!(bed.count(table).await, 0, "{table}");
    }
    run(&mutations, &who, METHOD, &id, &body, |tx| write(tx, "a"))
        .await
        .unwrap();
    assert_eq!(bed.count(NOTES).await, 1);
}

#[tokio::test]
async fn validate_only_answers_and_leaves_nothing() {
    let bed = Bed::open().await;
    let (mutations, who, id, body) = (bed.mutations(), caller("user:lan"), id(), "a".to_owned());
    let trial = Mutation::new(&mutations, &who, METHOD, &id).validate_only(true);
    let answer: String = trial.run(&body, |tx| write(tx, "a")).await.unwrap();
    assert_eq!(answer, "wrote a");
    for table in [
        NOTES,
        "select count(*) from outbox",
        "select count(*) from audit",
    ] {
        assert_eq!(bed.count(table).await, 0, "{table}");
    }
    run(&mutations, &who, METHOD, &id, &body, |tx| write(tx, "a"))
        .await
        .unwrap();
    assert_eq!(bed.count(NOTES).await, 1);
}

#[tokio::test]
async fn every_mutation_leaves_one_audit_row_that_says_who_did_what_to_what() {
    let bed = Bed::open().await;
    let (mutations, id) = (bed.mutations(), Uuid::now_v7());
    let who = kit::auth::Caller {
        organisation: Some(Uuid::nil()),
        ..caller("user:lan")
    };
    for _ in 0..3 {
        let request = id.to_string();
        run(&mutations, &who, METHOD, &request, &"a".to_owned(), |tx| {
            write(tx, "a")
        })
        .await
        .unwrap();
    }
    let connection = bed.pool.get().await.unwrap();
    let row = connection
        .query_one(
            "select subject, organisation, method, resource, request_id,
                    (select count(*) from audit), (select count(*) from audit_pending)
             from audit",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), "user:lan");
    assert_eq!(
        row.get::<_, &str>(1),
        format!("organisations/{}", Uuid::nil())
    );
    assert_eq!(row.get::<_, &str>(2), METHOD);
    assert_eq!(row.get::<_, &str>(3), "notes/a");
    assert_eq!(row.get::<_, Uuid>(4), id);
    assert_eq!((row.get::<_, i64>(5), row.get::<_, i64>(6)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_at_any_moment_leaves_all_or_nothing() {
    let bed = Bed::open().await;
    let (mutations, who) = (bed.mutations(), caller("user:lan"));
    for number in 0..60_u32 {
        let (text, id) = (format!("n{number}"), id());
        let call = run(&mutations, &who, METHOD, &id, &text, |tx| {
            let text = text.as_str();
            async move { write(tx, text).await }
        });
        let _ = tokio::time::timeout(Duration::from_micros(u64::from(number) * 150), call).await;
    }
    eventually("every connection is free", async || {
        bed.pool.occupancy().0 == 0
    })
    .await;
    let whole = "
        select count(*) from note n
        full join audit a on a.resource = 'notes/' || n.text
        full join request r on r.request_id = a.request_id
        where n.text is null or a.seq is null or r.request_id is null";
    assert_eq!(bed.count(whole).await, 0);
    let facts = "select (select count(*) from note) - (select count(*) from outbox)";
    assert_eq!(bed.count(facts).await, 0);
}

#[tokio::test]
async fn the_bell_rings_after_a_commit_with_facts_and_only_then() {
    let bed = Bed::open().await;
    let bell = kit::outbox::Bell::new();
    let mutations = kit::mutation::Mutations::new(bed.pool.clone(), bell.clone());
    let who = caller("user:lan");
    let silent: Result<String> = run(
        &mutations,
        &who,
        METHOD,
        &id(),
        &String::new(),
        async |tx: Arc<Tx>| {
            tx.execute(INSERT, &[&"quiet"]).await?;
            Ok(String::new())
        },
    )
    .await;
    silent.unwrap();
    let soon = Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, bell.rung()).await.is_err());
    run(&mutations, &who, METHOD, &id(), &String::new(), |tx| {
        write(tx, "a")
    })
    .await
    .unwrap();
    tokio::time::timeout(Duration::from_secs(5), bell.rung())
        .await
        .unwrap();
}
