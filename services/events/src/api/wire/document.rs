//! Official documents and what makes their numbers unique.

use jiff::civil::Date;
use kit::error::{Violation, Violations};
use lienminh_proto::r#type::v1 as wire;
use vietnam::docnum::DocumentNumber;

use super::{date, field};
use crate::domain::document::{Document, NumberKey};
use crate::domain::text::{NAME_LIMIT, NUMBER_LIMIT, TITLE_LIMIT};

/// Dates seen for one document at most: sources that disagree are few.
const DATES_LIMIT: usize = 10;

/// A document as the contracts have it; unset while nothing is known.
#[must_use]
pub(crate) fn to_proto(document: &Document) -> Option<wire::Document> {
    (!document.is_absent()).then(|| wire::Document {
        number_as_printed: document.number_as_printed.clone(),
        number: document.number.clone(),
        issuer: document.issuer.clone(),
        date: document.date.map(date::to_proto),
        dates_seen: document
            .dates_seen
            .iter()
            .copied()
            .map(date::to_proto)
            .collect(),
        title: document.title.clone(),
        uri: document.uri.clone(),
    })
}

/// Reads a document; a missing one is absent. The normal form of its number is
/// derived here, whatever the caller wrote into it.
pub(crate) fn read(
    violations: &mut Violations,
    path: &str,
    document: Option<&wire::Document>,
) -> Document {
    let Some(document) = document else {
        return Document::default();
    };
    let printed = field::line(
        violations,
        &format!("{path}.number_as_printed"),
        &document.number_as_printed,
        NUMBER_LIMIT,
    );
    let number = read_number(violations, path, &printed);
    let date = match &document.date {
        Some(day) => date::read(violations, &format!("{path}.date"), day),
        None => number.as_ref().and_then(DocumentNumber::date),
    };
    Document {
        number: number
            .filter(is_issued)
            .map(|number| number.normal())
            .unwrap_or_default(),
        number_as_printed: printed,
        issuer: field::line(
            violations,
            &format!("{path}.issuer"),
            &document.issuer,
            NAME_LIMIT,
        ),
        date,
        dates_seen: read_dates(
            violations,
            &format!("{path}.dates_seen"),
            &document.dates_seen,
        ),
        title: field::line(
            violations,
            &format!("{path}.title"),
            &document.title,
            TITLE_LIMIT,
        ),
        uri: field::uri(violations, &format!("{path}.uri"), &document.uri),
    }
}

/// What makes the number of a document unique within its issuer; `None` for a draft.
pub(crate) fn number_key(
    violations: &mut Violations,
    path: &str,
    document: &Document,
) -> Option<NumberKey> {
    if document.number.is_empty() {
        return None;
    }
    let printed_year = DocumentNumber::parse(&document.number)
        .ok()
        .and_then(|number| number.year());
    let Some(year) = printed_year.or(document.dating().map(Date::year)) else {
        // Numbers start again each year: without one, two plans could look the same.
        violations.push(Violation::required(format!("{path}.date")));
        return None;
    };
    Some(NumberKey {
        year,
        number: document.number.clone(),
    })
}

fn read_number(violations: &mut Violations, path: &str, printed: &str) -> Option<DocumentNumber> {
    if printed.is_empty() {
        return None;
    }
    let number = DocumentNumber::parse(printed);
    violations.check(number.map_err(|_| {
        Violation::malformed(
            format!("{path}.number_as_printed"),
            "số văn bản, ví dụ 123/KH-LMHTX",
            "a document number such as 123/KH-LMHTX",
        )
    }))
}

/// "Số:     /KH-LMHTX" is a draft that has no number yet.
fn is_issued(number: &DocumentNumber) -> bool {
    number.number().is_some()
}

fn read_dates(violations: &mut Violations, field: &str, dates: &[wire::Date]) -> Vec<Date> {
    if dates.len() > DATES_LIMIT {
        violations.push(Violation::too_many(field, DATES_LIMIT));
        return Vec::new();
    }
    dates
        .iter()
        .enumerate()
        .filter_map(|(place, day)| date::read(violations, &format!("{field}[{place}]"), day))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn printed(number: &str) -> (Document, Option<NumberKey>, bool) {
        let message = wire::Document {
            number_as_printed: number.into(),
            date: Some(wire::Date {
                year: 2024,
                month: 2,
                day: 27,
            }),
            ..wire::Document::default()
        };
        let mut violations = Violations::default();
        let document = read(&mut violations, "document", Some(&message));
        let key = number_key(&mut violations, "document", &document);
        (document, key, violations.is_empty())
    }

    #[test]
    fn numbers_printed_differently_are_one_number() {
        let (one, key_one, _) = printed("123 KH-LMHTX");
        let (two, key_two, _) = printed("Số: 123/KH-LMHTX");
        assert_eq!(one.number_as_printed, "123 KH-LMHTX");
        assert_eq!(one.number, "123/KH-LMHTX");
        assert_eq!(two.number, one.number);
        assert_eq!(key_one, key_two);
        assert_eq!(key_one.unwrap().year, 2024);
    }

    #[test]
    fn bodies_of_one_house_have_series_of_their_own() {
        assert_ne!(printed("70/KH-BTVLMHTXVN").1, printed("70/KH-CQLMHTXVN").1);
    }

    #[test]
    fn a_draft_has_no_number_yet() {
        let (draft, key, fine) = printed("Số:      /KH-LMHTX");
        assert!(fine);
        assert_eq!((draft.number.as_str(), key), ("", None));
    }

    #[test]
    fn a_number_without_any_year_is_refused() {
        let message = wire::Document {
            number_as_printed: "123/KH-LMHTX".into(),
            ..Default::default()
        };
        let mut violations = Violations::default();
        let document = read(&mut violations, "plan.document", Some(&message));
        assert_eq!(
            number_key(&mut violations, "plan.document", &document),
            None
        );
        let Err(kit::error::Error::InvalidArgument(found)) = violations.into_result() else {
            unreachable!("the year is missing")
        };
        assert_eq!(found[0].field, "plan.document.date");
    }
}
