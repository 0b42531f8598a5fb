//! The server and what it has accepted.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::callback::{Callbacks, Outstanding};
use super::rules::{SmsCounters, SmsRules, Tally};
use super::{esms, generic};
use crate::acceptance::AcceptanceLog;
use crate::wait;

/// Price of one segment in đồng, of the order that gateways charge.
const PRICE: usize = 800;

/// A RequestId is known again for so long (page "Send OTP/Customer care message").
const KNOWN_AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// A message can be asked for so long (page "Get SMS by SMSID": the last seven days).
const TOLD_OF: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Where a gateway listens and whom it serves.
#[derive(Clone, Debug)]
pub struct SmsOptions {
    /// The acceptance log.
    pub log: PathBuf,
    /// Port 0 is any free one.
    pub listen: SocketAddr,
    /// The sender's key and secret (eSMS API only).
    pub credentials: (String, String),
}

impl SmsOptions {
    /// On a free loopback port, with the log under `folder` and the keys `stage` and `stage`.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            log: folder.join("sms-accepted.jsonl"),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            credentials: ("stage".to_owned(), "stage".to_owned()),
        }
    }
}

/// One accepted message: a line of the acceptance log.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct AcceptedSms {
    /// Counts from 1 in each gateway.
    pub number: u64,
    /// When, by this machine's clock.
    pub at: jiff::Timestamp,
    /// The gateway's id (SMSID).
    pub id: String,
    /// The sender's id.
    pub request_id: String,
    /// In national form.
    pub to: String,
    /// The text as received.
    pub text: String,
    /// How many segments the gateway counts.
    pub segments: usize,
    /// The sender shown; empty in the generic API.
    pub brandname: String,
    /// eSMS SmsType: 1 advert, 2 care, 8 fixed number; empty in the generic API.
    pub kind: String,
    /// Whether the handset takes it.
    pub delivers: bool,
}

impl AcceptedSms {
    /// What it costs, as the gateway writes amounts.
    pub(super) fn price(&self) -> String {
        format!("{}.0000", self.segments * PRICE)
    }
}

/// A running gateway; dropping it closes it.
#[derive(Debug)]
pub struct SmsGateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) callbacks: Callbacks,
    credentials: (String, String),
    kept: Mutex<Kept>,
    pub(super) log: AcceptanceLog,
    pub(super) numbers: AtomicU64,
    pub(super) rules: SmsRules,
    pub(super) tally: Arc<Tally>,
}

#[derive(Debug, Default)]
struct Kept {
    accepted: Vec<AcceptedSms>,
    by_request: HashMap<String, usize>,
    in_hand: HashSet<String>,
    /// How far its clock is ahead of this machine's.
    ahead: SignedDuration,
}

/// What the gateway knows of a sender's id.
pub(super) enum Known {
    New,
    Accepted(AcceptedSms),
    InHand,
}

impl SmsGateway {
    /// Listens.
    ///
    /// # Errors
    /// When the port is taken or the log cannot be opened.
    pub async fn start(options: SmsOptions) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(options.listen)
            .await
            .with_context(|| format!("cannot listen for SMS orders on {}", options.listen))?;
        let address = listener
            .local_addr()
            .context("a listener without an address")?;
        let stop = CancellationToken::new();
        let tally = Arc::new(Tally::default());
        let shared = Arc::new(Shared {
            callbacks: Callbacks::new(tally.clone(), stop.clone())?,
            credentials: options.credentials,
            kept: Mutex::default(),
            log: AcceptanceLog::open(&options.log)?,
            numbers: AtomicU64::new(0),
            rules: SmsRules::default(),
            tally,
        });
        let routes = esms::routes()
            .merge(generic::routes())
            .with_state(shared.clone());
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(async move { axum::serve(listener, routes).await }),
        );
        Ok(Self {
            address,
            shared,
            stop,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Who is treated how.
    #[must_use]
    pub fn rules(&self) -> &SmsRules {
        &self.shared.rules
    }

    /// The acceptance log's file.
    #[must_use]
    pub fn log(&self) -> &Path {
        self.shared.log.path()
    }

    /// What it has seen and done.
    #[must_use]
    pub fn counters(&self) -> SmsCounters {
        self.shared.tally.read()
    }

    /// All accepted messages in the order of acceptance.
    #[must_use]
    pub fn accepted(&self) -> Vec<AcceptedSms> {
        self.shared.with(|kept| kept.accepted.clone())
    }

    /// The accepted messages to one number in national form.
    #[must_use]
    pub fn accepted_for(&self, number: &str) -> Vec<AcceptedSms> {
        self.accepted()
            .into_iter()
            .filter(|sms| sms.to == number)
            .collect()
    }

    /// How many receipts have still to be told; whoever steps a clock waits for none.
    #[must_use]
    pub fn outstanding_callbacks(&self) -> usize {
        self.outstanding().count()
    }

    /// The same number for whoever outlives a borrow of the gateway.
    #[must_use]
    pub fn outstanding(&self) -> Outstanding {
        self.shared.callbacks.outstanding()
    }

    /// Waits until at least `messages` have been accepted.
    ///
    /// # Errors
    /// When that does not happen within `limit`.
    pub async fn wait_for(&self, messages: u64, limit: Duration) -> anyhow::Result<()> {
        let what = format!("{messages} accepted SMS");
        wait::until(&what, limit, || async {
            Ok(self.counters().accepted >= messages)
        })
        .await
    }

    /// Lets its clock go on: ids that it knew are forgotten.
    pub fn pass(&self, time: SignedDuration) {
        self.shared.with(|kept| kept.ahead += time);
    }

    /// Sends a receipt by hand: for an unknown id, or once more.
    pub async fn send_receipt(&self, callback_url: &str, sms: &AcceptedSms) {
        self.shared.callbacks.tell_now(callback_url, sms).await;
    }
}

impl Drop for SmsGateway {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    pub(super) fn knows(&self, key: &str, secret: &str) -> bool {
        (key, secret) == (self.credentials.0.as_str(), self.credentials.1.as_str())
    }

    /// The instant, by its own clock.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp::now() + self.with(|kept| kept.ahead)
    }

    /// An accepted order by the sender's id, while that is known.
    pub(super) fn find(&self, request_id: &str) -> Option<AcceptedSms> {
        let now = self.now();
        self.with(|kept| kept.find(request_id, now))
    }

    /// An accepted order by the gateway's id.
    pub(super) fn find_by_id(&self, id: &str) -> Option<AcceptedSms> {
        let now = self.now();
        let told = |sms: &&AcceptedSms| sms.id == id && now.duration_since(sms.at) < TOLD_OF;
        self.with(|kept| kept.accepted.iter().find(told).cloned())
    }

    /// Takes an id in hand before anything is awaited, where it is new.
    pub(super) fn look(&self, request_id: &str) -> Known {
        let now = self.now();
        self.with(|kept| {
            if request_id.is_empty() {
                return Known::New;
            }
            if let Some(sms) = kept.find(request_id, now) {
                return Known::Accepted(sms);
            }
            if kept.in_hand.insert(request_id.to_owned()) {
                Known::New
            } else {
                Known::InHand
            }
        })
    }

    /// Its order is accepted or refused.
    pub(super) fn put_down(&self, request_id: &str) {
        self.with(|kept| kept.in_hand.remove(request_id));
    }

    pub(super) fn keep(&self, sms: AcceptedSms) {
        self.with(|kept| {
            kept.by_request
                .insert(sms.request_id.clone(), kept.accepted.len());
            kept.accepted.push(sms);
        });
    }

    fn with<T>(&self, with: impl FnOnce(&mut Kept) -> T) -> T {
        with(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn find(&self, request_id: &str, now: Timestamp) -> Option<AcceptedSms> {
        let sms = self.accepted.get(*self.by_request.get(request_id)?)?;
        (now.duration_since(sms.at) < KNOWN_AGAIN).then(|| sms.clone())
    }
}
