//! Tells, in order, every decision about one obligation and one organisation.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Result, Violations};
use kit::language::Language;
use kit::{resource, wire};
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;

use super::delivery::reason_text;
use super::{Api, name, party};
use crate::domain::delivery::Channel;
use crate::domain::explain::Tongue;
use crate::source::wire::obligation_message;
use crate::store;
use crate::store::listing::{Attempt, Filter, Listed};

/// Decisions told at once: more than any obligation of a year has.
const MOST: i64 = 2_000;

pub(super) async fn explain(
    api: &Api,
    caller: &Caller,
    request: &pb::ExplainReminderRequest,
) -> Result<pb::ExplainReminderResponse> {
    let mut wrong = Violations::default();
    wrong.check(name::obligation(&request.obligation, true));
    let organisation = resource::optional("organisation", "organisations", &request.organisation);
    let organisation = wrong.check(organisation);
    let organisation = wrong.finish(organisation)?;
    match organisation {
        Some(asked) => caller.require_organisation(asked)?,
        None => caller.require_house()?,
    }
    if let Some(own) = caller.organisation {
        party::takes_part(api, own, &request.obligation).await?;
    }
    let session = api.desk.pool.get().await?;
    let (id, obligation) = name::known(&session, &request.obligation).await?;
    let mut told: Vec<(Timestamp, pb::Decision)> =
        store::decision::of_obligation(&session, id, MOST)
            .await?
            .into_iter()
            .map(|each| {
                let decision = message(
                    each.at,
                    each.decision.word(),
                    each.decision.text(tongue(caller.language)),
                    each.occurrence_id,
                    None,
                );
                (each.at, decision)
            })
            .collect();
    if let Some(organisation) = organisation {
        let filter = Filter {
            obligation: Some(id),
            organisation: Some(organisation),
            limit: MOST,
            ..Filter::default()
        };
        let mut rows = store::listing::list(&session, &filter).await?;
        party::hide_successors(caller, &mut rows);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let attempts = store::listing::attempts(&session, &ids).await?;
        told.extend(
            rows.iter()
                .map(|row| (row.asked_at, of_row(row, caller.language))),
        );
        told.extend(
            attempts
                .iter()
                .map(|each| (each.at, of_attempt(each, caller.language))),
        );
        let ended = rows.iter().filter(|row| row.state_at > row.asked_at);
        told.extend(ended.map(|row| (row.state_at, of_state(row, caller.language))));
    }
    // Stable: what was decided at one instant stays in the order of its making.
    told.sort_by_key(|(at, _)| *at);
    Ok(pb::ExplainReminderResponse {
        obligation: Some(obligation_message(&obligation)),
        decisions: told.into_iter().map(|(_, decision)| decision).collect(),
    })
}

pub(super) const fn tongue(language: Language) -> Tongue {
    match language {
        Language::Vi => Tongue::Vi,
        Language::En => Tongue::En,
    }
}

fn message(
    at: Timestamp,
    kind: &str,
    text: String,
    occurrence: Option<Uuid>,
    delivery: Option<Uuid>,
) -> pb::Decision {
    pb::Decision {
        time: Some(wire::timestamp(at)),
        kind: kind.to_owned(),
        text,
        occurrence: occurrence
            .map(|id| format!("occurrences/{id}"))
            .unwrap_or_default(),
        delivery: delivery
            .map(|id| format!("deliveries/{id}"))
            .unwrap_or_default(),
    }
}

const fn channel(channel: Channel, language: Language) -> &'static str {
    match (channel, language) {
        (Channel::None, Language::Vi) => "không gửi",
        (Channel::None, Language::En) => "nothing sent",
        (Channel::Email, Language::Vi) => "thư điện tử",
        (Channel::Email, Language::En) => "email",
        (Channel::Sms, _) => "SMS",
    }
}

fn of_row(row: &Listed, language: Language) -> pb::Decision {
    let why = reason_text(&row.reason, language);
    let (kind, text) = match (row.channel, language) {
        (Channel::None, Language::Vi) => (
            "suppressed",
            format!(
                "Bước {}: không gửi cho {}: {why}.",
                row.step, row.organisation_name
            ),
        ),
        (Channel::None, Language::En) => (
            "suppressed",
            format!(
                "Step {}: nothing for {}: {why}.",
                row.step, row.organisation_name
            ),
        ),
        (way, Language::Vi) => (
            "chosen",
            format!(
                "Bước {}: chọn {} cho {}.",
                row.step,
                channel(way, language),
                row.organisation_name
            ),
        ),
        (way, Language::En) => (
            "chosen",
            format!(
                "Step {}: {} chosen for {}.",
                row.step,
                channel(way, language),
                row.organisation_name
            ),
        ),
    };
    message(
        row.asked_at,
        kind,
        text,
        Some(row.occurrence_id),
        Some(row.id),
    )
}

fn of_attempt(attempt: &Attempt, language: Language) -> pb::Decision {
    let outcome = match (attempt.outcome.as_str(), language) {
        ("accepted", Language::Vi) => "nhà cung cấp đã nhận",
        ("refused", Language::Vi) => "nhà cung cấp từ chối",
        ("deferred" | "not_sent", Language::Vi) => "chưa gửi được, sẽ thử lại",
        ("unknown", Language::Vi) => "không rõ kết quả",
        ("withdrawn", Language::Vi) => "thôi không gửi",
        ("deferred" | "not_sent", Language::En) => "not sent, tried again",
        (other, _) => other,
    };
    let text = match language {
        Language::Vi => format!("Lần gửi {}: {outcome} {}", attempt.number, attempt.code),
        Language::En => format!("Attempt {}: {outcome} {}", attempt.number, attempt.code),
    };
    message(
        attempt.at,
        "attempt",
        text.trim_end().to_owned(),
        None,
        Some(attempt.delivery_id),
    )
}

fn of_state(row: &Listed, language: Language) -> pb::Decision {
    let why = reason_text(&row.reason, language);
    let state = row.state.as_str();
    let text = match (language, why) {
        (Language::Vi, "") => format!("Trạng thái: {state} {}", row.reason),
        (Language::Vi, why) => format!("Trạng thái: {state}, {why}"),
        (Language::En, "") => format!("State: {state} {}", row.reason),
        (Language::En, why) => format!("State: {state}, {why}"),
    };
    let text = format!("{}.", text.trim_end());
    message(
        row.state_at,
        "state",
        text,
        Some(row.occurrence_id),
        Some(row.id),
    )
}
