//! `AdmissionService`.

use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, Result, Violation, answer};
use kit::mutation::Mutation;
use kit::{etag, page};
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::registry::v1::admission_service_server::AdmissionService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::bound::of_the_house;
use super::state::{State, cut, rows_for, under};
use super::{fact, wire};
use crate::domain::admission::AdmissionBatch;
use crate::domain::id::AdmissionBatchId;
use crate::domain::membership;
use crate::domain::organisation::Organisation;
use crate::store;
use crate::store::admission::Before;

const CREATE: &str = "lienminh.registry.v1.AdmissionService/CreateAdmissionBatch";
const COMPLETE: &str = "lienminh.registry.v1.AdmissionService/CompleteAdmissionBatch";

/// The rpcs about admission batches.
#[derive(Clone, Debug)]
pub struct AdmissionApi(pub State);

#[tonic::async_trait]
impl AdmissionService for AdmissionApi {
    async fn create_admission_batch(
        &self,
        request: Request<pb::CreateAdmissionBatchRequest>,
    ) -> Result<Response<pb::AdmissionBatch>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn get_admission_batch(
        &self,
        request: Request<pb::GetAdmissionBatchRequest>,
    ) -> Result<Response<pb::AdmissionBatch>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            get(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn list_admission_batches(
        &self,
        request: Request<pb::ListAdmissionBatchesRequest>,
    ) -> Result<Response<pb::ListAdmissionBatchesResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            list(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn complete_admission_batch(
        &self,
        request: Request<pb::CompleteAdmissionBatchRequest>,
    ) -> Result<Response<pb::AdmissionBatch>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            complete(&self.0, &caller, request.get_ref()).await,
        )
    }
}

async fn create(
    state: &State,
    caller: &Caller,
    request: &pb::CreateAdmissionBatchRequest,
) -> Result<pb::AdmissionBatch> {
    caller.require_house()?;
    let given = request.admission_batch.as_ref();
    let given = given.ok_or_else(|| Error::invalid(Violation::required("admission_batch")))?;
    let (details, applicants) = under("admission_batch", wire::admission::decode(given))?;
    let id = AdmissionBatchId(Uuid::now_v7());
    let batch = AdmissionBatch::opened(id, details, applicants, state.now());
    Mutation::new(&state.mutations, caller, CREATE, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let batch = &batch;
            async move {
                store::admission::insert(&tx, batch).await?;
                let changed = take_applications(&tx, batch).await?;
                store::applicant::insert(&tx, batch.id, &batch.applicants).await?;
                let mut facts = vec![fact::obligation(batch)];
                facts.extend(changed.iter().map(fact::updated));
                kit::outbox::put(&tx, &facts).await?;
                tx.about(batch.id.to_string());
                Ok(wire::admission::encode_opened(batch, caller.language))
            }
        })
        .await
}

/// Makes applicants of those who are none yet; returns these.
async fn take_applications(tx: &Tx, batch: &AdmissionBatch) -> Result<Vec<Organisation>> {
    let known = store::organisation::lock(tx, &batch.applicants).await?;
    if let Some(missing) = batch
        .applicants
        .iter()
        .find(|id| known.iter().all(|each| each.id != **id))
    {
        let unknown = store::refusal::unknown("admission_batch.applicants");
        return Err(unknown.with("organisation", missing));
    }
    let mut changed = Vec::new();
    for mut organisation in known {
        let applies = membership::applies(&organisation);
        if applies.map_err(|error| error.with("organisation", organisation.id))? {
            organisation.membership = Some(membership::Membership::applicant());
            organisation.touch(batch.created_at);
            changed.push(organisation);
        }
    }
    store::organisation::update(tx, &changed).await?;
    Ok(changed)
}

async fn get(
    state: &State,
    caller: &Caller,
    request: &pb::GetAdmissionBatchRequest,
) -> Result<pb::AdmissionBatch> {
    let id = AdmissionBatchId::parse("name", &request.name).map_err(Error::invalid)?;
    of_the_house(caller, &request.name)?;
    let found = store::admission::get(&state.pool.get().await?, id).await?;
    let batch = found.ok_or_else(|| Error::not_found(&request.name))?;
    Ok(wire::admission::encode(&batch))
}

async fn list(
    state: &State,
    caller: &Caller,
    request: &pb::ListAdmissionBatchesRequest,
) -> Result<pb::ListAdmissionBatchesResponse> {
    caller.require_house()?;
    let size = page::size(request.page_size)?;
    let list = ["ListAdmissionBatches"];
    let before: Before = state
        .tokens
        .read(&list, &request.page_token)?
        .unwrap_or_default();
    let connection = state.pool.get().await?;
    let mut found = store::admission::list(&connection, before, rows_for(size)).await?;
    let more = cut(&mut found, size as usize);
    let next_page_token = match found.last().filter(|_| more) {
        None => String::new(),
        Some(last) => state.tokens.issue(&list, &Before(last.id.0))?,
    };
    Ok(pb::ListAdmissionBatchesResponse {
        admission_batches: found.iter().map(wire::admission::encode).collect(),
        next_page_token,
    })
}

async fn complete(
    state: &State,
    caller: &Caller,
    request: &pb::CompleteAdmissionBatchRequest,
) -> Result<pb::AdmissionBatch> {
    let id = AdmissionBatchId::parse("name", &request.name).map_err(Error::invalid)?;
    of_the_house(caller, &request.name)?;
    let now = state.now();
    Mutation::new(&state.mutations, caller, COMPLETE, &request.request_id)
        .run(request, |tx| async move {
            let found = store::admission::lock(&tx, id).await?;
            let mut batch = found.ok_or_else(|| Error::not_found(&request.name))?;
            etag::check(&request.etag, id.0, batch.version)?;
            if batch.complete(now) {
                store::admission::update(&tx, &batch).await?;
                kit::outbox::put(&tx, &[fact::obligation(&batch)]).await?;
            }
            tx.about(id.to_string());
            Ok(wire::admission::encode(&batch))
        })
        .await
}
