//! eSMS, V4 JSON API (developers.esms.vn).

use kit::config::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{SmsOrder, base, client, failed};
use crate::domain::delivery::Evidence;
use crate::domain::outcome::{Verdict, esms, http_status};

const SEND: &str = "/MainService.svc/json/SendMultipleMessage_V4_post_json/";
const STATUS: &str = "/MainService.svc/json/GetSendStatus";

/// Customer care, the kind of message that a brandname sends to people who know it.
const CARE: &str = "2";

/// A client of eSMS.
#[derive(Clone)]
pub struct Esms {
    client: reqwest::Client,
    url: String,
    account: Account,
    callback_url: String,
}

/// An account at the gateway.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its key.
    pub api_key: SecretString,
    /// Its secret.
    pub secret_key: SecretString,
    /// The registered sender.
    pub brandname: String,
}

impl std::fmt::Debug for Esms {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Keys, and the token in the callback, are secrets.
        formatter
            .debug_struct("Esms")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Send<'s> {
    api_key: &'s str,
    secret_key: &'s str,
    phone: &'s str,
    content: &'s str,
    brandname: &'s str,
    sms_type: &'static str,
    is_unicode: &'static str,
    request_id: String,
    callback_url: &'s str,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "CodeResult")]
    code: Text,
    #[serde(rename = "SMSID", default)]
    id: String,
}

#[derive(Deserialize)]
struct Status {
    #[serde(rename = "CodeResponse", alias = "CodeResult")]
    code: Text,
}

/// Codes come as text or as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Number(i64),
}

impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text.trim()),
            Self::Number(number) => number.fmt(formatter),
        }
    }
}

impl Esms {
    /// A client with an account; the gateway reports to `callback_url`, to
    /// nobody when that is empty.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn new(url: &str, account: Account, callback_url: String) -> Result<Self, String> {
        Ok(Self {
            client: client()?,
            url: base(url)?,
            account,
            callback_url,
        })
    }

    pub(super) async fn send(&self, order: &SmsOrder) -> Verdict {
        let request = Send {
            api_key: self.account.api_key.expose_secret(),
            secret_key: self.account.secret_key.expose_secret(),
            phone: order.to.trim_start_matches('+'),
            content: &order.text,
            brandname: &self.account.brandname,
            sms_type: CARE,
            is_unicode: "0",
            request_id: order.id.to_string(),
            callback_url: &self.callback_url,
        };
        let sending = self.client.post(format!("{}{SEND}", self.url));
        let response = match sending.json(&request).send().await {
            Ok(response) => response,
            Err(error) => return failed(&error),
        };
        let status = response.status();
        if !status.is_success() {
            return http_status(status.as_u16());
        }
        match response.json::<Sent>().await {
            Ok(sent) => esms(&sent.code.to_string(), &sent.id),
            Err(_) => Verdict::Unknown {
                reason: "unreadable_answer".to_owned(),
            },
        }
    }

    /// The gateway knows the order by our RequestId, or never had it.
    pub(super) async fn look_up(&self, id: Uuid) -> Option<Evidence> {
        let id = id.to_string();
        let query = [
            ("ApiKey", self.account.api_key.expose_secret()),
            ("SecretKey", self.account.secret_key.expose_secret()),
            ("RequestId", id.as_str()),
        ];
        let url = reqwest::Url::parse_with_params(&format!("{}{STATUS}", self.url), query).ok()?;
        let response = self
            .client
            .get(url)
            .send()
            .await
            .ok()?
            .error_for_status()
            .ok()?;
        let status: Status = response.json().await.ok()?;
        match status.code.to_string().as_str() {
            "100" => Some(Evidence::Accepted),
            "118" => Some(Evidence::NotAccepted),
            _ => None,
        }
    }
}
