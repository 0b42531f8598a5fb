use lienminh_proto::obligation::v1::{ObligationStatus, PartyState};

use crate::bed::{Bed, changed, event, moved, starts};
use crate::world::{landline, mailbox, mobile, party};

async fn invited(start: &str) -> (Bed, lienminh_proto::obligation::v1::Obligation) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts(start), "2024-03-27T09:00");
    let world = &bed.world;
    let parties = vec![
        party(
            &world.organisation("A", vec![mailbox("a@a.example"), mobile("+84590000001")]),
            PartyState::Concerned,
        ),
        party(
            &world.organisation("B", vec![mobile("+84590000002")]),
            PartyState::Confirmed,
        ),
        party(
            &world.organisation("C", vec![landline("+842613842123")]),
            PartyState::Concerned,
        ),
    ];
    world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    bed.accept_all().await;
    (bed, fact)
}

const CORRECTIONS: &str = "
    select d.organisation_name || ' ' || d.channel || ' ' || (l.letter ->> 'kind')
    from delivery d
    join occurrence o on o.id = d.occurrence_id
    join occurrence_letter l on l.occurrence_id = o.id
    where o.step = 'correction'
    order by o.due_at, d.organisation_name, d.channel";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_01_who_was_told_hears_of_the_move_once_with_the_old_value() {
    let (bed, fact) = invited("2024-04-11T08:00").await;
    bed.to("2024-04-02T10:00").await;
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00"))
        .await;
    bed.to("2024-05-01T00:00").await;
    assert_eq!(
        bed.timeline().await,
        [
            "issue 03-27 09:00",
            "correction 04-02 10:10",
            "t-3 04-15 08:00",
            "t-1 04-17 08:00",
            "h-2 04-19 07:00"
        ]
    );
    assert_eq!(
        bed.lines(CORRECTIONS).await,
        ["A email event_moved", "B sms event_moved"]
    );
    let old = bed
        .lines(
            "select letter -> 'old_anchor' ->> 'start' from occurrence_letter
             where letter ->> 'kind' = 'event_moved'",
        )
        .await;
    assert_eq!(old, ["2024-04-11T01:00:00Z"]);
    assert_eq!(
        bed.count("select count(*) from occurrence where reason = 'covered_by_correction'")
            .await,
        1,
        "the announcement of the new version"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_03_there_and_back_within_the_delay_sends_nothing() {
    let (bed, fact) = invited("2024-04-11T08:00").await;
    bed.to("2024-04-02T10:00").await;
    let away = moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00");
    bed.tell(&away).await;
    bed.to("2024-04-02T10:05").await;
    bed.tell(&moved(&away, "2024-04-11T08:00", "2024-04-02T10:05"))
        .await;
    bed.to("2024-05-01T00:00").await;
    assert_eq!(
        bed.timeline().await,
        [
            "issue 03-27 09:00",
            "t-3 04-08 08:00",
            "t-1 04-10 08:00",
            "h-2 04-11 07:00"
        ]
    );
    let corrections = bed
        .lines("select state || ' ' || reason from occurrence where step = 'correction' order by anchor_version")
        .await;
    assert_eq!(corrections, ["SUPERSEDED moved", "SUPPRESSED no_change"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_05_cancelled_at_ten_for_half_past_seven_everybody_is_told_and_the_rest_is_called() {
    let (bed, mut fact) = invited("2024-04-11T07:30").await;
    let lead = bed
        .world
        .organisation("Ban Tổ chức", vec![mailbox("ban@a.example")]);
    fact.lead_unit.clone_from(&lead);
    fact.sequence += 1;
    bed.tell(&fact).await;
    bed.to("2024-04-10T22:00").await;
    let cancelled = changed(&fact, None, ObligationStatus::Cancelled, "2024-04-10T22:00");
    bed.tell(&cancelled).await;
    bed.jump("2024-04-10T22:01");
    bed.settle().await;
    assert_eq!(
        bed.lines(CORRECTIONS).await,
        [
            "A email event_cancelled",
            "A sms event_cancelled",
            "B sms event_cancelled"
        ]
    );
    // B's message comes back.
    bed.execute("update delivery set state = 'FAILED', reason = 'esms 99', next_action_at = null where organisation_name = 'B' and state = 'QUEUED'").await;
    bed.accept_all().await;
    bed.to("2024-04-10T22:05").await;
    let list = bed
        .lines(
            "select (line ->> 'organisation') || ' ' || (line ->> 'phone') || ' ' ||
                    (line ->> 'reason') || ' ' || d.organisation_name
             from occurrence_letter l
             join delivery d on d.occurrence_id = l.occurrence_id
             cross join jsonb_array_elements(l.letter -> 'call_list') with ordinality
                        as lines (line, place)
             where l.letter ->> 'kind' = 'call_list'
             order by place",
        )
        .await;
    assert_eq!(
        list,
        [
            "B 0590 000 002 cổng SMS đang chặn số điện thoại này Ban Tổ chức",
            "C 0261 3842 123 không có email hay số di động dùng được Ban Tổ chức"
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worst_hour_without_anybody_to_call_says_so() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T07:30"), "2024-03-27T09:00");
    let name = bed.world.organisation("A", vec![mailbox("a@a.example")]);
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), vec![party(&name, PartyState::Concerned)]);
    bed.tell(&fact).await;
    bed.to("2024-04-10T22:00").await;
    bed.tell(&changed(
        &fact,
        None,
        ObligationStatus::Cancelled,
        "2024-04-10T22:00",
    ))
    .await;
    bed.to("2024-04-10T23:00").await;
    let list = bed
        .lines("select state || ' ' || reason from occurrence where step = 'call_list'")
        .await;
    assert_eq!(list, ["SUPPRESSED nothing_to_report"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postponed_and_given_a_new_date_are_told_apart() {
    let (bed, fact) = invited("2024-04-11T07:30").await;
    bed.to("2024-04-02T09:00").await;
    let off = changed(&fact, None, ObligationStatus::Postponed, "2024-04-02T09:00");
    bed.tell(&off).await;
    bed.to("2024-04-05T09:00").await;
    bed.tell(&moved(&off, "2024-04-26T07:30", "2024-04-05T09:00"))
        .await;
    bed.to("2024-04-06T00:00").await;
    assert_eq!(
        bed.lines(CORRECTIONS).await,
        [
            "A email event_postponed",
            "B sms event_postponed",
            "A email event_redated",
            "B sms event_redated"
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounced_mailbox_is_corrected_by_the_other_channel() {
    let (bed, fact) = invited("2024-04-11T08:00").await;
    bed.execute(
        "update delivery set state = 'BOUNCED' where organisation_name = 'A' and channel = 'email'",
    )
    .await;
    bed.to("2024-04-02T10:00").await;
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00"))
        .await;
    bed.to("2024-04-02T11:00").await;
    assert_eq!(
        bed.lines(CORRECTIONS).await,
        ["A sms event_moved", "B sms event_moved"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_04_what_is_still_queued_is_superseded_and_owes_no_correction() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let name = bed.world.organisation("A", vec![mailbox("a@a.example")]);
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), vec![party(&name, PartyState::Concerned)]);
    bed.tell(&fact).await;
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-03-27T09:00"))
        .await;
    let rows = bed
        .lines("select state || ' ' || reason from delivery")
        .await;
    assert_eq!(rows, ["SUPERSEDED moved"]);
    assert_eq!(
        bed.count("select count(*) from occurrence where step = 'correction'")
            .await,
        0
    );
    bed.to("2024-03-27T09:30").await;
    assert_eq!(
        bed.timeline().await,
        ["issue 03-27 09:00", "issue 03-27 09:10"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn done_ends_whatever_waits() {
    let (bed, fact) = invited("2024-04-11T08:00").await;
    let mut done = changed(
        &fact,
        fact.anchor.clone(),
        ObligationStatus::Satisfied,
        "2024-04-02T10:00",
    );
    done.anchor_version = fact.anchor_version;
    bed.to("2024-04-02T10:00").await;
    bed.tell(&done).await;
    bed.to("2024-05-01T00:00").await;
    assert_eq!(bed.timeline().await, ["issue 03-27 09:00"]);
    assert_eq!(
        bed.count("select count(*) from occurrence where state = 'SATISFIED' and reason = 'done'")
            .await,
        3
    );
}

const LETTERS: &str = "
    select d.organisation_name || ' ' || coalesce(d.party -> 'told_before' ->> 'kind', l.letter ->> 'kind')
    from delivery d
    join occurrence o on o.id = d.occurrence_id
    join occurrence_letter l on l.occurrence_id = o.id
    where d.state in ('QUEUED', 'SENT') and d.anchor_version > 1
    order by o.due_at, d.organisation_name";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_04_whose_invitation_was_overtaken_gets_it_with_the_new_date() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let world = &bed.world;
    let parties = ["A", "B", "C"]
        .map(|name| world.organisation(name, vec![mailbox(&format!("{name}@a.example"))]))
        .map(|name| party(&name, PartyState::Concerned));
    world
        .held()
        .parties
        .insert(fact.name.clone(), parties.to_vec());
    bed.tell(&fact).await;
    // The fan-out that is cut short below must not finish first.
    bed.world.set_down(true);
    // A's has gone; B's is in a worker's hand; C's row was never written.
    bed.execute(
        "update delivery set state = 'SENT', next_action_at = null where organisation_name = 'A'",
    )
    .await;
    bed.execute("delete from delivery where organisation_name = 'C'")
        .await;
    bed.execute("update occurrence set state = 'SCHEDULED', claim = gen_random_uuid() where state = 'FANNED_OUT'")
        .await;
    let second = moved(&fact, "2024-04-19T08:00", "2024-03-27T09:00");
    bed.world
        .held()
        .obligations
        .insert(fact.name.clone(), second.clone());
    bed.arrive(std::slice::from_ref(&second)).await;
    bed.world.set_down(false);
    bed.to("2024-03-27T09:30").await;
    assert_eq!(
        bed.lines(LETTERS).await,
        ["A event_moved", "B invitation", "C invitation"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back_the_overtaken_get_their_invitation_and_the_others_nothing() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let world = &bed.world;
    let parties = ["A", "B"]
        .map(|name| world.organisation(name, vec![mailbox(&format!("{name}@a.example"))]))
        .map(|name| party(&name, PartyState::Concerned));
    world
        .held()
        .parties
        .insert(fact.name.clone(), parties.to_vec());
    bed.tell(&fact).await;
    bed.execute(
        "update delivery set state = 'SENT', next_action_at = null where organisation_name = 'A'",
    )
    .await;
    let away = moved(&fact, "2024-04-19T08:00", "2024-03-27T09:00");
    bed.tell(&away).await;
    bed.tell(&moved(&away, "2024-04-11T08:00", "2024-03-27T09:00"))
        .await;
    bed.to("2024-03-27T09:30").await;
    assert_eq!(bed.lines(LETTERS).await, ["B invitation"]);
    bed.to("2024-05-01T00:00").await;
    assert_eq!(
        bed.timeline().await,
        [
            "issue 03-27 09:00",
            "correction 03-27 09:10",
            "t-3 04-08 08:00",
            "t-1 04-10 08:00",
            "h-2 04-11 07:00"
        ]
    );
}
