//! Where it takes place, and where readers had been told that it would.

use super::super::wording;
use crate::domain::letter::{LetterLanguage, OccurrenceLetter};
use crate::domain::obligation::Place;

/// What became of the place since the readers were told of it.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) old_place: String,
    pub(super) new_place: String,
    pub(super) online_moved: bool,
}

impl Moved {
    pub(super) fn of(letter: &OccurrenceLetter, place: &Place, language: LetterLanguage) -> Self {
        let new_place = wording::seat(place, language);
        let Some(old) = &letter.old_place else {
            return Self {
                new_place,
                ..Self::default()
            };
        };
        let same_hall = old.text == place.text;
        Self {
            old_place: if same_hall {
                String::new()
            } else {
                wording::seat(old, language)
            },
            new_place,
            online_moved: same_hall
                && old.online_uri != place.online_uri
                && !place.online_uri.is_empty(),
        }
    }
}
