//! Ten thousand seeds of the simulator, and the proof that it can fail: each
//! deliberate break of the model is found within a few seeds.

use lienminh_tests::simulation::many::{Report, play};
use lienminh_tests::simulation::{Flaw, Run, money, reminders, whole};

/// Seeds within which a break must be found.
const FEW: u64 = 200;

#[track_caller]
fn is_found(flaw: Flaw, one: impl Fn(u64, Flaw, bool) -> Run + Sync) -> String {
    is_found_within(FEW, flaw, one)
}

#[track_caller]
fn is_found_within(seeds: u64, flaw: Flaw, one: impl Fn(u64, Flaw, bool) -> Run + Sync) -> String {
    let report = play(1, seeds, |seed| one(seed, flaw, false), || {});
    report
        .violation
        .unwrap_or_else(|| panic!("{flaw:?} was not found within {seeds} seeds"))
}

fn is_green(report: &Report) {
    assert_eq!(
        (report.red_seed, &report.violation),
        (None, &None),
        "play it: make simulate ARGS=\"--seed {}\"",
        report.red_seed.unwrap_or_default()
    );
    assert!(
        report.faults > report.seeds * 40 && report.effects > report.seeds * 3,
        "a world without faults or messages proves nothing: {report:?}"
    );
}

#[test]
fn every_rule_holds_in_ten_thousand_seeds() {
    is_green(&play(1, 10_000, |seed| whole(seed, false), || {}));
}

#[test]
fn a_seed_plays_the_same_run_again() {
    for seed in 1..20 {
        let (one, other) = (whole(seed, true), whole(seed, true));
        assert_eq!(one.steps, other.steps, "seed {seed}");
    }
}

#[test]
fn an_inbox_that_forgets_is_found() {
    let found = is_found(Flaw::InboxForgets, reminders);
    assert!(found.contains("I6"), "{found}");
}

#[test]
fn a_commit_send_without_the_lease_is_found() {
    is_found(Flaw::SendsWithoutLease, reminders);
}

#[test]
fn a_sweep_that_requeues_what_is_being_sent_is_found() {
    is_found(Flaw::SweepRequeuesSending, reminders);
}

#[test]
fn a_relay_that_deletes_the_unconfirmed_is_found() {
    let found = is_found(Flaw::RelayDeletesUnconfirmed, reminders);
    assert!(found.contains("I1"), "{found}");
}

#[test]
fn lost_orders_that_nobody_rings_again_are_found() {
    is_found(Flaw::NobodyRings, reminders);
}

#[test]
fn a_message_that_leaves_after_its_matter_moved_is_found() {
    let found = is_found(Flaw::SendsWhatMoved, reminders);
    assert!(found.contains("I4"), "{found}");
}

#[test]
fn a_fan_out_that_writes_without_its_claim_is_found() {
    is_found(Flaw::FansOutWithoutClaim, reminders);
}

#[test]
fn a_missing_answer_taken_for_a_refusal_is_found() {
    is_found(Flaw::SilenceIsRefusal, reminders);
}

#[test]
fn an_order_that_is_repeated_when_its_id_is_forgotten_is_found() {
    // A day must pass between two posts of one order, which is rarer than the others.
    let found = is_found_within(10 * FEW, Flaw::RepeatsForEver, reminders);
    assert!(found.contains("I2"), "{found}");
}

#[test]
fn a_policy_that_is_believed_at_once_is_found() {
    let found = is_found(Flaw::PolicyIsBelieved, reminders);
    assert!(found.contains("I7"), "{found}");
}

#[test]
fn a_refused_account_that_fails_the_mail_in_hand_is_found() {
    let found = is_found(Flaw::AccountFailsMail, reminders);
    assert!(found.contains("I7"), "{found}");
}

#[test]
fn a_worker_that_slept_over_its_lease_and_sends_is_found() {
    is_found(Flaw::SleepersSend, reminders);
}

#[test]
fn one_pair_of_eyes_is_found() {
    is_found(Flaw::OnePairOfEyes, money);
}

#[test]
fn a_repeated_call_that_posts_again_is_found() {
    is_found(Flaw::RequestsForgotten, money);
}

#[test]
fn a_lost_update_is_found() {
    is_found(Flaw::LostUpdate, money);
}
