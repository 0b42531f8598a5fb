//! The person that a row names.

use vietnam::text::fold;

use super::{Desk, Fate, Taken};
use crate::domain::consent::{self, Consent, Purpose};
use crate::domain::contact::{CONTACTS_LIMIT, Contact, Details, Language};
use crate::domain::id::ContactId;
use crate::domain::roster::{Remark, Row, RowContact};

impl Desk<'_> {
    /// Enters the contact of a row under its organisation.
    pub(super) fn place(&mut self, mut row: Row, entry: usize, created: bool) -> Taken {
        let changed = row
            .contact
            .take()
            .is_some_and(|told| self.place_contact(told, &mut row, entry));
        Taken {
            line: row.line,
            entry,
            parent_code: row.parent_code,
            created,
            changed,
            remarks: row.remarks,
        }
    }

    fn place_contact(&mut self, told: RowContact, row: &mut Row, entry: usize) -> bool {
        let known = self.entries[entry]
            .contacts
            .iter()
            .position(|(contact, _)| is_same(contact, &told));
        let (at, changed) = match known {
            Some(at) => (at, self.change_contact(&told, entry, at)),
            None if self.entries[entry].contacts.len() >= CONTACTS_LIMIT => {
                row.remarks.push(too_many());
                return false;
            }
            None => (self.add_contact(&told, entry), true),
        };
        self.record_consent(&told, row.line, entry, at) || changed
    }

    fn add_contact(&mut self, told: &RowContact, entry: usize) -> usize {
        let id = ContactId((self.new_id)());
        let details = Details {
            person_name: told.person_name.clone(),
            salutation: String::new(),
            position: told.position,
            email: told.email.clone(),
            phone: told.phone.clone(),
            phone_shared: false,
            language: Language::Vi,
            do_not_contact: false,
        };
        let entry = &mut self.entries[entry];
        let contact = Contact::entered(id, entry.organisation.id, details, self.now);
        entry.contacts.push((contact, Fate::Created));
        entry.contacts.len() - 1
    }

    fn change_contact(&mut self, told: &RowContact, entry: usize, at: usize) -> bool {
        let (contact, fate) = &mut self.entries[entry].contacts[at];
        let before = contact.details.clone();
        if told.email.is_some() {
            contact.details.email.clone_from(&told.email);
        }
        if told.phone.is_some() {
            contact.details.phone.clone_from(&told.phone);
        }
        let changed = contact.details != before;
        if changed && *fate == Fate::Kept {
            *fate = Fate::Changed;
        }
        changed
    }

    fn record_consent(&mut self, told: &RowContact, line: i32, entry: usize, at: usize) -> bool {
        let Some(granted) = told.advert_consent else {
            return false;
        };
        let (contact, fate) = &mut self.entries[entry].contacts[at];
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
        if *fate == Fate::Kept {
            *fate = Fate::Changed;
        }
        self.consents.push((contact.id, given));
        true
    }
}

/// The same person in the same position, or the same office.
fn is_same(known: &Contact, told: &RowContact) -> bool {
    known.details.position == told.position
        && fold(&known.details.person_name) == fold(&told.person_name)
}

fn too_many() -> Remark {
    Remark::new(
        "person_name",
        format!("Đơn vị đã có {CONTACTS_LIMIT} đầu mối; chưa ghi thêm."),
        format!("The organisation has {CONTACTS_LIMIT} contacts; none was added."),
    )
}
