//! The texts of a request, judged by the contract before the request is decoded.
//!
//! Every text field has a rule, also one that nobody thought of: what is not said
//! to be a note or judged elsewhere is one plain line. The walk over the bytes
//! follows the descriptors; what it cannot read is left to the decoder's words.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost::bytes::Buf as _;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor, Value};
use vietnam::text::{Room, Unfit, unfit};

use crate::descriptors::pool;
use crate::r#type::v1::TextRule;

/// Fields that are told of at once: what an answer has room for.
const TOLD: usize = 24;

/// Messages within messages that are followed; the decoder refuses more.
const DEPTH: usize = 100;

/// A field whose text does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its path: `event.agenda[2]`.
    pub field: String,
    /// What is in it.
    pub what: Unfit,
}

/// What is known of the fields of one message type.
struct Shape(Vec<Field>);

struct Field {
    number: u32,
    name: String,
    is_list: bool,
    content: Content,
}

enum Content {
    Text(Room),
    Message(usize),
}

#[derive(Default)]
struct Contracts {
    shapes: Vec<Shape>,
    known: HashMap<String, usize>,
    /// Shapes of the requests of every rpc.
    requests: HashMap<String, usize>,
}

static CONTRACTS: LazyLock<Contracts> = LazyLock::new(Contracts::read);

/// The fields of a request whose texts do not fit; none where the message is the
/// request of no rpc.
pub(crate) fn misfits(type_name: &str, request: &[u8]) -> Vec<Misfit> {
    let mut walk = Walk::default();
    if let Some(shape) = CONTRACTS.requests.get(type_name) {
        // What cannot be read is the decoder's to refuse.
        let _ = walk.message(*shape, request);
    }
    walk.found
}

impl Contracts {
    fn read() -> Self {
        let mut contracts = Self::default();
        for service in pool().services() {
            for method in service.methods() {
                let input = method.input();
                let shape = contracts.shape(&input);
                contracts
                    .requests
                    .insert(input.full_name().to_owned(), shape);
            }
        }
        contracts
    }

    fn shape(&mut self, message: &MessageDescriptor) -> usize {
        if let Some(known) = self.known.get(message.full_name()) {
            return *known;
        }
        let place = self.shapes.len();
        self.known.insert(message.full_name().to_owned(), place);
        self.shapes.push(Shape(Vec::new()));
        let fields = message
            .fields()
            .filter_map(|field| self.field(&field))
            .collect();
        self.shapes[place] = Shape(fields);
        place
    }

    /// `None` for fields that hold no text that is judged here.
    #[allow(clippy::wildcard_enum_match_arm)] // the other kinds hold no text
    fn field(&mut self, field: &FieldDescriptor) -> Option<Field> {
        let rule = rule(field);
        let content = match field.kind() {
            _ if rule == TextRule::Own => return None,
            Kind::String if rule == TextRule::Note => Content::Text(Room::Note),
            Kind::String => Content::Text(Room::Line),
            Kind::Message(message) => Content::Message(self.shape(&message)),
            _ => return None,
        };
        Some(Field {
            number: field.number(),
            name: field.name().to_owned(),
            is_list: field.is_list(),
            content,
        })
    }
}

/// The rule of a field, as the contract says it.
#[must_use]
pub fn rule(field: &FieldDescriptor) -> TextRule {
    let said = pool()
        .get_extension_by_name("lienminh.type.v1.text")
        .map(|option| field.options().get_extension(&option).into_owned());
    match said {
        Some(Value::EnumNumber(number)) => TextRule::try_from(number).unwrap_or_default(),
        _ => TextRule::Unspecified,
    }
}

#[derive(Default)]
struct Walk {
    way: Vec<(&'static str, Option<usize>)>,
    found: Vec<Misfit>,
}

/// Bytes that are no message.
struct Unreadable;

impl Walk {
    fn message(&mut self, shape: usize, mut bytes: &[u8]) -> Result<(), Unreadable> {
        let fields = &CONTRACTS.shapes[shape].0;
        let mut counts = vec![0; fields.len()];
        while !bytes.is_empty() {
            let (number, wire_type) = decode_key(&mut bytes).map_err(|_| Unreadable)?;
            let place = fields.iter().position(|field| field.number == number);
            let Some(place) = place.filter(|_| wire_type == WireType::LengthDelimited) else {
                skip_field(wire_type, number, &mut bytes, DecodeContext::default())
                    .map_err(|_| Unreadable)?;
                continue;
            };
            let length = decode_varint(&mut bytes).map_err(|_| Unreadable)?;
            let length = usize::try_from(length).map_err(|_| Unreadable)?;
            let value = bytes.get(..length).ok_or(Unreadable)?;
            bytes.advance(length);
            let field = &fields[place];
            self.way
                .push((&field.name, field.is_list.then_some(counts[place])));
            counts[place] += 1;
            self.value(field, value)?;
            self.way.pop();
        }
        Ok(())
    }

    fn value(&mut self, field: &Field, value: &[u8]) -> Result<(), Unreadable> {
        match field.content {
            Content::Message(shape) if self.way.len() < DEPTH => self.message(shape, value),
            Content::Message(_) => Err(Unreadable),
            Content::Text(room) => {
                let text = str::from_utf8(value).map_err(|_| Unreadable)?;
                if self.found.len() < TOLD
                    && let Some(what) = unfit(text, room)
                {
                    let field = self.path();
                    self.found.push(Misfit { field, what });
                }
                Ok(())
            }
        }
    }

    fn path(&self) -> String {
        let parts = self.way.iter().map(|(name, index)| match index {
            Some(index) => format!("{name}[{index}]"),
            None => (*name).to_owned(),
        });
        parts.collect::<Vec<_>>().join(".")
    }
}

#[cfg(test)]
mod tests;
