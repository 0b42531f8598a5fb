//! Accounts, entries and applications, with the guards of the database.

use std::collections::{BTreeMap, HashSet};

use funding::domain::application::Application;
use funding::domain::id::{ApplicationId, OrganisationId, ProgrammeId};
use funding::domain::ledger::{Account, Entry, Figures, Movement, Position, post};
use funding::domain::money::Amount;
use jiff::Timestamp;
use uuid::Uuid;

use super::super::dice::Dice;
use super::super::flaw::Flaw;
use super::super::invariant::Violation;
use super::{Answer, broken};

/// What a transaction read, by which it is serialised.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) application: Application,
    pub(super) positions: BTreeMap<Account, Position>,
}

/// What a transaction wants to write.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) application: Application,
    pub(super) movement: Option<Movement>,
    pub(super) by: &'static str,
    pub(super) reference: Option<u64>,
}

#[derive(Clone, Debug)]
struct Transfer {
    request: Uuid,
    movement: Movement,
    application: Option<usize>,
    by: &'static str,
    reference: Option<u64>,
    entries: Vec<Entry>,
}

/// The tables of the ledger.
pub(super) struct Books {
    pub(super) flaw: Flaw,
    applications: Vec<Application>,
    positions: BTreeMap<Account, Position>,
    transfers: Vec<Transfer>,
    /// Requests that were carried out.
    requests: HashSet<Uuid>,
    /// Requests that somebody works on: others wait for their turn.
    turns: HashSet<Uuid>,
    /// Requests whose callers heard so, and whether money moved.
    heard: Vec<(Uuid, bool)>,
    refused_by_guard: Option<String>,
    refused_though_done: bool,
}

impl Books {
    /// A programme with a budget, and some applications.
    pub(super) fn open(dice: &mut Dice, flaw: Flaw) -> Self {
        let asked = |dice: &mut Dice| Amount::parse("requested", dice.between(1, 60) * 1_000_000);
        let applications = (0..3 + dice.index(3))
            .filter_map(|_| Some(application(dice.id(), asked(dice).ok()?)))
            .collect();
        let mut books = Self {
            flaw,
            applications,
            positions: BTreeMap::new(),
            transfers: Vec::new(),
            requests: HashSet::new(),
            turns: HashSet::new(),
            heard: Vec::new(),
            refused_by_guard: None,
            refused_though_done: false,
        };
        let budget = Movement::Budget(dice.between(20, 150) * 1_000_000);
        if let Some(entries) = post(budget, &books.positions) {
            books.write(Transfer {
                request: dice.id(),
                movement: budget,
                application: None,
                by: "registrar",
                reference: None,
                entries,
            });
        }
        books
    }

    pub(super) fn count(&self) -> usize {
        self.applications.len()
    }

    pub(super) fn read(&self, application: usize) -> Snapshot {
        Snapshot {
            application: self.applications[application].clone(),
            positions: self.positions.clone(),
        }
    }

    /// Whether this request was carried out before.
    pub(super) fn remembers(&self, request: Uuid) -> bool {
        self.flaw != Flaw::RequestsForgotten && self.requests.contains(&request)
    }

    /// Commits a change that was decided on `read`, serialisably.
    pub(super) fn commit(
        &mut self,
        request: Uuid,
        place: usize,
        read: &Snapshot,
        change: Change,
    ) -> Answer {
        let outdated = self.applications[place].version != read.application.version
            || (change.movement.is_some() && self.positions != read.positions);
        if self.flaw != Flaw::LostUpdate && outdated {
            return Answer::Again;
        }
        if self.remembers(request) {
            return Answer::Done;
        }
        let reused = change.reference.is_some_and(|reference| {
            self.transfers
                .iter()
                .any(|each| each.reference == Some(reference))
        });
        if reused {
            return Answer::Refused;
        }
        let Some(entries) = change
            .movement
            .map_or(Some(Vec::new()), |movement| post(movement, &read.positions))
        else {
            return Answer::Refused;
        };
        if let Err(guard) = self.guard(&change, &entries) {
            // The service must refuse it first, in words.
            self.refused_by_guard.get_or_insert(guard);
            return Answer::Refused;
        }
        self.requests.insert(request);
        self.applications[place] = change.application;
        if let Some(movement) = change.movement {
            self.write(Transfer {
                request,
                movement,
                application: Some(place),
                by: change.by,
                reference: change.reference,
                entries,
            });
        }
        Answer::Done
    }

    /// What constraints and triggers refuse.
    fn guard(&self, change: &Change, entries: &[Entry]) -> Result<(), String> {
        if self.flaw == Flaw::OnePairOfEyes || self.flaw == Flaw::LostUpdate {
            return Ok(());
        }
        let application = &change.application;
        let (approved, disbursed) = (application.approved_vnd, application.disbursed_vnd);
        if approved > application.requested.dong() || disbursed > approved {
            return Err("application_amounts_in_order".to_owned());
        }
        if application.appraiser.is_some() && application.appraiser == application.approver {
            return Err("application_four_eyes".to_owned());
        }
        for entry in entries {
            let before = self
                .positions
                .get(&entry.account)
                .copied()
                .unwrap_or_default();
            if entry.account_version != before.version + 1
                || entry.balance_after != before.balance + entry.amount
            {
                return Err("entry_follows_its_account".to_owned());
            }
            if entry
                .account
                .floor()
                .is_some_and(|floor| entry.balance_after < floor)
            {
                return Err("account_floor_held".to_owned());
            }
        }
        Ok(())
    }

    fn write(&mut self, transfer: Transfer) {
        for entry in &transfer.entries {
            let position = Position {
                balance: entry.balance_after,
                version: entry.account_version,
            };
            self.positions.insert(entry.account, position);
        }
        self.transfers.push(transfer);
    }

    /// A caller heard that its call was carried out.
    pub(super) fn acknowledge(&mut self, request: Uuid, moves_money: bool) {
        self.heard.push((request, moves_money));
    }

    /// Begins to work on a request, unless somebody else does.
    pub(super) fn take_turn(&mut self, request: Uuid) -> bool {
        self.turns.insert(request)
    }

    /// The work on a request ended, or broke off.
    pub(super) fn end_turn(&mut self, request: Uuid) {
        self.turns.remove(&request);
    }

    /// A call is refused.
    pub(super) fn refuse(&mut self, request: Uuid) {
        self.refused_though_done |= self.requests.contains(&request);
    }

    pub(super) fn acknowledged(&self) -> usize {
        self.heard.len()
    }

    /// What must hold after each step.
    pub(super) fn hold(&self) -> Result<(), Violation> {
        if let Some(guard) = &self.refused_by_guard {
            return Err(broken(format!("only {guard} kept the books in order")));
        }
        if self.refused_though_done {
            return Err(broken(
                "a call that was carried out was answered as refused",
            ));
        }
        self.entries_follow()?;
        self.figures_agree()?;
        self.each_call_once()?;
        self.three_people()
    }

    fn entries_follow(&self) -> Result<(), Violation> {
        let mut running: BTreeMap<Account, Position> = BTreeMap::new();
        for (number, transfer) in self.transfers.iter().enumerate() {
            let sum: i64 = transfer.entries.iter().map(|entry| entry.amount).sum();
            if sum != 0 || transfer.entries.len() < 2 {
                return Err(broken(format!("transfer {number} sums to {sum}")));
            }
            for entry in &transfer.entries {
                let position = running.entry(entry.account).or_default();
                position.version += 1;
                position.balance += entry.amount;
                let stated = Position {
                    balance: entry.balance_after,
                    version: entry.account_version,
                };
                if *position != stated {
                    let what = format!("{} forks at transfer {number}", entry.account.word());
                    return Err(broken(what));
                }
                if entry
                    .account
                    .floor()
                    .is_some_and(|floor| position.balance < floor)
                {
                    return Err(broken(format!("{} is overdrawn", entry.account.word())));
                }
            }
        }
        if running == self.positions {
            Ok(())
        } else {
            Err(broken("balances are not those of the last entries"))
        }
    }

    fn figures_agree(&self) -> Result<(), Violation> {
        let figures = Figures::of(&self.positions);
        let left = figures.budget - figures.committed - figures.disbursed + figures.returned;
        let approved: i64 = self.applications.iter().map(|each| each.approved_vnd).sum();
        let paid: i64 = self
            .applications
            .iter()
            .map(|each| each.disbursed_vnd)
            .sum();
        if figures.available != left || figures.disbursed != paid {
            return Err(broken(format!("{figures:?}, {paid} were paid out")));
        }
        if figures.committed != approved - paid {
            let what = format!(
                "{} are committed of {approved} less {paid}",
                figures.committed
            );
            return Err(broken(what));
        }
        Ok(())
    }

    fn each_call_once(&self) -> Result<(), Violation> {
        for (request, moves_money) in &self.heard {
            let own = self
                .transfers
                .iter()
                .filter(|each| each.request == *request);
            let (count, due) = (own.count(), usize::from(*moves_money));
            if count != due {
                let what = format!("an acknowledged call is {count} times in the books, not {due}");
                return Err(broken(what));
            }
        }
        let mut seen = HashSet::new();
        match self
            .transfers
            .iter()
            .find(|each| !seen.insert(each.request))
        {
            Some(twice) => Err(broken(format!("{:?} was posted twice", twice.movement))),
            None => Ok(()),
        }
    }

    fn three_people(&self) -> Result<(), Violation> {
        for application in &self.applications {
            if application.approver.is_some() && application.approver == application.appraiser {
                return Err(broken("one person appraised and approved"));
            }
        }
        for transfer in &self.transfers {
            let Some(place) = transfer.application else {
                continue;
            };
            let application = &self.applications[place];
            let roles = [&application.appraiser, &application.approver];
            if matches!(transfer.movement, Movement::Disbursement(_))
                && roles
                    .into_iter()
                    .flatten()
                    .any(|person| person == transfer.by)
            {
                return Err(broken("who decided paid out"));
            }
        }
        Ok(())
    }
}

fn application(id: Uuid, requested: Amount) -> Application {
    Application::submitted(
        ApplicationId(id),
        ProgrammeId(Uuid::nil()),
        OrganisationId(Uuid::nil()),
        "Mua máy sấy".to_owned(),
        requested,
        Timestamp::UNIX_EPOCH,
    )
}
