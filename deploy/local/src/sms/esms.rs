//! The eSMS V4 JSON API, as documented at developers.esms.vn.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Order, Told, take};
use super::gateway::Shared;
use super::rules::count;

pub(super) fn routes() -> Router<Arc<Shared>> {
    const SEND: &str = "/MainService.svc/json/SendMultipleMessage_V4_post_json";
    const STATUS: &str = "/MainService.svc/json/GetSendStatus";
    const RECEIVERS: &str = "/MainService.svc/json/GetSmsReceiverStatus_get";
    Router::new()
        .route(SEND, post(send))
        .route(&format!("{SEND}/"), post(send))
        .route(STATUS, get(status))
        .route(&format!("{STATUS}/"), get(status))
        .route(RECEIVERS, get(status))
        .route(&format!("{RECEIVERS}/"), get(status))
}

/// The order. Numbers and booleans come as text or as numbers from different senders.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Send {
    api_key: String,
    brandname: String,
    callback_url: String,
    content: String,
    phone: String,
    request_id: String,
    secret_key: String,
    sms_type: Value,
}

impl Default for Send {
    fn default() -> Self {
        Self {
            api_key: String::new(),
            brandname: String::new(),
            callback_url: String::new(),
            content: String::new(),
            phone: String::new(),
            request_id: String::new(),
            secret_key: String::new(),
            sms_type: Value::from("2"),
        }
    }
}

/// The documentation limits a RequestId to so many characters.
const LONGEST_REQUEST_ID: usize = 50;

async fn send(State(gateway): State<Arc<Shared>>, Json(order): Json<Send>) -> Response {
    if !gateway.knows(&order.api_key, &order.secret_key) {
        return refused(101, "Authorize Failed");
    }
    if order.request_id.chars().count() > LONGEST_REQUEST_ID
        || order.phone.is_empty()
        || order.content.is_empty()
    {
        return refused(99, "Invalid parameters");
    }
    let kind = order
        .sms_type
        .as_str()
        .map_or_else(|| order.sms_type.to_string(), ToOwned::to_owned);
    let order = Order {
        brandname: order.brandname,
        callback_url: order.callback_url,
        kind,
        request_id: order.request_id,
        text: order.content,
        to: order.phone,
    };
    let told = take(gateway, order).await;
    match told {
        Told::Accepted(sms) => {
            Json(json!({ "CodeResult": "100", "CountRegenerate": 0, "SMSID": sms.id }))
                .into_response()
        }
        Told::Duplicate(_) => refused(124, "Duplicate RequestId"),
        Told::Refused(code) => refused(code, "Refused"),
        Told::Broken(status) => StatusCode::from_u16(status)
            .unwrap_or(StatusCode::BAD_GATEWAY)
            .into_response(),
    }
}

/// Refusals come with HTTP 200 and a code in the body.
fn refused(code: u16, message: &str) -> Response {
    Json(json!({ "CodeResult": code.to_string(), "CountRegenerate": 0, "ErrorMessage": message }))
        .into_response()
}

#[derive(Deserialize)]
struct Status {
    #[serde(rename = "RefId", default)]
    reference: String,
    #[serde(rename = "RequestId", default)]
    request_id: String,
    #[serde(rename = "ApiKey", default)]
    api_key: String,
    #[serde(rename = "SecretKey", default)]
    secret_key: String,
}

/// What became of an order, asked by the gateway's id (`RefId`) or by the sender's (`RequestId`).
async fn status(State(gateway): State<Arc<Shared>>, Query(query): Query<Status>) -> Response {
    if !gateway.knows(&query.api_key, &query.secret_key) {
        return refused(101, "Authorize Failed");
    }
    count(&gateway.tally.queries);
    let wanted = if query.request_id.is_empty() {
        &query.reference
    } else {
        &query.request_id
    };
    let found = gateway.find(wanted).or_else(|| gateway.find_by_id(wanted));
    match found.filter(|sms| !gateway.rules.hides(&sms.to)) {
        Some(sms) => Json(json!({
            "CodeResponse": "100",
            "SMSID": sms.id,
            "RequestId": sms.request_id,
            "SendStatus": 5,
            "SendSuccess": u8::from(sms.delivers),
            "SendFailed": u8::from(!sms.delivers),
            "ReceiverList": [{ "Phone": sms.to, "IsSent": true, "SentResult": sms.delivers }],
        }))
        .into_response(),
        None => Json(json!({ "CodeResponse": "118", "ErrorMessage": "Not found" })).into_response(),
    }
}
