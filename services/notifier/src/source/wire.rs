//! Between the contracts and the domain.

use jiff::Timestamp;
use jiff::civil::Date;
use kit::wire;
use lienminh_proto::obligation::v1 as proto;
use lienminh_proto::registry::v1 as registry;
use lienminh_proto::r#type::v1 as types;

use crate::domain::anchor::{Anchor, Bound};
use crate::domain::fact::belief;
use crate::domain::obligation::{Class, Document, Obligation, Place, Status};
use crate::domain::party::{Contact, Party, PartyState, Position, Reach, Silence};

/// A message of another service that says something impossible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} cannot be understood")]
pub struct Malformed {
    /// The field.
    pub field: &'static str,
}

const fn malformed(field: &'static str) -> Malformed {
    Malformed { field }
}

/// Reads an obligation.
///
/// # Errors
/// [`Malformed`] naming the field.
pub fn obligation(message: proto::Obligation) -> Result<Obligation, Malformed> {
    let class = class(message.class())?;
    let status = status(message.status())?;
    if belief::owner(&message.name).is_none_or(|owner| owner != message.source) {
        return Err(malformed("name"));
    }
    if !belief::is_plausible(message.sequence, message.anchor_version) {
        return Err(malformed("sequence"));
    }
    Ok(Obligation {
        class,
        status,
        anchor: anchor(message.anchor)?,
        anchor_version: message.anchor_version,
        useful_until: message
            .useful_until_time
            .map(|time| instant("useful_until_time", time))
            .transpose()?,
        place: message.place.map(place).unwrap_or_default(),
        document: message.issued_document.map(document).transpose()?,
        updated_at: instant(
            "update_time",
            message.update_time.ok_or(malformed("update_time"))?,
        )?,
        reply_by: message
            .reply_by_date
            .map(|date| day("reply_by_date", date))
            .transpose()?,
        name: message.name,
        source: message.source,
        kind: message.kind,
        title: message.title,
        organiser: message.organiser,
        lead_unit: message.lead_unit,
        sequence: message.sequence,
        links: message.links,
        attributes: message.attributes.into_iter().collect(),
        subject: message.subject,
    })
}

fn class(class: proto::ObligationClass) -> Result<Class, Malformed> {
    match class {
        proto::ObligationClass::Unspecified => Err(malformed("class")),
        proto::ObligationClass::LegalDeadline => Ok(Class::LegalDeadline),
        proto::ObligationClass::Invitation => Ok(Class::Invitation),
        proto::ObligationClass::Care => Ok(Class::Care),
        proto::ObligationClass::Advert => Ok(Class::Advert),
    }
}

fn status(status: proto::ObligationStatus) -> Result<Status, Malformed> {
    match status {
        proto::ObligationStatus::Unspecified => Err(malformed("status")),
        proto::ObligationStatus::Scheduled => Ok(Status::Scheduled),
        proto::ObligationStatus::Postponed => Ok(Status::Postponed),
        proto::ObligationStatus::Satisfied => Ok(Status::Satisfied),
        proto::ObligationStatus::Cancelled => Ok(Status::Cancelled),
    }
}

fn anchor(anchor: Option<types::Anchor>) -> Result<Anchor, Malformed> {
    use types::anchor::When;
    match anchor.and_then(|anchor| anchor.when) {
        None => Ok(Anchor::Undated),
        Some(When::Instant(times)) => Ok(Anchor::Instant {
            start: instant(
                "anchor.instant.start_time",
                times
                    .start_time
                    .ok_or(malformed("anchor.instant.start_time"))?,
            )?,
            end: times
                .end_time
                .map(|time| instant("anchor.instant.end_time", time))
                .transpose()?,
        }),
        Some(When::Day(named)) => Ok(Anchor::Day {
            bound: match named.bound() {
                types::Bound::Unspecified => Bound::On,
                types::Bound::Through => Bound::Through,
                types::Bound::Before => Bound::Before,
            },
            date: day(
                "anchor.day.date",
                named.date.ok_or(malformed("anchor.day.date"))?,
            )?,
        }),
        Some(When::Window(window)) => Ok(Anchor::Window {
            start: window
                .start
                .map(|date| day("anchor.window.start", date))
                .transpose()?,
            end: window
                .end
                .map(|date| day("anchor.window.end", date))
                .transpose()?,
            text: window.text,
        }),
    }
}

fn place(place: proto::Place) -> Place {
    Place {
        text: place.text,
        hint: place.hint,
        online_uri: place.online_uri,
    }
}

fn document(document: types::Document) -> Result<Document, Malformed> {
    Ok(Document {
        number: if document.number.is_empty() {
            document.number_as_printed
        } else {
            document.number
        },
        issuer: document.issuer,
        date: document
            .date
            .map(|date| day("issued_document.date", date))
            .transpose()?,
        title: document.title,
        uri: document.uri,
    })
}

fn instant(field: &'static str, time: prost_types::Timestamp) -> Result<Timestamp, Malformed> {
    wire::instant(field, time).map_err(|_| malformed(field))
}

fn day(field: &'static str, date: types::Date) -> Result<Date, Malformed> {
    let year = i16::try_from(date.year).map_err(|_| malformed(field))?;
    let month = i8::try_from(date.month).map_err(|_| malformed(field))?;
    let day = i8::try_from(date.day).map_err(|_| malformed(field))?;
    Date::new(year, month, day).map_err(|_| malformed(field))
}

/// Reads a party.
///
/// # Errors
/// [`Malformed`] naming the field.
pub fn party(message: proto::Party) -> Result<Party, Malformed> {
    let state = match message.state() {
        proto::PartyState::Unspecified => return Err(malformed("parties.state")),
        proto::PartyState::Concerned => PartyState::Concerned,
        proto::PartyState::Confirmed => PartyState::Confirmed,
        proto::PartyState::Done => PartyState::Done,
        proto::PartyState::ClaimedDone => PartyState::ClaimedDone,
        proto::PartyState::Declined => PartyState::Declined,
        proto::PartyState::Exempt => PartyState::Exempt,
    };
    Ok(Party {
        state,
        positions: message.positions().filter_map(position).collect(),
        since: message
            .state_time
            .map(|time| instant("parties.state_time", time))
            .transpose()?,
        organisation: message.organisation,
        reason: message.reason,
        variables: message.variables.into_iter().collect(),
        reply_token: message.reply_token,
        answer_code: message.answer_code,
    })
}

fn position(position: proto::Position) -> Option<Position> {
    match position {
        proto::Position::Unspecified => None,
        proto::Position::Chair => Some(Position::Chair),
        proto::Position::Director => Some(Position::Director),
        proto::Position::Accountant => Some(Position::Accountant),
        proto::Position::Supervisor => Some(Position::Supervisor),
        proto::Position::Office => Some(Position::Office),
        proto::Position::Head => Some(Position::Head),
        proto::Position::Officer => Some(Position::Officer),
    }
}

/// Reads how to reach an organisation.
#[must_use]
pub fn reach(message: registry::Reachability) -> Reach {
    Reach {
        by_successor: message.effective_organisation != message.organisation,
        silence: silence(&message),
        contacts: message.contacts.into_iter().map(contact).collect(),
        organisation: message.organisation,
        display_name: message.display_name,
        short_name: message.short_name,
    }
}

/// A merged organisation is answered for by its successor, so it is not silent.
fn silence(message: &registry::Reachability) -> Option<Silence> {
    match message.status() {
        registry::OrganisationStatus::Suspended => return Some(Silence::Suspended),
        registry::OrganisationStatus::Dissolved => return Some(Silence::Dissolved),
        registry::OrganisationStatus::Unspecified
        | registry::OrganisationStatus::Active
        | registry::OrganisationStatus::Merged => {}
    }
    match message.membership_state() {
        registry::MembershipState::Suspended => Some(Silence::Suspended),
        registry::MembershipState::Withdrawn => Some(Silence::Withdrawn),
        registry::MembershipState::Unspecified
        | registry::MembershipState::Applicant
        | registry::MembershipState::Admitted => None,
    }
}

fn contact(message: registry::Contact) -> Contact {
    use registry::ConsentPurpose::{Advert, Work};
    let said = |purpose, granted| {
        let mut consents = message.consents.iter();
        consents.any(|consent| consent.purpose() == purpose && consent.granted == granted)
    };
    Contact {
        position: position(message.position()),
        advert_consent: said(Advert, true),
        work_refused: said(Work, false),
        person_name: message.person_name,
        salutation: message.salutation,
        email: message.email,
        phone: message.phone,
        receives_sms: message.phone_receives_sms,
        phone_shared: message.phone_shared,
        language: message.language,
        do_not_contact: message.do_not_contact,
    }
}

/// Writes an obligation as the contracts have it.
#[must_use]
pub fn obligation_message(obligation: &Obligation) -> proto::Obligation {
    proto::Obligation {
        name: obligation.name.clone(),
        source: obligation.source.clone(),
        kind: obligation.kind.clone(),
        class: class_message(obligation.class).into(),
        title: obligation.title.clone(),
        anchor: anchor_message(&obligation.anchor),
        anchor_version: obligation.anchor_version,
        useful_until_time: obligation.useful_until.map(wire::timestamp),
        place: Some(proto::Place {
            text: obligation.place.text.clone(),
            hint: obligation.place.hint.clone(),
            online_uri: obligation.place.online_uri.clone(),
        }),
        organiser: obligation.organiser.clone(),
        lead_unit: obligation.lead_unit.clone(),
        status: status_message(obligation.status).into(),
        sequence: obligation.sequence,
        issued_document: obligation
            .document
            .as_ref()
            .map(|document| types::Document {
                number_as_printed: document.number.clone(),
                number: document.number.clone(),
                issuer: document.issuer.clone(),
                date: document.date.map(date_message),
                title: document.title.clone(),
                uri: document.uri.clone(),
                ..types::Document::default()
            }),
        links: obligation.links.clone(),
        attributes: obligation.attributes.clone().into_iter().collect(),
        update_time: Some(wire::timestamp(obligation.updated_at)),
        reply_by_date: obligation.reply_by.map(date_message),
        subject: obligation.subject.clone(),
    }
}

const fn class_message(class: Class) -> proto::ObligationClass {
    match class {
        Class::LegalDeadline => proto::ObligationClass::LegalDeadline,
        Class::Invitation => proto::ObligationClass::Invitation,
        Class::Care => proto::ObligationClass::Care,
        Class::Advert => proto::ObligationClass::Advert,
    }
}

const fn status_message(status: Status) -> proto::ObligationStatus {
    match status {
        Status::Scheduled => proto::ObligationStatus::Scheduled,
        Status::Postponed => proto::ObligationStatus::Postponed,
        Status::Satisfied => proto::ObligationStatus::Satisfied,
        Status::Cancelled => proto::ObligationStatus::Cancelled,
    }
}

fn anchor_message(anchor: &Anchor) -> Option<types::Anchor> {
    use types::anchor::When;
    let when = match anchor {
        Anchor::Instant { start, end } => When::Instant(types::Instant {
            start_time: Some(wire::timestamp(*start)),
            end_time: end.map(wire::timestamp),
        }),
        Anchor::Day { date, bound } => When::Day(types::Day {
            date: Some(date_message(*date)),
            bound: match bound {
                Bound::On => types::Bound::Unspecified,
                Bound::Through => types::Bound::Through,
                Bound::Before => types::Bound::Before,
            }
            .into(),
        }),
        Anchor::Window { text, start, end } => When::Window(types::Window {
            text: text.clone(),
            start: start.map(date_message),
            end: end.map(date_message),
            ..types::Window::default()
        }),
        Anchor::Undated => return None,
    };
    Some(types::Anchor { when: Some(when) })
}

fn date_message(date: Date) -> types::Date {
    types::Date {
        year: i32::from(date.year()),
        month: i32::from(date.month()),
        day: i32::from(date.day()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    fn message() -> proto::Obligation {
        proto::Obligation {
            name: "events/obligations/event-1".to_owned(),
            source: "events".to_owned(),
            sequence: 1,
            class: proto::ObligationClass::Invitation.into(),
            status: proto::ObligationStatus::Scheduled.into(),
            update_time: Some(prost_types::Timestamp::default()),
            ..proto::Obligation::default()
        }
    }

    #[test]
    fn an_obligation_survives_the_wire_both_ways() {
        let mut obligation = obligation(message()).unwrap();
        for anchor in [
            Anchor::Undated,
            Anchor::Day {
                date: date(2024, 4, 10),
                bound: Bound::Before,
            },
            Anchor::Window {
                text: "tháng 3/2024".to_owned(),
                start: Some(date(2024, 3, 1)),
                end: Some(date(2024, 3, 31)),
            },
            Anchor::Instant {
                start: "2024-04-11T01:00:00Z".parse().unwrap(),
                end: None,
            },
        ] {
            obligation.anchor = anchor;
            let back = super::obligation(obligation_message(&obligation)).unwrap();
            assert_eq!(back, obligation);
        }
    }

    #[test]
    fn what_is_impossible_is_refused_with_its_field() {
        let mut wrong = message();
        wrong.class = 0;
        assert_eq!(obligation(wrong).unwrap_err().field, "class");
        let mut wrong = message();
        wrong.reply_by_date = Some(types::Date {
            year: 2024,
            month: 2,
            day: 30,
        });
        assert_eq!(obligation(wrong).unwrap_err().field, "reply_by_date");
    }
}
