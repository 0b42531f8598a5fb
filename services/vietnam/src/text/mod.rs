//! Vietnamese text: normal forms, search without marks, alphabetical order.
//!
//! Vietnamese reaches a computer in two Unicode forms (composed and decomposed) and in two habits
//! of placing the tone (`hòa` and `hoà`). Everything here accepts both forms; what is compared is
//! brought to one form first.

mod case;
mod collation;
mod fold;
mod syllable;

pub use case::{capitalised, name_case};
pub use collation::{person_sort_key, sort_key};
pub use fold::{fold, nfc, nfd, without_accents};
pub use syllable::{Tone, accent_key, tone_of};
