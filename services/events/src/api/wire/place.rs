//! Places.

use kit::error::Violations;
use lienminh_proto::obligation::v1 as wire;

use super::field;
use crate::domain::place::Place;
use crate::domain::text::PLACE_LIMIT;

/// A place as the contracts have it; unset while nothing is known.
#[must_use]
pub(crate) fn to_proto(place: &Place) -> Option<wire::Place> {
    (!place.is_unknown()).then(|| wire::Place {
        text: place.text.clone(),
        hint: place.hint.clone(),
        online_uri: place.online_uri.clone(),
    })
}

/// Reads a place; a missing one is unknown.
pub(crate) fn read(violations: &mut Violations, path: &str, place: Option<&wire::Place>) -> Place {
    let Some(place) = place else {
        return Place::default();
    };
    Place {
        text: field::line(
            violations,
            &format!("{path}.text"),
            &place.text,
            PLACE_LIMIT,
        ),
        hint: field::line(
            violations,
            &format!("{path}.hint"),
            &place.hint,
            PLACE_LIMIT,
        ),
        online_uri: field::uri(violations, &format!("{path}.online_uri"), &place.online_uri),
    }
}
