//! Requests that are wrong in one place.
// Of the many kinds of fields a few matter here.
#![allow(clippy::wildcard_enum_match_arm)]

use bytes::Bytes;
use lienminh_proto::rule;
use lienminh_proto::r#type::v1::TextRule;
use prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value,
};

/// A body that is wrong in one place.
pub(super) struct Wrong {
    /// What is wrong, and where.
    pub(super) what: String,
    pub(super) body: Bytes,
    /// Where: `rows[0].email`. None where the body as a whole is wrong.
    pub(super) path: Option<String>,
    pub(super) duty: Duty,
}

/// What the answer owes the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Duty {
    /// INVALID_ARGUMENT that names the field.
    Refuse,
    /// The same, or NOT_FOUND because the resource is looked for before this is looked at.
    RefuseOrMiss,
    /// The same, whatever else is the matter, for what stands in the text.
    RefuseText,
    /// RESOURCE_EXHAUSTED.
    TooLarge,
    /// Nothing; but a refusal that the base did not meet names the field.
    Name,
}

/// The path to a field, in descriptors and in words.
#[derive(Clone, Default)]
struct Way {
    fields: Vec<FieldDescriptor>,
    /// A field on the way is written by the system: what a caller puts there is not read.
    output_only: bool,
    /// A field on the way is judged by the rpc itself.
    own: bool,
}

impl Way {
    fn to(&self, field: &FieldDescriptor) -> Self {
        let mut way = self.clone();
        way.fields.push(field.clone());
        way.output_only |= is_output_only(field);
        way.own |= rule(field) == TextRule::Own;
        way
    }

    /// As violations write it: `rows[0].email`.
    fn words(&self) -> String {
        words_of(&self.fields)
    }

    /// Where the violation stands: a date or an instant is wrong as a whole.
    fn place(&self) -> String {
        let value = self.fields.iter().position(|field| is_value(&field.kind()));
        words_of(&self.fields[..value.map_or(self.fields.len(), |at| at + 1)])
    }
}

fn words_of(fields: &[FieldDescriptor]) -> String {
    let words = fields.iter().map(|field| {
        let index = if field.is_list() { "[0]" } else { "" };
        format!("{}{index}", field.name())
    });
    words.collect::<Vec<_>>().join(".")
}

/// Messages that callers see as one value.
fn is_value(kind: &Kind) -> bool {
    let Kind::Message(message) = kind else {
        return false;
    };
    let name = message.full_name();
    name.starts_with("google.protobuf.") || name == "lienminh.type.v1.Date"
}

/// What the contracts say about a field, in its comment.
pub(super) fn comment(field: &FieldDescriptor) -> Option<String> {
    let file = field.parent_file();
    // The well-known types come without comments.
    let info = file.file_descriptor_proto().source_code_info.as_ref()?;
    let place = info
        .location
        .iter()
        .find(|place| place.path == field.path())?;
    Some(place.leading_comments().to_owned())
}

pub(super) fn is_output_only(field: &FieldDescriptor) -> bool {
    is_said_of(field, "Output only")
}

/// Whether the contract says these words of a field.
fn is_said_of(field: &FieldDescriptor, words: &str) -> bool {
    comment(field).is_some_and(|said| said.contains(words))
}

/// Bodies for every field within three levels, each wrong in one place only.
pub(super) fn wrong_bodies(base: &DynamicMessage) -> Vec<Wrong> {
    let input = base.descriptor();
    let mut over = base.encode_to_vec();
    // An unknown field fills it up; the limit is one MiB.
    over.extend([0xfa, 0x7f]);
    prost::encoding::encode_varint(1 << 20, &mut over);
    over.resize(over.len() + (1 << 20), 0);
    let mut wrongs = vec![
        whole(
            "garbage",
            Bytes::from_static(&[0xff, 0xff, 0xff, 0xff]),
            Duty::Refuse,
        ),
        whole("a message over the limit", over.into(), Duty::TooLarge),
    ];
    let set = input.fields().filter(|field| base.has_field(field));
    // Without validate_only it would be done.
    for field in set.filter(|field| field.name() != "validate_only") {
        let mut message = base.clone();
        message.clear_field(&field);
        wrongs.push(Wrong {
            what: format!("no {}", field.name()),
            body: message.encode_to_vec().into(),
            path: Some(field.name().to_owned()),
            duty: if field.name() == "request_id" {
                Duty::RefuseOrMiss
            } else {
                Duty::Name
            },
        });
    }
    for name in ["name", "parent", "obligation", "page_token"] {
        if let Some(field) = input.get_field_by_name(name) {
            let value = Value::String("nothing/like/it".to_owned());
            let way = Way::default().to(&field);
            wrongs.push(wrong(base, &way, "malformed", value, Duty::Refuse));
        }
    }
    add_fields(base, &input, &Way::default(), &mut wrongs);
    wrongs
}

fn whole(what: &str, body: Bytes, duty: Duty) -> Wrong {
    Wrong {
        what: what.to_owned(),
        body,
        path: None,
        duty,
    }
}

fn add_fields(
    base: &DynamicMessage,
    descriptor: &MessageDescriptor,
    above: &Way,
    wrongs: &mut Vec<Wrong>,
) {
    if above.fields.len() > 2 {
        return;
    }
    for field in descriptor.fields().filter(|field| !field.is_map()) {
        add_field(base, &field, above, wrongs);
    }
}

fn add_field(base: &DynamicMessage, field: &FieldDescriptor, above: &Way, wrongs: &mut Vec<Wrong>) {
    let way = above.to(field);
    let duty = duty(base, field, &way);
    for (what, value) in wrong_values(field) {
        wrongs.push(wrong(base, &way, what, one(field, value), duty));
    }
    if field.kind() == Kind::String {
        let duty = if way.own { duty } else { Duty::RefuseText };
        for (what, text) in UNFIT {
            // A note has several lines; what a header is made of has one.
            let note = rule(field) == TextRule::Note && what == LINE_FEED;
            let duty = if note { Duty::Name } else { duty };
            let value = one(field, Value::String(text.to_owned()));
            wrongs.push(wrong(base, &way, what, value, duty));
        }
        wrongs.push(undecodable(&way));
        if !way.own && !way.output_only && is_said_of(field, "esource name") {
            for (what, name) in other_spellings(base, &way) {
                let value = one(field, Value::String(name));
                wrongs.push(wrong(base, &way, what, value, Duty::Refuse));
            }
        }
    }
    if let Kind::Message(inner) = field.kind() {
        let empty = one(field, Value::Message(DynamicMessage::new(inner.clone())));
        wrongs.push(wrong(base, &way, "empty message", empty, Duty::Name));
        add_fields(base, &inner, &way, wrongs);
    }
    if field.is_list() {
        let many = Value::List(vec![Value::default_value(&field.kind()); 5_000]);
        wrongs.push(wrong(base, &way, "5,000 of them", many, Duty::Name));
    }
}

/// A name that the good request holds at this place, as it is not spelled.
fn other_spellings(base: &DynamicMessage, way: &Way) -> Vec<(&'static str, String)> {
    let Some(name) = held(base, &way.fields).filter(|text| is_name(text)) else {
        return Vec::new();
    };
    let (collection, id) = name.split_at(name.len() - ID);
    vec![
        (
            "capitals in the id",
            format!("{collection}{}", id.to_uppercase()),
        ),
        (
            "no hyphens in the id",
            format!("{collection}{}", id.replace('-', "")),
        ),
        (
            "capitals in the collection",
            format!("{}{id}", collection.to_uppercase()),
        ),
        ("percent form", name.replace('/', "%2F")),
        (
            "percent form in the id",
            format!("{collection}%{:02x}{}", id.as_bytes()[0], &id[1..]),
        ),
        ("slash at the end", format!("{name}/")),
        ("blank before", format!(" {name}")),
    ]
}

/// Signs of a UUID.
const ID: usize = 36;

fn is_name(text: &str) -> bool {
    let at = text.len().checked_sub(ID);
    at.and_then(|at| text.split_at_checked(at))
        .is_some_and(|(collection, id)| {
            collection.contains('/') && uuid::Uuid::try_parse(id).is_ok()
        })
}

/// The text at the end of a way, where the message holds one.
fn held(message: &DynamicMessage, path: &[FieldDescriptor]) -> Option<String> {
    let (field, rest) = path.split_first()?;
    let value = message.get_field(field);
    let value = match value.as_ref() {
        Value::List(values) => values.first()?,
        value => value,
    };
    match value {
        Value::String(text) if rest.is_empty() => Some(text.clone()),
        Value::Message(inner) => held(inner, rest),
        _ => None,
    }
}

/// Who changes something is told of every field; who only asks may find nothing instead.
fn duty(base: &DynamicMessage, field: &FieldDescriptor, way: &Way) -> Duty {
    let input = base.descriptor();
    let changes = input.get_field_by_name("request_id").is_some();
    // Rosters are reported on row by row.
    let changes = changes && input.name() != "ImportRosterRequest";
    let creates = input.name().starts_with("Create");
    // Name, etag and state of what does not exist yet are given by the service.
    let given = creates && matches!(field.name(), "name" | "etag" | "state");
    if !changes || way.output_only || given {
        Duty::Name
    } else if creates && !matches!(field.name(), "request_id" | "etag") {
        Duty::Refuse
    } else {
        Duty::RefuseOrMiss
    }
}

/// Bodies that are wrong in one field of the resource that they update, under the mask of the
/// base. The resource is there, so nothing but the field can be wrong.
pub(super) fn wrong_updates(
    base: &DynamicMessage,
    resource: &FieldDescriptor,
    field: &FieldDescriptor,
) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    let above = Way::default().to(resource);
    add_field(base, field, &above, &mut wrongs);
    let mut message = base.clone();
    if let Some(Value::Message(inside)) = message
        .has_field(resource)
        .then(|| message.get_field_mut(resource))
    {
        inside.clear_field(field);
    }
    wrongs.push(Wrong {
        what: format!("no {}", field.name()),
        body: message.encode_to_vec().into(),
        path: Some(above.to(field).place()),
        duty: Duty::Name,
    });
    for wrong in &mut wrongs {
        if wrong.duty == Duty::RefuseOrMiss {
            wrong.duty = Duty::Refuse;
        }
    }
    wrongs
}

/// The name of the attempt to begin a header of one's own.
const LINE_FEED: &str = "line feed and header";

/// What no text of a request may hold.
const UNFIT: [(&str, &str); 9] = [
    ("NUL", "a\0b"),
    (LINE_FEED, "a\r\nBcc: x@example.com"),
    ("line separator", "a\u{2028}b"),
    ("right-to-left override", "a\u{202e}b"),
    ("Cyrillic that looks Latin", "pаypal"),
    ("filler", "a\u{3164}b"),
    ("encoded word", "=?utf-8?q?=E2=80=AE=0D=0ABcc:?="),
    ("TCVN3", "Hîp t¸c x·"),
    ("VNI", "Hôïp taùc xaõ"),
];

/// Values that a field of this kind should not have.
fn wrong_values(field: &FieldDescriptor) -> Vec<(&'static str, Value)> {
    match field.kind() {
        Kind::String => vec![("over long", Value::String("ă".repeat(70_000)))],
        Kind::Enum(_) => [9_999, -1]
            .map(|number| ("unknown enum", Value::EnumNumber(number)))
            .to_vec(),
        Kind::Int32 => [i32::MIN, i32::MAX, -1]
            .map(|number| ("out of range", Value::I32(number)))
            .to_vec(),
        Kind::Int64 => [i64::MIN, i64::MAX, -1]
            .map(|number| ("out of range", Value::I64(number)))
            .to_vec(),
        _ => Vec::new(),
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
fn wrong(base: &DynamicMessage, way: &Way, what: &str, value: Value, duty: Duty) -> Wrong {
    Wrong {
        what: format!("{what} in {}", way.words()),
        body: changed(base, &way.fields, value).encode_to_vec().into(),
        path: Some(way.place()),
        duty,
    }
}

fn changed(base: &DynamicMessage, path: &[FieldDescriptor], value: Value) -> DynamicMessage {
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
fn undecodable(way: &Way) -> Wrong {
    let mut body = vec![0xff, 0xfe, 0xc0];
    for field in way.fields.iter().rev() {
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
    // What cannot be decoded has no elements yet, and the decoder knows a oneof by its own name.
    let names = way.fields.iter().map(|field| {
        let oneof = field.containing_oneof();
        oneof.map_or_else(|| field.name().to_owned(), |oneof| oneof.name().to_owned())
    });
    Wrong {
        what: format!("invalid UTF-8 in {}", way.words()),
        body: body.into(),
        path: Some(names.collect::<Vec<_>>().join(".")),
        duty: Duty::Refuse,
    }
}
