//! Rosters on the wire.

use kit::language::Language;
use lienminh_proto::registry::v1 as pb;

use crate::domain::roster::{Outcome, RawRow, Report};

pub(crate) fn decode_row(row: &pb::RosterRow) -> RawRow {
    let row = row.clone();
    RawRow {
        line: row.line,
        roster_code: row.roster_code,
        kind: row.kind,
        display_name: row.display_name,
        tax_code: row.tax_code,
        address: row.address,
        locality: row.locality,
        province_code: row.province_code,
        cluster: row.cluster,
        parent_code: row.parent_code,
        membership: row.membership,
        decision_number: row.decision_number,
        admit_date: row.admit_date,
        position: row.position,
        person_name: row.person_name,
        email: row.email,
        phone: row.phone,
        advert_consent: row.advert_consent,
        salutation: row.salutation,
    }
}

pub(crate) fn encode_report(report: &Report, language: Language) -> pb::RowReport {
    let outcome = match report.outcome {
        Outcome::Created => pb::RowOutcome::Created,
        Outcome::Updated => pb::RowOutcome::Updated,
        Outcome::Unchanged => pb::RowOutcome::Unchanged,
        Outcome::Refused => pb::RowOutcome::Refused,
        Outcome::Waiting => pb::RowOutcome::Waiting,
    };
    let remarks = report.remarks.iter();
    pb::RowReport {
        line: report.line,
        outcome: outcome.into(),
        organisation: report
            .organisation
            .map(|id| id.to_string())
            .unwrap_or_default(),
        remarks: remarks
            .clone()
            .map(|remark| remark.sentence.text(language).to_owned())
            .collect(),
        fields: remarks.map(|remark| remark.field.clone()).collect(),
        confirmation: report
            .confirmation
            .as_ref()
            .map(|each| each.as_str().to_owned())
            .unwrap_or_default(),
    }
}
