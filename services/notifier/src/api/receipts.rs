//! Where SMS gateways report: `GET /receipts/esms/{token}`, as eSMS calls it (page
//! "Callback Url" of developers.esms.vn).
//!
//! The call is not signed; the token in the path is all that tells a gateway
//! from a stranger. A wrong one is answered like a page that does not exist, before
//! anything else of the call is looked at. All that is said is in the query; a body is
//! not read.

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::routing::get;
use kit::database::Pool;
use kit::outbox::Bell;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::store::receipt::{ReceiptNotice, publish};
use crate::work::words;

/// The query of the page's sample has some three hundred bytes.
const LONGEST_QUERY: usize = 2 * 1024;

/// Longest name taken over from a query: our references have 36 characters, the
/// gateway's some more.
const LONGEST_NAME: usize = 64;

/// Longest number: a status has one digit, a count a few.
const LONGEST_NUMBER: usize = 6;

/// What the page needs.
#[derive(Clone)]
pub struct ReceiptPage {
    /// Connections.
    pub pool: Pool,
    /// Wakes the relay.
    pub bell: Bell,
    /// The token, from [`crate::channel::sms::receipt_token`].
    pub token: String,
}

/// The routes of provider receipts.
pub fn router(page: ReceiptPage) -> Router {
    Router::new()
        .route("/receipts/esms/{token}", get(esms))
        .with_state(page)
}

/// The fields that matter; their spelling is the gateway's.
#[derive(Debug, Default, Deserialize)]
struct Report {
    #[serde(rename = "RequestId", default)]
    request_id: String,
    #[serde(rename = "SMSID", default)]
    message_id: String,
    #[serde(rename = "SendStatus", default)]
    status: String,
    #[serde(rename = "SendSuccess", default)]
    success: String,
}

/// Why a report is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// Longer than any report.
    TooLong,
    /// No query, or a field that stands twice.
    Unreadable,
    /// A field holds what it never holds.
    Field(&'static str),
}

async fn esms(
    State(page): State<ReceiptPage>,
    token: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> StatusCode {
    match token {
        Ok(Path(token)) if is_same(&token, &page.token) => {}
        Ok(_) | Err(_) => return StatusCode::NOT_FOUND,
    }
    let report = match read(&uri) {
        Ok(report) => report,
        Err(refused) => {
            tracing::warn!(?refused, "a receipt is not taken");
            return StatusCode::BAD_REQUEST;
        }
    };
    match put(&page, &report).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::warn!(
                cause = words(&error),
                "a receipt could not be kept, the gateway will repeat it"
            );
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

fn read(uri: &Uri) -> Result<Report, Refused> {
    if uri.query().unwrap_or_default().len() > LONGEST_QUERY {
        return Err(Refused::TooLong);
    }
    let Query(report) = Query::<Report>::try_from_uri(uri).or(Err(Refused::Unreadable))?;
    let names = [
        ("RequestId", &report.request_id),
        ("SMSID", &report.message_id),
    ];
    let numbers = [
        ("SendStatus", &report.status),
        ("SendSuccess", &report.success),
    ];
    let bad_name = names.into_iter().find(|(_, text)| !is_name(text));
    let bad_number = numbers.into_iter().find(|(_, text)| !is_number(text));
    match bad_name.or(bad_number) {
        Some((field, _)) => Err(Refused::Field(field)),
        None => Ok(report),
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_number(text: &str) -> bool {
    text.len() <= LONGEST_NUMBER && text.bytes().all(|byte| byte.is_ascii_digit())
}

async fn put(page: &ReceiptPage, report: &Report) -> kit::error::Result<()> {
    let notice = ReceiptNotice {
        provider: "esms".to_owned(),
        reference: report.request_id.clone(),
        status: status(report).to_owned(),
        code: report.status.clone(),
        message_id: report.message_id.clone(),
    };
    let tx = page.pool.begin().await?;
    publish(&tx, &notice).await?;
    tx.commit().await?;
    page.bell.ring();
    Ok(())
}

/// SendStatus of eSMS: 1 pending, 2 waiting, 4 rejected, 5 sent, 7 at the telco;
/// 5 without a success has failed.
fn status(report: &Report) -> &'static str {
    match (report.status.as_str(), report.success.as_str()) {
        ("5", "0" | "") => "failed",
        ("5", _) => "delivered",
        ("4", _) => "rejected",
        _ => "pending",
    }
}

/// Compares digests, so that the time it takes tells nothing about the token.
fn is_same(given: &str, expected: &str) -> bool {
    Sha256::digest(given.as_bytes()) == Sha256::digest(expected.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn report(status: &str, success: &str) -> Report {
        Report {
            status: status.to_owned(),
            success: success.to_owned(),
            ..Report::default()
        }
    }

    fn told(query: &str) -> Result<Report, Refused> {
        read(&format!("http://x/receipts/esms/t?{query}").parse().unwrap())
    }

    #[test]
    fn the_sample_of_the_page_is_read() {
        let report = told(
            "SMSID=dc712784-9c5f-4c69-b9a8-ea69d56adc9a87&SendFailed=2&SendStatus=5&SendSuccess=0\
             &TotalPrice=0.0000&TotalReceiver=2&TotalSent=2&RequestId=&TypeId=2&telcoid=1\
             &phonenumber=0901888484&switchsmsid=",
        )
        .unwrap();
        assert_eq!(report.message_id, "dc712784-9c5f-4c69-b9a8-ea69d56adc9a87");
        assert_eq!(status(&report), "failed");
    }

    #[test]
    fn what_no_gateway_says_is_refused_by_name() {
        let long = "x".repeat(LONGEST_NAME + 1);
        for (query, refused) in [
            (
                format!("Note={}", "x".repeat(LONGEST_QUERY)),
                Refused::TooLong,
            ),
            (format!("RequestId={long}"), Refused::Field("RequestId")),
            (format!("SMSID={long}"), Refused::Field("SMSID")),
            ("RequestId=a%00b".to_owned(), Refused::Field("RequestId")),
            // A text in Latin-1.
            ("SMSID=Th%E0nh".to_owned(), Refused::Field("SMSID")),
            ("SendStatus=5%0A5".to_owned(), Refused::Field("SendStatus")),
            ("SendSuccess=yes".to_owned(), Refused::Field("SendSuccess")),
            (
                "SendSuccess=1234567".to_owned(),
                Refused::Field("SendSuccess"),
            ),
            ("SendStatus=4&SendStatus=5".to_owned(), Refused::Unreadable),
        ] {
            assert_eq!(told(&query).unwrap_err(), refused, "{query}");
        }
    }

    #[test]
    fn sent_without_success_has_failed() {
        for (code, success, expected) in [
            ("5", "1", "delivered"),
            ("5", "0", "failed"),
            ("4", "0", "rejected"),
            ("1", "0", "pending"),
            ("7", "", "pending"),
        ] {
            assert_eq!(status(&report(code, success)), expected);
        }
    }

    #[test]
    fn only_the_token_opens_the_page() {
        assert!(is_same("secret", "secret"));
        assert!(!is_same("secre", "secret"));
        assert!(!is_same("", "secret"));
    }
}
