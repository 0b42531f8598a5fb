//! What the rows of a roster together mean for what is known.

mod contact;
mod doubt;
mod find;
mod merge;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use uuid::Uuid;

use find::Match;

use super::{Confirmation, Confirmed, Outcome, Remark, Report, Row};
use crate::domain::consent::Consent;
use crate::domain::contact::Contact;
use crate::domain::id::{ContactId, OrganisationId};
use crate::domain::organisation::Organisation;

/// What to do with bad rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One bad row, or one that waits, and nothing is written.
    AllOrNothing,
    /// Good rows are written, the others reported.
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
    /// Whether a row was refused or waits.
    #[must_use]
    pub fn is_held_up(&self) -> bool {
        self.reports.iter().any(|report| report.outcome.is_open())
    }

    /// The same reports, with nothing written.
    fn of_nothing(self) -> Self {
        let reports = self.reports.into_iter().map(|report| {
            if report.outcome.is_open() {
                report
            } else {
                unwritten(report)
            }
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
        "Chưa ghi, vì có dòng khác bị từ chối hoặc còn chờ xác nhận.",
        "Not written, because another row was refused or waits.",
    ));
    report
}

/// Decides about all rows, in their order, those `confirmed` by a person among them.
/// `new_id` gives identities to what is new.
pub fn plan(
    rows: Vec<Result<Row, Report>>,
    known: Known,
    mode: Mode,
    confirmed: &Confirmed,
    now: Timestamp,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let mut desk = Desk::new(known, &rows, confirmed, now, new_id);
    let taken: Vec<Result<Taken, Report>> = rows
        .into_iter()
        .map(|row| row.and_then(|row| desk.take(row)))
        .collect();
    let plan = desk.finish(taken);
    if mode == Mode::AllOrNothing && plan.is_held_up() {
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
    /// A row of this file has told its name: later ones leave it.
    named: bool,
    /// A row of this file waits for this, and so do all later ones.
    waits: Option<Confirmation>,
    people: Vec<Person>,
}

/// A contact of an entry.
struct Person {
    contact: Contact,
    fate: Fate,
    /// A row of this file names it.
    told: bool,
}

/// A row that found its place.
struct Taken {
    line: i32,
    entry: usize,
    parent_code: Option<String>,
    /// The person it names, among those of its entry.
    person: Option<usize>,
    other_roster: bool,
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
    confirmed: &'a Confirmed,
    now: Timestamp,
    new_id: &'a mut dyn FnMut() -> Uuid,
}

impl<'a> Desk<'a> {
    fn new(
        known: Known,
        rows: &[Result<Row, Report>],
        confirmed: &'a Confirmed,
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
            confirmed,
            now,
            new_id,
        };
        let mut people: HashMap<OrganisationId, Vec<Person>> = HashMap::new();
        for contact in known.contacts {
            people
                .entry(contact.organisation)
                .or_default()
                .push(Person::known(contact));
        }
        for organisation in known.organisations {
            let people = people.remove(&organisation.id).unwrap_or_default();
            desk.put(organisation, Fate::Kept, people);
        }
        desk
    }

    fn put(&mut self, organisation: Organisation, fate: Fate, people: Vec<Person>) -> usize {
        let entry = self.entries.len();
        self.entries.push(Entry {
            organisation,
            fate,
            admitted: false,
            described: false,
            named: false,
            waits: None,
            people,
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
        let found = self.find(&row).map_err(refuse)?;
        self.ask(&row, &found)?;
        match found {
            Match::New => self.create(row),
            Match::Same(entry) => self.update(row, entry, false),
            Match::OtherRoster(entry) => self.update(row, entry, true),
        }
    }

    fn finish(mut self, mut taken: Vec<Result<Taken, Report>>) -> Plan {
        self.place_parents(&mut taken);
        self.end_terms(&mut taken);
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
            for mut person in entry.people {
                match person.fate {
                    Fate::Kept => {}
                    Fate::Created => plan.contacts_created.push(person.contact),
                    Fate::Changed => {
                        person.contact.touch(self.now);
                        plan.contacts_updated.push(person.contact);
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
                    entry.fate.change();
                    row.changed = true;
                }
                None => row.remarks.push(Remark::new(
                    "parent_code",
                    format!(
                        "Dòng của đơn vị cấp trên {code} chưa được ghi, nên chưa ghi cấp trên."
                    ),
                    format!(
                        "The row of the parent {code} was not written, so no parent was entered."
                    ),
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
                confirmation: None,
            },
        )
    }
}

impl Entry {
    /// Whether a row may change its name.
    const fn may_be_renamed(&self, from_other_roster: bool) -> bool {
        !from_other_roster && !self.named
    }
}

impl Fate {
    /// Something is changed; what is new stays so.
    fn change(&mut self) {
        if *self == Self::Kept {
            *self = Self::Changed;
        }
    }
}

#[cfg(test)]
mod tests;
