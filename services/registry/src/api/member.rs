//! Admission of members (kết nạp).

use kit::auth::Caller;
use kit::error::{Error, Result, Violations};
use kit::mutation::Mutation;
use kit::{civil, etag, text};
use lienminh_proto::registry::v1 as pb;

use super::state::State;
use super::{fact, wire};
use crate::domain::id::OrganisationId;
use crate::domain::membership::{Admission, BATCH_LIMIT, DECISION_NUMBER_LIMIT};
use crate::store;

const ADMIT: &str = "lienminh.registry.v1.OrganisationService/AdmitMember";

/// Admits an organisation; wherever it had applied it is done, and a batch
/// that waits for nobody any more is closed.
pub(super) async fn admit(
    state: &State,
    caller: &Caller,
    request: &pb::AdmitMemberRequest,
) -> Result<pb::Organisation> {
    caller.require_house()?;
    let (id, admission) = decode(request)?;
    let (now, today) = (state.now(), state.today());
    Mutation::new(&state.mutations, caller, ADMIT, &request.request_id)
        .run(request, |tx| {
            let admission = admission.clone();
            async move {
                let known = store::organisation::lock(&tx, &[id]).await?.pop();
                let mut organisation = known.ok_or_else(|| Error::not_found(&request.name))?;
                etag::check(&request.etag, id.0, organisation.version)?;
                organisation.membership = Some(admission.membership_of(&organisation, today)?);
                organisation.touch(now);
                store::organisation::update(&tx, std::slice::from_ref(&organisation)).await?;
                let completed = store::applicant::admit(&tx, &[id], now).await?;
                let mut facts = vec![fact::updated(&organisation), fact::admitted(&organisation)];
                facts.extend(completed.iter().map(fact::obligation));
                kit::outbox::put(&tx, &facts).await?;
                tx.about(id.to_string());
                Ok(wire::organisation::encode(&organisation))
            }
        })
        .await
}

fn decode(request: &pb::AdmitMemberRequest) -> Result<(OrganisationId, Admission)> {
    let mut wrong = Violations::default();
    let id = wrong.check(OrganisationId::parse("name", &request.name));
    let kind = wrong.check(wire::organisation::decode_membership_kind(
        "kind",
        request.kind,
    ));
    let decision_number = wrong.check(text::required_line(
        "decision_number",
        &request.decision_number,
        DECISION_NUMBER_LIMIT,
    ));
    let admit_date = wrong.check(civil::parse("admit_date", request.admit_date.as_ref()));
    let batch = wrong.check(text::line("batch", &request.batch, BATCH_LIMIT));
    let decoded = (|| {
        let admission = Admission {
            kind: kind?,
            decision_number: decision_number?,
            admit_date: admit_date?,
            batch: batch?,
        };
        Some((id?, admission))
    })();
    wrong.finish(decoded)
}
