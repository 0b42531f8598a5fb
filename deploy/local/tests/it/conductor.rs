//! The conductor, before services that are easier to look into than the real ones.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use lienminh_local::ServiceName;
use lienminh_local::conductor::Conductor;
use lienminh_proto::clock::v1::clock_service_server::{ClockService, ClockServiceServer};
use lienminh_proto::clock::v1::{
    GetSettledRequest, GetSettledResponse, SetTimeRequest, SetTimeResponse,
};
use tonic::{Request, Response, Status};

/// A service with appointments, each of which takes a moment of real time when it falls due.
#[derive(Clone, Default)]
struct Player {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    now: i64,
    appointments: Vec<i64>,
    busy: usize,
    kept: Vec<(i64, i64)>,
    published: i64,
    consumed: i64,
}

const WORK: Duration = Duration::from_millis(60);

#[tonic::async_trait]
impl ClockService for Player {
    async fn set_time(
        &self,
        request: Request<SetTimeRequest>,
    ) -> Result<Response<SetTimeResponse>, Status> {
        if request
            .metadata()
            .get("authorization")
            .is_none_or(|value| value != "Bearer token")
        {
            return Err(Status::unauthenticated("no token"));
        }
        let time = request.into_inner().time;
        let now = time.map(|time| time.seconds).unwrap_or_default();
        let mut inner = self.inner.lock().unwrap();
        inner.now = now;
        let (due, later) = inner.appointments.iter().partition(|&&at| at <= now);
        inner.appointments = later;
        let due: Vec<i64> = due;
        inner.busy += due.len();
        for appointment in due {
            let inner = self.inner.clone();
            tokio::spawn(async move {
                tokio::time::sleep(WORK).await;
                let mut inner = inner.lock().unwrap();
                inner.busy -= 1;
                let now = inner.now;
                inner.kept.push((appointment, now));
            });
        }
        Ok(Response::new(SetTimeResponse { time }))
    }

    async fn get_settled(
        &self,
        _: Request<GetSettledRequest>,
    ) -> Result<Response<GetSettledResponse>, Status> {
        let inner = self.inner.lock().unwrap();
        Ok(Response::new(GetSettledResponse {
            settled: inner.busy == 0,
            next_due_time: inner
                .appointments
                .iter()
                .min()
                .map(|&seconds| prost_types::Timestamp { seconds, nanos: 0 }),
            published: [("facts:obligation".to_owned(), inner.published)].into(),
            consumed: [("facts:obligation".to_owned(), inner.consumed)].into(),
            waiting_for: Vec::new(),
        }))
    }
}

impl Player {
    fn with(appointments: &[i64]) -> Self {
        let player = Self::default();
        player.inner.lock().unwrap().appointments = appointments.to_vec();
        player
    }

    /// What was done, and at which business instant.
    fn kept(&self) -> Vec<(i64, i64)> {
        self.inner.lock().unwrap().kept.clone()
    }

    async fn serve(&self, name: ServiceName) -> (ServiceName, String) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let incoming = tonic::transport::server::TcpIncoming::from(listener);
        let service = ClockServiceServer::new(self.clone());
        tokio::spawn(
            tonic::transport::Server::builder()
                .add_service(service)
                .serve_with_incoming(incoming),
        );
        (name, url)
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

async fn conductor(players: &[(ServiceName, &Player)]) -> Conductor {
    let mut urls = Vec::new();
    for (name, player) in players {
        urls.push(player.serve(*name).await);
    }
    Conductor::over(&urls, "token", at(0)).unwrap()
}

#[tokio::test]
async fn time_stops_at_every_due_instant_until_its_work_is_done() {
    let (events, notifier) = (Player::with(&[10, 30]), Player::with(&[20, 30, 50]));
    let mut conductor = conductor(&[
        (ServiceName::Events, &events),
        (ServiceName::Notifier, &notifier),
    ])
    .await;
    assert_eq!(conductor.advance_to(at(40)).await.unwrap(), 3);
    assert_eq!(conductor.now(), at(40));
    assert_eq!(events.kept(), [(10, 10), (30, 30)]);
    assert_eq!(
        notifier.kept(),
        [(20, 20), (30, 30)],
        "each at its own instant, none too late"
    );
    assert_eq!(conductor.step(at(100)).await.unwrap(), Some(at(50)));
    assert_eq!(conductor.step(at(100)).await.unwrap(), None);
}

#[tokio::test]
async fn a_fact_on_its_way_holds_time_still() {
    let (events, notifier) = (Player::with(&[10]), Player::with(&[10]));
    events.inner.lock().unwrap().published = 1;
    let mut conductor = conductor(&[
        (ServiceName::Events, &events),
        (ServiceName::Notifier, &notifier),
    ])
    .await;
    let arrives = notifier.clone();
    tokio::spawn(async move {
        tokio::time::sleep(WORK).await;
        arrives.inner.lock().unwrap().consumed = 1;
    });
    let started = std::time::Instant::now();
    assert_eq!(conductor.settle().await.unwrap(), Some(at(10)));
    assert!(started.elapsed() >= WORK);
}

#[tokio::test]
async fn business_time_never_goes_back() {
    let player = Player::default();
    let mut conductor = conductor(&[(ServiceName::Notifier, &player)]).await;
    conductor.set(at(10)).await.unwrap();
    assert!(conductor.set(at(9)).await.is_err());
}
