//! An order as page "Send OTP/Customer care message" describes it, and what is wrong with one.

use serde::Deserialize;
use serde_json::Value;

use super::{NO_BRANDNAME, NO_TYPE, WRONG_DATA, WRONG_NUMBER, WRONG_TYPE};
use crate::sms::answer::{Order, national};

/// A RequestId has at most so many characters.
const LONGEST_REQUEST_ID: usize = 50;

/// Page "Send OTP/Customer care message".
const CARE: &str = "2";

/// Page "Send fixed number with cheap price", by the same request; it shows no brandname.
const FIXED_NUMBER: &str = "8";

/// The fields of the page. Numbers come as text or as numbers from different senders.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Send {
    pub(super) api_key: String,
    brandname: String,
    callback_url: String,
    content: String,
    phone: String,
    request_id: String,
    sandbox: Value,
    pub(super) secret_key: String,
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
            sandbox: Value::Null,
            secret_key: String::new(),
            sms_type: Value::Null,
        }
    }
}

impl Send {
    /// What the table of error codes says of it.
    pub(super) fn check(&self) -> Result<(), (u16, &'static str)> {
        let kind = word(&self.sms_type);
        if kind.is_empty() {
            return Err((NO_TYPE, "Missing message type"));
        }
        if kind != CARE && kind != FIXED_NUMBER {
            return Err((WRONG_TYPE, "Unsupported message type"));
        }
        if kind == CARE && self.brandname.is_empty() {
            return Err((NO_BRANDNAME, "Brandname does not exist"));
        }
        if !is_mobile(&national(&self.phone)) {
            return Err((WRONG_NUMBER, "Phone number is not in correct format"));
        }
        // No page says what a missing text or an overlong id is answered with.
        if self.content.is_empty() || self.request_id.chars().count() > LONGEST_REQUEST_ID {
            return Err((WRONG_DATA, "The requested data is incorrect"));
        }
        Ok(())
    }

    /// Sandbox 1: the request is checked, and nothing is sent or charged.
    pub(super) fn is_rehearsal(&self) -> bool {
        word(&self.sandbox) == "1"
    }

    pub(super) fn into_order(self) -> Order {
        Order {
            brandname: self.brandname,
            callback_url: self.callback_url,
            kind: word(&self.sms_type),
            request_id: self.request_id,
            text: self.content,
            to: self.phone,
        }
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Ten digits since 2018; area codes begin with 02, and no text reaches a landline.
fn is_mobile(number: &str) -> bool {
    number.len() == 10
        && number.starts_with(['0'])
        && matches!(number.as_bytes()[1], b'3' | b'5' | b'7' | b'8' | b'9')
}
