//! Inviting organisations, and the answers that an officer takes.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::database::{Session, Tx};
use kit::error::{Error, Result, Violation, Violations};
use kit::mutation;
use lienminh_proto::events::v1 as wire;

use super::INVITEES_LIMIT;
use crate::api::wire::{event, field, name, warning};
use crate::api::{House, answering, codes, party};
use crate::domain::answer::Source;
use crate::domain::event::EventState;
use crate::domain::id::{EventId, InvitationId, OrganisationId};
use crate::domain::obligation::Subject;
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::domain::warning as warnings;
use crate::store;

const INVITE: &str = "lienminh.events.v1.EventService/BatchInvite";
const ANSWER: &str = "lienminh.events.v1.EventService/AnswerInvitation";

/// Stores new invitations with their codes; how many were new.
pub(super) async fn store_new(
    tx: &Tx,
    event: EventId,
    organisations: &[OrganisationId],
    positions: &[Position],
    now: Timestamp,
) -> Result<usize> {
    let new = store::invitation::invite(tx, event, organisations, positions).await?;
    codes::for_invitations(tx, &new, now).await?;
    Ok(new.len())
}

pub(super) async fn batch(
    house: &House,
    caller: &Caller,
    request: &wire::BatchInviteRequest,
) -> Result<wire::BatchInviteResponse> {
    caller.require_house()?;
    let mut violations = Violations::default();
    let v = &mut violations;
    let id: Option<EventId> = name::required(v, "parent", &request.parent);
    v.require(!request.organisations.is_empty(), || {
        Violation::required("organisations")
    });
    let organisations: Vec<OrganisationId> =
        name::list(v, "organisations", &request.organisations, INVITEES_LIMIT);
    let positions = field::positions(v, "positions", &request.positions);
    let id = violations.finish(id)?;
    let now = house.now();

    mutation::run(
        &house.mutations,
        caller,
        INVITE,
        &request.request_id,
        request,
        |tx| {
            let (organisations, positions) = (&organisations, &positions);
            async move {
                let present = store::event::share(&tx, id)
                    .await?
                    .ok_or_else(|| Error::not_found(id.to_string()))?;
                refuse_when_over(present.state)?;
                let invited = store_new(&tx, id, organisations, positions, now).await?;
                tx.about(id.to_string());
                let warnings = warnings::of_invitation(&present, &house.calendar, now);
                Ok(wire::BatchInviteResponse {
                    invited: count(invited),
                    already_invited: count(organisations.len() - invited),
                    warnings: warning::to_proto(&warnings, caller.language),
                })
            }
        },
    )
    .await
}

fn refuse_when_over(state: EventState) -> Result<(), Refusal> {
    match state {
        EventState::Cancelled => Err(Refusal::EventCancelled),
        EventState::Completed => Err(Refusal::EventCompleted),
        EventState::Draft | EventState::Scheduled | EventState::Postponed => Ok(()),
    }
}

/// At most [`INVITEES_LIMIT`], so it always fits.
fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) async fn answer(
    house: &House,
    caller: &Caller,
    request: &wire::AnswerInvitationRequest,
) -> Result<wire::Invitation> {
    let mut violations = Violations::default();
    let coming = read_answer(&mut violations, request.state);
    let said = field::attendance(
        &mut violations,
        coming.unwrap_or_default(),
        request.attendees,
        &request.attendee_names,
    );
    let said = violations.finish(coming.map(|_| said))?;
    let id = find(house, caller, request).await?;
    let source = source_of(caller);
    let now = house.now();
    mutation::run(
        &house.mutations,
        caller,
        ANSWER,
        &request.request_id,
        request,
        |tx| {
            let said = &said;
            async move {
                let (_, answered) = answering::invitation(&tx, id, said, source, now).await?;
                encoded(&*tx, answered.event, answered.organisation).await
            }
        },
    )
    .await
}

const fn source_of(caller: &Caller) -> Source {
    if caller.organisation.is_some() {
        Source::Member
    } else {
        Source::Officer
    }
}

fn read_answer(violations: &mut Violations, state: i32) -> Option<bool> {
    match wire::InvitationState::try_from(state) {
        Ok(wire::InvitationState::Accepted) => Some(true),
        Ok(wire::InvitationState::Declined) => Some(false),
        Ok(
            wire::InvitationState::Unspecified
            | wire::InvitationState::Invited
            | wire::InvitationState::Withdrawn,
        )
        | Err(_) => {
            violations.push(Violation::not_among("state", &["ACCEPTED", "DECLINED"]));
            None
        }
    }
}

/// The invitation that is meant, of an organisation that this caller may answer
/// for. A caller bound to one organisation hears the same of all others,
/// invited or not.
async fn find(
    house: &House,
    caller: &Caller,
    request: &wire::AnswerInvitationRequest,
) -> Result<InvitationId> {
    let connection = house.pool.get().await?;
    let not_found = || match caller.organisation {
        Some(_) => Error::not_yours(),
        None => Error::not_found(request.name.clone()),
    };
    if let Some((event, id)) = name::parse_nested::<EventId, InvitationId>(&request.name) {
        let found = store::invitation::get(&connection, id)
            .await?
            .ok_or_else(not_found)?;
        if found.event != event {
            return Err(not_found());
        }
        caller.require_organisation(found.organisation.0)?;
        if !party::knows(&connection, caller, Subject::Event(event)).await? {
            return Err(not_found());
        }
        return Ok(id);
    }
    let Some(event) = name::parse::<EventId>(&request.name) else {
        return Err(name::malformed_name(
            "name",
            "events/{uuid}/invitations/{uuid} | events/{uuid}",
        ));
    };
    let organisation: OrganisationId = name::only("organisation", &request.organisation)?;
    caller.require_organisation(organisation.0)?;
    let known = party::knows(&connection, caller, Subject::Event(event)).await?;
    store::invitation::find(&connection, event, organisation)
        .await?
        .filter(|_| known)
        .ok_or_else(|| {
            Error::not_found_as(
                format!("{event}/invitations of {organisation}"),
                format!("{organisation} chưa được mời tới {event}."),
                format!("{organisation} is not invited to {event}."),
            )
        })
}

async fn encoded(
    session: &impl Session,
    event: EventId,
    organisation: OrganisationId,
) -> Result<wire::Invitation> {
    let found = store::invitation::among(session, event, &[organisation.0]).await?;
    found
        .first()
        .map(event::invitation_to_proto)
        .ok_or_else(|| Error::internal(anyhow::anyhow!("an answered invitation is gone")))
}
