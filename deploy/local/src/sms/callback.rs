//! Receipts: a GET to the sender's CallbackUrl, as page "Callback Url" of developers.esms.vn
//! shows it: unsigned, and up to five times until the sender's server takes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::gateway::AcceptedSms;
use super::rules::{Receipt, Tally, count};

const TRIES: u32 = 5;

/// How it waits between them; the real one takes minutes.
const PAUSE: Duration = Duration::from_millis(300);

/// How many receipts have still to be told.
#[derive(Clone, Debug, Default)]
pub struct Outstanding(Arc<AtomicUsize>);

impl Outstanding {
    /// The number at this moment.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Callbacks {
    client: reqwest::Client,
    outstanding: Outstanding,
    stop: CancellationToken,
    tally: Arc<Tally>,
}

impl Callbacks {
    pub(super) fn new(tally: Arc<Tally>, stop: CancellationToken) -> anyhow::Result<Self> {
        let client = crate::http::client(Duration::from_secs(5))?;
        Ok(Self {
            client,
            outstanding: Outstanding::default(),
            stop,
            tally,
        })
    }

    pub(super) fn outstanding(&self) -> Outstanding {
        self.outstanding.clone()
    }

    pub(super) fn tell_later(&self, url: String, sms: AcceptedSms, receipt: Receipt) {
        if url.is_empty() || receipt == Receipt::Never {
            return;
        }
        self.outstanding.0.fetch_add(1, Ordering::SeqCst);
        let callbacks = self.clone();
        tokio::spawn(async move {
            let telling = callbacks.tell(&url, &sms, receipt);
            callbacks.stop.run_until_cancelled(telling).await;
            callbacks.outstanding.0.fetch_sub(1, Ordering::SeqCst);
        });
    }

    pub(super) async fn tell_now(&self, url: &str, sms: &AcceptedSms) {
        if !url.is_empty() {
            self.call(url, &fields(sms, 5)).await;
        }
    }

    async fn tell(&self, url: &str, sms: &AcceptedSms, receipt: Receipt) {
        match receipt {
            Receipt::UnknownIdFirst => {
                let stranger = AcceptedSms {
                    id: uuid::Uuid::now_v7().to_string(),
                    request_id: uuid::Uuid::now_v7().to_string(),
                    ..sms.clone()
                };
                self.call(url, &fields(&stranger, 5)).await;
            }
            Receipt::WaitingFirst => self.call(url, &fields(sms, 2)).await,
            Receipt::Twice => self.call(url, &fields(sms, 5)).await,
            Receipt::Late(delay) => tokio::time::sleep(delay).await,
            Receipt::Delivered | Receipt::Failed | Receipt::Never | Receipt::BeforeAnswer => {}
        }
        self.call(url, &fields(sms, 5)).await;
    }

    async fn call(&self, url: &str, fields: &[(&str, String)]) {
        let mut full = match reqwest::Url::parse(url) {
            Ok(url) => url,
            // The sender's own fault; it shows in the counter.
            Err(_) => return count(&self.tally.receipts_failed),
        };
        full.query_pairs_mut().extend_pairs(fields);
        for _ in 0..TRIES {
            if matches!(self.client.get(full.clone()).send().await, Ok(answer) if answer.status().is_success())
            {
                return count(&self.tally.receipts);
            }
            tokio::time::sleep(PAUSE).await;
        }
        count(&self.tally.receipts_failed);
    }
}

/// The query of a receipt, field by field as the page's sample for SMS type 2.
fn fields(sms: &AcceptedSms, status: u8) -> Vec<(&'static str, String)> {
    let sent = status == 5;
    let success = u8::from(sent && sms.delivers);
    let failed = u8::from(sent && !sms.delivers);
    vec![
        ("SMSID", sms.id.clone()),
        ("SendFailed", failed.to_string()),
        ("SendStatus", status.to_string()),
        ("SendSuccess", success.to_string()),
        ("TotalPrice", sms.price()),
        ("TotalReceiver", "1".to_owned()),
        ("TotalSent", u8::from(sent).to_string()),
        ("RequestId", sms.request_id.clone()),
        ("TypeId", sms.kind.clone()),
        ("telcoid", "1".to_owned()),
        ("phonenumber", sms.to.clone()),
        ("switchsmsid", String::new()),
    ]
}
