//! eSMS, V4 JSON API (developers.esms.vn: "Send OTP/Customer care message", "Get SMS by
//! SMSID", "Table of error codes").

use kit::config::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::answer::json;
use super::{ANSWER_TIMEOUT, Handed, SmsOrder, base, client, failed};
use crate::domain::delivery::Evidence;
use crate::domain::outcome::{Verdict, esms, esms_status, http_status};

const SEND: &str = "/MainService.svc/json/SendMultipleMessage_V4_post_json/";
const STATUS: &str = "/MainService.svc/json/GetSendStatus";

/// Customer care, the kind of message that a brandname sends to people who know it.
const CARE: &str = "2";

/// Letters without marks: a text with marks takes three times the segments.
const PLAIN: &str = "0";

/// Sent and charged.
const NO_REHEARSAL: &str = "0";

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

/// The request, field by field as the page has it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Send<'s> {
    api_key: &'s str,
    content: &'s str,
    phone: &'s str,
    secret_key: &'s str,
    brandname: &'s str,
    sms_type: &'static str,
    is_unicode: &'static str,
    sandbox: &'static str,
    request_id: String,
    callback_url: &'s str,
}

/// `CodeResult` is of a sending, `CodeResponse` of a look-up.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "CodeResult", alias = "CodeResponse")]
    code: Option<Word>,
    #[serde(rename = "SMSID")]
    id: Option<Word>,
}

/// Codes come as text or as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Number(i64),
}

impl Word {
    fn of(word: Option<Self>) -> String {
        match word {
            None => String::new(),
            Some(Self::Text(text)) => text.trim().to_owned(),
            Some(Self::Number(number)) => number.to_string(),
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
            client: client(ANSWER_TIMEOUT)?,
            url: base(url)?,
            account,
            callback_url,
        })
    }

    pub(super) async fn send(&self, order: &SmsOrder) -> Handed {
        let request = Send {
            api_key: self.account.api_key.expose_secret(),
            content: &order.text,
            phone: order.to.trim_start_matches('+'),
            secret_key: self.account.secret_key.expose_secret(),
            brandname: &self.account.brandname,
            sms_type: CARE,
            is_unicode: PLAIN,
            sandbox: NO_REHEARSAL,
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
            return http_status(status.as_u16()).into();
        }
        match json::<Answer>(response).await {
            Ok(answer) => answer.into_handed(),
            Err(unreadable) => unreadable.into(),
        }
    }

    /// The gateway tells of a message by its own name for it, and of no other.
    pub(super) async fn look_up(&self, reference: &str) -> Option<Evidence> {
        if reference.is_empty() {
            return None;
        }
        let query = [
            ("RefId", reference),
            ("ApiKey", self.account.api_key.expose_secret()),
            ("SecretKey", self.account.secret_key.expose_secret()),
        ];
        let url = reqwest::Url::parse_with_params(&format!("{}{STATUS}", self.url), query).ok()?;
        let asking = self.client.get(url).send().await;
        let response = asking.ok()?.error_for_status().ok()?;
        let answer: Answer = json(response).await.ok()?;
        esms_status(&Word::of(answer.code))
    }
}

impl Answer {
    fn into_handed(self) -> Handed {
        let reference = Word::of(self.id);
        let verdict = match self.code {
            Some(code) => esms(&Word::of(Some(code)), &reference),
            None => Verdict::Unknown {
                reason: "answer_without_code".to_owned(),
            },
        };
        Handed {
            reference,
            ..verdict.into()
        }
    }
}
