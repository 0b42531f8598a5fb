//! How the gateway treats a number.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::esms::{Noise, WRONG_NUMBER};
use crate::chance::Mix;

/// What the sender hears of its order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Accepted: `CodeResult` 100 and an id.
    #[default]
    Accept,
    /// Refused with this `CodeResult`: 99 blocked number, 103 no balance, 104 unknown brandname,
    /// 108 bad number, 140 address not on the white list, 146 wrong template, 177 network not
    /// registered, or one that stands in no table. An order known already is a duplicate.
    Refuse(u16),
    /// The same before it looks whether it knows the order: nobody says in which order a gateway
    /// looks.
    RefuseFirst(u16),
    /// Accepted and logged, then silence for so long, then the connection is closed.
    AcceptThenSilence(Duration),
    /// Accepted and logged, and an answer that is not what the documentation says.
    AcceptThenNoise(Noise),
    /// Accepted and logged, the answer comes this much later.
    Slow(Duration),
    /// This HTTP status and nothing accepted.
    HttpError(u16),
}

/// What follows by callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Receipt {
    /// Delivered: `SendStatus` 5, `SendSuccess` 1.
    #[default]
    Delivered,
    /// `SendStatus` 5, `SendSuccess` 0: a number that takes nothing.
    Failed,
    /// Nothing, ever.
    Never,
    /// Delivered, told before the order itself is answered.
    BeforeAnswer,
    /// Delivered, told twice.
    Twice,
    /// A receipt for an id that nobody ordered, then the true one.
    UnknownIdFirst,
    /// `SendStatus` 2 (waiting), then delivered.
    WaitingFirst,
    /// Delivered, told this much later.
    Late(Duration),
}

/// Answer and receipt together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Treatment {
    /// What the sender hears.
    pub answer: Answer,
    /// What follows.
    pub receipt: Receipt,
}

impl From<Answer> for Treatment {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            ..Self::default()
        }
    }
}

impl From<Receipt> for Treatment {
    fn from(receipt: Receipt) -> Self {
        Self {
            receipt,
            ..Self::default()
        }
    }
}

/// Who is treated how: rules for numbers first, then landlines, then a seeded mix, then the default.
#[derive(Debug, Default)]
pub struct SmsRules {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    default: Treatment,
    mix: Option<Mix<Treatment>>,
    rules: Vec<(String, Treatment, Option<u32>)>,
    hidden: Vec<String>,
    seen: HashMap<String, u64>,
}

impl Inner {
    /// The rule for a number, while it is in force.
    fn rule(&mut self, number: &str) -> Option<&mut (String, Treatment, Option<u32>)> {
        self.rules
            .iter_mut()
            .find(|(prefix, _, times)| *times != Some(0) && number.starts_with(prefix.as_str()))
    }
}

impl SmsRules {
    /// Treats numbers that begin so (national form, `059…`) like this from now on.
    pub fn set(&self, prefix: &str, treatment: impl Into<Treatment>) {
        self.push(prefix, treatment.into(), None);
    }

    /// Treats the next `times` orders to such numbers like this.
    pub fn set_times(&self, prefix: &str, treatment: impl Into<Treatment>, times: u32) {
        self.push(prefix, treatment.into(), Some(times));
    }

    /// Status queries do not find orders to such numbers, though they were accepted:
    /// a gateway whose records lag behind.
    pub fn hide(&self, prefix: &str) {
        self.with(|inner| inner.hidden.push(prefix.to_owned()));
    }

    pub(super) fn hides(&self, number: &str) -> bool {
        self.with(|inner| inner.hidden.iter().any(|prefix| number.starts_with(prefix)))
    }

    /// The code by which the next order to `number` is refused whether it is known or not.
    pub(super) fn refuses_first(&self, number: &str) -> Option<u16> {
        self.with(|inner| {
            let rule = inner.rule(number)?;
            match rule.1.answer {
                Answer::RefuseFirst(code) => {
                    rule.2 = rule.2.map(|times| times - 1);
                    Some(code)
                }
                Answer::Accept
                | Answer::Refuse(_)
                | Answer::AcceptThenSilence(_)
                | Answer::AcceptThenNoise(_)
                | Answer::Slow(_)
                | Answer::HttpError(_) => None,
            }
        })
    }

    /// Treats every number without a rule like this.
    pub fn set_default(&self, treatment: impl Into<Treatment>) {
        self.with(|inner| inner.default = treatment.into());
    }

    /// Draws for every number without a rule, by number and by how often it was seen.
    pub fn set_mix(&self, mix: Mix<Treatment>) {
        self.with(|inner| inner.mix = Some(mix));
    }

    /// Back to delivering everything to mobiles.
    pub fn clear(&self) {
        self.with(|inner| *inner = Inner::default());
    }

    /// The treatment of the next order to `number`, which is in national form.
    pub(super) fn next(&self, number: &str) -> Treatment {
        self.with(|inner| {
            if let Some((_, treatment, times)) = inner.rule(number) {
                *times = times.map(|times| times - 1);
                return *treatment;
            }
            // Area codes begin with 02; no text reaches a landline.
            if number.starts_with("02") {
                return Answer::Refuse(WRONG_NUMBER).into();
            }
            let seen = inner.seen.entry(number.to_owned()).or_default();
            *seen += 1;
            let drawn = inner
                .mix
                .as_ref()
                .and_then(|mix| mix.choose(&format!("{number} {seen}")));
            drawn.unwrap_or(inner.default)
        })
    }

    fn push(&self, prefix: &str, treatment: Treatment, times: Option<u32>) {
        self.with(|inner| {
            inner.rules.retain(|(known, _, _)| known != prefix);
            inner.rules.push((prefix.to_owned(), treatment, times));
            // The longest prefix speaks first.
            inner
                .rules
                .sort_by_key(|(prefix, _, _)| std::cmp::Reverse(prefix.len()));
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A reading of what the gateway has seen and done.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct SmsCounters {
    /// Orders received.
    pub orders: u64,
    /// Orders accepted and logged.
    pub accepted: u64,
    /// Orders refused.
    pub refused: u64,
    /// Orders answered with "duplicate".
    pub duplicates: u64,
    /// Accepted orders whose sender never got an answer.
    pub unanswered: u64,
    /// Status queries answered.
    pub queries: u64,
    /// Receipts that arrived (the caller's server answered with a 2xx).
    pub receipts: u64,
    /// Receipts given up after five tries.
    pub receipts_failed: u64,
}

macro_rules! tally {
    ($($name:ident),+) => {
        #[derive(Debug, Default)]
        pub(super) struct Tally { $(pub(super) $name: AtomicU64),+ }

        impl Tally {
            pub(super) fn read(&self) -> SmsCounters {
                SmsCounters { $($name: self.$name.load(std::sync::atomic::Ordering::Relaxed)),+ }
            }
        }
    };
}

tally!(
    orders,
    accepted,
    refused,
    duplicates,
    unanswered,
    queries,
    receipts,
    receipts_failed
);

/// One more.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_speaks_and_landlines_take_no_texts() {
        let rules = SmsRules::default();
        rules.set("059", Receipt::Failed);
        rules.set("0590000001", Answer::Refuse(99));
        assert_eq!(rules.next("0590000001").answer, Answer::Refuse(99));
        assert_eq!(rules.next("0590000002").receipt, Receipt::Failed);
        assert_eq!(rules.next("02083851234").answer, Answer::Refuse(108));
        assert_eq!(rules.next("0901234567"), Treatment::default());
    }
}
