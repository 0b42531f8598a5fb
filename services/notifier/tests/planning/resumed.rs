//! A fan-out that is begun again after a crash between two batches.

use lienminh_proto::obligation::v1::{Obligation, PartyState};
use lienminh_proto::registry::v1::MembershipState;

use crate::bed::{Bed, event, moved, starts};
use crate::world::{mailbox, party};

/// What was ordered to be sent, in the order in which it was written.
const ORDERED: &str = "
    select o.step || ' ' || d.organisation_name || ' ' || d.address
    from delivery d
    join occurrence o on o.id = d.occurrence_id
    where d.state in ('QUEUED', 'SENT')
    order by o.due_at, d.organisation_name";

/// Those parties, in this order of names, all behind one mailbox.
async fn shared(names: &[&str]) -> (Bed, Obligation, Vec<String>) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let members: Vec<String> = names
        .iter()
        .map(|name| bed.world.organisation(name, vec![mailbox("xa@a.example")]))
        .collect();
    stand(&bed, &fact, &members, PartyState::Concerned);
    (bed, fact, members)
}

/// The first of the members stands so, the others are concerned.
fn stand(bed: &Bed, fact: &Obligation, members: &[String], first: PartyState) {
    let parties = members.iter().enumerate().map(|(place, name)| {
        let state = if place == 0 {
            first
        } else {
            PartyState::Concerned
        };
        party(name, state)
    });
    let parties = parties.collect();
    bed.world.held().parties.insert(fact.name.clone(), parties);
}

/// Leaves what a crash after the first batch leaves, and begins again.
async fn begin_again(bed: &Bed, lost: &'static str) {
    bed.execute(lost).await;
    bed.execute(
        "update occurrence set state = 'SCHEDULED'
         where id = (select o.id from occurrence o where o.state = 'FANNED_OUT'
                     order by o.due_at desc, o.id desc limit 1)",
    )
    .await;
    bed.desk.planned.notify_one();
    bed.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_written_to_is_not_written_to_again_when_its_first_party_has_declined()
{
    let (bed, fact, members) = shared(&["A", "B"]).await;
    bed.tell(&fact).await;
    stand(&bed, &fact, &members, PartyState::Declined);
    begin_again(&bed, "delete from delivery where organisation_name = 'B'").await;
    assert_eq!(bed.lines(ORDERED).await, ["issue A xa@a.example"]);
    assert_eq!(
        bed.rows().await,
        ["A: email QUEUED", "B: email SUPPRESSED same_address"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_joined_since_answers_by_a_message_of_its_own() {
    let (bed, fact, mut members) = shared(&["B"]).await;
    bed.tell(&fact).await;
    bed.accept_all().await;
    let first = bed
        .world
        .organisation("A", vec![mailbox("XA@a.example"), mailbox("a@a.example")]);
    members.insert(0, first);
    stand(&bed, &fact, &members, PartyState::Concerned);
    begin_again(&bed, "delete from delivery where false").await;
    assert_eq!(bed.rows().await, ["A: email QUEUED", "B: email SENT"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_whose_message_was_withdrawn_before_it_left_is_written_to_for_the_next_party() {
    let (bed, fact, members) = shared(&["A", "B"]).await;
    bed.tell(&fact).await;
    stand(&bed, &fact, &members, PartyState::Declined);
    bed.execute(
        "update delivery set state = 'SUPPRESSED', reason = 'declined', next_action_at = null
         where organisation_name = 'A'",
    )
    .await;
    begin_again(&bed, "delete from delivery where organisation_name = 'B'").await;
    assert_eq!(
        bed.rows().await,
        ["A: email SUPPRESSED declined", "B: email QUEUED"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_does_not_double_an_address_either_when_its_first_reader_has_left() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let members = ["A", "B"].map(|name| {
        bed.world
            .organisation(name, vec![mailbox(&format!("{name}@a"))])
    });
    stand(&bed, &fact, &members, PartyState::Concerned);
    bed.tell(&fact).await;
    bed.accept_all().await;
    bed.to("2024-04-02T10:00").await;
    for each in &members {
        bed.world
            .change(each, |reach| reach.contacts = vec![mailbox("xa@a.example")]);
    }
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00"))
        .await;
    bed.to("2024-04-02T10:30").await;
    bed.world.change(&members[0], |reach| {
        reach.membership_state = MembershipState::Withdrawn.into();
    });
    begin_again(
        &bed,
        "delete from delivery where organisation_name = 'B' and anchor_version = 2",
    )
    .await;
    assert_eq!(
        bed.lines(ORDERED).await,
        ["issue A A@a", "issue B B@a", "correction A xa@a.example"]
    );
}
