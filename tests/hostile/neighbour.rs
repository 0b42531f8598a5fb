//! An honest caller beside the hostile one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lienminh_proto::events::v1::ListEventsRequest;
use lienminh_proto::events::v1::event_service_client::EventServiceClient;
use tokio::task::JoinHandle;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

/// An answer takes milliseconds; a debug build that shares two cores with other tests gets time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A rhythm of calls as a person makes them.
const PAUSE: Duration = Duration::from_millis(10);

/// Calls again and again until asked for the account.
pub(crate) struct Neighbour {
    enough: Arc<AtomicBool>,
    calls: JoinHandle<Account>,
}

/// How a neighbour was served.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) calls: u32,
    pub(crate) failures: Vec<String>,
    pub(crate) slowest: Duration,
}

impl Neighbour {
    pub(crate) fn new(endpoint: &Endpoint, token: &str) -> Self {
        let bearer = format!("Bearer {token}");
        let enough = Arc::new(AtomicBool::new(false));
        let calls = tokio::spawn(call(endpoint.connect_lazy(), bearer, Arc::clone(&enough)));
        Self { enough, calls }
    }

    /// Every call since the beginning succeeded in bounded time.
    pub(crate) async fn was_served(self, during: &str) {
        self.enough.store(true, Ordering::Relaxed);
        let account = self.calls.await.unwrap();
        println!("{during}: the neighbour's {account:?}");
        assert!(account.calls > 0, "{during}: {account:?}");
        assert!(account.failures.is_empty(), "{during}: {account:?}");
        assert!(account.slowest < PATIENCE, "{during}: {account:?}");
    }

    /// Every call since the beginning was heard in bounded time, though the answer is no.
    pub(crate) async fn was_heard(self, during: &str, words: &str) {
        self.enough.store(true, Ordering::Relaxed);
        let account = self.calls.await.unwrap();
        let heard = |failure: &String| failure.contains(words);
        assert!(account.calls > 0, "{during}: {account:?}");
        assert!(account.failures.iter().all(heard), "{during}: {account:?}");
        assert!(account.slowest < PATIENCE, "{during}: {account:?}");
    }
}

async fn call(channel: Channel, bearer: String, enough: Arc<AtomicBool>) -> Account {
    let mut client = EventServiceClient::new(channel);
    let mut account = Account::default();
    while !enough.load(Ordering::Relaxed) {
        let mut request = Request::new(ListEventsRequest::default());
        let metadata = request.metadata_mut();
        metadata.insert("authorization", bearer.parse().unwrap());
        let begun = Instant::now();
        if let Err(status) = client.list_events(request).await {
            account.failures.push(status.to_string());
        }
        account.calls += 1;
        account.slowest = account.slowest.max(begun.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    account
}
