//! Names in requests: real ones in the place of made-up ones, and made-up ones like real ones.
// Of the many kinds of values and fields a few hold names.
#![allow(clippy::wildcard_enum_match_arm)]

use lienminh_cli::load::fresh_request_id;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value};
use uuid::Uuid;

use super::bodies::comment;

/// The UUIDs in a name: one per segment at most.
fn ids(name: &str) -> impl Iterator<Item = &str> {
    name.split('/').filter_map(|segment| {
        let start = segment
            .len()
            .checked_sub(Uuid::nil().hyphenated().to_string().len())?;
        let id = segment.get(start..)?;
        Uuid::try_parse(id).is_ok().then_some(id)
    })
}

/// The kind of a name: `events` of `events/{uuid}`.
pub(crate) fn kind_of(name: &str) -> Option<&str> {
    name.rsplit('/').nth(1)
}

/// The kinds of the names in a request.
pub(crate) fn kinds(message: &DynamicMessage) -> Vec<String> {
    let mut kinds = Vec::new();
    each_text(&mut message.clone(), &mut |field, text| {
        kinds.extend(
            kind_of(text)
                .filter(|_| takes_name(field))
                .map(str::to_owned),
        );
    });
    kinds
}

/// What all names of a kind look like: `organisations/{}/contacts/{}`.
pub(crate) fn shape(name: &str) -> String {
    ids(name).fold(name.to_owned(), |shape, id| shape.replace(id, "{}"))
}

/// What is said of a name, said of any name of its kind.
pub(crate) fn of_any(words: &str, name: &str) -> String {
    ids(name).fold(words.to_owned(), |words, id| words.replace(id, "{}"))
}

/// A name of the same kind that nothing has; what it lies in is kept where it is of `own`.
pub(crate) fn unknown(name: &str, own: &[String]) -> String {
    let is_own = |id: &str| own.iter().any(|name| name.contains(id));
    let foreign = ids(name).filter(|id| !is_own(id));
    foreign.fold(name.to_owned(), |name, id| {
        name.replace(id, &fresh_request_id())
    })
}

/// The same, lying in what is of `own`: another's contact under the own organisation.
pub(crate) fn moved_in(name: &str, own: &[String]) -> Option<String> {
    let like = own.iter().find(|each| shape(each) == shape(name))?;
    let (around, _) = like.rsplit_once('/').filter(|_| ids(name).count() > 1)?;
    let (_, last) = name.rsplit_once('/')?;
    Some(format!("{around}/{last}"))
}

/// Puts real names in the place of made-up ones of the same kind; false where there were none.
pub(crate) fn put_names<K: AsRef<str>>(
    message: &mut DynamicMessage,
    affairs: &[(K, String)],
) -> bool {
    let mut found = false;
    each_text(message, &mut |_, text| {
        let like = affairs
            .iter()
            .find(|(kind, _)| kind_of(text) == Some(kind.as_ref()));
        found |= like.inspect(|(_, name)| text.clone_from(name)).is_some();
    });
    found
}

/// How many places of a request hold a name or could: the contract says so of them.
pub(crate) fn places(message: &DynamicMessage) -> usize {
    let mut places = 0;
    each_text(&mut message.clone(), &mut |field, _| {
        places += usize::from(takes_name(field));
    });
    places
}

/// Puts a name in the so-manyth of these places.
pub(crate) fn put_at(message: &mut DynamicMessage, place: usize, name: &str) {
    let mut at = 0;
    each_text(message, &mut |field, text| {
        if !takes_name(field) {
            return;
        }
        if at == place {
            name.clone_into(text);
        }
        at += 1;
    });
}

/// The fields of a request that are called like what they name, and of which the contract does
/// not say that they take a name.
pub(crate) fn nameless(message: &DynamicMessage) -> Vec<String> {
    let mut nameless = Vec::new();
    each_text(&mut message.clone(), &mut |field, _| {
        if CALLED.contains(&field.name().trim_end_matches('s')) && !takes_name(field) {
            nameless.push(field.full_name().to_owned());
        }
    });
    nameless
}

/// What fields that take a name are called, the plural left aside.
const CALLED: [&str; 14] = [
    "name",
    "parent",
    "organisation",
    "organiser",
    "lead_unit",
    "successor",
    "applicant",
    "contact",
    "event",
    "deadline",
    "obligation",
    "occurrence",
    "programme",
    "plan_item",
];

fn takes_name(field: &FieldDescriptor) -> bool {
    comment(field).is_some_and(|words| words.contains("esource name"))
}

type Visit<'v> = dyn FnMut(&FieldDescriptor, &mut String) + 'v;

/// Every text that is there or could be, in messages that are there.
fn each_text(message: &mut DynamicMessage, visit: &mut Visit<'_>) {
    for field in message.descriptor().fields() {
        let before = message.get_field(&field).into_owned();
        let mut after = before.clone();
        match field.kind() {
            Kind::String => each_of(&field, &mut after, visit),
            Kind::Message(_) if message.has_field(&field) => each_of(&field, &mut after, visit),
            _ => {}
        }
        if after != before {
            message.set_field(&field, after);
        }
    }
}

fn each_of(field: &FieldDescriptor, value: &mut Value, visit: &mut Visit<'_>) {
    match value {
        Value::String(text) => visit(field, text),
        Value::Message(inner) => each_text(inner, visit),
        Value::List(values) => {
            if values.is_empty() && matches!(field.kind(), Kind::String) {
                values.push(Value::String(String::new()));
            }
            values
                .iter_mut()
                .for_each(|each| each_of(field, each, visit));
            values.retain(|each| *each != Value::String(String::new()));
        }
        _ => {}
    }
}
