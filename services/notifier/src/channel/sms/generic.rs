//! A plain HTTP gateway: `POST /send {to, text, request_id, callback_url}` answers
//! `{id}`; 409 is a duplicate, 422 a refusal; `GET /messages/{request_id}` tells
//! what it knows.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::json;
use super::{ANSWER_TIMEOUT, Handed, SmsOrder, base, client, failed};
use crate::domain::delivery::Evidence;
use crate::domain::outcome::{Verdict, http_status};

/// A client of such a gateway.
#[derive(Clone)]
pub struct Generic {
    client: reqwest::Client,
    url: String,
    callback_url: String,
}

impl std::fmt::Debug for Generic {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Generic")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Send<'s> {
    to: &'s str,
    text: &'s str,
    request_id: String,
    callback_url: &'s str,
}

#[derive(Default, Deserialize)]
struct Sent {
    #[serde(default)]
    id: String,
}

impl Generic {
    /// A client; the gateway reports to `callback_url`, to nobody when that is empty.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn new(url: &str, callback_url: String) -> Result<Self, String> {
        Ok(Self {
            client: client(ANSWER_TIMEOUT)?,
            url: base(url)?,
            callback_url,
        })
    }

    pub(super) async fn send(&self, order: &SmsOrder) -> Handed {
        let request = Send {
            to: &order.to,
            text: &order.text,
            request_id: order.id.to_string(),
            callback_url: &self.callback_url,
        };
        let sending = self.client.post(format!("{}/send", self.url));
        let response = match sending.json(&request).send().await {
            Ok(response) => response,
            Err(error) => return failed(&error),
        };
        match response.status().as_u16() {
            // 409: it was taken before, so an earlier answer got lost. The status tells
            // that it was taken; its name is welcome and not needed.
            200..=299 | 409 => {
                let reference = json::<Sent>(response).await.unwrap_or_default().id;
                let verdict = Verdict::Accepted {
                    reference: reference.clone(),
                };
                Handed {
                    reference,
                    ..verdict.into()
                }
            }
            status => http_status(status).into(),
        }
    }

    pub(super) async fn look_up(&self, id: Uuid) -> Option<Evidence> {
        let asking = self.client.get(format!("{}/messages/{id}", self.url));
        match asking.send().await.ok()?.status().as_u16() {
            200 => Some(Evidence::Accepted),
            404 => Some(Evidence::NotAccepted),
            _ => None,
        }
    }
}
