//! `taxcode`, `phone`, `docnum`.

use jiff::civil::Date;
use serde::Serialize;
use vietnam::docnum::DocumentNumber;
use vietnam::phone::{Kind, Phone};
use vietnam::taxcode::TaxCode;

use super::topic::{Problem, Topic, Verdict, fields, write_json};

#[derive(Serialize)]
struct CheckedCode {
    valid: bool,
    normal: Option<String>,
    branch: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A code of another shape is an error and, for whoever only asks that, not valid.
pub(super) fn taxcode() -> Topic {
    Topic::Each(Box::new(|item, out| match TaxCode::read(item) {
        Ok(code) => {
            let normal = Some(code.to_string());
            write_json(
                out,
                &CheckedCode {
                    valid: code.is_valid(),
                    normal,
                    branch: code.branch(),
                    error: None,
                },
            );
            Ok(Verdict::Read)
        }
        Err(error) => {
            let error = Some(error.to_string());
            write_json(
                out,
                &CheckedCode {
                    valid: false,
                    normal: None,
                    branch: None,
                    error,
                },
            );
            Ok(Verdict::Refused)
        }
    }))
}

#[derive(Serialize)]
struct Number {
    e164: String,
    kind: &'static str,
    sms: bool,
    domestic: String,
}

pub(super) fn phone() -> Topic {
    fields(|item| {
        let phone = Phone::parse(item).map_err(Problem::of)?;
        let kind = match phone.kind() {
            Kind::Mobile => "mobile",
            Kind::Landline => "landline",
        };
        Ok(Number {
            e164: phone.e164(),
            kind,
            sms: phone.can_receive_sms(),
            domestic: phone.domestic(),
        })
    })
}

#[derive(Serialize)]
struct Document {
    normal: String,
    printed: String,
    number: Option<u32>,
    year: Option<i16>,
    #[serde(rename = "type")]
    kind: Option<String>,
    issuer: String,
    unit: Option<String>,
    party: bool,
    date: Option<Date>,
    subject: Option<String>,
}

pub(super) fn docnum() -> Topic {
    fields(|item| {
        let read = DocumentNumber::parse(item).map_err(Problem::of)?;
        Ok(Document {
            normal: read.normal(),
            printed: read.printed().to_owned(),
            number: read.number(),
            year: read.year(),
            kind: read.kind().map(str::to_owned),
            issuer: read.issuer().to_owned(),
            unit: read.unit().map(str::to_owned),
            party: read.is_party(),
            date: read.date(),
            subject: read.subject().map(str::to_owned),
        })
    })
}
