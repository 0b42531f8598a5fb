//! A little of each fault that the shared servers can bear; those that need a
//! broker or a database of their own are played by `make faults` only.

use indicatif::ProgressBar;
use lienminh_tests::faults::{
    Outcome, Plan, classes, clocks, disk, failpoints, kills, links, poison, stop, texts,
    unroutable, workers,
};

/// Fixed, so that a red run is repeated; `make faults` draws a new one each time.
const SEED: u64 = 20_240_229;

fn plan(rounds: u32, parties: usize) -> Plan {
    Plan {
        seed: SEED,
        parties,
        rounds,
        short: true,
    }
}

fn must_hold(outcome: &Outcome) {
    assert!(outcome.holds, "{}", outcome.in_words());
}

#[tokio::test(flavor = "multi_thread")]
async fn six_kills_at_random_moments_lose_and_double_nothing() {
    let outcome = kills::run(&plan(6, 240), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn aborts_between_two_steps_lose_and_double_nothing() {
    let places = failpoints::short();
    let outcome = failpoints::run(&plan(1, 60), &places, &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_notifier_wakes_up_without_power() {
    let outcome = stop::run(&plan(1, 240), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_links_lose_and_double_nothing() {
    let outcome = links::run(&plan(3, 60), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_every_service_share_a_mailing_and_double_nothing() {
    let outcome = workers::run(&plan(4, 240), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn poison_is_parked_with_its_reason_and_no_neighbour_of_it() {
    let outcome = poison::run(&plan(1, 60), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_returns_is_kept_told_of_and_sent_later() {
    let outcome = unroutable::run(&plan(1, 60), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_legal_deadline_without_an_answer_is_sent_once_more_byte_for_byte() {
    let outcome = classes::run(&plan(1, 90), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn f18_texts_without_an_answer_or_with_strange_receipts_go_out_once() {
    let outcome = texts::run(&plan(1, 72), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_jumps_of_the_stepped_clock_lose_and_double_nothing() {
    let outcome = clocks::run_stepped(&plan(1, 60), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}

/// Whether a small file system can be mounted; where not, everybody shall see what was not played.
fn has_small_disk() -> bool {
    let possible = disk::possible();
    if let Err(reason) = &possible {
        println!("SKIPPED, no full disk was played: {reason:#}");
    }
    possible.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_beside_a_full_disk_no_lane_sends_what_it_cannot_write_down() {
    if !has_small_disk() {
        return;
    }
    let outcome = disk::run(&plan(1, 240), &ProgressBar::hidden()).await;
    must_hold(&outcome.unwrap());
}
