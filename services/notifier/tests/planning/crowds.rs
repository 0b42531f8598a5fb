//! Mailings that are more than one batch.

use lienminh_proto::obligation::v1::{Obligation, PartyState};
use lienminh_proto::registry::v1::Contact;

use crate::bed::{Bed, event, moved, starts};
use crate::world::{mailbox, mobile, party};

/// More than one batch.
const CROWD: usize = 1_300;

/// A crowd invited to one event, in the order of its numbers.
async fn invited(contacts: impl Fn(usize) -> Vec<Contact>) -> (Bed, Obligation) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = invite(&bed, contacts).await;
    (bed, fact)
}

async fn invite(bed: &Bed, contacts: impl Fn(usize) -> Vec<Contact>) -> Obligation {
    invite_so_many(bed, CROWD, contacts).await
}

async fn invite_so_many(
    bed: &Bed,
    crowd: usize,
    contacts: impl Fn(usize) -> Vec<Contact>,
) -> Obligation {
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let parties = (0..crowd).map(|number| {
        // The last of them comes first by its name.
        let name = format!("HTX {:04}", crowd - number);
        let name = bed.world.organisation(&name, contacts(number));
        party(&name, PartyState::Concerned)
    });
    let parties = parties.collect();
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    fact
}

/// The first and the last share a mailbox.
fn ends_share_a_mailbox(number: usize) -> Vec<Contact> {
    let sharing = number == 0 || number == CROWD - 1;
    let address = if sharing {
        "xa@a.example".to_owned()
    } else {
        format!("h{number}@a.example")
    };
    vec![mailbox(&address)]
}

const SHARED: &str = "
    select o.step || ' ' || d.organisation_name || ' ' || d.state || ' ' || (d.party ->> 'greeted')
    from delivery d
    join occurrence o on o.id = d.occurrence_id
    where d.address = 'xa@a.example'
    order by o.due_at, d.organisation_name";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_message_greets_all_behind_an_address_however_far_apart_they_are_named() {
    let (bed, _) = invited(ends_share_a_mailbox).await;
    assert_eq!(
        bed.lines(SHARED).await,
        [
            r#"issue HTX 0001 QUEUED ["HTX 0001", "HTX 1300"]"#,
            r#"issue HTX 1300 SUPPRESSED ["HTX 1300"]"#
        ]
    );
    assert_eq!(bed.count("select count(*) from delivery").await, 1_300);
    let told = bed
        .lines(
            "select (body ->> 'parties') || ' ' || (body ->> 'messages')
             from decision where body ->> 'kind' = 'fanned_out'",
        )
        .await;
    assert_eq!(told, ["1300 1299"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_is_told_of_a_change_once_each_on_the_channels_it_was_told_on() {
    let (bed, fact) = invited(|number| {
        if number.is_multiple_of(3) {
            vec![mobile(&format!("+8459{number:07}"))]
        } else {
            ends_share_a_mailbox(number)
        }
    })
    .await;
    bed.accept_all().await;
    bed.to("2024-04-02T10:00").await;
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00"))
        .await;
    bed.to("2024-04-02T10:30").await;
    let told = bed
        .lines(
            "select o.step || ' ' || d.channel || ' ' || d.state || ' ' || count(*)
             from delivery d
             join occurrence o on o.id = d.occurrence_id
             group by o.step, d.channel, d.state
             order by 1 desc",
        )
        .await;
    assert_eq!(
        told,
        [
            "issue sms SENT 434",
            "issue email SENT 866",
            "correction sms SENT 434",
            "correction email SENT 866",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_told_with_another_is_told_of_the_change_with_its_own_answer() {
    let (bed, fact) = invited(ends_share_a_mailbox).await;
    bed.accept_all().await;
    bed.to("2024-04-02T10:00").await;
    bed.tell(&moved(&fact, "2024-04-19T08:00", "2024-04-02T10:00"))
        .await;
    bed.to("2024-04-02T10:30").await;
    assert_eq!(
        bed.lines(SHARED).await[2..],
        [
            r#"correction HTX 0001 SENT ["HTX 0001", "HTX 1300"]"#,
            r#"correction HTX 1300 SUPPRESSED ["HTX 1300"]"#
        ]
    );
    let answers = "
        select o.step || ' ' || jsonb_array_length(d.party -> 'answers')
        from delivery d
        join occurrence o on o.id = d.occurrence_id
        where d.state = 'SENT' and d.party ? 'answers'
        order by o.due_at";
    assert_eq!(bed.lines(answers).await, ["issue 2", "correction 2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_breaks_off_is_asked_again_and_nobody_is_written_to_twice() {
    let bed = Bed::open("2024-03-27T09:00").await;
    // Named once to see who shares an address, the second time to be written to.
    bed.world.cut(2);
    invite(&bed, ends_share_a_mailbox).await;
    assert_eq!(bed.world.asked(), 4);
    assert_eq!(
        bed.count("select count(*) from occurrence where attempts = 1")
            .await,
        1
    );
    assert_eq!(bed.count("select count(*) from delivery").await, 1_300);
    assert_eq!(
        bed.count("select count(*) from outbox where routing_key = 'email.bulk'")
            .await,
        1_299,
        "each address was ordered once"
    );
    assert_eq!(
        bed.lines(SHARED).await[0],
        r#"issue HTX 0001 QUEUED ["HTX 0001", "HTX 1300"]"#
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_that_fits_into_memory_is_named_once() {
    let bed = Bed::open("2024-03-27T09:00").await;
    invite_so_many(&bed, 700, |number| {
        vec![mailbox(&format!("h{}@a.example", number % 699))]
    })
    .await;
    assert_eq!(bed.world.asked(), 1);
    let both = "
        select party ->> 'greeted' from delivery
        where address = 'h0@a.example' and state = 'QUEUED'";
    assert_eq!(bed.lines(both).await, [r#"["HTX 0001", "HTX 0700"]"#]);
    assert_eq!(bed.count("select count(*) from delivery").await, 700);
}

/// More of them share a mailbox than are held together: each the same as the one half
/// a crowd later.
fn all_share_a_mailbox(number: usize) -> Vec<Contact> {
    vec![mailbox(&format!("h{}@a.example", number % (CROWD / 2)))]
}

/// How many rows stand so, and how many they greet.
const PAIRS: &str = "
    select d.state || ' ' || d.reason || ' ' || jsonb_array_length(d.party -> 'greeted')
           || ' ' || count(*) || ' to ' || count(distinct d.address)
    from delivery d
    group by d.state, d.reason, jsonb_array_length(d.party -> 'greeted')
    order by 1";

const GREETED_ONCE: &str = "
    select count(distinct name)
    from delivery d, jsonb_array_elements_text(d.party -> 'greeted') as name
    where d.state = 'QUEUED'";

const ANSWERS_ONCE: &str = "
    select count(distinct a.answer ->> 'organisation')
    from delivery d, jsonb_array_elements(d.party -> 'answers') as a (answer)
    where d.state = 'QUEUED'";

async fn each_pair_is_written_to_once(bed: &Bed) {
    assert_eq!(
        bed.lines(PAIRS).await,
        [
            "QUEUED  2 650 to 650",
            "SUPPRESSED same_address 1 650 to 650"
        ]
    );
    assert_eq!(bed.count(GREETED_ONCE).await, 1_300);
    assert_eq!(bed.count(ANSWERS_ONCE).await, 1_300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_shared_addresses_is_not_held_and_yet_each_message_greets_all() {
    let (bed, _) = invited(all_share_a_mailbox).await;
    each_pair_is_written_to_once(&bed).await;
    assert_eq!(
        bed.world.asked(),
        3,
        "once to see who shares, once for the others, once to be written to"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_shared_addresses_that_breaks_off_is_written_to_once_and_greeted_whole() {
    let bed = Bed::open("2024-03-27T09:00").await;
    bed.world.cut(3);
    invite(&bed, all_share_a_mailbox).await;
    each_pair_is_written_to_once(&bed).await;
    assert_eq!(
        bed.count("select count(*) from outbox where routing_key = 'email.bulk'")
            .await,
        650,
        "each address was ordered once"
    );
}
