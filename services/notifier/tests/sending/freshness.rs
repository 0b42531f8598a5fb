//! An old answer about a party is asked again right before its message leaves.

use std::sync::Arc;

use kit::database::Session as _;
use lienminh_proto::obligation::v1::obligation_source_service_server::{
    ObligationSourceService, ObligationSourceServiceServer,
};
use lienminh_proto::obligation::v1::{
    CheckPartiesRequest, CheckPartiesResponse, ListObligationsRequest, ListObligationsResponse,
    Party, PartyState, StreamAudienceRequest, StreamAudienceResponse,
};
use notifier::domain::delivery::Channel;
use notifier::domain::obligation::Class;
use tokio::sync::Mutex;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::bed::Bed;

type Stream = tokio_stream::Iter<std::vec::IntoIter<Result<StreamAudienceResponse, Status>>>;

/// A source that says the same of everybody it is asked about.
#[derive(Clone, Default)]
struct Source {
    says: Arc<Mutex<Option<PartyState>>>,
    /// One of whom it says that it has done it.
    done: Arc<Mutex<String>>,
}

#[tonic::async_trait]
impl ObligationSourceService for Source {
    type StreamAudienceStream = Stream;

    async fn list_obligations(
        &self,
        _: Request<ListObligationsRequest>,
    ) -> Result<Response<ListObligationsResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn stream_audience(
        &self,
        _: Request<StreamAudienceRequest>,
    ) -> Result<Response<Stream>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn check_parties(
        &self,
        request: Request<CheckPartiesRequest>,
    ) -> Result<Response<CheckPartiesResponse>, Status> {
        let Some(state) = *self.says.lock().await else {
            return Err(Status::unavailable("the source is down"));
        };
        let done = self.done.lock().await.clone();
        let parties = request
            .into_inner()
            .organisations
            .into_iter()
            .map(|organisation| Party {
                state: if organisation == done {
                    PartyState::Done.into()
                } else {
                    state.into()
                },
                organisation,
                ..Party::default()
            })
            .collect();
        Ok(Response::new(CheckPartiesResponse {
            obligation: None,
            parties,
        }))
    }
}

async fn serve(source: Source) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tonic::transport::Server::builder()
        .add_service(ObligationSourceServiceServer::new(source))
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(server);
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_declined_or_done_it_meanwhile_is_left_in_peace() {
    for (state, expected, reason) in [
        (PartyState::Declined, "SUPPRESSED", "declined"),
        (PartyState::Done, "SATISFIED", "done"),
        (PartyState::ClaimedDone, "SUPPRESSED", "claimed"),
        (PartyState::Confirmed, "SENT", ""),
    ] {
        let source = Source::default();
        *source.says.lock().await = Some(state);
        let bed = Bed::open_with(&serve(source).await).await;
        let id = bed
            .queue(Channel::Email, "htx@example.com", Class::Invitation)
            .await;
        // Eleven minutes pass before anybody takes the row up.
        bed.desk
            .clock
            .set("2024-04-04T02:11:00Z".parse().unwrap())
            .unwrap();
        let running = bed.run().await;
        assert_eq!(bed.reaches(id, expected).await, reason);
        assert_eq!(bed.smtp.accepted().len(), usize::from(expected == "SENT"));
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_goes_out_for_who_shares_it_when_its_first_party_has_done_it() {
    for (others, expected) in [
        (PartyState::Concerned, "SENT"),
        (PartyState::Done, "SATISFIED"),
    ] {
        let source = Source::default();
        *source.says.lock().await = Some(others);
        let bed = Bed::open_with(&serve(source.clone()).await).await;
        let id = bed
            .queue(Channel::Email, "htx@example.com", Class::Invitation)
            .await;
        let session = bed.pool.get().await.unwrap();
        let first = session.query_one(SHARE, &[&id]).await.unwrap();
        *source.done.lock().await = format!("organisations/{}", first.get::<_, Uuid>(0));
        drop(session);
        bed.desk
            .clock
            .set("2024-04-04T02:11:00Z".parse().unwrap())
            .unwrap();
        let running = bed.run().await;
        bed.reaches(id, expected).await;
        assert_eq!(bed.smtp.accepted().len(), usize::from(expected == "SENT"));
        running.stop().await;
    }
}

/// Another organisation shares the message of a row; answers whose row it is.
const SHARE: &str = "
    with other as (
        insert into delivery (id, occurrence_id, obligation_id, anchor_version, organisation_id,
                              organisation_name, channel, address, class, bulk,
                              outlives_obligation, party, state, reason, asked_at, useful_until,
                              state_at, carried_by)
        select gen_random_uuid(), d.occurrence_id, d.obligation_id, d.anchor_version,
               gen_random_uuid(), 'HTX B', d.channel, d.address, d.class, d.bulk,
               d.outlives_obligation, d.party, 'SUPPRESSED', 'same_address', d.asked_at,
               d.useful_until, d.state_at, d.id
        from delivery d
        where d.id = $1)
    select d.organisation_id from delivery d where d.id = $1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_source_is_down_the_message_waits_and_then_goes_out() {
    let source = Source::default();
    let bed = Bed::open_with(&serve(source.clone()).await).await;
    let id = bed
        .queue(Channel::Email, "htx@example.com", Class::Invitation)
        .await;
    bed.desk
        .clock
        .set("2024-04-04T02:11:00Z".parse().unwrap())
        .unwrap();
    let running = bed.run().await;
    crate::bed::eventually("it waits for its source", async || {
        bed.count("select count(*) from attempt where outcome = 'deferred'")
            .await
            > 0
    })
    .await;
    assert!(bed.smtp.accepted().is_empty());
    *source.says.lock().await = Some(PartyState::Concerned);
    bed.reaches(id, "SENT").await;
    running.stop().await;
}
