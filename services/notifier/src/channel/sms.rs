//! SMS through HTTP gateways.
//!
//! The reference of an order is the delivery's id, the same at every attempt:
//! a gateway that knows it answers "duplicate", which counts as accepted.

mod esms;
mod generic;

use std::time::Duration;

use uuid::Uuid;

use crate::domain::delivery::Evidence;
use crate::domain::outcome::{AWAY_PAUSE, Verdict};

pub use esms::{Account, Esms};
pub use generic::Generic;

/// A gateway is reached within this time or not at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Gateways answer within seconds; after this nobody knows what became of the order.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// An SMS to be handed over.
#[derive(Clone, Debug)]
pub struct SmsOrder {
    /// The delivery: our reference.
    pub id: Uuid,
    /// E.164.
    pub to: String,
    /// The text.
    pub text: String,
}

/// The gateway in use.
#[derive(Clone, Debug)]
pub enum SmsGateway {
    /// None: no SMS is sent.
    None,
    /// eSMS, V4 JSON API.
    Esms(Esms),
    /// A plain HTTP gateway.
    Generic(Generic),
}

impl SmsGateway {
    /// Hands an order over; never fails, every end is a verdict.
    pub async fn send(&self, order: &SmsOrder) -> Verdict {
        match self {
            Self::None => Verdict::Failed {
                reason: "no_sms_gateway".to_owned(),
                suppress: false,
            },
            Self::Esms(esms) => esms.send(order).await,
            Self::Generic(generic) => generic.send(order).await,
        }
    }

    /// What the gateway knows of an order; `None` when it cannot be asked.
    pub async fn look_up(&self, id: Uuid) -> Option<Evidence> {
        match self {
            Self::None => None,
            Self::Esms(esms) => esms.look_up(id).await,
            Self::Generic(generic) => generic.look_up(id).await,
        }
    }
}

fn client() -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ANSWER_TIMEOUT)
        .build()
        .map_err(|_| "the HTTP client cannot be made".to_owned())
}

fn base(url: &str) -> Result<String, String> {
    let parsed = reqwest::Url::parse(url)
        .map_err(|_| "the address of the SMS gateway cannot be read".to_owned())?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err("the address of the SMS gateway must begin with https://".to_owned());
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// A request that failed on its way: before a connection stood nothing was sent.
fn failed(error: &reqwest::Error) -> Verdict {
    if error.is_connect() || error.is_builder() {
        return Verdict::Away {
            reason: "connect_failed".to_owned(),
            pause: AWAY_PAUSE,
        };
    }
    let reason = if error.is_timeout() {
        "timeout"
    } else {
        "connection_lost"
    };
    Verdict::Unknown {
        reason: reason.to_owned(),
    }
}

/// The part of the callback's path that only the gateway and we know.
#[must_use]
pub fn receipt_token(secret: &[u8]) -> String {
    use base64::Engine;
    use sha2::{Digest, Sha256};
    let digest = Sha256::new()
        .chain_update(b"lienminh receipts")
        .chain_update(secret)
        .finalize();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest)
}
