//! `OrganisationService`.

use futures_util::future::try_join;
use kit::auth::Caller;
use kit::error::{Error, Result, Violation, answer};
use kit::etag;
use kit::mask::Mask;
use kit::mutation::Mutation;
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::registry::v1::organisation_service_server::OrganisationService;
use tonic::{Request, Response, Status as GrpcStatus};
use uuid::Uuid;

use super::bound::{refuse_merged, visible};
use super::state::{State, under};
use super::{fact, listing, member, roster, search, wire};
use crate::domain::id::OrganisationId;
use crate::domain::organisation::{self, Details, Organisation};
use crate::domain::short_name;
use crate::store;

const CREATE: &str = "lienminh.registry.v1.OrganisationService/CreateOrganisation";
const UPDATE: &str = "lienminh.registry.v1.OrganisationService/UpdateOrganisation";

/// The rpcs about organisations.
#[derive(Clone, Debug)]
pub struct OrganisationApi(pub State);

#[tonic::async_trait]
impl OrganisationService for OrganisationApi {
    async fn create_organisation(
        &self,
        request: Request<pb::CreateOrganisationRequest>,
    ) -> Result<Response<pb::Organisation>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn get_organisation(
        &self,
        request: Request<pb::GetOrganisationRequest>,
    ) -> Result<Response<pb::Organisation>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            get(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn list_organisations(
        &self,
        request: Request<pb::ListOrganisationsRequest>,
    ) -> Result<Response<pb::ListOrganisationsResponse>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            listing::list(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn search_organisations(
        &self,
        request: Request<pb::SearchOrganisationsRequest>,
    ) -> Result<Response<pb::SearchOrganisationsResponse>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            search::search(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn update_organisation(
        &self,
        request: Request<pb::UpdateOrganisationRequest>,
    ) -> Result<Response<pb::Organisation>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            update(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn admit_member(
        &self,
        request: Request<pb::AdmitMemberRequest>,
    ) -> Result<Response<pb::Organisation>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            member::admit(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn import_roster(
        &self,
        request: Request<pb::ImportRosterRequest>,
    ) -> Result<Response<pb::ImportRosterResponse>, GrpcStatus> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            roster::import(&self.0, &caller, request.get_ref()).await,
        )
    }
}

async fn create(
    state: &State,
    caller: &Caller,
    request: &pb::CreateOrganisationRequest,
) -> Result<pb::Organisation> {
    caller.require_house()?;
    let given = request.organisation.as_ref();
    let given = given.ok_or_else(|| Error::invalid(Violation::required("organisation")))?;
    let id = OrganisationId(Uuid::now_v7());
    let details = under("organisation", wire::organisation::decode(given))?;
    under("organisation", details.check(id))?;
    let organisation = Organisation::entered(id, details, state.now());
    Mutation::new(&state.mutations, caller, CREATE, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let organisation = &organisation;
            async move {
                check_successor(&tx, &organisation.details).await?;
                // Sent together: where the first is refused, the server refuses the second as well.
                try_join(
                    store::organisation::insert(&tx, std::slice::from_ref(organisation)),
                    kit::outbox::put(&tx, &[fact::created(organisation)]),
                )
                .await?;
                tx.about(organisation.id.to_string());
                Ok(wire::organisation::encode(organisation))
            }
        })
        .await
}

async fn check_successor(tx: &kit::database::Tx, details: &Details) -> Result<()> {
    let Some(successor) = details.successor else {
        return Ok(());
    };
    let status = store::organisation::hold_status(tx, successor).await?;
    let status = status.ok_or_else(|| store::refusal::unknown("organisation.successor"))?;
    under("organisation", organisation::check_successor(status))
}

async fn get(
    state: &State,
    caller: &Caller,
    request: &pb::GetOrganisationRequest,
) -> Result<pb::Organisation> {
    let id = OrganisationId::parse("name", &request.name).map_err(Error::invalid)?;
    visible(caller, id, &request.name)?;
    let found = state.organisations.get(id).await?;
    let organisation = found.ok_or_else(|| Error::not_found(&request.name))?;
    Ok(wire::organisation::encode(&organisation))
}

async fn update(
    state: &State,
    caller: &Caller,
    request: &pb::UpdateOrganisationRequest,
) -> Result<pb::Organisation> {
    let given = request.organisation.as_ref();
    let given = given.ok_or_else(|| Error::invalid(Violation::required("organisation")))?;
    let id = OrganisationId::parse("organisation.name", &given.name).map_err(Error::invalid)?;
    visible(caller, id, &given.name)?;
    let mask = Mask::read(
        wire::organisation::TYPE,
        request.update_mask.as_ref(),
        given,
        &wire::organisation::UPDATABLE,
    )?;
    let now = state.now();
    Mutation::new(&state.mutations, caller, UPDATE, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let mask = &mask;
            async move {
                let known = store::organisation::lock(&tx, &[id]).await?.pop();
                let mut organisation = known.ok_or_else(|| Error::not_found(&given.name))?;
                etag::check(&given.etag, id.0, organisation.version)?;
                tx.about(id.to_string());
                refuse_merged(caller, organisation.details.status)?;
                let known = wire::organisation::encode(&organisation);
                mask.own_only(caller, "organisation", &known, given)?;
                let details = merged(&organisation, &known, given, mask)?;
                if details == organisation.details {
                    return Ok(wire::organisation::encode(&organisation));
                }
                under("organisation", details.check(id))?;
                if details.successor != organisation.details.successor {
                    check_successor(&tx, &details).await?;
                }
                organisation.rewrite(details, caller.organisation.is_some(), now);
                store::organisation::update(&tx, std::slice::from_ref(&organisation)).await?;
                kit::outbox::put(&tx, &[fact::updated(&organisation)]).await?;
                Ok(wire::organisation::encode(&organisation))
            }
        })
        .await
}

/// The details after the update. A short name that was derived follows the name.
fn merged(
    known: &Organisation,
    sent: &pb::Organisation,
    given: &pb::Organisation,
    mask: &Mask,
) -> Result<Details> {
    let mut after = mask.apply(sent, given)?;
    let derived = known.details.short_name == short_name::derived(&known.details.display_name);
    if derived && !mask.has("short_name") {
        after.short_name.clear();
    }
    under("organisation", wire::organisation::decode(&after))
}
