//! The eSMS V4 JSON API, as its public documentation tells it (developers.esms.vn, "eSMS API").
//!
//! Every answer below names the page that it is from. What no page says is played as the sender
//! would like it least.

mod noise;
mod order;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Told, take};
use super::gateway::{AcceptedSms, Shared};
use super::rules::count;
use order::Send;

pub use noise::Noise;

// Page "Table of error codes".
pub(super) const ACCEPTED: u16 = 100;
const WRONG_KEYS: u16 = 101;
const NO_BRANDNAME: u16 = 104;
const NOT_FOUND: u16 = 105;
pub(super) const WRONG_NUMBER: u16 = 108;
const WRONG_DATA: u16 = 110;
const WRONG_TYPE: u16 = 118;
const DUPLICATE: u16 = 124;
const IN_PROCESS: u16 = 199;
const NO_TYPE: u16 = 300;

pub(super) fn routes() -> Router<Arc<Shared>> {
    // Page "Send OTP/Customer care message".
    const SEND: &str = "/MainService.svc/json/SendMultipleMessage_V4_post_json";
    // Page "Get SMS by SMSID".
    const STATUS: &str = "/MainService.svc/json/GetSendStatus";
    Router::new()
        .route(SEND, post(send))
        .route(&format!("{SEND}/"), post(send))
        .route(STATUS, get(status))
        .route(&format!("{STATUS}/"), get(status))
}

async fn send(State(gateway): State<Arc<Shared>>, Json(asked): Json<Send>) -> Response {
    if !gateway.knows(&asked.api_key, &asked.secret_key) {
        return refused(WRONG_KEYS, "Authorize Failed");
    }
    if let Err((code, message)) = asked.check() {
        return refused(code, message);
    }
    if asked.is_rehearsal() {
        return accepted(&uuid::Uuid::now_v7().to_string());
    }
    match take(gateway, asked.into_order()).await {
        Told::Accepted(sms) => accepted(&sms.id),
        Told::Noise(noise, sms) => noise.answer(&sms.id),
        // Page "Send OTP/Customer care message": RequestId keeps a request from being doubled.
        // The table gives the code; nothing says that the SMSID comes with it, so it does not.
        Told::Duplicate(_) => refused(DUPLICATE, "Duplicate RequestId"),
        // Page "Table of error codes": 199, the request exists and is being processed.
        Told::InProcess => refused(IN_PROCESS, "This request already exists, processing"),
        Told::Refused(code) => refused(code, "Refused"),
        Told::Broken(status) => StatusCode::from_u16(status)
            .unwrap_or(StatusCode::BAD_GATEWAY)
            .into_response(),
    }
}

/// Page "Send OTP/Customer care message": the answer to a valid request.
fn accepted(id: &str) -> Response {
    let code = ACCEPTED.to_string();
    Json(json!({ "CodeResult": code, "CountRegenerate": 0, "SMSID": id })).into_response()
}

/// The same page: ErrorMessage where the request is invalid. It comes with HTTP 200.
fn refused(code: u16, message: &str) -> Response {
    let code = code.to_string();
    Json(json!({ "CodeResult": code, "CountRegenerate": 0, "ErrorMessage": message }))
        .into_response()
}

/// Page "Get SMS by SMSID": a message is asked for by RefId, the SMSID, and by nothing else.
#[derive(Deserialize)]
struct Status {
    #[serde(rename = "RefId", default)]
    reference: String,
    #[serde(rename = "ApiKey", default)]
    api_key: String,
    #[serde(rename = "SecretKey", default)]
    secret_key: String,
}

async fn status(State(gateway): State<Arc<Shared>>, Query(query): Query<Status>) -> Response {
    if !gateway.knows(&query.api_key, &query.secret_key) {
        return not_told(WRONG_KEYS, &query.reference);
    }
    count(&gateway.tally.queries);
    let found = gateway.find_by_id(&query.reference);
    match found.filter(|sms| !gateway.rules.hides(&sms.to)) {
        Some(sms) => told(&sms),
        // Page "Table of error codes": 105, of this very request.
        None => not_told(NOT_FOUND, &query.reference),
    }
}

/// Page "Get SMS by SMSID": the answer to a valid request.
fn told(sms: &AcceptedSms) -> Response {
    Json(json!({
        "CodeResponse": ACCEPTED.to_string(),
        "SMSID": sms.id,
        "SendFailed": u8::from(!sms.delivers),
        "SendStatus": 5,
        "SendSuccess": u8::from(sms.delivers),
        "TotalPrice": sms.price(),
        "TotalReceiver": 1,
        "TotalSent": 1,
    }))
    .into_response()
}

/// The same page: the answer to an invalid one repeats what was asked for.
fn not_told(code: u16, reference: &str) -> Response {
    Json(json!({ "CodeResponse": code.to_string(), "SMSID": reference })).into_response()
}
