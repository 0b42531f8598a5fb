//! Where SMS gateways report: `GET /receipts/esms/{token}`, as eSMS calls it.
//!
//! The call is not signed; the token in the path is all that tells a gateway
//! from a stranger. A wrong one is answered like a page that does not exist.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use kit::database::Pool;
use kit::outbox::Bell;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::store::receipt::{ReceiptNotice, publish};
use crate::work::words;

/// Longest value taken over from a query: our references have 36 characters.
const LONGEST: usize = 64;

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
#[derive(Debug, Deserialize)]
struct Report {
    #[serde(rename = "RequestId", default)]
    request_id: String,
    #[serde(rename = "SendStatus", default)]
    status: String,
    #[serde(rename = "SendSuccess", default)]
    success: String,
}

async fn esms(
    State(page): State<ReceiptPage>,
    Path(token): Path<String>,
    Query(report): Query<Report>,
) -> StatusCode {
    if !is_same(&token, &page.token) {
        return StatusCode::NOT_FOUND;
    }
    if report.request_id.len() > LONGEST || report.status.len() > LONGEST {
        return StatusCode::BAD_REQUEST;
    }
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

async fn put(page: &ReceiptPage, report: &Report) -> kit::error::Result<()> {
    let notice = ReceiptNotice {
        provider: "esms".to_owned(),
        reference: report.request_id.clone(),
        status: status(report).to_owned(),
        code: report.status.clone(),
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
    use super::*;

    fn report(status: &str, success: &str) -> Report {
        Report {
            request_id: String::new(),
            status: status.to_owned(),
            success: success.to_owned(),
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
