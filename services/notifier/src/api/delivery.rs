//! Deliveries, as people list and settle them.

use kit::auth::Caller;
use kit::error::{Error, Result, Violation, Violations};
use kit::language::Language;
use kit::{page, resource, wire};
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;

use super::{Api, name, party};
use crate::domain::delivery::{Channel, Decision, State};
use crate::domain::explain::{delivery_reason_en, delivery_reason_vi};
use crate::store;
use crate::store::listing::{Filter, Listed};
use crate::work::letter::organisation_name;

/// Sees addresses whole; everybody else sees them masked.
const SEE_ADDRESSES: &str = "notifier.addresses.get";

const RESOLVE: &str = "lienminh.notifier.v1.NotifierService/ResolveDelivery";

/// A reason is a sentence, not a report.
const LONGEST_REASON: usize = 500;

pub(super) async fn list(
    api: &Api,
    caller: &Caller,
    request: &pb::ListDeliveriesRequest,
) -> Result<pb::ListDeliveriesResponse> {
    let mut wrong = Violations::default();
    wrong.check(name::obligation(&request.obligation, false));
    let occurrence = resource::optional("occurrence", "occurrences", &request.occurrence);
    let occurrence = wrong.check(occurrence).flatten();
    let organisation = resource::optional("organisation", "organisations", &request.organisation);
    let organisation = wrong.check(organisation).flatten();
    let states = wrong.check(name::states(&request.states, decode));
    let states = wrong.finish(states)?;
    let size = page::size(request.page_size)?;
    if let Some(asked) = organisation {
        caller.require_organisation(asked)?;
    }
    let organisation = organisation.or(caller.organisation);
    let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let bound = organisation.map(|id| id.to_string()).unwrap_or_default();
    let shape = [
        "ListDeliveries",
        &request.obligation,
        &request.occurrence,
        &bound,
        &words.join(","),
    ];
    let after: Option<Uuid> = api.tokens.read(&shape, &request.page_token)?;
    let session = api.desk.pool.get().await?;
    let filter = Filter {
        obligation: name::limit_to(&session, &request.obligation).await?,
        occurrence,
        organisation,
        states,
        as_carried: caller.organisation.is_some(),
        after: after.unwrap_or_default(),
        limit: i64::from(size) + 1,
    };
    let mut found = store::listing::list(&session, &filter).await?;
    let more = name::cut(&mut found, size);
    party::hide_others(caller, &mut found);
    let next_page_token = match found.last().filter(|_| more) {
        Some(last) => api.tokens.issue(&shape, &last.id)?,
        None => String::new(),
    };
    Ok(pb::ListDeliveriesResponse {
        deliveries: found.iter().map(|each| encode(api, each, caller)).collect(),
        next_page_token,
    })
}

pub(super) async fn resolve(
    api: &Api,
    caller: &Caller,
    request: &pb::ResolveDeliveryRequest,
) -> Result<pb::Delivery> {
    let mut wrong = Violations::default();
    let id = wrong.check(resource::required("name", "deliveries", &request.name));
    let decision = wrong.check(decision(request));
    wrong.require(!request.reason.trim().is_empty(), || {
        Violation::required("reason")
    });
    wrong.require(request.reason.chars().count() <= LONGEST_REASON, || {
        Violation::too_long("reason", LONGEST_REASON)
    });
    wrong.check(name::request_id(&request.request_id));
    let (id, decision) = wrong.finish(id.zip(decision))?;
    caller.require_house()?;
    let now = api.desk.clock.now();
    let request_id = &request.request_id;
    kit::mutation::run(
        &api.mutations,
        caller,
        RESOLVE,
        request_id,
        request,
        |tx| async move {
            let known = store::listing::one(&*tx, id).await?;
            let before = known.ok_or_else(|| Error::not_found(format!("deliveries/{id}")))?;
            if !store::delivery::decide_by_person(&tx, now, id, decision).await? {
                return Err(Error::failed_precondition(
                    "NOT_PARKED",
                    "Lượt gửi này không còn chờ người quyết định.",
                    "This delivery does not wait for a person's decision any more.",
                )
                .with("state", before.state.as_str()));
            }
            tx.about(format!("deliveries/{id}"));
            let after = store::listing::one(&*tx, id).await?;
            let after = after.ok_or_else(|| Error::not_found(format!("deliveries/{id}")))?;
            Ok(encode(api, &after, caller))
        },
    )
    .await
}

fn decision(request: &pb::ResolveDeliveryRequest) -> Result<Decision, Violation> {
    match pb::Resolution::try_from(request.resolution) {
        Ok(pb::Resolution::Sent) => Ok(Decision::Sent),
        Ok(pb::Resolution::Resend) => Ok(Decision::Resend),
        Ok(pb::Resolution::Failed) => Ok(Decision::Failed),
        Ok(pb::Resolution::Unspecified) | Err(_) => Err(Violation::not_among(
            "resolution",
            &["SENT", "RESEND", "FAILED"],
        )),
    }
}

fn decode(state: pb::DeliveryState) -> Option<State> {
    State::ALL
        .into_iter()
        .find(|each| state_message(*each) == state)
}

pub(super) const fn state_message(state: State) -> pb::DeliveryState {
    match state {
        State::Queued => pb::DeliveryState::Queued,
        State::Claimed => pb::DeliveryState::Claimed,
        State::Sending => pb::DeliveryState::Sending,
        State::RetryWait => pb::DeliveryState::RetryWait,
        State::Unknown => pb::DeliveryState::Unknown,
        State::Parked => pb::DeliveryState::Parked,
        State::Sent => pb::DeliveryState::Sent,
        State::Delivered => pb::DeliveryState::Delivered,
        State::Bounced => pb::DeliveryState::Bounced,
        State::Failed => pb::DeliveryState::Failed,
        State::Suppressed => pb::DeliveryState::Suppressed,
        State::Superseded => pb::DeliveryState::Superseded,
        State::Satisfied => pb::DeliveryState::Satisfied,
        State::Missed => pb::DeliveryState::Missed,
    }
}

pub(super) const fn channel_message(channel: Channel) -> pb::Channel {
    match channel {
        Channel::None => pb::Channel::None,
        Channel::Email => pb::Channel::Email,
        Channel::Sms => pb::Channel::Sms,
    }
}

pub(super) fn reason_text(word: &str, language: Language) -> &'static str {
    match language {
        Language::Vi => delivery_reason_vi(word),
        Language::En => delivery_reason_en(word),
    }
    .unwrap_or_default()
}

fn encode(api: &Api, listed: &Listed, caller: &Caller) -> pb::Delivery {
    pb::Delivery {
        name: format!("deliveries/{}", listed.id),
        occurrence: format!("occurrences/{}", listed.occurrence_id),
        obligation: listed.obligation.clone(),
        organisation: organisation_name(listed.organisation_id),
        organisation_display_name: listed.organisation_name.clone(),
        channel: channel_message(listed.channel).into(),
        state: state_message(listed.state).into(),
        reason: listed.reason.clone(),
        reason_text: reason_text(&listed.reason, caller.language).to_owned(),
        attempts: listed.attempts,
        reference: reference(api, listed),
        address: if caller.may(SEE_ADDRESSES) {
            listed.address.clone()
        } else {
            masked(&listed.address)
        },
        state_time: Some(wire::timestamp(listed.state_at)),
        // What others can answer by the same message makes it longer.
        segments: match caller.organisation {
            None => i32::from(listed.segments),
            Some(_) => 0,
        },
        step: listed.step.clone(),
    }
}

/// Message-ID or gateway reference: derived from the delivery's id, so it is
/// the same on every attempt.
fn reference(api: &Api, listed: &Listed) -> String {
    match listed.channel {
        Channel::None => String::new(),
        Channel::Email => format!("<{}@{}>", listed.id, api.desk.mail_domain),
        Channel::Sms => listed.id.to_string(),
    }
}

/// The first character and the domain of a mailbox, the last three digits of a number.
fn masked(address: &str) -> String {
    if let Some((local, domain)) = address.split_once('@') {
        let first: String = local.chars().take(1).collect();
        return format!("{first}***@{domain}");
    }
    let digits = address.chars().count();
    let tail: String = address.chars().skip(digits.saturating_sub(3)).collect();
    if tail.is_empty() {
        tail
    } else {
        format!("***{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_only_what_tells_it_apart() {
        assert_eq!(masked("giamdoc@htx.example"), "g***@htx.example");
        assert_eq!(masked("+84590000123"), "***123");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn every_state_can_be_asked_for() {
        for state in State::ALL {
            assert_eq!(decode(state_message(state)), Some(state));
        }
        assert_eq!(decode(pb::DeliveryState::Unspecified), None);
    }
}
