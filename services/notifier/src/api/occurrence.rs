//! Occurrences, as people list them.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Result, Violations};
use kit::language::Language;
use kit::{page, wire};
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;

use super::{Api, name};
use crate::domain::explain::{reason_en, reason_vi};
use crate::domain::occurrence::State;
use crate::store;
use crate::store::occurrence::{Filter, Listed};

pub(super) async fn list(
    api: &Api,
    caller: &Caller,
    request: &pb::ListOccurrencesRequest,
) -> Result<pb::ListOccurrencesResponse> {
    let mut wrong = Violations::default();
    wrong.check(name::obligation(&request.obligation, false));
    let states = wrong.check(name::states(&request.states, decode));
    let states = wrong.finish(states)?;
    let size = page::size(request.page_size)?;
    caller.require_house()?;
    let words: Vec<&str> = states.iter().map(|state| state.word()).collect();
    let shape = ["ListOccurrences", &request.obligation, &words.join(",")];
    let after: Option<(Timestamp, Uuid)> = api.tokens.read(&shape, &request.page_token)?;
    let session = api.desk.pool.get().await?;
    let filter = Filter {
        obligation: name::limit_to(&session, &request.obligation).await?,
        states,
        after,
        limit: i64::from(size) + 1,
    };
    let mut found = store::occurrence::list(&session, &filter).await?;
    let more = name::cut(&mut found, size);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => api.tokens.issue(&shape, &(last.due_at, last.id))?,
        None => String::new(),
    };
    Ok(pb::ListOccurrencesResponse {
        occurrences: found
            .iter()
            .map(|each| encode(each, caller.language))
            .collect(),
        next_page_token,
    })
}

fn decode(state: pb::OccurrenceState) -> Option<State> {
    match state {
        pb::OccurrenceState::Unspecified => None,
        pb::OccurrenceState::Scheduled => Some(State::Scheduled),
        pb::OccurrenceState::FannedOut => Some(State::FannedOut),
        pb::OccurrenceState::Superseded => Some(State::Superseded),
        pb::OccurrenceState::Satisfied => Some(State::Satisfied),
        pb::OccurrenceState::Missed => Some(State::Missed),
        pb::OccurrenceState::Suppressed => Some(State::Suppressed),
    }
}

pub(super) const fn state_message(state: State) -> pb::OccurrenceState {
    match state {
        State::Scheduled => pb::OccurrenceState::Scheduled,
        State::FannedOut => pb::OccurrenceState::FannedOut,
        State::Superseded => pb::OccurrenceState::Superseded,
        State::Satisfied => pb::OccurrenceState::Satisfied,
        State::Missed => pb::OccurrenceState::Missed,
        State::Suppressed => pb::OccurrenceState::Suppressed,
    }
}

fn encode(listed: &Listed, language: Language) -> pb::Occurrence {
    let reason_text = match language {
        Language::Vi => reason_vi(&listed.reason),
        Language::En => reason_en(&listed.reason),
    };
    pb::Occurrence {
        name: format!("occurrences/{}", listed.id),
        obligation: listed.obligation.clone(),
        title: listed.title.clone(),
        step: listed.step.clone(),
        repetition: i32::from(listed.repetition),
        anchor_version: listed.anchor_version,
        due_time: Some(wire::timestamp(listed.due_at)),
        useful_until_time: Some(wire::timestamp(listed.useful_until)),
        state: state_message(listed.state).into(),
        reason: listed.reason.clone(),
        reason_text: reason_text.unwrap_or_default().to_owned(),
        deliveries: i32::try_from(listed.deliveries).unwrap_or(i32::MAX),
    }
}
