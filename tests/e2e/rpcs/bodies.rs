//! Requests that are wrong in one place.
// Of the many kinds of fields a few matter here.
#![allow(clippy::wildcard_enum_match_arm)]

use bytes::Bytes;
use prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value,
};

/// A body that is wrong in one place.
pub(super) struct Wrong {
    /// What is wrong, and where.
    pub(super) what: String,
    pub(super) body: Bytes,
    /// The answer must be INVALID_ARGUMENT and name a field that ends so.
    pub(super) names: Option<String>,
    /// The answer must be INVALID_ARGUMENT.
    pub(super) refused: bool,
    /// Or NOT_FOUND, because the resource is looked for before this is looked at.
    pub(super) after_the_resource: bool,
}

/// Bodies for every field within three levels, each wrong in one place only.
pub(super) fn wrong_bodies(base: &DynamicMessage) -> Vec<Wrong> {
    let input = &base.descriptor();
    let mut wrongs = vec![Wrong {
        what: "garbage".to_owned(),
        body: Bytes::from_static(&[0xff, 0xff, 0xff, 0xff]),
        names: None,
        refused: true,
        after_the_resource: false,
    }];
    if let Some(field) = input.get_field_by_name("request_id") {
        let mut message = base.clone();
        message.clear_field(&field);
        wrongs.push(Wrong {
            what: "no request_id".to_owned(),
            body: message.encode_to_vec().into(),
            names: Some("request_id".to_owned()),
            refused: true,
            after_the_resource: true,
        });
    }
    for name in ["name", "parent", "obligation", "page_token"] {
        let Some(field) = input.get_field_by_name(name) else {
            continue;
        };
        let mut message = base.clone();
        message.set_field(&field, Value::String("nothing/like/it".to_owned()));
        wrongs.push(Wrong {
            what: format!("malformed {name}"),
            body: message.encode_to_vec().into(),
            names: Some(name.to_owned()),
            refused: true,
            after_the_resource: false,
        });
    }
    add_fields(base, input, &mut Vec::new(), &mut wrongs);
    wrongs
}

pub(super) fn add_fields(
    base: &DynamicMessage,
    descriptor: &MessageDescriptor,
    path: &mut Vec<FieldDescriptor>,
    wrongs: &mut Vec<Wrong>,
) {
    if path.len() > 2 {
        return;
    }
    for field in descriptor.fields() {
        if field.is_map() {
            continue;
        }
        path.push(field.clone());
        match field.kind() {
            Kind::String => {
                for (what, text) in [
                    ("over long", "ă".repeat(70_000)),
                    ("NUL", "a\0b".to_owned()),
                    ("line feed and header", "a\r\nBcc: x@example.com".to_owned()),
                    ("right-to-left override", "a\u{202e}b".to_owned()),
                ] {
                    // Blank rows of repeated fields and output-only fields may be ignored.
                    push(
                        base,
                        path,
                        what,
                        one(&field, Value::String(text)),
                        what == "over long",
                        wrongs,
                    );
                }
                push_raw(path, "invalid UTF-8", &[0xff, 0xfe, 0xc0], wrongs);
            }
            Kind::Enum(_) => {
                for number in [9_999, -1] {
                    push(
                        base,
                        path,
                        "unknown enum",
                        one(&field, Value::EnumNumber(number)),
                        false,
                        wrongs,
                    );
                }
            }
            Kind::Int32 => {
                for number in [i32::MIN, i32::MAX, -1] {
                    push(
                        base,
                        path,
                        "out of range",
                        one(&field, Value::I32(number)),
                        false,
                        wrongs,
                    );
                }
            }
            Kind::Int64 => {
                for number in [i64::MIN, i64::MAX, -1] {
                    push(
                        base,
                        path,
                        "out of range",
                        one(&field, Value::I64(number)),
                        false,
                        wrongs,
                    );
                }
            }
            Kind::Message(inner) => {
                push(
                    base,
                    path,
                    "empty message",
                    one(&field, Value::Message(DynamicMessage::new(inner.clone()))),
                    false,
                    wrongs,
                );
                add_fields(base, &inner, path, wrongs);
            }
            _ => {}
        }
        if field.is_list() {
            let many = Value::List(vec![Value::default_value(&field.kind()); 5_000]);
            push(base, path, "5,000 of them", many, false, wrongs);
        }
        path.pop();
    }
}

pub(super) fn one(field: &FieldDescriptor, value: Value) -> Value {
    if field.is_list() {
        Value::List(vec![value])
    } else {
        value
    }
}

/// The base with one value changed.
pub(super) fn push(
    base: &DynamicMessage,
    path: &[FieldDescriptor],
    what: &str,
    value: Value,
    named: bool,
    wrongs: &mut Vec<Wrong>,
) {
    let words: Vec<&str> = path.iter().map(FieldDescriptor::name).collect();
    let named = named && path.len() == 1;
    wrongs.push(Wrong {
        what: format!("{what} in {}", words.join(".")),
        body: changed(base, path, value).encode_to_vec().into(),
        names: named.then(|| words.join(".")),
        refused: named,
        after_the_resource: matches!(words[..], ["request_id" | "etag"]),
    });
}

pub(super) fn changed(
    base: &DynamicMessage,
    path: &[FieldDescriptor],
    value: Value,
) -> DynamicMessage {
    let mut message = base.clone();
    let (field, rest) = path.split_first().unwrap();
    if rest.is_empty() {
        message.set_field(field, value);
        return message;
    }
    let present = match message.get_field(field).as_ref() {
        Value::Message(present) => present.clone(),
        _ => DynamicMessage::new(rest[0].parent_message().clone()),
    };
    let inside = Value::Message(changed(&present, rest, value));
    message.set_field(field, one(field, inside));
    message
}

/// Bytes that are no UTF-8 in place of a string.
pub(super) fn push_raw(
    path: &[FieldDescriptor],
    what: &str,
    bytes: &[u8],
    wrongs: &mut Vec<Wrong>,
) {
    let mut body = bytes.to_vec();
    for field in path.iter().rev() {
        let mut around = Vec::new();
        prost::encoding::encode_key(
            field.number(),
            prost::encoding::WireType::LengthDelimited,
            &mut around,
        );
        prost::encoding::encode_varint(body.len() as u64, &mut around);
        around.extend(body);
        body = around;
    }
    let words: Vec<&str> = path.iter().map(FieldDescriptor::name).collect();
    wrongs.push(Wrong {
        what: format!("{what} in {}", words.join(".")),
        body: body.into(),
        names: None,
        refused: true,
        after_the_resource: false,
    });
}
