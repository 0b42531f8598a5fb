//! Who is concerned by an obligation now, with tokens and codes, without addresses.

use std::collections::HashMap;

use kit::database::Session;
use kit::error::Result;
use kit::wire::timestamp;
use lienminh_proto::obligation::v1::{Party, PartyState};
use uuid::Uuid;

use super::House;
use super::wire::field::positions_to_proto;
use crate::domain::deadline::{Deadline, DeadlineState};
use crate::domain::event::Event;
use crate::domain::id::OrganisationId;
use crate::domain::invitation::InvitationState;
use crate::domain::kind::DeadlineKind;
use crate::domain::obligation::Subject;
use crate::domain::position::Position;
use crate::domain::submission::SubmissionState;
use crate::domain::token::Reply;
use crate::store::{self, invitation, submission};

/// The matter behind an obligation.
pub(super) enum Matter {
    /// An event with its invitations.
    Event(Box<Event>),
    /// A deadline with what is owed, or a task of its lead unit.
    Deadline(Box<Deadline>),
}

/// Which parties are asked for.
pub(super) enum Which<'a> {
    /// Those behind an organisation, at most so many.
    After(Uuid, i64),
    /// These.
    Among(&'a [Uuid]),
}

/// Reads the matter of an obligation.
pub(super) async fn matter(session: &impl Session, subject: Subject) -> Result<Option<Matter>> {
    Ok(match subject {
        Subject::Event(id) => store::event::get(session, id)
            .await?
            .map(Box::new)
            .map(Matter::Event),
        Subject::Deadline(id) => store::deadline::get(session, id)
            .await?
            .map(Box::new)
            .map(Matter::Deadline),
    })
}

/// Some parties of a matter in the order of their organisations, each with the
/// organisation's identity for whoever goes on behind it.
pub(super) async fn parties(
    session: &impl Session,
    house: &House,
    matter: &Matter,
    which: Which<'_>,
) -> Result<Vec<(Uuid, Party)>> {
    match matter {
        Matter::Event(event) => {
            let invited = match which {
                Which::After(after, limit) => {
                    invitation::page(session, event.id, after, limit).await?
                }
                Which::Among(ids) => invitation::among(session, event.id, ids).await?,
            };
            Ok(invited
                .iter()
                .map(|each| {
                    (
                        each.invitation.organisation.0,
                        invited_party(house, event, each),
                    )
                })
                .collect())
        }
        Matter::Deadline(deadline) if deadline.kind == DeadlineKind::Report => {
            let owing = match which {
                Which::After(after, limit) => {
                    submission::page(session, deadline.id, &[], after, limit).await?
                }
                Which::Among(ids) => submission::among(session, deadline.id, ids).await?,
            };
            Ok(owing
                .iter()
                .map(|each| (each.submission.organisation.0, owing_party(house, each)))
                .collect())
        }
        Matter::Deadline(deadline) => {
            let code = claimed_code(session, deadline).await?;
            Ok(lead_party(deadline, code, &which).into_iter().collect())
        }
    }
}

fn invited_party(house: &House, event: &Event, coded: &invitation::Coded) -> Party {
    let invited = &coded.invitation;
    let (state, reason) = match invited.state {
        InvitationState::Invited => (PartyState::Concerned, String::new()),
        InvitationState::Accepted if invited.is_outdated(event.anchor_version) => (
            PartyState::Confirmed,
            "đã nhận lời theo lịch trước khi thay đổi".to_owned(),
        ),
        InvitationState::Accepted => (PartyState::Confirmed, "đã nhận lời".to_owned()),
        InvitationState::Declined if invited.is_outdated(event.anchor_version) => (
            PartyState::Declined,
            "không dự được theo lịch trước khi thay đổi".to_owned(),
        ),
        InvitationState::Declined => (PartyState::Declined, "đã báo không dự được".to_owned()),
        InvitationState::Withdrawn => (PartyState::Exempt, "lời mời đã được rút".to_owned()),
    };
    let mut variables = HashMap::new();
    if invited.attendees > 0 {
        variables.insert("attendees".to_owned(), invited.attendees.to_string());
    }
    Party {
        organisation: invited.organisation.to_string(),
        positions: positions_to_proto(&invited.positions),
        state: i32::from(state),
        reason,
        variables,
        reply_token: house.replies.token(Reply::Invitation(invited.id)),
        answer_code: coded.code.clone(),
        state_time: invited.answered.map(|answered| timestamp(answered.at)),
    }
}

fn owing_party(house: &House, coded: &submission::Coded) -> Party {
    let owed = &coded.submission;
    let day = vietnam::dates::short(vietnam::local(owed.state_at).date());
    let (state, reason) = match owed.state {
        SubmissionState::Awaited => (PartyState::Concerned, String::new()),
        SubmissionState::Claimed => (PartyState::ClaimedDone, format!("báo đã gửi ngày {day}")),
        SubmissionState::Submitted => (PartyState::Done, format!("đã nộp ngày {day}")),
        SubmissionState::Exempt => (PartyState::Exempt, "được miễn".to_owned()),
    };
    let reason = if owed.remark.is_empty() {
        reason
    } else {
        format!("{reason}: {}", owed.remark)
    };
    Party {
        organisation: owed.organisation.to_string(),
        positions: Vec::new(),
        state: i32::from(state),
        reason,
        variables: HashMap::new(),
        reply_token: house.replies.token(Reply::Submission(owed.id)),
        answer_code: coded.code.clone(),
        state_time: Some(timestamp(owed.state_at)),
    }
}

/// The code of what is said to have been sent, by which the unit in charge finds it.
async fn claimed_code(session: &impl Session, deadline: &Deadline) -> Result<String> {
    let Some(claim) = deadline.claim else {
        return Ok(String::new());
    };
    let Some(claimed) = submission::get(session, claim.submission).await? else {
        return Ok(String::new());
    };
    let owing = submission::among(session, claimed.deadline, &[claim.organisation.0]).await?;
    let code = owing.into_iter().next().map(|coded| coded.code);
    Ok(code.unwrap_or_default())
}

/// A task concerns the unit in charge and nobody else.
fn lead_party(
    deadline: &Deadline,
    answer_code: String,
    which: &Which<'_>,
) -> Option<(Uuid, Party)> {
    let OrganisationId(lead) = deadline.lead_unit;
    let asked = match which {
        Which::After(after, _) => lead > *after,
        Which::Among(ids) => ids.contains(&lead),
    };
    let (state, reason) = match deadline.state {
        DeadlineState::Open => (PartyState::Concerned, ""),
        DeadlineState::Closed => (PartyState::Done, "đã hoàn thành"),
        DeadlineState::Cancelled => (PartyState::Exempt, "đã bãi bỏ"),
    };
    let variables = deadline.claim.map_or_else(HashMap::new, |claim| {
        let day = vietnam::local(deadline.created_at).date();
        HashMap::from([
            ("claimant".to_owned(), claim.organisation.to_string()),
            ("claimed_at".to_owned(), vietnam::dates::with_weekday(day)),
        ])
    });
    let party = Party {
        organisation: deadline.lead_unit.to_string(),
        positions: positions_to_proto(&Position::OF_UNIT),
        state: i32::from(state),
        reason: reason.to_owned(),
        variables,
        reply_token: String::new(),
        answer_code,
        state_time: Some(timestamp(deadline.updated_at)),
    };
    asked.then_some((lead, party))
}
