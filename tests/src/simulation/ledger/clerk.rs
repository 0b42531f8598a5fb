//! A clerk: reads, decides, commits, answers; or is gone in between.

use funding::domain::application::{Application, Approval};
use funding::domain::ledger::{Figures, Movement};
use funding::domain::money::Amount;
use funding::domain::programme::Kind;
use jiff::Timestamp;
use uuid::Uuid;

use super::super::dice::Dice;
use super::super::flaw::Flaw;
use super::books::{Books, Change, Snapshot};
use super::{Answer, Heard};

/// People of the alliance.
const PEOPLE: [&str; 4] = ["an", "binh", "cuong", "dung"];

/// Who nobody is: what a broken model tells the rules instead of the caller.
const SOMEBODY_ELSE: &str = "somebody else";

/// A call, under the id that its repetitions bear too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    request: Uuid,
    application: usize,
    by: &'static str,
    deed: Deed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    AskForPapers,
    Supply,
    Appraise,
    Approve(i64),
    Reject,
    Disburse(i64, u64),
}

/// A clerk and where it stands.
#[derive(Default)]
pub(super) struct Clerk {
    call: Option<Call>,
    read: Option<Box<Snapshot>>,
    decided: Option<Box<Change>>,
    answer: Heard,
}

impl Clerk {
    /// Its process is gone; the caller, who heard nothing, will call again.
    pub(super) fn crash(&mut self, books: &mut Books) {
        if let (Some(call), Some(_)) = (self.call, self.read.take()) {
            books.end_turn(call.request);
        }
        self.decided = None;
        self.answer = None;
    }

    pub(super) fn call(&self) -> Option<Call> {
        self.call
    }

    /// Gets a copy of a call.
    pub(super) fn hear(&mut self, call: Option<Call>) {
        if call.is_some() && self.call.is_none() {
            self.call = call;
        }
    }

    /// One step, in words.
    pub(super) fn step(&mut self, books: &mut Books, dice: &mut Dice) -> String {
        let Some(call) = self.call else {
            let call = draw(books, dice);
            self.call = Some(call);
            return format!("is called: {call:?}");
        };
        if let Some((call, answer)) = self.answer.take() {
            self.call = None;
            if answer == Answer::Done {
                let money = matches!(call.deed, Deed::Approve(_) | Deed::Disburse(..));
                books.acknowledge(call.request, money);
            }
            return format!("answers {answer:?}");
        }
        if let Some(change) = self.decided.take() {
            let Some(read) = self.read.take() else {
                return "begins anew".to_owned();
            };
            let answer = books.commit(call.request, call.application, &read, *change);
            books.end_turn(call.request);
            if answer == Answer::Refused {
                books.refuse(call.request);
            }
            if answer != Answer::Again {
                self.answer = Some((call, answer));
            }
            return format!("commits: {answer:?}");
        }
        let Some(read) = &self.read else {
            if books.remembers(call.request) {
                self.answer = Some((call, Answer::Done));
                return "finds its own traces".to_owned();
            }
            if !books.take_turn(call.request) {
                return "waits for its turn".to_owned();
            }
            self.read = Some(Box::new(books.read(call.application)));
            return "reads".to_owned();
        };
        match decide(&call, read, books.flaw) {
            Some(change) => {
                self.decided = Some(Box::new(change));
                "decides".to_owned()
            }
            None => {
                self.read = None;
                books.end_turn(call.request);
                books.refuse(call.request);
                self.answer = Some((call, Answer::Refused));
                "refuses".to_owned()
            }
        }
    }
}

fn draw(books: &Books, dice: &mut Dice) -> Call {
    let amount = dice.between(1, 70) * 1_000_000;
    Call {
        request: dice.id(),
        application: dice.index(books.count()),
        by: PEOPLE[dice.index(PEOPLE.len())],
        deed: match dice.below(12) {
            0 => Deed::AskForPapers,
            1 => Deed::Supply,
            2..5 => Deed::Appraise,
            5..8 => Deed::Approve(amount),
            8 => Deed::Reject,
            _ => Deed::Disburse(amount, dice.below(1_000)),
        },
    }
}

/// What the service decides; `None` where it refuses.
fn decide(call: &Call, read: &Snapshot, flaw: Flaw) -> Option<Change> {
    let now = Timestamp::UNIX_EPOCH;
    let present = &read.application;
    let one_pair = flaw == Flaw::OnePairOfEyes;
    let caller = if one_pair { SOMEBODY_ELSE } else { call.by };
    let (mut application, movement, reference) = match call.deed {
        Deed::AskForPapers => {
            let papers = vec!["Báo cáo tài chính".to_owned()];
            let day = jiff::civil::date(2024, 3, 29);
            (
                present.request_supplement(papers, day, now).ok()?,
                None,
                None,
            )
        }
        Deed::Supply => (present.supply(now).ok()?, None, None),
        Deed::Appraise => {
            let next = present.appraise(call.by, String::new(), now).ok()?;
            (next, None, None)
        }
        Deed::Reject => (present.reject(caller, String::new(), now).ok()?, None, None),
        Deed::Approve(amount) => {
            let figures = Figures::of(&read.positions);
            let approval = approval(caller, amount)?;
            let next = present.approve(approval, Kind::Grant, &figures, now).ok()?;
            let movement = Movement::Commitment(next.approved_vnd);
            (next, Some(movement), None)
        }
        Deed::Disburse(amount, reference) => {
            let paid = Amount::parse("amount", amount).ok()?;
            let next = present.disburse(caller, paid, now).ok()?;
            (next, Some(Movement::Disbursement(amount)), Some(reference))
        }
    };
    sign(&mut application, call.by);
    Some(Change {
        application,
        movement,
        by: call.by,
        reference,
    })
}

/// The truth that a broken model hid from the rules.
fn sign(application: &mut Application, by: &str) {
    if application.approver.as_deref() == Some(SOMEBODY_ELSE) {
        application.approver = Some(by.to_owned());
    }
}

fn approval(approver: &str, amount: i64) -> Option<Approval> {
    Some(Approval {
        approver: approver.to_owned(),
        amount: Amount::parse("amount", amount).ok()?,
        decision_number: "41/QĐ-LMHTX".to_owned(),
        disbursement_date: None,
    })
}
