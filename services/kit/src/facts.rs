//! What may not travel is taken out of a message before it is stored for sending.
//!
//! The proto says which fields are personal data of natural persons and which
//! are for permitted callers only (`lienminh.auth.v1.personal`, `restricted`);
//! receivers fetch those by rpc, under permission.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use prost::Message;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value,
};

use crate::descriptors;
use crate::error::{Error, Result};

const MARKS: [&str; 2] = ["lienminh.auth.v1.personal", "lienminh.auth.v1.restricted"];

/// Which fields of a message type hold something to take out.
#[derive(Debug, Default)]
struct Plan {
    /// Numbers of the fields that are marked.
    marked: Vec<u32>,
    /// Fields whose messages have marked fields somewhere below.
    within: Vec<u32>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        self.marked.is_empty() && self.within.is_empty()
    }
}

type Plans = HashMap<String, Arc<Plan>>;

// Bounded by the number of message types in the contracts.
static PLANS: LazyLock<RwLock<Plans>> = LazyLock::new(RwLock::default);

/// Whether such messages have a field that is marked personal or restricted, at any depth.
pub(crate) fn holds_marked(descriptor: &MessageDescriptor) -> bool {
    !plan_of(descriptor).is_empty()
}

/// The message without the fields that the proto marks personal or restricted,
/// at any depth.
///
/// # Errors
/// [`Error::Internal`] when the contracts do not know the type or the bytes are
/// not such a message.
pub fn redact(type_name: &str, message: &[u8]) -> Result<Vec<u8>> {
    let descriptor = descriptors::pool()
        .get_message_by_name(type_name)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("the contracts know no {type_name}")))?;
    if !holds_marked(&descriptor) {
        return Ok(message.to_vec());
    }
    let mut dynamic = DynamicMessage::decode(descriptor, message).map_err(Error::internal)?;
    clear(&mut dynamic);
    Ok(dynamic.encode_to_vec())
}

fn clear(message: &mut DynamicMessage) {
    let descriptor = message.descriptor();
    let plan = plan_of(&descriptor);
    for number in &plan.marked {
        message.clear_field_by_number(*number);
    }
    for number in &plan.within {
        if !message.has_field_by_number(*number) {
            continue;
        }
        if let Some(value) = message.get_field_by_number_mut(*number) {
            clear_value(value);
        }
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // the other values hold no messages
fn clear_value(value: &mut Value) {
    match value {
        Value::Message(message) => clear(message),
        Value::List(values) => values.iter_mut().for_each(clear_value),
        Value::Map(entries) => entries.values_mut().for_each(clear_value),
        _ => {}
    }
}

fn plan_of(descriptor: &MessageDescriptor) -> Arc<Plan> {
    let known = PLANS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(plan) = known.get(descriptor.full_name()) {
        return Arc::clone(plan);
    }
    drop(known);
    let plan = Arc::new(make_plan(descriptor));
    PLANS
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(descriptor.full_name().to_owned(), Arc::clone(&plan));
    plan
}

fn make_plan(descriptor: &MessageDescriptor) -> Plan {
    let (marked, others): (Vec<_>, Vec<_>) = descriptor.fields().partition(is_marked);
    Plan {
        marked: marked.iter().map(FieldDescriptor::number).collect(),
        within: others
            .iter()
            .filter(|field| hides_something(field, &mut Vec::new()))
            .map(FieldDescriptor::number)
            .collect(),
    }
}

fn is_marked(field: &FieldDescriptor) -> bool {
    MARKS.iter().any(|mark| descriptors::is_marked(field, mark))
}

/// Whether a marked field lies below; `seen` ends the walk of recursive types.
fn hides_something(field: &FieldDescriptor, seen: &mut Vec<String>) -> bool {
    let Some(message) = message_below(field) else {
        return false;
    };
    if seen.iter().any(|name| name == message.full_name()) {
        return false;
    }
    seen.push(message.full_name().to_owned());
    message
        .fields()
        .any(|field| is_marked(&field) || hides_something(&field, seen))
}

fn message_below(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    let Kind::Message(message) = field.kind() else {
        return None;
    };
    Some(message)
}
