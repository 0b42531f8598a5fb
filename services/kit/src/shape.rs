//! How many entries the lists of a request may hold, read from the contracts and
//! counted in its bytes before anything is made of them.
//!
//! A list without `lienminh.auth.v1.max_items` holds at most [`DEFAULT_ITEMS`]
//! entries, and all lists of a request together [`ENTRIES`]. Bytes that are no message pass: whoever decodes them says so in better
//! words.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use bytes::Buf as _;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost_reflect::{
    Cardinality, DescriptorPool, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor,
};

use crate::error::Violation;

/// The option with the most entries of a list.
const OPTION: &str = "lienminh.auth.v1.max_items";

/// Entries of a list where the contract says nothing else.
pub const DEFAULT_ITEMS: usize = 1_000;

/// Entries of all lists of a request together: names of so many organisations fill the
/// largest request that is taken.
pub const ENTRIES: usize = 20_000;

/// The lists of a message, and of the messages in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shape(HashMap<u32, Field>);

#[derive(Debug, PartialEq, Eq)]
struct Field {
    name: String,
    /// The most entries; `None` where the field is not a list.
    most: Option<usize>,
    width: Width,
    inner: Option<Arc<Shape>>,
}

/// How entries lie in a packed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Fixed(usize),
    Varint,
    /// Each entry is a field of its own.
    Unpacked,
}

/// Reads shapes from descriptors, each message once.
pub(crate) struct Shapes {
    option: ExtensionDescriptor,
    known: HashMap<String, Arc<Shape>>,
    above: Vec<String>,
}

impl Shapes {
    /// # Errors
    /// The descriptors lack the option.
    pub(crate) fn new(pool: &DescriptorPool) -> Result<Self> {
        let option = pool
            .get_extension_by_name(OPTION)
            .with_context(|| format!("the descriptors lack the option {OPTION}"))?;
        Ok(Self {
            option,
            known: HashMap::new(),
            above: Vec::new(),
        })
    }

    /// The shape of a message.
    ///
    /// # Errors
    /// It contains itself, so that nothing bounds its depth.
    pub(crate) fn of(&mut self, message: &MessageDescriptor) -> Result<Arc<Shape>> {
        let name = message.full_name();
        if let Some(known) = self.known.get(name) {
            return Ok(Arc::clone(known));
        }
        ensure!(
            !self.above.iter().any(|above| above == name),
            "the message {name} contains itself"
        );
        self.above.push(name.to_owned());
        let mut fields = HashMap::new();
        for field in message.fields() {
            if let Some(read) = self.field(&field)? {
                fields.insert(field.number(), read);
            }
        }
        self.above.pop();
        let shape = Arc::new(Shape(fields));
        self.known.insert(name.to_owned(), Arc::clone(&shape));
        Ok(shape)
    }

    /// `None` where there is nothing to count.
    fn field(&mut self, field: &FieldDescriptor) -> Result<Option<Field>> {
        let inner = if let Kind::Message(inner) = field.kind() {
            Some(self.of(&inner)?).filter(|shape| !shape.0.is_empty())
        } else {
            None
        };
        // Maps are lists of entries.
        let most = (field.cardinality() == Cardinality::Repeated).then(|| self.most(field));
        Ok((most.is_some() || inner.is_some()).then(|| Field {
            name: field.name().to_owned(),
            most,
            width: width(&field.kind()),
            inner,
        }))
    }

    fn most(&self, field: &FieldDescriptor) -> usize {
        let options = field.options();
        let said = options.get_extension(&self.option).as_u32();
        said.filter(|most| *most > 0)
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(DEFAULT_ITEMS)
    }
}

const fn width(kind: &Kind) -> Width {
    match kind {
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => Width::Fixed(8),
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => Width::Fixed(4),
        Kind::Int32
        | Kind::Int64
        | Kind::Uint32
        | Kind::Uint64
        | Kind::Sint32
        | Kind::Sint64
        | Kind::Bool
        | Kind::Enum(_) => Width::Varint,
        Kind::String | Kind::Bytes | Kind::Message(_) => Width::Unpacked,
    }
}

impl Width {
    /// Entries in the bytes of a packed list.
    fn entries(self, packed: &[u8]) -> usize {
        match self {
            Self::Fixed(bytes) => packed.len() / bytes,
            Self::Varint => packed.iter().filter(|byte| **byte < 0x80).count(),
            Self::Unpacked => 1,
        }
    }
}

/// What was seen of one message so far. A single message that comes in pieces is one
/// (protobuf merges them), so its pieces are counted together.
#[derive(Default)]
struct Seen {
    entries: HashMap<u32, usize>,
    singles: HashMap<u32, Self>,
}

/// Why counting ends early.
enum Stop {
    TooMany(Violation),
    /// Not a message of ours.
    Undecodable,
}

impl Shape {
    /// Counts the lists of a message in its bytes.
    ///
    /// # Errors
    /// The list that is too long, by its path.
    pub(crate) fn check(&self, message: &[u8]) -> Result<(), Violation> {
        match self.count(message, &mut Seen::default(), &mut 0) {
            Err(Stop::TooMany(violation)) => Err(violation),
            Err(Stop::Undecodable) | Ok(()) => Ok(()),
        }
    }

    fn count(&self, mut rest: &[u8], seen: &mut Seen, all: &mut usize) -> Result<(), Stop> {
        if self.0.is_empty() {
            return Ok(());
        }
        while rest.has_remaining() {
            let (number, wire) = decode_key(&mut rest).map_err(|_| Stop::Undecodable)?;
            let Some(field) = self.0.get(&number) else {
                skip(wire, number, &mut rest)?;
                continue;
            };
            if wire == WireType::LengthDelimited {
                field.count(number, delimited(&mut rest)?, seen, all)?;
            } else {
                skip(wire, number, &mut rest)?;
                field.add(number, 1, seen, all)?;
            }
        }
        Ok(())
    }
}

impl Field {
    fn count(
        &self,
        number: u32,
        bytes: &[u8],
        seen: &mut Seen,
        all: &mut usize,
    ) -> Result<(), Stop> {
        let place = self.add(number, self.width.entries(bytes), seen, all)?;
        let Some(inner) = &self.inner else {
            return Ok(());
        };
        match place {
            None => {
                let seen = seen.singles.entry(number).or_default();
                let counted = inner.count(bytes, seen, all);
                counted.map_err(|stop| stop.under(&self.name))
            }
            Some(place) => {
                let counted = inner.count(bytes, &mut Seen::default(), all);
                counted.map_err(|stop| stop.under(&format!("{}[{place}]", self.name)))
            }
        }
    }

    /// Adds entries to a list; the place of the last of them.
    fn add(
        &self,
        number: u32,
        entries: usize,
        seen: &mut Seen,
        all: &mut usize,
    ) -> Result<Option<usize>, Stop> {
        let Some(most) = self.most else {
            return Ok(None);
        };
        let count = seen.entries.entry(number).or_default();
        *count = count.saturating_add(entries);
        if *count > most {
            return Err(Stop::TooMany(Violation::too_many(&self.name, most)));
        }
        *all = all.saturating_add(entries);
        if *all > ENTRIES {
            return Err(Stop::TooMany(Violation::too_many(&self.name, ENTRIES)));
        }
        Ok(count.checked_sub(1))
    }
}

impl Stop {
    fn under(self, path: &str) -> Self {
        match self {
            Self::TooMany(violation) => Self::TooMany(violation.under(path)),
            Self::Undecodable => Self::Undecodable,
        }
    }
}

fn skip(wire: WireType, number: u32, rest: &mut &[u8]) -> Result<(), Stop> {
    skip_field(wire, number, rest, DecodeContext::default()).map_err(|_| Stop::Undecodable)
}

fn delimited<'m>(rest: &mut &'m [u8]) -> Result<&'m [u8], Stop> {
    let length = decode_varint(rest).map_err(|_| Stop::Undecodable)?;
    let length = usize::try_from(length).map_err(|_| Stop::Undecodable)?;
    let bytes = rest.get(..length).ok_or(Stop::Undecodable)?;
    rest.advance(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use lienminh_proto::events::v1::{
        CreateEventRequest, Event, ListEventsRequest, LoadPlanRequest, LoadedDeadline, LoadedItem,
    };
    use lienminh_proto::registry::v1::{ImportRosterRequest, RosterRow};
    use prost::Message;

    use super::*;

    fn shape(request: &str) -> Arc<Shape> {
        let pool = crate::descriptors::pool();
        let message = pool.get_message_by_name(request).unwrap();
        Shapes::new(pool).unwrap().of(&message).unwrap()
    }

    fn refused(request: &str, message: &[u8]) -> Option<String> {
        shape(request).check(message).err().map(|violation| {
            assert_eq!(violation.reason, "TOO_MANY");
            violation.field
        })
    }

    const LIST: &str = "lienminh.events.v1.ListEventsRequest";
    const CREATE: &str = "lienminh.events.v1.CreateEventRequest";

    /// `states`, packed.
    fn states(count: usize) -> Vec<u8> {
        let states = vec![7; count];
        let request = ListEventsRequest {
            states,
            ..ListEventsRequest::default()
        };
        request.encode_to_vec()
    }

    fn event(agenda: usize) -> Vec<u8> {
        let event = Event {
            agenda: vec!["Khai mạc".to_owned(); agenda],
            ..Event::default()
        };
        let request = CreateEventRequest {
            event: Some(event),
            ..CreateEventRequest::default()
        };
        request.encode_to_vec()
    }

    #[test]
    fn a_list_is_counted_whether_it_is_packed_or_not_or_comes_in_pieces() {
        let one_by_one = |count| [3 << 3, 7].repeat(count);
        assert_eq!(refused(LIST, &states(50)), None);
        assert_eq!(refused(LIST, &states(51)).unwrap(), "states");
        assert_eq!(refused(LIST, &one_by_one(50)), None);
        assert_eq!(refused(LIST, &one_by_one(51)).unwrap(), "states");
        let pieces = [states(30), one_by_one(10), states(11)].concat();
        assert_eq!(refused(LIST, &pieces).unwrap(), "states");
    }

    #[test]
    fn a_message_that_comes_in_pieces_is_one_message() {
        assert_eq!(refused(CREATE, &event(40)), None);
        assert_eq!(refused(CREATE, &event(41)).unwrap(), "event.agenda");
        let pieces = [event(21), event(20)].concat();
        let read = CreateEventRequest::decode(pieces.as_slice()).unwrap();
        assert_eq!(read.event.unwrap().agenda.len(), 41);
        assert_eq!(refused(CREATE, &pieces).unwrap(), "event.agenda");
    }

    #[test]
    fn messages_are_entries_too_and_what_is_not_said_is_a_thousand() {
        let rows = |count| ImportRosterRequest {
            rows: vec![RosterRow::default(); count],
            ..ImportRosterRequest::default()
        };
        let import = "lienminh.registry.v1.ImportRosterRequest";
        assert_eq!(refused(import, &rows(200).encode_to_vec()), None);
        let many = refused(import, &rows(201).encode_to_vec());
        assert_eq!(many.unwrap(), "rows");
        let invitees = |count| CreateEventRequest {
            invitees: vec![String::new(); count],
            ..CreateEventRequest::default()
        };
        assert_eq!(refused(CREATE, &invitees(1_000).encode_to_vec()), None);
        let many = refused(CREATE, &invitees(1_001).encode_to_vec());
        assert_eq!(many.unwrap(), "invitees");
    }

    #[test]
    fn bytes_that_are_no_message_are_left_to_whoever_decodes_them() {
        let good = states(51);
        for wrong in [&[0xff; 8][..], &[3 << 3 | 2, 90], &[15 << 3 | 4], &[3 << 3]] {
            assert_eq!(refused(LIST, wrong), None, "{wrong:?}");
        }
        // What lies before them was counted.
        assert!(refused(LIST, &[good.as_slice(), &[0xff; 8]].concat()).is_some());
        // A field nobody knows, and a group of them, hide nothing.
        let unknown = [vec![15 << 3 | 3, 1 << 3, 1, 15 << 3 | 4], good].concat();
        assert_eq!(refused(LIST, &unknown).unwrap(), "states");
    }

    #[test]
    fn lists_within_lists_are_counted_together() {
        let owed_by = |deadlines| LoadPlanRequest {
            items: vec![LoadedItem {
                deadlines: vec![
                    LoadedDeadline {
                        organisations: vec![String::new(); 1_000],
                        ..LoadedDeadline::default()
                    };
                    deadlines
                ],
                ..LoadedItem::default()
            }],
            ..LoadPlanRequest::default()
        };
        let load = "lienminh.events.v1.LoadPlanRequest";
        assert_eq!(refused(load, &owed_by(19).encode_to_vec()), None);
        let many = refused(load, &owed_by(20).encode_to_vec());
        assert_eq!(many.unwrap(), "items[0].deadlines[19].organisations");
    }
}
