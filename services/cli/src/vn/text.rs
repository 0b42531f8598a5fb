//! `fold`, `sort`, `sms`.

use serde::Serialize;
use vietnam::sms::{self, Encoding};
use vietnam::text;

use super::item::Printed;
use super::topic::{Topic, fields};

#[derive(Serialize)]
struct Folded {
    text: String,
}

pub(super) fn fold() -> Topic {
    fields(|item| {
        Ok(Folded {
            text: text::fold(item),
        })
    })
}

#[derive(Serialize)]
struct Sms {
    encoding: Printed<Encoding>,
    units: usize,
    segments: usize,
    parts: Vec<String>,
    accentless: String,
    accentless_encoding: Printed<Encoding>,
    accentless_segments: usize,
}

pub(super) fn sms() -> Topic {
    fields(|item| {
        let marked = sms::segments(item);
        let accentless = sms::accentless(item);
        let plain = sms::segments(&accentless);
        Ok(Sms {
            encoding: Printed(marked.encoding),
            units: marked.units,
            segments: marked.count(),
            parts: marked.parts,
            accentless_encoding: Printed(plain.encoding),
            accentless_segments: plain.count(),
            accentless,
        })
    })
}

/// By which rule items are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The alphabet.
    Alphabet,
    /// Given names first.
    People,
}

/// An item with the key that put it in its place.
#[derive(Serialize)]
pub(super) struct Sorted {
    text: String,
    key: String,
}

impl Order {
    pub(super) fn sort(self, items: Vec<String>) -> Vec<Sorted> {
        let key = match self {
            Self::Alphabet => text::sort_key,
            Self::People => text::person_sort_key,
        };
        let mut sorted: Vec<Sorted> = items
            .into_iter()
            .map(|text| Sorted {
                key: key(&text),
                text,
            })
            .collect();
        sorted.sort_by(|one, other| one.key.cmp(&other.key));
        sorted
    }
}
