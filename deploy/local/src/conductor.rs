//! Steps the business clock of all services from one due instant to the next.
//!
//! Between two steps time stands still until every service says that nothing due is left and
//! every obligation fact and receipt that was published has been taken in. So a month plays as
//! fast as the machine can, and plays the same each time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures_util::future::try_join_all;
use jiff::Timestamp;
use lienminh_proto::clock::v1::clock_service_client::ClockServiceClient;
use lienminh_proto::clock::v1::{GetSettledRequest, GetSettledResponse, SetTimeRequest};
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

use crate::service::ServiceName;
use crate::sms::{Outstanding, SmsGateway};
use crate::suite::{Suite, Token};

/// Streams of which everything published must have been taken in; others have no reader here.
const STREAMS: [&str; 2] = ["facts:obligation", "receipts"];

/// A step that takes longer than this is stuck.
const SETTLE_LIMIT: Duration = Duration::from_secs(120);

const POLL: Duration = Duration::from_millis(10);

/// Drives the clocks of a suite.
#[derive(Debug)]
pub struct Conductor {
    bearer: MetadataValue<Ascii>,
    now: Timestamp,
    outstanding: Option<Outstanding>,
    players: Vec<(ServiceName, ClockServiceClient<Channel>)>,
}

/// What the services say between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    next_due: Option<Timestamp>,
    published: BTreeMap<String, i64>,
    waiting_for: Vec<String>,
}

impl Conductor {
    /// A conductor for these services of a suite, whose stepped clocks stand at `now`.
    ///
    /// # Errors
    /// When no token can be signed.
    pub fn new(suite: &Suite, services: &[ServiceName], now: Timestamp) -> anyhow::Result<Self> {
        let token = suite.token(&Token::new("system:conductor", "clock.*"))?;
        let players: Vec<_> = services
            .iter()
            .map(|&service| (service, suite.url(service)))
            .collect();
        Self::over(&players, &token, now)
    }

    /// A conductor for services at these URLs, with a token that may read and set their clocks.
    ///
    /// # Errors
    /// When a URL is none.
    pub fn over(
        players: &[(ServiceName, String)],
        token: &str,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let bearer = format!("Bearer {token}")
            .parse()
            .context("a token that fits into no header")?;
        let connect = |(service, url): &(ServiceName, String)| {
            let endpoint = Endpoint::from_shared(url.clone())
                .with_context(|| format!("{service} has no URL"))?;
            let channel = endpoint
                .connect_timeout(Duration::from_secs(5))
                .timeout(Duration::from_secs(30))
                .connect_lazy();
            anyhow::Ok((*service, ClockServiceClient::new(channel)))
        };
        let players = players.iter().map(connect).collect::<anyhow::Result<_>>()?;
        Ok(Self {
            bearer,
            now,
            outstanding: None,
            players,
        })
    }

    /// Waits between two steps also for the receipts that our SMS gateway has still to tell.
    #[must_use]
    pub fn waiting_for(mut self, gateway: &SmsGateway) -> Self {
        self.outstanding = Some(gateway.outstanding());
        self
    }

    /// The business instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the clock of every service. Does not wait for what falls due.
    ///
    /// # Errors
    /// When the instant lies before the present one or a service refuses.
    pub async fn set(&mut self, instant: Timestamp) -> anyhow::Result<()> {
        if instant < self.now {
            bail!(
                "{instant} lies before {}: business time never goes back",
                self.now
            );
        }
        let time = prost_types::Timestamp {
            seconds: instant.as_second(),
            nanos: instant.subsec_nanosecond(),
        };
        let bearer = &self.bearer;
        try_join_all(self.players.iter_mut().map(|(service, client)| async move {
            let request = authorised(SetTimeRequest { time: Some(time) }, bearer);
            client
                .set_time(request)
                .await
                .with_context(|| format!("{service} does not take the time"))
        }))
        .await?;
        self.now = instant;
        Ok(())
    }

    /// Waits until everything due is done; answers the next instant at which there is something
    /// to do.
    ///
    /// # Errors
    /// When a step is stuck; the error says what is waited for.
    pub async fn settle(&mut self) -> anyhow::Result<Option<Timestamp>> {
        let started = Instant::now();
        let mut before: Option<State> = None;
        loop {
            let state = match self.look().await {
                Ok(state) => state,
                // A service that is being restarted; time will tell.
                Err(error) => State {
                    waiting_for: vec![format!("{error:#}")],
                    ..State::default()
                },
            };
            // Twice the same, because a service that was asked first may have been given work by
            // one that was asked last.
            if state.waiting_for.is_empty() && before.as_ref() == Some(&state) {
                return Ok(state.next_due);
            }
            if started.elapsed() > SETTLE_LIMIT {
                bail!("stuck at {}: {}", self.now, state.waiting_for.join("; "));
            }
            before = Some(state);
            tokio::time::sleep(POLL).await;
        }
    }

    /// Settles, then makes one step: to the next due instant, but not beyond `limit`. Answers the
    /// instant, or nothing when nothing is due up to `limit`.
    ///
    /// # Errors
    /// As [`Conductor::settle`] and [`Conductor::set`].
    pub async fn step(&mut self, limit: Timestamp) -> anyhow::Result<Option<Timestamp>> {
        match self.settle().await? {
            Some(due) if due <= limit => {
                self.set(due).await?;
                Ok(Some(due))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Steps through every due instant up to `target`, stops there and settles. Answers the number
    /// of steps.
    ///
    /// # Errors
    /// As [`Conductor::settle`] and [`Conductor::set`].
    pub async fn advance_to(&mut self, target: Timestamp) -> anyhow::Result<usize> {
        let mut steps = 0;
        while self.step(target).await?.is_some() {
            steps += 1;
        }
        if self.now < target {
            self.set(target).await?;
            self.settle().await?;
        }
        Ok(steps)
    }

    async fn look(&mut self) -> anyhow::Result<State> {
        let bearer = &self.bearer;
        let answers = try_join_all(self.players.iter_mut().map(|(service, client)| async move {
            let request = authorised(GetSettledRequest {}, bearer);
            let answer = client
                .get_settled(request)
                .await
                .with_context(|| format!("{service} does not answer"))?;
            anyhow::Ok((*service, answer.into_inner()))
        }))
        .await?;
        let mut state = judge(self.now, &answers)?;
        let receipts = self.outstanding.as_ref().map_or(0, Outstanding::count);
        if receipts > 0 {
            state.waiting_for.push(format!("{receipts} SMS receipts"));
        }
        Ok(state)
    }
}

fn authorised<T>(message: T, bearer: &MetadataValue<Ascii>) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("authorization", bearer.clone());
    request
}

/// Puts the services' answers together.
fn judge(now: Timestamp, answers: &[(ServiceName, GetSettledResponse)]) -> anyhow::Result<State> {
    let mut state = State::default();
    let mut consumed = BTreeMap::<&str, i64>::new();
    for (service, answer) in answers {
        if !answer.settled {
            let reasons = if answer.waiting_for.is_empty() {
                "not settled".to_owned()
            } else {
                answer.waiting_for.join(", ")
            };
            state.waiting_for.push(format!("{service}: {reasons}"));
        }
        for (stream, count) in &answer.published {
            *state.published.entry(stream.clone()).or_default() += count;
        }
        for stream in STREAMS {
            *consumed.entry(stream).or_default() +=
                answer.consumed.get(stream).copied().unwrap_or_default();
        }
        let Some(due) = &answer.next_due_time else {
            continue;
        };
        let due =
            Timestamp::new(due.seconds, due.nanos).context("a due instant beyond all times")?;
        if due <= now {
            state
                .waiting_for
                .push(format!("{service}: something due at {due}"));
        }
        state.next_due = Some(
            state
                .next_due
                .map_or(due, |earliest: Timestamp| earliest.min(due)),
        );
    }
    for stream in STREAMS {
        let published = state.published.get(stream).copied().unwrap_or_default();
        let taken_in = consumed.get(stream).copied().unwrap_or_default();
        if published != taken_in {
            state
                .waiting_for
                .push(format!("{stream}: {taken_in} of {published} taken in"));
        }
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answer(due: Option<i64>, published: i64, consumed: i64) -> GetSettledResponse {
        GetSettledResponse {
            settled: true,
            next_due_time: due.map(|seconds| prost_types::Timestamp { seconds, nanos: 0 }),
            published: [
                ("facts:obligation".to_owned(), published),
                ("facts:event".to_owned(), 9),
            ]
            .into(),
            consumed: [("facts:obligation".to_owned(), consumed)].into(),
            waiting_for: Vec::new(),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_earliest_due_instant_is_next() {
        let answers = [
            (ServiceName::Events, answer(Some(50), 0, 0)),
            (ServiceName::Notifier, answer(Some(20), 0, 0)),
        ];
        let state = judge(at(10), &answers).unwrap();
        assert!(state.waiting_for.is_empty(), "{state:?}");
        assert_eq!(state.next_due, Some(at(20)));
    }

    #[test]
    fn a_fact_on_its_way_is_waited_for_and_facts_without_a_reader_are_not() {
        let answers = [
            (ServiceName::Events, answer(None, 3, 0)),
            (ServiceName::Notifier, answer(None, 0, 2)),
        ];
        let state = judge(at(10), &answers).unwrap();
        assert_eq!(state.waiting_for, ["facts:obligation: 2 of 3 taken in"]);
    }

    #[test]
    fn what_is_due_already_is_not_settled() {
        let state = judge(at(10), &[(ServiceName::Notifier, answer(Some(10), 0, 0))]).unwrap();
        assert_eq!(state.waiting_for.len(), 1);
    }
}
