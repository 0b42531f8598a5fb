//! Which occurrences a date makes.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use vietnam::calendar::Calendar;

use super::ladder::{self, Anchor, Audience, Ladders, Step};
use super::matter::{Matter, Slot, Standing, What};

/// When a date is armed.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// Nobody knows an older one.
    Fresh(DateTime),
    /// A correction is due; the change holds everything back since.
    Under {
        /// When the correction is due.
        due: DateTime,
        /// Since when nothing goes out.
        since: DateTime,
    },
}

/// Nobody is asked the same again within a day of what went out late.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// The last step after a date helps for so many working days.
const LAST_STEP_HELPS: i32 = 5;

/// Makes the occurrences of the matter's present date.
pub fn arm(matter: &mut Matter, ladders: &Ladders, calendar: &Calendar, moment: Moment) {
    if matter.telling.standing != Standing::Scheduled {
        return;
    }
    let Some(steps) = ladder_of(matter, ladders) else {
        return;
    };
    let (now, announced) = match moment {
        Moment::Fresh(now) => (now, now),
        Moment::Under { due, since } => (due, since),
    };
    let mut slots: Vec<Slot> = steps
        .iter()
        .filter_map(|step| slot(step, &matter.telling.anchor, calendar, now, announced))
        .collect();
    shorten_chasers(&mut slots, steps);
    match moment {
        Moment::Fresh(now) => {
            for audience in [Audience::Concerned, Audience::Lead] {
                only_latest_speaks(&mut slots, audience, now);
                late_speaks_for_repetitions(&mut slots, steps, audience, now);
            }
            let passed: Vec<(String, i32)> = slots
                .iter()
                .filter(|slot| !slot.is_pending())
                .filter_map(step_of)
                .collect();
            for (id, repetition) in passed {
                slots.extend(next_repetition(
                    steps,
                    &id,
                    repetition,
                    &matter.telling.anchor,
                    calendar,
                    now,
                ));
            }
        }
        Moment::Under { due, .. } => {
            for slot in slots
                .iter_mut()
                .filter(|slot| slot.is_pending() && slot.due.min(slot.nominal) <= due)
            {
                slot.held = true;
                slot.due = due;
            }
        }
    }
    matter.slots.extend(slots);
}

/// The ladder that serves a matter now.
#[must_use]
pub fn ladder_of<'l>(matter: &Matter, ladders: &'l Ladders) -> Option<&'l [Step]> {
    let kind = match matter.telling.anchor {
        Anchor::At(_) | Anchor::Day(_) => matter.kind.as_str(),
        Anchor::Window(_) => "unfixed",
        Anchor::Undated => return None,
    };
    ladders.get(kind).map(Vec::as_slice)
}

/// A step of the matter's kind, or of the ladder for windows.
#[must_use]
pub fn find_step<'l>(matter: &Matter, ladders: &'l Ladders, id: &str) -> Option<&'l Step> {
    [matter.kind.as_str(), "unfixed"]
        .into_iter()
        .filter_map(|kind| ladders.get(kind))
        .find_map(|steps| steps.iter().find(|step| step.id == id))
}

/// What becomes of steps that waited for a correction with nothing to say.
pub fn release(slots: &mut [&mut Slot], since: DateTime, now: DateTime) {
    for slot in slots.iter_mut() {
        slot.held = false;
        if slot.nominal <= since {
            slot.end();
        } else {
            slot.due = ladder::planned(slot.nominal, slot.useful_until);
        }
    }
    for audience in [Audience::Concerned, Audience::Lead] {
        let mut part: Vec<Slot> = slots.iter().map(|slot| (**slot).clone()).collect();
        only_latest_speaks(&mut part, audience, now);
        for (slot, decided) in slots.iter_mut().zip(part) {
            **slot = decided;
        }
    }
}

/// The next repetition after one that is over.
#[must_use]
pub fn next_repetition(
    steps: &[Step],
    id: &str,
    done: i32,
    anchor: &Anchor,
    calendar: &Calendar,
    now: DateTime,
) -> Option<Slot> {
    let step = steps.iter().find(|step| step.id == id)?;
    let repeat = step.repeat?;
    (done + 1..=repeat.at_most)
        .filter_map(|n| repeated(step, n, anchor, calendar))
        .find(|slot| slot.nominal.duration_since(now) > A_DAY)
}

fn slot(
    step: &Step,
    anchor: &Anchor,
    calendar: &Calendar,
    now: DateTime,
    announced: DateTime,
) -> Option<Slot> {
    let closes = anchor.closes()?;
    if step.offset.issue {
        let office = ladder::office(announced, calendar);
        let due = if office < closes {
            office
        } else {
            ladder::late(announced, closes)
        };
        return Some(Slot {
            nominal: announced,
            ..new(step, 0, due, closes)
        });
    }
    let Some(nominal) = ladder::nominal(step, anchor, calendar) else {
        let mut slot = new(step, 0, closes, closes);
        slot.end();
        return Some(slot);
    };
    if let Some(repeat) = step.repeat {
        return (0..=repeat.at_most)
            .filter_map(|n| repeated(step, n, anchor, calendar))
            .enumerate()
            .take_while(|(n, slot)| *n == 0 || slot.nominal <= now)
            .last()
            .map(|(_, slot)| slot);
    }
    let useful = if step.offset.after.is_some() {
        ladder::working_days_later(nominal.date(), LAST_STEP_HELPS, calendar)
            .to_datetime(nominal.time())
    } else {
        closes
    };
    Some(quiet(step, 0, nominal, useful))
}

fn repeated(step: &Step, n: i32, anchor: &Anchor, calendar: &Calendar) -> Option<Slot> {
    let nominal = ladder::repetition(step, n, anchor, calendar)?;
    let next = ladder::repetition(step, n + 1, anchor, calendar)?;
    Some(quiet(step, n, nominal, next))
}

fn quiet(step: &Step, repetition: i32, nominal: DateTime, useful: DateTime) -> Slot {
    new(step, repetition, ladder::planned(nominal, useful), useful)
}

fn new(step: &Step, repetition: i32, due: DateTime, useful_until: DateTime) -> Slot {
    Slot {
        what: What::Step(step.id.clone(), repetition),
        audience: step.audience,
        nominal: due,
        due,
        useful_until,
        held: false,
        lines: None,
    }
}

fn step_of(slot: &Slot) -> Option<(String, i32)> {
    match &slot.what {
        What::Step(id, repetition) => Some((id.clone(), *repetition)),
        What::Correction { .. } | What::CallList => None,
    }
}

fn shorten_chasers(slots: &mut [Slot], steps: &[Step]) {
    let chases = |slot: &Slot| {
        step_of(slot).is_some_and(|(id, _)| {
            steps
                .iter()
                .any(|step| step.id == id && step.offset.after.is_some())
        })
    };
    for index in 0..slots.len() {
        if !chases(&slots[index]) {
            continue;
        }
        let next = slots
            .iter()
            .filter(|other| {
                other.audience == slots[index].audience
                    && chases(other)
                    && other.due > slots[index].due
            })
            .map(|other| other.due)
            .min();
        if let Some(next) = next {
            slots[index].useful_until = slots[index].useful_until.min(next);
        }
    }
}

/// Of what fell due before now only the latest goes out, and an announcement
/// speaks for everything until it leaves.
fn only_latest_speaks(slots: &mut [Slot], audience: Audience, now: DateTime) {
    let announces = |slot: &Slot| {
        slot.audience == audience
            && slot.is_pending()
            && slot.nominal == now
            && slot.useful_until > slot.due
    };
    let horizon = slots
        .iter()
        .filter(|slot| announces(slot))
        .map(|slot| slot.due)
        .max()
        .unwrap_or(now)
        .max(now);
    let past = |slot: &Slot| slot.audience == audience && slot.is_pending() && slot.due <= horizon;
    let useful = |slot: &Slot| past(slot) && slot.useful_until > now;
    let speaker = slots
        .iter()
        .position(|slot| useful(slot) && announces(slot))
        .or_else(|| {
            (0..slots.len())
                .filter(|&index| useful(&slots[index]))
                .max_by_key(|&index| (slots[index].due, index))
        });
    for (index, slot) in slots.iter_mut().enumerate().filter(|(_, slot)| past(slot)) {
        if Some(index) != speaker {
            slot.end();
        } else if slot.due <= now {
            slot.due = ladder::late(now, slot.useful_until);
        }
    }
}

/// What goes out late stands for a repeating step that would follow within a day.
fn late_speaks_for_repetitions(
    slots: &mut [Slot],
    steps: &[Step],
    audience: Audience,
    now: DateTime,
) {
    let pending = |slot: &Slot| slot.audience == audience && slot.is_pending();
    let late = slots
        .iter()
        .find(|slot| pending(slot) && slot.nominal < now)
        .map(|slot| slot.due);
    for slot in slots.iter_mut().filter(|slot| pending(slot)) {
        let repeats = step_of(slot).is_some_and(|(id, _)| {
            steps
                .iter()
                .any(|step| step.id == id && step.repeat.is_some())
        });
        let soon =
            late.is_some_and(|late| slot.due > late && slot.due.duration_since(late) <= A_DAY);
        if repeats && soon {
            slot.end();
        }
    }
}
