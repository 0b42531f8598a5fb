//! What must hold after each step, and at the end.

use std::fmt;

use notifier::domain::correction::change;
use notifier::domain::coverage::Coverage;
use notifier::domain::delivery::{Channel, State as Sent};
use notifier::domain::occurrence::{CALL_LIST, CORRECTION, Reason, State};
use notifier::domain::rule::Audience;
use notifier::domain::schedule;
use uuid::Uuid;

use super::channel::Ends;
use super::database::{Database, Occurrence, Row};
use super::message::Queue;

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which: "I2 none twice".
    pub rule: &'static str,
    /// How.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.rule, self.what)
    }
}

const LOST: &str = "I1 none lost";
const TWICE: &str = "I2 none twice";
const INVENTED: &str = "I3 none invented";
const LATE: &str = "I4 none late, none forgotten";
const INBOX: &str = "I6 effects per message";
const QUIET: &str = "quiet hours";
const FAILED: &str = "I7 none failed for what is ours";
const FINAL: &str = "final states";
const COVERAGE: &str = "coverage";

impl Violation {
    fn new(rule: &'static str, what: impl Into<String>) -> Self {
        Self {
            rule,
            what: what.into(),
        }
    }

    /// A message had a second effect.
    #[must_use]
    pub fn effect_twice(queue: Queue, id: Uuid) -> Self {
        Self::new(INBOX, format!("message {id} of {queue:?} had two effects"))
    }

    /// A second correction of a version cannot be written.
    #[must_use]
    pub fn correction_twice(matter: usize, version: i64) -> Self {
        let what = format!("obligation {matter} needs a second correction of version {version}");
        Self::new(LOST, what)
    }

    /// A relay gave a message up that the broker had not taken.
    #[must_use]
    pub fn deleted_too_soon(id: Uuid) -> Self {
        Self::new(
            LOST,
            format!("message {id} was deleted, and no broker has it"),
        )
    }

    /// A fan-out wrote for an occurrence that had ended.
    #[must_use]
    pub fn written_too_late(occurrence: usize) -> Self {
        let what = format!("rows were written for occurrence {occurrence}, which had ended");
        Self::new(FINAL, what)
    }

    /// It does not come to rest.
    #[must_use]
    pub fn restless() -> Self {
        Self::new(LATE, "after the healing it does not come to rest")
    }

    /// A mail failed that was not refused for itself.
    #[must_use]
    pub fn failed_for_us(delivery: usize) -> Self {
        let what = format!("delivery {delivery} failed, and nobody refused it for itself");
        Self::new(FAILED, what)
    }

    /// A final state changed.
    #[must_use]
    pub fn final_moved(delivery: usize, before: Sent, after: Sent) -> Self {
        let what = format!(
            "delivery {delivery} went from {} to {}",
            before.as_str(),
            after.as_str()
        );
        Self::new(FINAL, what)
    }
}

/// Whether a delivery may go from one state to another at all: final is final,
/// except that a receipt refines what was sent, and evidence or a person settles
/// what is parked.
#[must_use]
pub fn may_change(before: Sent, after: Sent) -> bool {
    use Sent::{
        Bounced, Claimed, Delivered, Failed, Missed, Parked, Queued, RetryWait, Satisfied, Sending,
        Superseded, Suppressed, Unknown,
    };
    match before {
        Sent::Sent => matches!(after, Delivered | Bounced),
        Bounced => after == Delivered,
        Parked => matches!(after, Sent::Sent | Delivered | Bounced | Failed | Queued),
        Delivered | Failed | Suppressed | Superseded | Satisfied | Missed => false,
        Queued | Claimed | Sending | RetryWait | Unknown => true,
    }
}

/// Whether this message may leave now.
///
/// # Errors
/// It is late, its matter has moved on, its gateway takes it for another message, or a
/// correction settles.
pub fn may_leave(base: &Database, place: usize) -> Result<(), Violation> {
    let row = &base.deliveries[place];
    if row.useful_until <= base.now {
        return Err(Violation::new(
            LATE,
            format!("delivery {place} leaves too late"),
        ));
    }
    let present = base.matters[row.matter].obligation.anchor_version;
    if row.version != present {
        let what = format!(
            "delivery {place} leaves for version {} of {present}",
            row.version
        );
        return Err(Violation::new(LATE, what));
    }
    if row.guarded_until.is_some_and(|until| until <= base.clock) {
        let what = format!("delivery {place} is repeated when its gateway has forgotten it");
        return Err(Violation::new(TWICE, what));
    }
    let settles = base.occurrences.iter().enumerate().any(|(other, each)| {
        each.matter == row.matter
            && each.plan.step == CORRECTION
            && each.plan.state == State::Scheduled
            && other != row.occurrence
    });
    if settles {
        let what = format!("delivery {place} leaves while a correction settles");
        return Err(Violation::new(LATE, what));
    }
    Ok(())
}

/// Whether a row says that its message is leaving, by this lease.
///
/// # Errors
/// Others have settled it meanwhile, and this would be a message that nobody counts.
pub fn is_leaving(base: &Database, place: usize, lease: Uuid) -> Result<(), Violation> {
    let row = &base.deliveries[place];
    let life = &row.life;
    if life.lease == Some(lease) && matches!(life.state, Sent::Sending | Sent::Unknown) {
        return Ok(());
    }
    // A receipt told of the first attempt while the order was on its way once more: the
    // gateway knows its id, and what it does with it counts as a copy or not.
    if row.channel == Channel::Sms && life.sends > 1 {
        return Ok(());
    }
    let what = format!(
        "delivery {place} leaves while it is {}",
        life.state.as_str()
    );
    Err(Violation::new(INVENTED, what))
}

/// Whether this occurrence may go out at this time of day.
///
/// # Errors
/// It is night, and the morning would do.
pub fn may_fan_out(base: &Database, place: usize) -> Result<(), Violation> {
    let Occurrence { plan, matter, .. } = &base.occurrences[place];
    if plan.worst_hour || plan.step == CALL_LIST {
        return Ok(());
    }
    let better = schedule::after_quiet_hours(base.now, plan.useful_until);
    if better == base.now {
        return Ok(());
    }
    let what = format!(
        "{} of obligation {} goes out at {}",
        plan.step,
        matter,
        vietnam::local(base.now)
    );
    Err(Violation::new(QUIET, what))
}

/// What must hold after each step.
///
/// # Errors
/// The first rule that does not.
pub fn after_step(base: &Database, ends: &Ends, seen: &mut usize) -> Result<(), Violation> {
    if let Some(violation) = &base.violation {
        return Err(violation.clone());
    }
    for acceptance in &ends.accepted[*seen..] {
        let place = acceptance.delivery;
        let row = &base.deliveries[place];
        let copies = ends.copies(place);
        if copies > 1 + row.allowed {
            let what = format!("delivery {place} was accepted {copies} times");
            return Err(Violation::new(TWICE, what));
        }
        if row.channel == Channel::None {
            let what = format!("delivery {place} was never to be sent");
            return Err(Violation::new(INVENTED, what));
        }
    }
    *seen = ends.accepted.len();
    let forgotten = |row: &Row| row.life.state.has_alarm() != row.alarm.is_some();
    if let Some(place) = base.deliveries.iter().position(forgotten) {
        let what = format!("delivery {place} has no next instant");
        return Err(Violation::new(LATE, what));
    }
    Ok(())
}

/// What must hold when everything has come to rest.
///
/// # Errors
/// The first rule that does not.
pub fn at_rest(base: &Database, ends: &Ends) -> Result<(), Violation> {
    for (place, row) in base.deliveries.iter().enumerate() {
        admitted(place, row, ends.copies(place))?;
    }
    for (matter, _) in base.matters.iter().enumerate() {
        knows_the_truth(base, ends, matter)?;
        is_armed(base, matter)?;
    }
    covered(base)
}

/// Rows and acceptances agree.
fn admitted(place: usize, row: &Row, copies: usize) -> Result<(), Violation> {
    let state = row.life.state;
    if !state.is_final() {
        let what = format!("delivery {place} is still {}", state.as_str());
        return Err(Violation::new(LATE, what));
    }
    if matches!(state, Sent::Sent | Sent::Delivered) && copies == 0 && !row.by_person {
        let what = format!("delivery {place} is {} and nobody has it", state.as_str());
        return Err(Violation::new(LOST, what));
    }
    if copies > 0 && !state.may_have_told() && !row.by_person {
        let what = format!("delivery {place} is {} and was accepted", state.as_str());
        return Err(Violation::new(INVENTED, what));
    }
    Ok(())
}

/// Whoever read something else than what holds has a row that says so.
fn knows_the_truth(base: &Database, ends: &Ends, matter: usize) -> Result<(), Violation> {
    let known = &base.matters[matter];
    let present = &known.obligation;
    let telling = |row: &&Row| row.matter == matter && base.occurrences[row.occurrence].tells;
    let read = base
        .deliveries
        .iter()
        .enumerate()
        .filter(|(place, row)| telling(row) && ends.copies(*place) > 0);
    for (place, row) in read {
        let told = &known.tellings[&row.version];
        if row.version == present.anchor_version || change(told, &present.telling()).is_none() {
            continue;
        }
        let answered = base
            .deliveries
            .iter()
            .filter(telling)
            .any(|other| other.organisation == row.organisation && other.version > row.version);
        let over = base.occurrences.iter().any(|each| {
            each.matter == matter
                && each.version > row.version
                && each.plan.step == CORRECTION
                && (each.plan.state == State::Missed || each.plan.reason == Reason::Over)
        });
        if !answered && !over && present.status.word() != "SATISFIED" {
            let what = format!(
                "delivery {place} told version {}, nothing tells its reader of version {}",
                row.version, present.anchor_version
            );
            return Err(Violation::new(LOST, what));
        }
    }
    Ok(())
}

/// Every step of the present ladder has its occurrence, and nothing is overdue.
fn is_armed(base: &Database, matter: usize) -> Result<(), Violation> {
    let obligation = &base.matters[matter].obligation;
    let version = obligation.anchor_version;
    let mine = || base.occurrences.iter().filter(|each| each.matter == matter);
    if let Some(late) =
        mine().find(|each| each.plan.state == State::Scheduled && each.plan.due_at <= base.now)
    {
        let what = format!("{} of obligation {matter} is overdue", late.plan.step);
        return Err(Violation::new(LATE, what));
    }
    if obligation.status.word() != "SCHEDULED" || !obligation.anchor.is_fixed() {
        return Ok(());
    }
    let Some(rule) = base.house.rules.of(&obligation.kind) else {
        return Ok(());
    };
    for step in rule
        .steps
        .iter()
        .filter(|step| step.audience == Audience::Concerned)
    {
        let planned = mine().any(|each| each.version == version && each.plan.step == step.id);
        if !planned {
            let what = format!("{} of obligation {matter} was never planned", step.id);
            return Err(Violation::new(LOST, what));
        }
    }
    Ok(())
}

/// The sum over all rows.
fn covered(base: &Database) -> Result<(), Violation> {
    let mut sum = Coverage::default();
    let mut expected = 0;
    for (place, each) in base.occurrences.iter().enumerate() {
        let rows = base.deliveries.iter().filter(|row| row.occurrence == place);
        let before = sum.rows.len();
        sum.rows
            .extend(rows.map(|row| (row.channel, row.life.state, 1)));
        let count = sum.rows.len() - before;
        let state = each.plan.state;
        if count == 0 && state != State::FannedOut {
            let ahead = state == State::Scheduled && each.plan.due_at > base.now;
            sum.without_rows.push((state, ahead, 1));
            expected += 1;
        }
        expected += i64::try_from(count).unwrap_or(i64::MAX);
    }
    if sum.holds() && sum.expected() == expected {
        Ok(())
    } else {
        let what = format!("{expected} expected, {} accounted for", sum.accounted());
        Err(Violation::new(COVERAGE, what))
    }
}
