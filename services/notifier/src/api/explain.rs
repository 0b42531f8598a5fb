//! Tells, in order, every decision about one obligation and one organisation.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::error::{Result, Violations};
use kit::language::Language;
use kit::{resource, wire};
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;
use vietnam::text::capitalised;

use super::delivery::reason_text;
use super::{Api, name, party};
use crate::domain::delivery::Channel;
use crate::domain::explain::{Part, Tongue, named, outcome};
use crate::domain::obligation::Obligation;
use crate::source::wire::obligation_message;
use crate::store;
use crate::store::listing::{Attempt, Filter, Listed};
use crate::work::letter::organisation_name;

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
    let tongue = tongue(caller.language);
    let named = |step: &str| named(step, api.desk.rules.step(&obligation.kind, step), tongue);
    let mut told: Vec<(Timestamp, pb::Decision)> =
        store::decision::of_obligation(&session, id, MOST)
            .await?
            .into_iter()
            .map(|each| {
                let decision = message(
                    each.at,
                    each.decision.word(),
                    match caller.organisation {
                        None => each.decision.text(tongue, named),
                        Some(_) => each.decision.text_to_member(tongue, named),
                    },
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
        party::hide_others(caller, &mut rows);
        let ids: Vec<Uuid> = rows.iter().map(|row| message_of(row, caller)).collect();
        let attempts = store::listing::attempts(&session, &ids).await?;
        drop(session);
        let chosen = rows.iter().map(|row| {
            let decision = of_row(row, &named(&row.step), caller.language);
            (row.asked_at, decision)
        });
        told.extend(chosen);
        told.extend(attempts.iter().map(|each| {
            let of = |row: &&Listed| message_of(row, caller) == each.delivery_id;
            let row = rows.iter().find(of);
            (each.at, of_attempt(each, row, caller.language))
        }));
        let ended = rows.iter().filter(|row| {
            let at_once = row.state.is_final() && row.channel != Channel::None;
            at_once || row.state_at > row.asked_at
        });
        told.extend(ended.map(|row| (row.state_at, of_state(row, tongue))));
        if rows.is_empty() {
            let part = part(api, &obligation, organisation).await;
            let now = api.desk.clock.now();
            told.push((
                now,
                message(now, part.word(), part.text(tongue), None, None),
            ));
        }
    }
    // Stable: what was decided at one instant stays in the order of its making.
    told.sort_by_key(|(at, _)| *at);
    Ok(pb::ExplainReminderResponse {
        obligation: Some(obligation_message(&obligation)),
        decisions: told.into_iter().map(|(_, decision)| decision).collect(),
    })
}

/// The row in which a party's message goes. To a member it is its own, whoever shares it.
fn message_of(row: &Listed, caller: &Caller) -> Uuid {
    let carried = row
        .carried
        .as_ref()
        .filter(|_| caller.organisation.is_some());
    carried.map_or(row.id, |carried| carried.id)
}

/// What part an organisation without a row has in a matter.
async fn part(api: &Api, obligation: &Obligation, organisation: Uuid) -> Part {
    let own = organisation_name(organisation);
    let asked = std::slice::from_ref(&own);
    let Ok(answer) = api.desk.sources.check(&obligation.name, asked).await else {
        return Part::Unasked;
    };
    let party = answer
        .parties
        .iter()
        .find(|party| party.organisation == own);
    let leads = obligation.lead_unit == own || obligation.organiser == own;
    Part::of(party, leads, &api.desk.calendar, api.desk.clock.now())
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

fn of_row(row: &Listed, step: &str, language: Language) -> pb::Decision {
    let step = capitalised(step);
    let why = reason_text(&row.reason, language);
    let whom = match (row.organisation_name.as_str(), language) {
        ("", Language::Vi) => "đơn vị này",
        ("", Language::En) => "this organisation",
        (name, _) => name,
    };
    let way = channel(row.channel, language);
    let (kind, text) = match (row.channel, language) {
        (Channel::None, Language::Vi) => (
            "suppressed",
            format!("{step}: không gửi cho {whom}: {why}."),
        ),
        (Channel::None, Language::En) => {
            ("suppressed", format!("{step}: nothing for {whom}: {why}."))
        }
        (_, Language::Vi) => ("chosen", format!("{step}: chọn gửi {way} cho {whom}.")),
        (_, Language::En) => ("chosen", format!("{step}: {way} chosen for {whom}.")),
    };
    message(
        row.asked_at,
        kind,
        text,
        Some(row.occurrence_id),
        Some(row.id),
    )
}

fn of_attempt(attempt: &Attempt, row: Option<&Listed>, language: Language) -> pb::Decision {
    let outcome = match (attempt.outcome.as_str(), language) {
        ("accepted", Language::Vi) => "nhà cung cấp đã nhận",
        ("refused", Language::Vi) => "nhà cung cấp từ chối",
        ("deferred" | "not_sent", Language::Vi) => "chưa gửi được, sẽ thử lại",
        ("unknown", Language::Vi) => "không rõ kết quả",
        ("withdrawn", Language::Vi) => "thôi không gửi",
        ("accepted", Language::En) => "the provider took it over",
        ("refused", Language::En) => "the provider refused it",
        ("deferred" | "not_sent", Language::En) => "not sent, it is tried again",
        ("unknown", Language::En) => "nobody knows what became of it",
        ("withdrawn", Language::En) => "not sent after all",
        (other, _) => other,
    };
    // What stopped a message before it left stands in its row.
    let code = match row {
        Some(row) if attempt.outcome == "withdrawn" => &row.reason,
        Some(_) | None => &attempt.code,
    };
    let why = why(code, language);
    let text = match language {
        Language::Vi => format!("Lần gửi {}: {outcome}{why}.", attempt.number),
        Language::En => format!("Attempt {}: {outcome}{why}.", attempt.number),
    };
    message(attempt.at, "attempt", text, None, row.map(|row| row.id))
}

/// A reason in words, or as a provider said it; nothing where there is none.
fn why(reason: &str, language: Language) -> String {
    match (reason_text(reason, language), reason) {
        ("", "") => String::new(),
        ("", said) => format!(" ({said})"),
        (words, _) => format!(", {words}"),
    }
}

fn of_state(row: &Listed, tongue: Tongue) -> pb::Decision {
    let state = outcome(row.state, "", tongue);
    let text = match tongue {
        Tongue::Vi => format!("Kết quả: {state}{}.", why(&row.reason, Language::Vi)),
        Tongue::En => format!("Result: {state}{}.", why(&row.reason, Language::En)),
    };
    message(
        row.state_at,
        "state",
        text,
        Some(row.occurrence_id),
        Some(row.id),
    )
}
