//! The ends: they accept, refuse, hesitate, die, and report when they please.

use std::collections::BTreeSet;
use std::time::Duration;

use notifier::domain::delivery::{Channel, Evidence, Report};
use notifier::domain::outcome::{
    Phase, Reply, Verdict, esms, esms_status, http_status, no_reply, refused,
};

use super::dice::Dice;

/// A gateway knows an order again for a day.
const KNOWN_AGAIN: i64 = 24 * 60 * 60;

/// A message that an end took over.
#[derive(Clone, Copy, Debug)]
pub struct Acceptance {
    /// The row that it was sent for.
    pub delivery: usize,
    /// When, by the database clock.
    at: i64,
}

/// The mail server and the gateway.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// Everything accepted, in order.
    pub accepted: Vec<Acceptance>,
    /// Receipts that have not been reported yet.
    pub receipts: Vec<(Option<usize>, Report)>,
    /// Whether they misbehave.
    pub faulty: bool,
    /// The instant, by the database clock.
    clock: i64,
    /// The relay refuses us by a policy, whoever the mail is for.
    pub denies: bool,
    /// A domain that never wants our mail.
    pub unwilling: Option<String>,
    /// Messages that were refused for themselves.
    pub condemned: BTreeSet<usize>,
}

impl Ends {
    /// Greeting, sender and recipient: `None` where the body may follow.
    pub fn envelope(
        &mut self,
        delivery: usize,
        domain: &str,
        channel: Channel,
        dice: &mut Dice,
    ) -> Option<Verdict> {
        if channel == Channel::Sms {
            return None;
        }
        let reply = |code, text: &str, phase| Some(refused(&Reply::new(code, text), phase));
        let policy = "5.7.1 relay access denied";
        if self.unwilling.as_deref() == Some(domain) || self.denies {
            return reply(554, policy, Phase::Rcpt);
        }
        if !self.faulty {
            return None;
        }
        match dice.below(100) {
            0..3 => reply(450, "4.7.1 greylisted", Phase::Rcpt),
            3..5 => reply(421, "4.3.2 closing", Phase::Connect),
            5..7 => {
                self.condemned.insert(delivery);
                reply(550, "5.1.1 no such user", Phase::Rcpt)
            }
            7..8 => reply(452, "4.2.2 mailbox full", Phase::Rcpt),
            8..9 => reply(535, "5.7.8 not you", Phase::Connect),
            9..12 => Some(no_reply(Phase::Rcpt, "timeout")),
            12..13 => reply(550, "5.4.5 daily limit exceeded", Phase::Mail),
            13..14 => reply(452, "4.3.1 no room", Phase::Rcpt),
            14..15 => reply(432, "4.3.2 too many connections", Phase::Mail),
            15..16 => reply(554, policy, Phase::Rcpt),
            _ => None,
        }
    }

    /// Body and dot, or the order to the gateway, at this instant of the database clock.
    pub fn hand_over(
        &mut self,
        delivery: usize,
        channel: Channel,
        clock: i64,
        dice: &mut Dice,
    ) -> Verdict {
        self.clock = clock;
        let fate = if self.faulty { dice.below(100) } else { 99 };
        match channel {
            Channel::Sms => {
                let verdict = self.order(delivery, fate, dice);
                if matches!(verdict, Verdict::Failed { .. }) {
                    self.condemned.insert(delivery);
                }
                verdict
            }
            Channel::Email | Channel::None => self.data(delivery, fate),
        }
    }

    fn data(&mut self, delivery: usize, fate: u64) -> Verdict {
        let reply = |code, text: &str, phase| refused(&Reply::new(code, text), phase);
        match fate {
            0..4 => reply(451, "4.3.0 try later", Phase::Data),
            4..8 => reply(451, "4.3.0 try later", Phase::Dot),
            8..10 => {
                self.condemned.insert(delivery);
                reply(554, "5.7.1 not wanted", Phase::Dot)
            }
            10..13 => no_reply(Phase::Data, "reset"),
            // Lost, then dead ...
            13..18 => no_reply(Phase::Dot, "reset"),
            // ... or accepted, then dead.
            18..26 => {
                self.accept(delivery);
                no_reply(Phase::Dot, "timeout")
            }
            _ => {
                self.accept(delivery);
                Verdict::Accepted {
                    reference: String::new(),
                }
            }
        }
    }

    /// The gateway knows an order again by its id, for a day; it may refuse it before
    /// it looks.
    fn order(&mut self, delivery: usize, fate: u64, dice: &mut Dice) -> Verdict {
        let forgotten = self.clock - KNOWN_AGAIN;
        let own = |each: &Acceptance| each.delivery == delivery && each.at > forgotten;
        let known = self.accepted.iter().any(own);
        match fate {
            0..5 => esms(dice.pick::<&str>(&["140", "103"]), ""),
            5..8 => http_status(*dice.pick(&[429, 502])),
            8..10 => esms(dice.pick::<&str>(&["99", "146"]), ""),
            10..13 => esms(dice.pick::<&str>(&["131", "141"]), ""),
            // Nobody can ask it by our id: what is lost is the heart of the matter here.
            13..25 => Verdict::Unknown {
                reason: "timeout".to_owned(),
            },
            25..45 => {
                if !known {
                    self.accept(delivery);
                    self.receipt(delivery, dice);
                }
                Verdict::Unknown {
                    reason: "connection_lost".to_owned(),
                }
            }
            _ if known => esms(dice.pick::<&str>(&["124", "199"]), ""),
            _ => {
                self.accept(delivery);
                self.receipt(delivery, dice);
                esms("100", "ref")
            }
        }
    }

    fn accept(&mut self, delivery: usize) {
        let at = self.clock;
        self.accepted.push(Acceptance { delivery, at });
    }

    fn receipt(&mut self, delivery: usize, dice: &mut Dice) {
        let report = if dice.chance(80) {
            Report::Delivered
        } else {
            Report::Failed
        };
        for _ in 0..dice.below(3) {
            self.receipts.push((Some(delivery), report));
        }
        if self.faulty && dice.chance(10) {
            self.receipts.push((None, report));
        }
    }

    /// How often a delivery was accepted.
    #[must_use]
    pub fn copies(&self, delivery: usize) -> usize {
        let own = |each: &&Acceptance| each.delivery == delivery;
        self.accepted.iter().filter(own).count()
    }

    /// What the gateway says of an order, where its name for it came with a receipt that
    /// said nothing else; mostly nobody has that name.
    pub fn look_up(
        &mut self,
        delivery: usize,
        channel: Channel,
        dice: &mut Dice,
    ) -> Option<Evidence> {
        let is_named = channel == Channel::Sms && self.copies(delivery) > 0 && dice.chance(20);
        esms_status(if is_named { "100" } else { "105" })
    }
}

/// Whole seconds of a wait, at least one.
#[must_use]
pub fn seconds(wait: Duration) -> i64 {
    i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).max(1)
}
