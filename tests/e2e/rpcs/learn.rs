//! Finding by trial a request that a service has nothing to say against.
// Of the many kinds of fields a few matter here.
#![allow(clippy::wildcard_enum_match_arm)]

use std::collections::{HashMap, HashSet};

use lienminh_cli::load::fresh_request_id;
use prost::Message as _;
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, ReflectMessage as _, Value};

use super::bodies::one;
use super::judge::plain;
use super::rpc::Rpc;
use crate::api::violations;

/// Values that some field or other takes.
pub(super) const TEXTS: [&str; 18] = [
    "organisations/{}",
    "events/{}",
    "deadlines/{}",
    "plans/{}",
    "programmes/{}",
    "applications/{}",
    "admissionBatches/{}",
    "deliveries/{}",
    "parkedMessages/{}",
    "organisations/{}/contacts/{}",
    "events/obligations/event-{}",
    "funding/obligations/disbursement-{}",
    "registry/obligations/admission_batch-{}",
    "report",
    "ceremony",
    "123456",
    "1/2024",
    "Xét duyệt",
];

/// A request of which the service complains as little as can be had by trying: then a wrong
/// field is the only one, and the refusal must name it.
pub(crate) async fn learn(rpc: &Rpc, token: &str) -> DynamicMessage {
    let mut base = plausible(&rpc.method.input());
    let mut tried = HashMap::<String, usize>::new();
    // What was named, then not any more, is well formed: no other value is better.
    let mut settled = HashSet::<String>::new();
    for _ in 0..60 {
        let answer = rpc
            .call(Some(token), "en", base.encode_to_vec().into())
            .await;
        let Err(status) = answer else { return base };
        let found = violations(&status);
        let named = |path: &String| found.iter().any(|violation| violation.field == *path);
        settled.extend(tried.keys().filter(|path| !named(path)).cloned());
        let repaired = found.iter().any(|violation| {
            if settled.contains(&violation.field) {
                return false;
            }
            let turn = tried.entry(violation.field.clone()).or_default();
            *turn += 1;
            repair(&mut base, &violation.field, *turn - 1)
        });
        if !repaired {
            return base;
        }
    }
    base
}

/// Puts the next value to try into a field; false where nothing is left to try.
pub(super) fn repair(message: &mut DynamicMessage, path: &str, turn: usize) -> bool {
    let path = plain(path);
    let (name, rest) = path
        .split_once('.')
        .map_or((path.as_str(), None), |(name, rest)| (name, Some(rest)));
    let Some(field) = message.descriptor().get_field_by_name(name) else {
        return false;
    };
    if let (Some(rest), Kind::Message(inner)) = (rest, field.kind()) {
        if field.is_list() {
            return false;
        }
        let mut inside = match message.get_field(&field).as_ref() {
            Value::Message(present) => present.clone(),
            _ => DynamicMessage::new(inner),
        };
        let repaired = repair(&mut inside, rest, turn);
        message.set_field(&field, Value::Message(inside));
        return repaired;
    }
    let id = fresh_request_id();
    let value = match field.kind() {
        Kind::String if turn < TEXTS.len() => Value::String(TEXTS[turn].replace("{}", &id)),
        Kind::Int32 if turn < 3 => Value::I32([1, 2024, 12][turn]),
        Kind::Int64 if turn == 0 => Value::I64(1_000_000),
        Kind::Enum(_) if turn < 4 => Value::EnumNumber(i32::try_from(turn).unwrap() + 1),
        Kind::Message(inner) if turn == 0 => Value::Message(sensible(inner)),
        _ => return false,
    };
    message.set_field(&field, one(&field, value));
    true
}

/// A date where one is meant, otherwise nothing yet.
pub(super) fn sensible(descriptor: MessageDescriptor) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor);
    match message.descriptor().full_name() {
        "lienminh.type.v1.Date" => {
            for (name, number) in [("year", 2024), ("month", 3), ("day", 29)] {
                message.set_field_by_name(name, Value::I32(number));
            }
        }
        "lienminh.type.v1.Anchor" => {
            let day = message.descriptor().get_field_by_name("day").unwrap();
            let Kind::Message(inner) = day.kind() else {
                return message;
            };
            message.set_field(&day, Value::Message(sensible(inner)));
        }
        "lienminh.type.v1.Day" => {
            let date = message.descriptor().get_field_by_name("date").unwrap();
            let Kind::Message(inner) = date.kind() else {
                return message;
            };
            message.set_field(&date, Value::Message(sensible(inner)));
            message.set_field_by_name("bound", Value::EnumNumber(1));
        }
        _ => {}
    }
    message
}

/// With a request_id, and only to be checked where that can be asked for.
pub(super) fn plausible(input: &MessageDescriptor) -> DynamicMessage {
    let mut message = DynamicMessage::new(input.clone());
    if let Some(field) = input.get_field_by_name("request_id") {
        message.set_field(&field, Value::String(fresh_request_id()));
    }
    if let Some(field) = input.get_field_by_name("validate_only") {
        message.set_field(&field, Value::Bool(true));
    }
    message
}
