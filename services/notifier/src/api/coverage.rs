//! Proves the sum: expected = accounted.

use kit::auth::Caller;
use kit::error::{Result, Violations};
use kit::language::Language;
use lienminh_proto::notifier::v1 as pb;

use super::{Api, delivery, name, occurrence};
use crate::domain::coverage::Coverage;
use crate::store;

pub(super) async fn reconcile(
    api: &Api,
    caller: &Caller,
    request: &pb::ReconcileCoverageRequest,
) -> Result<pb::ReconcileCoverageResponse> {
    let mut wrong = Violations::default();
    wrong.check(name::obligation(&request.obligation, false));
    wrong.into_result()?;
    caller.require_house()?;
    let session = api.desk.pool.get().await?;
    let obligation = name::limit_to(&session, &request.obligation).await?;
    let sum = store::coverage::figures(&session, obligation, api.desk.clock.now()).await?;
    Ok(pb::ReconcileCoverageResponse {
        obligations: sum.obligations,
        occurrences: sum.occurrences,
        expected: sum.expected(),
        accounted: sum.accounted(),
        deliveries: sum
            .rows
            .iter()
            .map(|(channel, state, count)| pb::CoverageCell {
                channel: delivery::channel_message(*channel).into(),
                state: delivery::state_message(*state).into(),
                count: *count,
            })
            .collect(),
        occurrence_states: sum
            .states
            .iter()
            .map(|(state, count)| pb::OccurrenceCell {
                state: occurrence::state_message(*state).into(),
                count: *count,
            })
            .collect(),
        without_rows: sum
            .without_rows
            .iter()
            .map(|(state, ahead, count)| pb::WaitingCell {
                state: occurrence::state_message(*state).into(),
                ahead: *ahead,
                count: *count,
            })
            .collect(),
        gaps: gaps(&sum, caller.language),
    })
}

/// Whatever does not add up, in words.
fn gaps(sum: &Coverage, language: Language) -> Vec<String> {
    let mut gaps = Vec::new();
    let in_flight = sum.in_flight();
    if in_flight > 0 {
        gaps.push(match language {
            Language::Vi => format!("{in_flight} lượt gửi chưa kết thúc."),
            Language::En => format!("{in_flight} deliveries are still on their way."),
        });
    }
    if sum.overdue > 0 {
        gaps.push(match language {
            Language::Vi => format!("{} lần nhắc đã đến hạn mà chưa gửi.", sum.overdue),
            Language::En => format!("{} occurrences are due and have not gone out.", sum.overdue),
        });
    }
    let unexplained = sum.expected() - sum.accounted() - in_flight - sum.overdue;
    if unexplained != 0 && !sum.holds() && gaps.is_empty() {
        gaps.push(match language {
            Language::Vi => format!("{unexplained} mục không rõ nguyên nhân."),
            Language::En => format!("{unexplained} entries are unexplained."),
        });
    }
    gaps
}
