//! While the database takes no outcome, nothing more leaves.

use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;

use crate::bed::{Bed, eventually};

/// Lanes of the bed, and workers for SMS.
const LANES: usize = 4;

const SENT: &str = "select count(*) from delivery where state = 'SENT'";

/// A full disk: rows in place can still be moved, but new ones find no room. A
/// sequence counts how often that was tried, for it forgets nothing.
const FULL: [&str; 3] = [
    "create sequence tries minvalue 0 start 0",
    "create function no_room() returns trigger language plpgsql security definer as $$
     begin
         perform nextval('tries');
         raise exception 'No space left on device' using errcode = '53100';
     end $$",
    "create trigger full_disk before insert on attempt for each statement execute function no_room()",
];

const ROOM: &str = "drop trigger full_disk on attempt";

async fn tries(bed: &Bed) -> i64 {
    bed.count_as_owner("select last_value from tries").await
}

async fn fill(bed: &Bed) {
    for statement in FULL {
        bed.execute_as_owner(statement).await;
    }
}

/// Each lane has sent one, and its outcome was tried to be recorded again and again.
async fn lanes_wait(bed: &Bed, channel: Channel) {
    eventually("each lane has sent one", async || {
        accepted(bed, channel) >= LANES
    })
    .await;
    let before = tries(bed).await;
    eventually("recording is tried again", async || {
        tries(bed).await >= before + 4
    })
    .await;
}

/// Fills the disk, lets many messages wait, kills the sender when nothing more
/// leaves, and tells how many have.
async fn left(bed: &Bed, channel: Channel, addresses: &[String]) -> usize {
    fill(bed).await;
    bed.queue_all(channel, addresses, Class::LegalDeadline)
        .await;
    let running = bed.run().await;
    lanes_wait(bed, channel).await;
    let left = accepted(bed, channel);
    running.kill().await;
    left
}

fn accepted(bed: &Bed, channel: Channel) -> usize {
    match channel {
        Channel::Sms => bed.sms.accepted().len(),
        Channel::Email | Channel::None => bed.smtp.accepted().len(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_mail_of_each_lane_leaves_unrecorded_and_a_kill_doubles_no_other() {
    let bed = Bed::open().await;
    let addresses: Vec<String> = (0..40).map(|n| format!("htx{n}@example.com")).collect();
    assert_eq!(left(&bed, Channel::Email, &addresses).await, LANES);
    bed.execute_as_owner(ROOM).await;
    let second = bed.run().await;
    eventually("all are sent", async || bed.count(SENT).await == 40).await;
    assert_eq!(
        bed.smtp.accepted().len(),
        40 + LANES,
        "legal deadlines are resent once"
    );
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sms_of_each_worker_leaves_unrecorded() {
    let bed = Bed::open().await;
    let numbers: Vec<String> = (0..20).map(|n| format!("+849012300{n:02}")).collect();
    assert_eq!(left(&bed, Channel::Sms, &numbers).await, LANES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_has_room_again_records_what_had_left_and_the_lanes_go_on() {
    let bed = Bed::open().await;
    fill(&bed).await;
    let addresses: Vec<String> = (0..20).map(|n| format!("htx{n}@example.com")).collect();
    bed.queue_all(Channel::Email, &addresses, Class::Invitation)
        .await;
    let running = bed.run().await;
    lanes_wait(&bed, Channel::Email).await;
    bed.execute_as_owner(ROOM).await;
    eventually("all are sent", async || bed.count(SENT).await == 20).await;
    assert_eq!(bed.smtp.accepted().len(), 20);
    running.stop().await;
}
