//! `lienminh coverage`: expected = sum over states, or the gaps by name.

use anyhow::bail;
use lienminh_proto::notifier::v1::{
    ListUnreachableRequest, OccurrenceState, ReconcileCoverageRequest, Unreachable, WaitingCell,
};

use super::{find, table, words};
use crate::args::Coverage;
use crate::connect::{Clients, PAGE, every};
use crate::language::phrase;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Coverage) -> anyhow::Result<()> {
    let obligation = match &command.obligation {
        Some(wanted) => find::obligation(clients, wanted).await?,
        None => String::new(),
    };
    let request = ReconcileCoverageRequest {
        obligation: obligation.clone(),
    };
    let mut desk = clients.notifier();
    let coverage = desk.reconcile_coverage(request).await?.into_inner();
    let mut rows = table::with_headings(&[
        &phrase!("kênh", "channel"),
        &phrase!("tình trạng", "state"),
        &phrase!("lượt gửi", "rows"),
    ]);
    for cell in &coverage.deliveries {
        rows.add_row([
            words::channel(cell.channel()),
            words::delivery(cell.state()),
            cell.count.to_string(),
        ]);
    }
    for cell in &coverage.without_rows {
        rows.add_row([
            phrase!("chưa gửi cho ai", "to nobody"),
            waiting(cell),
            cell.count.to_string(),
        ]);
    }
    rows.add_row([
        phrase!("tổng", "sum"),
        String::new(),
        coverage.expected.to_string(),
    ]);
    say!("{rows}");
    let (matters, occurrences) = (coverage.obligations, coverage.occurrences);
    let (expected, accounted) = (coverage.expected, coverage.accounted);
    say!(
        "{}",
        phrase!(
            "{matters} việc cần nhắc, {occurrences} lần nhắc; phải có {expected} lượt, đã rõ {accounted}",
            "{matters} obligations, {occurrences} occurrences; expected {expected}, accounted {accounted}"
        )
    );
    if command.unreachable {
        unreachable(clients, &obligation).await?;
    }
    if expected != accounted || !coverage.gaps.is_empty() {
        let gaps = coverage.gaps.join("\n  ");
        bail!(phrase!(
            "tổng không khớp:\n  {gaps}",
            "the sum does not hold:\n  {gaps}"
        ));
    }
    Ok(())
}

/// What became of a reminder that has gone out to nobody.
fn waiting(cell: &WaitingCell) -> String {
    match cell.state() {
        OccurrenceState::Scheduled if cell.ahead => phrase!("chưa đến ngày", "ahead"),
        OccurrenceState::Scheduled => phrase!("đến hạn, chưa gửi", "due"),
        OccurrenceState::Superseded => phrase!("mốc đã đổi", "superseded"),
        OccurrenceState::Satisfied => phrase!("không cần nữa", "satisfied"),
        OccurrenceState::Missed => phrase!("đã lỡ", "missed"),
        OccurrenceState::Suppressed => phrase!("không gửi", "suppressed"),
        OccurrenceState::FannedOut | OccurrenceState::Unspecified => String::new(),
    }
}

async fn unreachable(clients: &Clients, obligation: &str) -> anyhow::Result<()> {
    let mut rows = table::with_headings(&[
        &phrase!("đơn vị", "organisation"),
        &phrase!("việc", "about"),
        &phrase!("lý do", "why"),
        &phrase!("số gọi", "call"),
    ]);
    let all: Vec<Unreachable> = every(|page_token| async move {
        let request = ListUnreachableRequest {
            obligation: obligation.to_owned(),
            page_size: PAGE,
            page_token,
        };
        let page = clients
            .notifier()
            .list_unreachable(request)
            .await?
            .into_inner();
        Ok((page.unreachable, page.next_page_token))
    })
    .await?;
    for found in all {
        let phone = match found.phone.as_str() {
            "" => phrase!("không có số", "no number"),
            phone => vietnam::phone::shown(phone),
        };
        rows.add_row([
            found.organisation_display_name,
            found.title,
            found.reason_text,
            phone,
        ]);
    }
    table::show(
        &rows,
        &phrase!(
            "không còn đơn vị nào chưa liên lạc được",
            "everybody was reached"
        ),
    );
    Ok(())
}
