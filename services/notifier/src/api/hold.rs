//! The hold after a restore: looked at, fed with evidence, released.

use jiff::Timestamp;
use kit::auth::Caller;
use kit::database::{Session, Tx};
use kit::error::{Error, Result, Violation, Violations};
use kit::wire;
use lienminh_proto::notifier::v1 as pb;
use uuid::Uuid;

use super::{Api, name};
use crate::domain::delivery::Channel;
use crate::store::hold;

const RECORD: &str = "lienminh.notifier.v1.HoldService/RecordAccepted";

const RELEASE: &str = "lienminh.notifier.v1.HoldService/ReleaseHold";

/// What the audit calls it.
const RESOURCE: &str = "hold";

/// References of one request.
const MOST: usize = 1_000;

pub(super) async fn get(api: &Api, caller: &Caller) -> Result<pb::Hold> {
    caller.require_house()?;
    let session = api.desk.pool.get().await?;
    read(api, &session).await
}

pub(super) async fn record(
    api: &Api,
    caller: &Caller,
    request: &pb::RecordAcceptedRequest,
) -> Result<pb::Hold> {
    let mut wrong = Violations::default();
    let references = wrong.check(references(&request.references));
    wrong.check(name::request_id(&request.request_id));
    let references = wrong.finish(references)?;
    caller.require_house()?;
    let request_id = &request.request_id;
    kit::mutation::run(&api.mutations, caller, RECORD, request_id, request, |tx| {
        let references = &references;
        async move {
            if hold::open(&tx).await?.is_none() {
                return Err(not_held());
            }
            hold::record(&tx, references).await?;
            told(api, &tx).await
        }
    })
    .await
}

pub(super) async fn release(
    api: &Api,
    caller: &Caller,
    request: &pb::ReleaseHoldRequest,
) -> Result<pb::Hold> {
    let now = api.desk.clock.now();
    let mut wrong = Violations::default();
    let stop = wrong.check(stop(request, now));
    let complete = wrong.check(channels(&request.complete_channels));
    wrong.check(name::request_id(&request.request_id));
    let (stop, complete) = wrong.finish(stop.zip(complete))?;
    caller.require_house()?;
    let request_id = &request.request_id;
    let released = kit::mutation::run(&api.mutations, caller, RELEASE, request_id, request, |tx| {
        let complete = &complete;
        async move {
            if !api.desk.hold.has_compared() {
                return Err(not_compared());
            }
            if !hold::release(&tx, now, stop, complete).await? {
                return Err(not_held());
            }
            told(api, &tx).await
        }
    })
    .await?;
    api.desk.outbox.ring();
    api.desk.hold.look(&api.desk.pool).await?;
    Ok(released)
}

async fn told(api: &Api, tx: &Tx) -> Result<pb::Hold> {
    tx.about(RESOURCE.to_owned());
    read(api, tx).await
}

async fn read(api: &Api, session: &impl Session) -> Result<pb::Hold> {
    let since = hold::open(session).await?;
    let standing = hold::standing(session, api.desk.clock.now()).await?;
    Ok(pb::Hold {
        held: since.is_some(),
        begin_time: since.map(wire::timestamp),
        compared: api.desk.hold.has_compared(),
        open_deliveries: standing.deliveries,
        due_occurrences: standing.occurrences,
        accepted: standing.accepted,
    })
}

fn references(given: &[String]) -> Result<Vec<Uuid>, Violation> {
    if given.is_empty() {
        return Err(Violation::required("references"));
    }
    if given.len() > MOST {
        return Err(Violation::too_many("references", MOST));
    }
    let read = |(index, text): (usize, &String)| {
        reference(text).ok_or_else(|| {
            Violation::malformed(
                format!("references[{index}]"),
                "Message-ID dạng <uuid@tên miền> hoặc mã tham chiếu của cổng SMS",
                "a Message-ID of the form <uuid@domain> or a gateway reference",
            )
        })
    };
    given.iter().enumerate().map(read).collect()
}

fn reference(text: &str) -> Option<Uuid> {
    let bare = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    let id = match bare.unwrap_or(text).split_once('@') {
        Some((id, _)) => id,
        None => text,
    };
    Uuid::try_parse(id).ok().filter(|_| id.len() == 36)
}

fn stop(request: &pb::ReleaseHoldRequest, now: Timestamp) -> Result<Timestamp, Violation> {
    let Some(told) = request.stop_time else {
        return Ok(now);
    };
    let told = wire::instant("stop_time", told)?;
    // No system sent anything before there were any (1970).
    if told > now || told < Timestamp::UNIX_EPOCH {
        return Err(Violation::malformed(
            "stop_time",
            "thời điểm đã qua",
            "an instant that has passed",
        ));
    }
    Ok(told)
}

fn channels(given: &[i32]) -> Result<Vec<Channel>, Violation> {
    const ALL: usize = 2;
    if given.len() > ALL {
        return Err(Violation::too_many("complete_channels", ALL));
    }
    let read = |(index, value): (usize, &i32)| match pb::Channel::try_from(*value) {
        Ok(pb::Channel::Email) => Ok(Channel::Email),
        Ok(pb::Channel::Sms) => Ok(Channel::Sms),
        Ok(pb::Channel::Unspecified | pb::Channel::None) | Err(_) => Err(Violation::unknown_value(
            format!("complete_channels[{index}]"),
        )),
    };
    given.iter().enumerate().map(read).collect()
}

fn not_held() -> Error {
    Error::failed_precondition(
        "NOT_ON_HOLD",
        "Hệ thống không tạm giữ tin nào.",
        "Nothing is held.",
    )
}

fn not_compared() -> Error {
    Error::failed_precondition(
        "NOT_COMPARED_YET",
        "Chưa đối chiếu xong với các hệ thống nguồn, xin thử lại sau ít phút.",
        "The sources have not all been compared with yet; please try again in some minutes.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_relays_and_gateways_write_it() {
        let id = Uuid::now_v7();
        for text in [
            id.to_string(),
            format!("{id}@lienminh.example"),
            format!("<{id}@lienminh.example>"),
        ] {
            assert_eq!(reference(&text), Some(id), "{text}");
        }
        for wrong in ["", "<>", "x@y", &id.simple().to_string(), &format!("{id}x")] {
            assert_eq!(reference(wrong), None, "{wrong}");
        }
    }
}
