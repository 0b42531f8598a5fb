//! From what is known to letters: the facts a message will state.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::desk::Desk;
use crate::domain::correction::{Change, letter_kind};
use crate::domain::letter::{
    LetterKind, LetterUnit, OccurrenceLetter, TEMPLATE_VERSION, ToldBefore,
};
use crate::domain::obligation::{Obligation, Telling};
use crate::domain::party::{Position, Reach};
use crate::source::SourceError;
use crate::store::occurrence::Work;

/// The units behind an obligation's messages, as the registry knows them now.
#[derive(Clone, Debug, Default)]
pub struct Units {
    organiser: LetterUnit,
    lead: Option<LetterUnit>,
    named: BTreeMap<&'static str, String>,
}

/// The attributes that name an organisation: who says that it has sent, who applies.
const NAMING: [&str; 2] = ["claimant", "applicant"];

impl Units {
    /// The organisations to ask the registry about.
    #[must_use]
    pub fn names(obligation: &Obligation) -> Vec<String> {
        let mut names = vec![obligation.organiser.clone(), obligation.lead_unit.clone()];
        names.extend(NAMING.iter().filter_map(|attribute| {
            let named = obligation.attributes.get(*attribute)?;
            Some(named.clone())
        }));
        names.retain(|name| !name.is_empty());
        names.dedup();
        names
    }

    /// The units of an obligation.
    #[must_use]
    pub fn of(obligation: &Obligation, reach: &HashMap<String, Reach>) -> Self {
        let unit = |name: &str| reach.get(name).map(unit);
        let lead = unit(&obligation.lead_unit);
        Self {
            organiser: unit(&obligation.organiser)
                .or_else(|| lead.clone())
                .unwrap_or_default(),
            lead: lead.filter(|_| obligation.lead_unit != obligation.organiser),
            named: NAMING
                .iter()
                .filter_map(|attribute| {
                    let name = obligation.attributes.get(*attribute)?;
                    Some((*attribute, reach.get(name)?.display_name.clone()))
                })
                .collect(),
        }
    }
}

fn unit(reach: &Reach) -> LetterUnit {
    let offices = [Position::Office, Position::Officer, Position::Head];
    let mut contacts: Vec<_> = reach.contacts.iter().collect();
    contacts.sort_by_key(|contact| {
        let place = offices
            .iter()
            .position(|office| contact.position == Some(*office));
        place.unwrap_or(offices.len())
    });
    let mailbox = contacts.iter().find(|contact| !contact.email.is_empty());
    let landline = contacts
        .iter()
        .find(|contact| !contact.phone.is_empty() && !contact.receives_sms);
    LetterUnit {
        name: reach.display_name.clone(),
        short_name: reach.short_name.clone(),
        mailbox: mailbox
            .map(|contact| contact.email.clone())
            .unwrap_or_default(),
        landline: landline
            .map(|contact| vietnam::phone::shown(&contact.phone))
            .unwrap_or_default(),
    }
}

/// The units behind an obligation's messages, as the registry knows them now.
///
/// # Errors
/// When the registry cannot be asked.
pub async fn units(desk: &Desk, obligation: &Obligation) -> Result<Units, SourceError> {
    let reach = desk.sources.reach(&Units::names(obligation)).await?;
    Ok(Units::of(obligation, &reach))
}

/// What all messages of a step say.
#[must_use]
pub fn of_step(desk: &Desk, work: &Work, kind: LetterKind, units: Units) -> OccurrenceLetter {
    let obligation = &work.obligation;
    let mut attributes = obligation.attributes.clone();
    // Sources know organisations by their resource names, which nobody reads.
    for attribute in NAMING {
        match units.named.get(attribute) {
            Some(name) => attributes.insert(attribute.to_owned(), name.clone()),
            None => attributes.remove(attribute),
        };
    }
    OccurrenceLetter {
        kind,
        matter: obligation.kind.clone(),
        is_event: is_event(desk, obligation),
        title: title(obligation, kind),
        status: obligation.status,
        anchor: obligation.telling().anchor,
        old_anchor: None,
        place: obligation.place.is_said().then(|| obligation.place.clone()),
        old_place: None,
        organiser: units.organiser,
        lead_unit: units.lead,
        document: obligation.document.clone(),
        attributes,
        reply_by: obligation.reply_by,
        issued_late: obligation.anchor.is_late(work.known_at, &desk.calendar),
        uid: format!("{}@{}", uid(&obligation.name), desk.mail_domain),
        ics_sequence: work.calendar_sequence,
        rule_version: desk
            .rules
            .of(&obligation.kind)
            .map_or(0, |rule| rule.version),
        template_version: TEMPLATE_VERSION,
        call_list: Vec::new(),
    }
}

/// A request to confirm speaks of the report itself, which it holds as its contents.
fn title(obligation: &Obligation, kind: LetterKind) -> String {
    let report = obligation.attributes.get("contents");
    report
        .filter(|_| kind == LetterKind::ClaimConfirmation)
        .unwrap_or(&obligation.title)
        .clone()
}

/// Whether a matter takes place somewhere, rather than being due.
fn is_event(desk: &Desk, obligation: &Obligation) -> bool {
    desk.rules.of(&obligation.kind).map_or_else(
        || obligation.subject.starts_with("events/"),
        |rule| rule.is_of_event(),
    )
}

/// Names are unique; the calendar wants no slashes in them.
fn uid(name: &str) -> String {
    name.replace('/', ".")
}

/// What all messages of a correction say to those who were told `before`.
#[must_use]
pub fn of_change(
    desk: &Desk,
    work: &Work,
    change: Change,
    before: &Telling,
    units: Units,
) -> OccurrenceLetter {
    let told = told_before(desk, &work.obligation, change, before);
    let mut letter = of_step(desk, work, told.kind, units);
    letter.old_anchor = told.old_anchor;
    letter.old_place = told.old_place;
    letter
}

/// What some had been told before, where others had been told something else.
#[must_use]
pub fn told_before(
    desk: &Desk,
    obligation: &Obligation,
    change: Change,
    before: &Telling,
) -> ToldBefore {
    let old = &before.place;
    let place_changed = !old.is_the_same(&obligation.place) && old.is_said();
    ToldBefore {
        kind: letter_kind(change, is_event(desk, obligation)),
        old_anchor: before.anchor.is_fixed().then(|| before.anchor.clone()),
        old_place: place_changed.then(|| old.clone()),
    }
}

/// The id in `organisations/{uuid}`; `None` where it is no such name.
#[must_use]
pub fn organisation_id(name: &str) -> Option<Uuid> {
    kit::resource::id("organisations", name)
}

/// The name of an organisation's id.
#[must_use]
pub fn organisation_name(id: Uuid) -> String {
    format!("organisations/{id}")
}
