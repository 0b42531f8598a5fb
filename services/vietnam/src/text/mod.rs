//! Vietnamese text: normal forms, search without marks, alphabetical order, and which signs names
//! and notes may hold.
//!
//! Vietnamese reaches a computer in two Unicode forms (composed and decomposed) and in two habits
//! of placing the tone (`hòa` and `hoà`). Everything here accepts both forms; what is compared is
//! brought to one form first.

mod case;
mod collation;
mod fold;
mod legacy;
mod remark;
mod shown;
mod signs;
mod spelling;
mod syllable;

pub use case::{capitalised, name_case};
pub use collation::{person_sort_key, sort_key};
pub use fold::{fold, nfc, nfd, with_vietnamese_d, without_accents};
pub use legacy::Legacy;
pub use remark::{reference, remark};
pub use shown::{excerpt, on_screen, shown_line, shown_lines};
pub use signs::{ENCODED_WORD, Room, Unfit, is_hidden, unfit};
pub use spelling::is_syllable;
pub use syllable::{Tone, accent_key, tone_of};
