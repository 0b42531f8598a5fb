//! `ObligationSourceService`: what the notifier asks.
//!
//! An audience is read page by page, each with a connection of its own: a slow
//! reader holds none of them.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Error, Result, Violation, Violations, answer};
use kit::language::Language;
use lienminh_proto::obligation::v1::obligation_source_service_server::ObligationSourceService;
use lienminh_proto::obligation::v1::{
    CheckPartiesRequest, CheckPartiesResponse, ListObligationsRequest, ListObligationsResponse,
    Obligation, StreamAudienceRequest, StreamAudienceResponse,
};
use prost::Message as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::House;
use super::audience::{self, Matter, Which};
use super::listing::Listing;
use super::wire::name;
use crate::domain::id::OrganisationId;
use crate::domain::obligation::Subject;
use crate::store;
use crate::store::obligation::Cursor;

/// Parties in one message, and in one question, as the contract says.
const PARTIES_LIMIT: usize = 200;

/// Messages made ahead of a slow reader.
const AHEAD: usize = 2;

/// Obligations and their parties.
#[derive(Clone)]
pub struct Source {
    house: House,
}

impl Source {
    /// The service in its house.
    #[must_use]
    pub const fn new(house: House) -> Self {
        Self { house }
    }
}

#[tonic::async_trait]
impl ObligationSourceService for Source {
    type StreamAudienceStream = ReceiverStream<Result<StreamAudienceResponse, Status>>;

    async fn list_obligations(
        &self,
        request: Request<ListObligationsRequest>,
    ) -> Result<Response<ListObligationsResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            list(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn stream_audience(
        &self,
        request: Request<StreamAudienceRequest>,
    ) -> Result<Response<Self::StreamAudienceStream>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            stream(&self.house, &caller, request.get_ref()).await,
        )
    }

    async fn check_parties(
        &self,
        request: Request<CheckPartiesRequest>,
    ) -> Result<Response<CheckPartiesResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            check(&self.house, &caller, request.get_ref()).await,
        )
    }
}

async fn list(
    house: &House,
    caller: &Caller,
    request: &ListObligationsRequest,
) -> Result<ListObligationsResponse> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let after = request
        .updated_after_time
        .and_then(|time| violations.check(kit::wire::instant("updated_after_time", time)));
    violations.into_result()?;
    let start = after
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .max(Timestamp::UNIX_EPOCH);
    let shape = start.to_string();
    let listing = Listing::new(house, "ListObligations", &shape, request.page_size)?;
    // An empty name sorts before every other one: the instant itself is included.
    let cursor = listing.begin(&request.page_token)?.unwrap_or(Cursor {
        updated_at: start,
        name: String::new(),
    });
    let connection = house.pool.get().await?;
    let rows = store::obligation::list(&connection, &cursor, listing.limit()).await?;
    let (messages, next_page_token) = listing.finish(rows)?;
    let obligations = messages
        .iter()
        .map(|message| decode(message))
        .collect::<Result<_>>()?;
    Ok(ListObligationsResponse {
        obligations,
        next_page_token,
    })
}

async fn check(
    house: &House,
    caller: &Caller,
    request: &CheckPartiesRequest,
) -> Result<CheckPartiesResponse> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let subject = read_subject(&mut violations, &request.obligation);
    let organisations: Vec<OrganisationId> = name::list(
        &mut violations,
        "organisations",
        &request.organisations,
        PARTIES_LIMIT,
    );
    let subject = violations.finish(subject)?;
    let (obligation, matter) = find(house, subject).await?;
    let ids: Vec<Uuid> = organisations.iter().map(|id| id.0).collect();
    let connection = house.pool.get().await?;
    let parties = audience::parties(&connection, house, &matter, Which::Among(&ids)).await?;
    Ok(CheckPartiesResponse {
        obligation: Some(obligation),
        parties: parties.into_iter().map(|(_, party)| party).collect(),
    })
}

async fn stream(
    house: &House,
    caller: &Caller,
    request: &StreamAudienceRequest,
) -> Result<ReceiverStream<Result<StreamAudienceResponse, Status>>> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let subject = read_subject(&mut violations, &request.obligation);
    let subject = violations.finish(subject)?;
    let (obligation, matter) = find(house, subject).await?;
    let (sender, receiver) = mpsc::channel(AHEAD);
    let audience = Audience {
        house: house.clone(),
        matter,
        language: caller.language,
    };
    tokio::spawn(audience.send(obligation, sender));
    Ok(ReceiverStream::new(receiver))
}

/// An audience on its way to a reader.
struct Audience {
    house: House,
    matter: Matter,
    language: Language,
}

impl Audience {
    /// Ends with the last party, an error, or a reader that went away.
    async fn send(
        self,
        obligation: Obligation,
        sender: mpsc::Sender<Result<StreamAudienceResponse, Status>>,
    ) {
        let mut obligation = Some(obligation);
        let mut after = Uuid::nil();
        loop {
            let page = self.page(after).await;
            let last = match &page {
                Ok(parties) if parties.len() == PARTIES_LIMIT => parties.last().map(|(id, _)| *id),
                Ok(_) | Err(_) => None,
            };
            let message = page
                .map(|parties| StreamAudienceResponse {
                    obligation: obligation.take(),
                    parties: parties.into_iter().map(|(_, party)| party).collect(),
                })
                .map_err(|error| error.into_status(self.language));
            if sender.send(message).await.is_err() {
                return;
            }
            match last {
                Some(id) => after = id,
                None => return,
            }
        }
    }

    async fn page(
        &self,
        after: Uuid,
    ) -> Result<Vec<(Uuid, lienminh_proto::obligation::v1::Party)>> {
        let connection = self.house.pool.get().await?;
        let limit = i64::try_from(PARTIES_LIMIT).map_err(Error::internal)?;
        audience::parties(
            &connection,
            &self.house,
            &self.matter,
            Which::After(after, limit),
        )
        .await
    }
}

fn read_subject(violations: &mut Violations, name: &str) -> Option<Subject> {
    let subject = Subject::of_obligation(name);
    violations.require(subject.is_some(), || {
        if name.is_empty() {
            Violation::required("obligation")
        } else {
            Violation::malformed(
                "obligation",
                "tên dạng events/obligations/event-{uuid} hoặc events/obligations/deadline-{uuid}",
                "a name like events/obligations/event-{uuid} or events/obligations/deadline-{uuid}",
            )
        }
    });
    subject
}

/// An obligation as it was last told, and its matter. What was never told, a
/// draft, is no obligation.
async fn find(house: &House, subject: Subject) -> Result<(Obligation, Matter)> {
    let name = subject.obligation_name();
    let connection = house.pool.get().await?;
    let told = store::obligation::read(&connection, &name).await?;
    let matter = audience::matter(&connection, subject).await?;
    match told.zip(matter) {
        Some((message, matter)) => Ok((decode(&message)?, matter)),
        None => Err(Error::not_found(name)),
    }
}

fn decode(message: &[u8]) -> Result<Obligation> {
    Obligation::decode(message).map_err(Error::internal)
}
