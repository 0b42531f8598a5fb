//! What the database holds even where the code is wrong.

use kit::database::Session as _;
use tokio_postgres::error::SqlState;

use crate::house::{self, House};
use crate::samples::{announced, at, ceremony, collected, report, reschedule};

/// The name of the constraint that refuses a statement.
async fn refusal(house: &House, sql: &'static str) -> String {
    let connection = house.pool.get().await.unwrap();
    let error = connection.execute(sql, &[]).await.unwrap_err();
    let constraint = error.constraint().map(str::to_owned);
    constraint.unwrap_or_else(|| format!("{:?}", error.sqlstate()))
}

#[tokio::test]
async fn versions_and_sequences_never_fall() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let moved = reschedule(&event, at("2024-04-02T08:00:00+07"));
    desk.events.reschedule_event(moved).await.unwrap();
    collected(&desk, report(), 1).await;
    for (sql, expected) in [
        ("update event set anchor_version = 1", "event_never_falls"),
        ("update event set sequence = 1", "event_never_falls"),
        ("update deadline set sequence = 0", "deadline_never_falls"),
        (
            "update obligation set sequence = sequence - 1",
            "obligation_never_falls",
        ),
    ] {
        assert_eq!(refusal(&house, sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn states_that_contradict_themselves_are_refused() {
    let house = house::open().await;
    let desk = house.officer();
    announced(&desk, ceremony(), 1).await;
    collected(&desk, report(), 1).await;
    for (sql, expected) in [
        ("update event set state = 'draft'", "event_draft_untold"),
        (
            "update event set state = 'postponed'",
            "event_postponed_undated",
        ),
        ("update event set state = 'held'", "event_state_known"),
        (
            "update invitation set state = 'accepted'",
            "invitation_answered",
        ),
        (
            "update invitation set attendees = -1",
            "invitation_attendees_range",
        ),
        (
            "update submission set state = 'sent'",
            "submission_state_known",
        ),
        (
            "update deadline set kind = 'claim_confirmation'",
            "deadline_claim_fits",
        ),
        ("update answer_code set code = '12345'", "answer_code_form"),
        (
            "insert into invitation select gen_random_uuid(), event, organisation, positions,
             state, attendees from invitation",
            "invitation_party_key",
        ),
    ] {
        assert_eq!(refusal(&house, sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn the_runtime_role_changes_rows_and_never_the_schema() {
    let house = house::open().await;
    let denied = format!("{:?}", Some(SqlState::INSUFFICIENT_PRIVILEGE));
    for sql in [
        "drop table event",
        "alter table event disable trigger all",
        "truncate event cascade",
    ] {
        assert_eq!(refusal(&house, sql).await, denied, "{sql}");
    }
}
