//! What was received, and what is said to have been sent.

use kit::auth::Caller;
use kit::database::Session;
use kit::error::{Error, Result, Violations};
use kit::mutation;
use lienminh_proto::events::v1 as wire;

use crate::api::wire::{deadline, field, name};
use crate::api::{House, answering};
use crate::domain::id::{DeadlineId, OrganisationId, SubmissionId};
use crate::store;

const RECORD: &str = "lienminh.events.v1.DeadlineService/RecordSubmission";
const CLAIM: &str = "lienminh.events.v1.DeadlineService/ClaimSubmission";

pub(super) async fn record(
    house: &House,
    caller: &Caller,
    request: &wire::RecordSubmissionRequest,
) -> Result<wire::Submission> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let v = &mut violations;
    let of: Option<DeadlineId> = name::required(v, "parent", &request.parent);
    let organisation: Option<OrganisationId> =
        name::required(v, "organisation", &request.organisation);
    let receipt = deadline::receipt(v, request.state);
    let remark = field::note(v, "remark", &request.remark);
    let (of, organisation, receipt) = violations.finish(
        of.zip(organisation)
            .zip(receipt)
            .map(|((of, organisation), receipt)| (of, organisation, receipt)),
    )?;
    let now = house.now();
    mutation::run(
        &house.mutations,
        caller,
        RECORD,
        &request.request_id,
        request,
        |tx| {
            let remark = &remark;
            async move {
                let id = find(&*tx, of, organisation).await?;
                answering::record(&tx, house, id, receipt, remark, now).await?;
                encoded(&*tx, of, organisation).await
            }
        },
    )
    .await
}

pub(super) async fn claim(
    house: &House,
    caller: &Caller,
    request: &wire::ClaimSubmissionRequest,
) -> Result<wire::Submission> {
    let mut violations = Violations::default();
    let v = &mut violations;
    let of: Option<DeadlineId> = name::required(v, "parent", &request.parent);
    let organisation: Option<OrganisationId> =
        name::required(v, "organisation", &request.organisation);
    let (of, organisation) = violations.finish(of.zip(organisation))?;
    caller.require_organisation(organisation.0)?;
    let now = house.now();
    mutation::run(
        &house.mutations,
        caller,
        CLAIM,
        &request.request_id,
        request,
        |tx| async move {
            let id = find(&*tx, of, organisation).await?;
            answering::claim(&tx, house, id, now).await?;
            encoded(&*tx, of, organisation).await
        },
    )
    .await
}

async fn find(
    session: &impl Session,
    of: DeadlineId,
    organisation: OrganisationId,
) -> Result<SubmissionId> {
    store::submission::find(session, of, organisation)
        .await?
        .ok_or_else(|| {
            Error::not_found_as(
                format!("{of}/submissions of {organisation}"),
                format!("{organisation} không phải nộp {of}."),
                format!("{organisation} does not owe {of}."),
            )
        })
}

async fn encoded(
    session: &impl Session,
    of: DeadlineId,
    organisation: OrganisationId,
) -> Result<wire::Submission> {
    let found = store::submission::among(session, of, &[organisation.0]).await?;
    found
        .first()
        .map(deadline::submission_to_proto)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("a recorded submission is gone")))
}
