//! A plain HTTP gateway: `POST /send {to, text, request_id, callback_url?}` answers `{id}`.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Order, Told, take};
use super::gateway::Shared;
use super::rules::count;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", post(send))
        .route("/send", post(send))
        .route("/messages/{request_id}", get(status))
}

#[derive(Deserialize)]
struct Send {
    to: String,
    text: String,
    request_id: String,
    #[serde(default)]
    callback_url: String,
}

async fn send(State(gateway): State<Arc<Shared>>, Json(order): Json<Send>) -> Response {
    let order = Order {
        brandname: String::new(),
        callback_url: order.callback_url,
        kind: String::new(),
        request_id: order.request_id,
        text: order.text,
        to: order.to,
    };
    let told = take(gateway, order).await;
    match told {
        Told::Accepted(sms) => Json(json!({ "id": sms.id })).into_response(),
        // The same request again is the same order: the answer says which.
        Told::Duplicate(sms) => (
            StatusCode::CONFLICT,
            Json(json!({ "id": sms.id, "error": "duplicate" })),
        )
            .into_response(),
        Told::InProcess => {
            (StatusCode::CONFLICT, Json(json!({ "error": "duplicate" }))).into_response()
        }
        // This API is our own: it has no answers that nobody documented.
        Told::Noise(..) => StatusCode::BAD_GATEWAY.into_response(),
        Told::Refused(code) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!({ "error": format!("refused ({code})") })),
        )
            .into_response(),
        Told::Broken(status) => StatusCode::from_u16(status)
            .unwrap_or(StatusCode::BAD_GATEWAY)
            .into_response(),
    }
}

async fn status(State(gateway): State<Arc<Shared>>, Path(request_id): Path<String>) -> Response {
    count(&gateway.tally.queries);
    match gateway.find(&request_id) {
        Some(sms) => {
            let status = if sms.delivers { "delivered" } else { "failed" };
            Json(json!({ "id": sms.id, "request_id": sms.request_id, "status": status }))
                .into_response()
        }
        None => (StatusCode::NOT_FOUND, Json(json!({ "error": "unknown" }))).into_response(),
    }
}
