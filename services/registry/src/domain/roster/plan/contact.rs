//! The person that a row names.

use vietnam::text::fold;

use super::{Desk, Entry, Fate, Person, Report, Taken};
use crate::domain::consent::{self, Consent, Purpose};
use crate::domain::contact::{CONTACTS_LIMIT, Contact, Details, Language, TERMS_LIMIT};
use crate::domain::id::ContactId;
use crate::domain::roster::{Remark, Row, RowContact};

impl Desk<'_> {
    /// Enters the contact of a row under its organisation.
    pub(super) fn place(
        &mut self,
        mut row: Row,
        entry: usize,
        created: bool,
        other_roster: bool,
    ) -> Taken {
        let told = row.contact.take();
        let placed = told.and_then(|told| self.place_contact(&told, &mut row, entry));
        Taken {
            line: row.line,
            entry,
            parent_code: row.parent_code,
            person: placed.map(|(person, _)| person),
            other_roster,
            created,
            changed: placed.is_some_and(|(_, changed)| changed),
            remarks: row.remarks,
        }
    }

    fn place_contact(
        &mut self,
        told: &RowContact,
        row: &mut Row,
        entry: usize,
    ) -> Option<(usize, bool)> {
        let (at, changed) = match self.entries[entry].person(told) {
            Some(at) => (at, self.change_contact(told, row, entry, at)),
            None if self.entries[entry].is_full() => {
                row.remarks.push(too_many());
                return None;
            }
            None => (self.add_contact(told, entry), true),
        };
        self.entries[entry].people[at].told = true;
        let consented = self.record_consent(told, row.line, entry, at);
        Some((at, consented || changed))
    }

    fn add_contact(&mut self, told: &RowContact, entry: usize) -> usize {
        let id = ContactId((self.new_id)());
        let details = Details {
            person_name: told.person_name.clone(),
            salutation: told.salutation.clone(),
            position: told.position,
            email: told.email.clone(),
            phone: told.phone.clone(),
            phone_shared: false,
            language: Language::Vi,
            do_not_contact: false,
        };
        let entry = &mut self.entries[entry];
        entry.people.push(Person {
            contact: Contact::entered(id, entry.organisation.id, details, self.now),
            fate: Fate::Created,
            told: true,
        });
        entry.people.len() - 1
    }

    fn change_contact(
        &mut self,
        told: &RowContact,
        row: &mut Row,
        entry: usize,
        at: usize,
    ) -> bool {
        let person = &mut self.entries[entry].people[at];
        let before = person.contact.clone();
        if !told.salutation.is_empty() {
            let known = &mut person.contact.details.salutation;
            known.clone_from(&told.salutation);
        }
        if told.email.is_some() {
            person.contact.details.email.clone_from(&told.email);
        }
        if told.phone.is_some() {
            person.contact.details.phone.clone_from(&told.phone);
        }
        if !before.stands() {
            person.contact.ended_at = None;
            row.remarks.push(holds_again());
        }
        let changed = person.contact != before;
        if changed {
            person.fate.change();
        }
        changed
    }

    fn record_consent(&mut self, told: &RowContact, line: i32, entry: usize, at: usize) -> bool {
        let Some(granted) = told.advert_consent else {
            return false;
        };
        let person = &mut self.entries[entry].people[at];
        let contact = &mut person.contact;
        let known = contact
            .consents
            .iter()
            .find(|each| each.purpose == Purpose::Advert);
        if known.is_some_and(|each| each.granted == granted) {
            return false;
        }
        let day = vietnam::dates::short(vietnam::local(self.now).date());
        let given = Consent {
            purpose: Purpose::Advert,
            granted,
            evidence: format!("Danh sách nhập ngày {day}, dòng {line}"),
            recorded_at: self.now,
        };
        consent::record(&mut contact.consents, given.clone());
        self.consents.push((contact.id, given));
        person.fate.change();
        true
    }

    /// Ends the terms of those whose position somebody else holds by this file. Whoever the
    /// file names as well, in whichever row, keeps it: that comes last.
    pub(super) fn end_terms(&mut self, taken: &mut [Result<Taken, Report>]) {
        for row in taken.iter_mut().flatten() {
            let Some(person) = row.person else {
                continue;
            };
            let entry = &mut self.entries[row.entry];
            let before = entry.holders_before(person);
            if before.is_empty() {
                continue;
            }
            if row.other_roster {
                row.remarks.push(another_holder());
                continue;
            }
            for at in before {
                entry.people[at].contact.end(self.now);
                entry.people[at].fate.change();
            }
            row.remarks.push(succeeded());
            row.changed = true;
        }
    }
}

impl Entry {
    /// The same person in the same position, or the same office; whoever holds it now first.
    fn person(&self, told: &RowContact) -> Option<usize> {
        let place = |stands| {
            self.people.iter().position(|person| {
                let details = &person.contact.details;
                person.contact.stands() == stands
                    && details.position == told.position
                    && fold(&details.person_name) == fold(&told.person_name)
            })
        };
        place(true).or_else(|| place(false))
    }

    fn is_full(&self) -> bool {
        let standing = self.people.iter().filter(|each| each.contact.stands());
        standing.count() >= CONTACTS_LIMIT || self.people.len() >= TERMS_LIMIT
    }

    /// Those who held the position of a person by name until this file, where one holds it.
    fn holders_before(&self, person: usize) -> Vec<usize> {
        let details = &self.people[person].contact.details;
        let kind = self.organisation.details.kind;
        if details.person_name.is_empty() || !details.position.has_one_holder(kind) {
            return Vec::new();
        }
        let people = self.people.iter().enumerate();
        people
            .filter(|(_, other)| {
                let contact = &other.contact;
                !other.told && contact.stands() && contact.details.position == details.position
            })
            .map(|(at, _)| at)
            .collect()
    }
}

impl Person {
    pub(super) const fn known(contact: Contact) -> Self {
        Self {
            contact,
            fate: Fate::Kept,
            told: false,
        }
    }
}

fn too_many() -> Remark {
    Remark::new(
        "person_name",
        format!("Đơn vị đã có {CONTACTS_LIMIT} đầu mối; chưa ghi thêm."),
        format!("The organisation has {CONTACTS_LIMIT} contacts; none was added."),
    )
}

fn succeeded() -> Remark {
    Remark::new(
        "person_name",
        "Chức danh này có người mới: từ nay thư và tin gửi cho người mới, nhiệm kỳ của người ghi trước đây đã kết thúc.",
        "This position has a new holder: messages go to the new one from now on, and the term of the one known before has ended.",
    )
}

fn another_holder() -> Remark {
    Remark::new(
        "person_name",
        "Danh sách trước ghi người khác giữ chức danh này; đã ghi thêm người này. Nếu người trước đã thôi chức, đề nghị kết thúc nhiệm kỳ của người đó.",
        "Another roster names somebody else in this position; this person was added. If the other one has left, please end that term.",
    )
}

fn holds_again() -> Remark {
    Remark::new(
        "person_name",
        "Nhiệm kỳ của người này đã kết thúc; danh sách lại ghi tên, nên đã mở lại.",
        "This person's term had ended; the roster names them again, so it stands again.",
    )
}
