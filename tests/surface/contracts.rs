//! Every element of the contracts on a line of its own.
// Of the many kinds of fields two name another element.
#![allow(clippy::wildcard_enum_match_arm)]

use lienminh_proto::pool;
use lienminh_tests::surface::{is_as_recorded, sorted};
use prost_reflect::{
    Cardinality, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    ServiceDescriptor,
};

#[test]
fn the_contracts_are_as_recorded() {
    let is_ours = |name: &str| name.starts_with("lienminh.");
    let mut lines = Vec::new();
    for service in pool().services() {
        rpcs(&service, &mut lines);
    }
    for message in pool()
        .all_messages()
        .filter(|each| is_ours(each.full_name()))
    {
        fields(&message, &mut lines);
    }
    for each in pool().all_enums().filter(|each| is_ours(each.full_name())) {
        values(&each, &mut lines);
    }
    for extension in pool().all_extensions() {
        let (name, extended) = (extension.full_name(), extension.containing_message());
        let kind = word(&extension.kind());
        let number = extension.number();
        lines.push(format!(
            "{name} = {number} {kind} option of {}",
            extended.full_name()
        ));
    }
    assert!(lines.len() > 1_000, "{} elements", lines.len());
    is_as_recorded("contracts.txt", &sorted(lines));
}

fn rpcs(service: &ServiceDescriptor, lines: &mut Vec<String>) {
    lines.push(format!("{} service", service.full_name()));
    for method in service.methods() {
        let stream = |streams: bool| if streams { "stream " } else { "" };
        lines.push(format!(
            "{} rpc {}{} -> {}{}{}",
            method.full_name(),
            stream(method.is_client_streaming()),
            method.input().full_name(),
            stream(method.is_server_streaming()),
            method.output().full_name(),
            said(&method.options())
        ));
    }
}

fn fields(message: &MessageDescriptor, lines: &mut Vec<String>) {
    let options = said(&message.options());
    lines.push(format!("{} message{options}", message.full_name()));
    for field in message.fields() {
        let choice = field.containing_oneof();
        let choice = choice.map(|oneof| format!(" of oneof {}", oneof.name()));
        lines.push(format!(
            "{} = {} {}{}{}{}",
            field.full_name(),
            field.number(),
            count(&field),
            word(&field.kind()),
            choice.unwrap_or_default(),
            said(&field.options())
        ));
    }
}

fn values(each: &EnumDescriptor, lines: &mut Vec<String>) {
    lines.push(format!("{} enum", each.full_name()));
    for value in each.values() {
        lines.push(format!(
            "{}.{} = {}{}",
            each.full_name(),
            value.name(),
            value.number(),
            said(&value.options())
        ));
    }
}

fn count(field: &FieldDescriptor) -> &'static str {
    match field.cardinality() {
        _ if field.is_map() => "map ",
        Cardinality::Repeated => "repeated ",
        Cardinality::Required => "required ",
        Cardinality::Optional => "",
    }
}

fn word(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(each) => each.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

/// The options that an element has.
fn said(options: &DynamicMessage) -> String {
    let text = options.to_string();
    if text.is_empty() {
        return text;
    }
    format!(" [{text}]")
}
