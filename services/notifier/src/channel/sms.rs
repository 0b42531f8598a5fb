//! SMS through HTTP gateways.
//!
//! **Guarantee**: an order is posted under the delivery's id, with the same text at every
//! attempt, and a gateway that knows it again does not send it twice.
//!
//! What became of an order whose answer is missing or cannot be read, the generic API
//! tells by that id. eSMS tells only of a message that it has named itself (SMSID), and
//! mostly that name was in the answer that got lost. So within its 24 hours
//! ([`SmsGateway::guard`]) the same order is posted again:
//!
//! - It answers 124 or 199: the first post had arrived, and this one sends nothing. Accepted.
//! - It answers 100: the first post had *not* arrived, and **this one is the sending**.
//!   It has therefore gone the way of any sending: claimed, committed by `commit_send`
//!   while the matter stands and is useful, recorded by `finish`; and it keeps the night.
//! - It refuses: this post was not sent. Of the first one that says nothing, for nobody
//!   says whether a gateway looks for the id before it looks at number, text or balance:
//!   the row stays in doubt, and ends PARKED rather than FAILED.
//! - It answers nothing again: posted again, later each time.
//!
//! When the 24 hours are over the same order would be a second message: `commit_send`
//! lets none leave that is in doubt, and the class decides as it does for emails.

mod answer;
mod esms;
mod generic;

use std::time::Duration;

use uuid::Uuid;

use crate::domain::delivery::Evidence;
use crate::domain::outcome::{AWAY_PAUSE, ESMS_GUARD, Verdict};
use answer::Unreadable;

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

/// What became of an order, and the gateway's name for it where it told one.
#[derive(Clone, Debug)]
pub struct Handed {
    /// What became of it.
    pub verdict: Verdict,
    /// The gateway's name for it.
    pub reference: String,
    /// Why the way there is not to be trusted, where that is the reason.
    pub cause: String,
}

impl From<Verdict> for Handed {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            reference: String::new(),
            cause: String::new(),
        }
    }
}

impl From<Unreadable> for Handed {
    fn from(unreadable: Unreadable) -> Self {
        unknown(unreadable.word()).into()
    }
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
    pub async fn send(&self, order: &SmsOrder) -> Handed {
        match self {
            Self::None => Handed::from(Verdict::Failed {
                reason: "no_sms_gateway".to_owned(),
                suppress: false,
            }),
            Self::Esms(esms) => esms.send(order).await,
            Self::Generic(generic) => generic.send(order).await,
        }
    }

    /// What the gateway knows of an order, which it may have named itself; `None` when
    /// it cannot be asked.
    pub async fn look_up(&self, id: Uuid, reference: &str) -> Option<Evidence> {
        match self {
            Self::None => None,
            Self::Esms(esms) => esms.look_up(reference).await,
            Self::Generic(generic) => generic.look_up(id).await,
        }
    }

    /// How long the gateway knows the same order again where it cannot be asked by our
    /// id: for so long the order itself may ask.
    #[must_use]
    pub const fn guard(&self) -> Option<Duration> {
        match self {
            Self::Esms(_) => Some(ESMS_GUARD),
            Self::None | Self::Generic(_) => None,
        }
    }
}

/// A client whose answers are complete within this time.
fn client(answer_timeout: Duration) -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(answer_timeout)
        // The keys go to the address that the operator gave, and to no other.
        .redirect(reqwest::redirect::Policy::none())
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
fn failed(error: &reqwest::Error) -> Handed {
    if let Some(cause) = kit::tls::cause(error).filter(|_| error.is_connect()) {
        return Handed {
            cause,
            ..away("tls_failed").into()
        };
    }
    let verdict = if error.is_connect() || error.is_builder() {
        away("connect_failed")
    } else if error.is_timeout() {
        unknown("timeout")
    } else {
        unknown("connection_lost")
    };
    verdict.into()
}

fn away(reason: &str) -> Verdict {
    Verdict::Away {
        reason: reason.to_owned(),
        pause: AWAY_PAUSE,
    }
}

fn unknown(reason: &str) -> Verdict {
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
