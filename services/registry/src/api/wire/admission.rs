//! Admission batches on the wire.

use kit::error::{Error, Result, Violation, Violations};
use kit::language::Language;
use kit::{civil, etag, text};
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::r#type::v1 as common;
use vietnam::docnum::DocumentNumber;

use super::encode_warnings;
use crate::domain::admission::{
    self, AdmissionBatch, Bound, DATES_SEEN_LIMIT, DOCUMENT_TEXT_LIMIT, Deadline, Details,
    Document, State,
};
use crate::domain::id::OrganisationId;
use crate::domain::membership::{BATCH_LIMIT, DECISION_NUMBER_LIMIT};

pub(crate) fn encode(batch: &AdmissionBatch) -> pb::AdmissionBatch {
    let details = &batch.details;
    let state = match batch.state {
        State::Open => pb::AdmissionBatchState::Open,
        State::Completed => pb::AdmissionBatchState::Completed,
    };
    pb::AdmissionBatch {
        name: batch.id.to_string(),
        batch: details.batch.clone(),
        deadline: Some(encode_deadline(details.deadline)),
        lead_unit: details.lead_unit.to_string(),
        organiser: details.organiser.to_string(),
        applicants: batch.applicants.iter().map(ToString::to_string).collect(),
        issued_document: encode_document(&details.issued_document),
        state: state.into(),
        create_time: Some(kit::wire::timestamp(batch.created_at)),
        update_time: Some(kit::wire::timestamp(batch.updated_at)),
        etag: etag::of(batch.id.0, batch.version),
        warnings: Vec::new(),
    }
}

/// A batch that was opened now, with what to look at again.
pub(crate) fn encode_opened(batch: &AdmissionBatch, language: Language) -> pb::AdmissionBatch {
    pb::AdmissionBatch {
        warnings: encode_warnings(&batch.warnings(), language),
        ..encode(batch)
    }
}

pub(crate) fn encode_deadline(deadline: Deadline) -> common::Anchor {
    let bound = match deadline.bound {
        Bound::Through => common::Bound::Through,
        Bound::Before => common::Bound::Before,
    };
    common::Anchor {
        when: Some(common::anchor::When::Day(common::Day {
            date: Some(civil::date(deadline.date)),
            bound: bound.into(),
        })),
    }
}

pub(crate) fn encode_document(document: &Document) -> Option<common::Document> {
    (!document.is_empty()).then(|| common::Document {
        number_as_printed: document.number_as_printed.clone(),
        number: document.number.clone(),
        issuer: document.issuer.clone(),
        date: document.date.map(civil::date),
        dates_seen: document
            .dates_seen
            .iter()
            .copied()
            .map(civil::date)
            .collect(),
        title: document.title.clone(),
        uri: document.uri.clone(),
    })
}

/// What a caller writes: the details and the applicants.
///
/// # Errors
/// Every wrong field, by its name in the batch.
pub(crate) fn decode(batch: &pb::AdmissionBatch) -> Result<(Details, Vec<OrganisationId>)> {
    let mut wrong = Violations::default();
    let name = wrong.check(text::required_line("batch", &batch.batch, BATCH_LIMIT));
    let deadline = wrong.check(decode_deadline(batch.deadline.as_ref()));
    let lead_unit = wrong.check(OrganisationId::parse("lead_unit", &batch.lead_unit));
    let organiser = wrong.check(OrganisationId::parse("organiser", &batch.organiser));
    let document = batch
        .issued_document
        .as_ref()
        .map_or(Ok(Document::default()), decode_document);
    let issued_document = wrong.nested("issued_document", document)?;
    let details = (|| {
        Some(Details {
            batch: name?,
            deadline: deadline?,
            lead_unit: lead_unit?,
            organiser: organiser?,
            issued_document: issued_document?,
        })
    })();
    let Some(details) = details else {
        wrong.into_result()?;
        return Err(Error::internal(anyhow::anyhow!(
            "a part is missing without a violation"
        )));
    };
    let applicants = admission::applicants("applicants", &batch.applicants, &details)?;
    Ok((details, applicants))
}

fn decode_deadline(anchor: Option<&common::Anchor>) -> Result<Deadline, Violation> {
    let anchor = anchor.ok_or_else(|| Violation::required("deadline"))?;
    let Some(common::anchor::When::Day(day)) = &anchor.when else {
        return Err(Violation::malformed("deadline", "một ngày (day)", "a day"));
    };
    let date = civil::parse("deadline.day.date", day.date.as_ref())?;
    match common::Bound::try_from(day.bound) {
        Ok(common::Bound::Unspecified | common::Bound::Through) => Ok(Deadline {
            date,
            bound: Bound::Through,
        }),
        Ok(common::Bound::Before) => Ok(Deadline {
            date,
            bound: Bound::Before,
        }),
        Err(_) => Err(Violation::unknown_value("deadline.day.bound")),
    }
}

fn decode_document(document: &common::Document) -> Result<Document> {
    let mut wrong = Violations::default();
    let number_as_printed = wrong.check(text::line(
        "number_as_printed",
        &document.number_as_printed,
        DECISION_NUMBER_LIMIT,
    ));
    let issuer = wrong.check(text::line("issuer", &document.issuer, DOCUMENT_TEXT_LIMIT));
    let title = wrong.check(text::line("title", &document.title, DOCUMENT_TEXT_LIMIT));
    let date = wrong.check(civil::parse_optional("date", document.date.as_ref()));
    let uri = wrong.check(uri("uri", &document.uri));
    let dates_seen = decode_dates_seen(&document.dates_seen, &mut wrong);
    let document = (|| {
        let number_as_printed = number_as_printed?;
        Some(Document {
            number: normal(&number_as_printed),
            number_as_printed,
            issuer: issuer?,
            date: date?,
            dates_seen,
            title: title?,
            uri: uri?,
        })
    })();
    wrong.finish(document)
}

/// The normal form of a number as printed; empty where it has none, for the
/// printed one is what counts.
fn normal(printed: &str) -> String {
    DocumentNumber::parse(printed)
        .map(|number| number.normal())
        .unwrap_or_default()
}

fn decode_dates_seen(dates: &[common::Date], wrong: &mut Violations) -> Vec<jiff::civil::Date> {
    wrong.require(dates.len() <= DATES_SEEN_LIMIT, || {
        Violation::too_many("dates_seen", DATES_SEEN_LIMIT)
    });
    let dates = dates.iter().take(DATES_SEEN_LIMIT).enumerate();
    dates
        .filter_map(|(index, date)| {
            wrong.check(civil::parse(&format!("dates_seen[{index}]"), Some(date)))
        })
        .collect()
}

fn uri(field: &str, raw: &str) -> Result<String, Violation> {
    let uri = text::line(field, raw, DOCUMENT_TEXT_LIMIT)?;
    let sound =
        uri.is_empty() || (uri.starts_with("https://") && !uri.contains(' ') && uri.is_ascii());
    if sound {
        Ok(uri)
    } else {
        Err(Violation::malformed(
            field,
            "địa chỉ https://",
            "an https:// address",
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;
    use crate::domain::admission::tests::batch;

    #[test]
    fn what_was_encoded_decodes_to_the_same() {
        let mut known = batch();
        known.details.issued_document = Document {
            number_as_printed: "123 KH-LMHTX".to_owned(),
            number: normal("123 KH-LMHTX"),
            issuer: "Liên minh HTX tỉnh".to_owned(),
            date: Some(date(2024, 2, 27)),
            dates_seen: vec![date(2024, 2, 27), date(2024, 2, 28)],
            title: "Kế hoạch tháng hành động".to_owned(),
            uri: "https://example.vn/123".to_owned(),
        };
        assert_eq!(known.details.issued_document.number, "123/KH-LMHTX");
        let (details, applicants) = decode(&encode(&known)).unwrap();
        assert_eq!(details, known.details);
        assert_eq!(applicants, known.applicants);
    }

    #[test]
    fn a_deadline_is_a_day_and_a_link_is_https() {
        let mut sent = encode(&batch());
        sent.deadline = Some(common::Anchor {
            when: Some(common::anchor::When::Window(common::Window::default())),
        });
        sent.issued_document = Some(common::Document {
            uri: "javascript:alert(1)".to_owned(),
            ..common::Document::default()
        });
        let Err(Error::InvalidArgument(violations)) = decode(&sent) else {
            panic!("accepted");
        };
        let fields: Vec<_> = violations.iter().map(|each| each.field.as_str()).collect();
        assert_eq!(fields, ["deadline", "issued_document.uri"]);
    }
}
