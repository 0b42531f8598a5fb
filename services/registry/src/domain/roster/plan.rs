//! What the rows of a roster together mean for what is known.

mod contact;
mod find;
mod merge;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use uuid::Uuid;

use find::Match;

use super::{Outcome, Remark, Report, Row};
use crate::domain::consent::Consent;
use crate::domain::contact::Contact;
use crate::domain::id::{ContactId, OrganisationId};
use crate::domain::organisation::Organisation;

/// What to do with bad rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One bad row and nothing is written.
    AllOrNothing,
    /// Good rows are written, bad ones reported.
    GoodRows,
}

/// What the registry knows of the codes that the rows name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Organisations with one of the roster codes (parents included) or tax codes.
    pub organisations: Vec<Organisation>,
    /// Their contacts.
    pub contacts: Vec<Contact>,
}

/// What is to be written, and the report on every row.
#[derive(Debug, Default)]
pub struct Plan {
    /// New organisations.
    pub created: Vec<Organisation>,
    /// Organisations with their new values.
    pub updated: Vec<Organisation>,
    /// Those of both that become members.
    pub admitted: Vec<OrganisationId>,
    /// New contacts.
    pub contacts_created: Vec<Contact>,
    /// Contacts with their new values.
    pub contacts_updated: Vec<Contact>,
    /// Consents and refusals to record.
    pub consents: Vec<(ContactId, Consent)>,
    /// One report for each row, in the order given.
    pub reports: Vec<Report>,
}

impl Plan {
    /// Whether a row was refused.
    #[must_use]
    pub fn has_refusals(&self) -> bool {
        self.reports
            .iter()
            .any(|report| report.outcome == Outcome::Refused)
    }

    /// The same reports, with nothing written.
    fn of_nothing(self) -> Self {
        let reports = self.reports.into_iter().map(|report| match report.outcome {
            Outcome::Refused => report,
            Outcome::Created | Outcome::Updated | Outcome::Unchanged => unwritten(report),
        });
        Self {
            reports: reports.collect(),
            ..Self::default()
        }
    }
}

fn unwritten(mut report: Report) -> Report {
    report.outcome = Outcome::Unchanged;
    report.organisation = None;
    report.remarks.push(Remark::new(
        "",
        "Chưa ghi, vì có dòng khác bị từ chối.",
        "Not written, because another row was refused.",
    ));
    report
}

/// Decides about all rows, in their order. `new_id` gives identities to what is new.
pub fn plan(
    rows: Vec<Result<Row, Report>>,
    known: Known,
    mode: Mode,
    now: Timestamp,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let mut desk = Desk::new(known, &rows, now, new_id);
    let taken: Vec<Result<Taken, Report>> = rows
        .into_iter()
        .map(|row| row.and_then(|row| desk.take(row)))
        .collect();
    let plan = desk.finish(taken);
    if mode == Mode::AllOrNothing && plan.has_refusals() {
        plan.of_nothing()
    } else {
        plan
    }
}

/// How an entry differs from what the registry knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Changed,
    Created,
}

struct Entry {
    organisation: Organisation,
    fate: Fate,
    admitted: bool,
    /// A row of this file has described it: later ones only add.
    described: bool,
    contacts: Vec<(Contact, Fate)>,
}

/// A row that found its place.
struct Taken {
    line: i32,
    entry: usize,
    parent_code: Option<String>,
    created: bool,
    changed: bool,
    remarks: Vec<Remark>,
}

/// Where the rows are worked on, one after the other.
struct Desk<'a> {
    entries: Vec<Entry>,
    by_code: HashMap<String, usize>,
    by_tax_code: HashMap<String, usize>,
    /// Codes that rows of this file carry, for parents that come later.
    codes_ahead: HashSet<String>,
    consents: Vec<(ContactId, Consent)>,
    now: Timestamp,
    new_id: &'a mut dyn FnMut() -> Uuid,
}

impl<'a> Desk<'a> {
    fn new(
        known: Known,
        rows: &[Result<Row, Report>],
        now: Timestamp,
        new_id: &'a mut dyn FnMut() -> Uuid,
    ) -> Self {
        let codes_ahead = rows
            .iter()
            .flatten()
            .filter_map(|row| row.roster_code.clone())
            .collect();
        let mut desk = Self {
            entries: Vec::new(),
            by_code: HashMap::new(),
            by_tax_code: HashMap::new(),
            codes_ahead,
            consents: Vec::new(),
            now,
            new_id,
        };
        let mut contacts: HashMap<OrganisationId, Vec<(Contact, Fate)>> = HashMap::new();
        for contact in known.contacts {
            contacts
                .entry(contact.organisation)
                .or_default()
                .push((contact, Fate::Kept));
        }
        for organisation in known.organisations {
            let contacts = contacts.remove(&organisation.id).unwrap_or_default();
            desk.put(organisation, Fate::Kept, contacts);
        }
        desk
    }

    fn put(
        &mut self,
        organisation: Organisation,
        fate: Fate,
        contacts: Vec<(Contact, Fate)>,
    ) -> usize {
        let entry = self.entries.len();
        self.entries.push(Entry {
            organisation,
            fate,
            admitted: false,
            described: false,
            contacts,
        });
        self.index(entry);
        entry
    }

    /// Makes an entry findable by the codes it has now.
    fn index(&mut self, entry: usize) {
        let details = &self.entries[entry].organisation.details;
        if let Some(code) = &details.roster_code {
            self.by_code.insert(code.clone(), entry);
        }
        if let Some(code) = &details.tax_code {
            self.by_tax_code.insert(code.to_string(), entry);
        }
    }

    fn take(&mut self, row: Row) -> Result<Taken, Report> {
        let line = row.line;
        let refuse = |remark| Report::refused(line, vec![remark]);
        self.check_parent(&row).map_err(refuse)?;
        match self.find(&row).map_err(refuse)? {
            Match::New => self.create(row),
            Match::Same(entry) => self.update(row, entry, false),
            Match::OtherRoster(entry) => self.update(row, entry, true),
        }
    }

    fn finish(mut self, mut taken: Vec<Result<Taken, Report>>) -> Plan {
        self.place_parents(&mut taken);
        let mut plan = Plan {
            reports: taken.into_iter().map(|row| self.report(row)).collect(),
            consents: self.consents,
            ..Plan::default()
        };
        for mut entry in self.entries {
            if entry.admitted {
                plan.admitted.push(entry.organisation.id);
            }
            match entry.fate {
                Fate::Kept => {}
                Fate::Created => plan.created.push(entry.organisation),
                Fate::Changed => {
                    entry.organisation.touch(self.now);
                    plan.updated.push(entry.organisation);
                }
            }
            for (mut contact, fate) in entry.contacts {
                match fate {
                    Fate::Kept => {}
                    Fate::Created => plan.contacts_created.push(contact),
                    Fate::Changed => {
                        contact.touch(self.now);
                        plan.contacts_updated.push(contact);
                    }
                }
            }
        }
        plan
    }

    /// Parents come last, because a roster may name them before it describes them.
    fn place_parents(&mut self, taken: &mut [Result<Taken, Report>]) {
        for row in taken.iter_mut().flatten() {
            let Some(code) = row.parent_code.take() else {
                continue;
            };
            let parent = self
                .by_code
                .get(&code)
                .map(|entry| self.entries[*entry].organisation.id);
            let entry = &mut self.entries[row.entry];
            match parent {
                Some(parent) if parent == entry.organisation.id => {}
                Some(parent) if entry.organisation.details.parent == Some(parent) => {}
                Some(parent) => {
                    entry.organisation.details.parent = Some(parent);
                    entry.change();
                    row.changed = true;
                }
                None => row.remarks.push(Remark::new(
                    "parent_code",
                    format!("Dòng của đơn vị cấp trên {code} bị từ chối, nên chưa ghi cấp trên."),
                    format!("The row of the parent {code} was refused, so no parent was entered."),
                )),
            }
        }
    }

    fn report(&self, row: Result<Taken, Report>) -> Report {
        row.map_or_else(
            |refused| refused,
            |row| Report {
                line: row.line,
                outcome: match (row.created, row.changed) {
                    (true, _) => Outcome::Created,
                    (false, true) => Outcome::Updated,
                    (false, false) => Outcome::Unchanged,
                },
                organisation: Some(self.entries[row.entry].organisation.id),
                remarks: row.remarks,
            },
        )
    }
}

impl Entry {
    fn change(&mut self) {
        if self.fate == Fate::Kept {
            self.fate = Fate::Changed;
        }
    }
}

#[cfg(test)]
mod tests;
