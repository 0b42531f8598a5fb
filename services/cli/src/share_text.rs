//! The text of `lienminh share`: a matter in words to paste into a group.

use kit::language::Language;
use lienminh_proto::events::v1::{Deadline, DeadlineState, Event, EventState};
use lienminh_proto::obligation::v1::Place;
use lienminh_proto::r#type::v1::anchor::When;
use lienminh_proto::r#type::v1::{Anchor, Document};

use crate::proto_values::{anchor_in, civil, local};

/// Whom to ask: the unit in charge.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Its name; empty where it is not known.
    pub name: String,
    /// The telephone of its office as people dial it; empty where there is none.
    pub phone: String,
}

/// The text about an event as it may be printed, with diacritics, without a link.
#[must_use]
pub fn of_event(event: &Event, unit: &Unit) -> String {
    let changes = changes(event);
    let mut lines = vec![headline(event, !changes.is_empty())];
    lines.extend(changes);
    match event.state() {
        EventState::Cancelled => {
            lines.extend(reason(&event.reason));
            lines.extend(former(event.anchor.as_ref()));
        }
        EventState::Postponed => {
            lines.extend(reason(&event.reason));
            lines.extend(former(event.former_anchor.as_ref()));
        }
        EventState::Completed => lines.push(when(event)),
        EventState::Unspecified | EventState::Draft | EventState::Scheduled => {
            lines.push(when(event));
            lines.extend(details(event));
        }
    }
    lines.extend(ending(event.issued_document.as_ref(), unit));
    lines.join("\n")
}

/// The text about a deadline as it may be printed.
#[must_use]
pub fn of_deadline(deadline: &Deadline, unit: &Unit) -> String {
    let title = &deadline.title;
    let mut lines = Vec::new();
    match deadline.state() {
        DeadlineState::Cancelled => {
            lines.push(format!("THÔNG BÁO: không còn phải nộp {title}"));
            lines.extend(reason(&deadline.reason));
        }
        DeadlineState::Closed => lines.push(format!("THÔNG BÁO: đã kết thúc nhận {title}")),
        DeadlineState::Open | DeadlineState::Unspecified => {
            lines.extend(demand(deadline));
        }
    }
    lines.extend(ending(deadline.issued_document.as_ref(), unit));
    lines.join("\n")
}

fn demand(deadline: &Deadline) -> Vec<String> {
    let title = &deadline.title;
    let when = moment(deadline.anchor.as_ref());
    let mut lines = if deadline.anchor_version > 1 {
        let mut moved = vec![format!("THÔNG BÁO THAY ĐỔI THỜI HẠN: {title}")];
        moved.extend(reason(&deadline.reason));
        moved.push(format!("🕗 Thời hạn mới: {when}"));
        moved
    } else {
        vec![format!("ĐỀ NGHỊ: {title}"), format!("🕗 Thời hạn: {when}")]
    };
    lines.extend(list(&deadline.contents));
    if !deadline.submit_to.is_empty() {
        lines.push(format!("📮 Nơi nhận: {}", deadline.submit_to));
    }
    lines
}

fn details(event: &Event) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(place) = event.place.as_ref().filter(|place| !place.text.is_empty()) {
        lines.push(format!("📍 Địa điểm: {}", place.text));
        if !place.hint.is_empty() {
            lines.push(format!("   ({})", place.hint));
        }
    }
    lines.extend(list(&event.agenda));
    if !event.bring.is_empty() {
        // Those who are visited bring nothing.
        let asked = if event.kind == "visit" {
            "chuẩn bị"
        } else {
            "mang theo"
        };
        lines.push(format!("🗂 Đề nghị {asked}: {}", event.bring));
    }
    if let Some(day) = event.reply_by_date.as_ref().and_then(civil) {
        lines.push(format!(
            "✍ Đề nghị trả lời trước 17 giờ {}.",
            vietnam::dates::with_weekday(day)
        ));
    }
    lines
}

fn list(lines: &[String]) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    let mut listed = vec!["📋 Nội dung:".to_owned()];
    listed.extend(lines.iter().map(|line| format!("   - {line}")));
    listed
}

fn reason(reason: &str) -> Option<String> {
    (!reason.is_empty()).then(|| format!("Lý do: {reason}"))
}

fn ending(document: Option<&Document>, unit: &Unit) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(document) = document.filter(|document| !document.number.is_empty()) {
        lines.push(format!("(Theo văn bản số {})", document.number));
    }
    match (unit.name.as_str(), unit.phone.as_str()) {
        ("", _) => {}
        (name, "") => lines.push(format!("Liên hệ: {name}")),
        (name, phone) => lines.push(format!("Liên hệ: {name}, điện thoại {phone}")),
    }
    lines.push("Trân trọng./.".to_owned());
    lines
}

fn headline(event: &Event, changed: bool) -> String {
    let title = &event.title;
    match event.state() {
        EventState::Cancelled => format!("THÔNG BÁO HỦY: {title}"),
        EventState::Postponed => {
            format!("THÔNG BÁO TẠM HOÃN: {title}. Liên minh sẽ báo ngày mới.")
        }
        EventState::Completed => format!("THÔNG BÁO: đã tổ chức {title}"),
        EventState::Scheduled if changed => format!("THÔNG BÁO THAY ĐỔI: {title}"),
        EventState::Unspecified | EventState::Draft | EventState::Scheduled => {
            format!("THÔNG BÁO: {title}")
        }
    }
}

/// What differs from what people were told, and why; nothing where it never moved.
fn changes(event: &Event) -> Vec<String> {
    if event.state() != EventState::Scheduled {
        return Vec::new();
    }
    let former = event.former_anchor.as_ref();
    let (old, new) = (moment(former), moment(event.anchor.as_ref()));
    let mut changes = Vec::new();
    if is_fixed(former) && old != new {
        changes.push(format!("Thời gian đã thay đổi: từ {old} sang {new}."));
    }
    let text = |place: Option<&Place>| place.map(|place| place.text.clone()).unwrap_or_default();
    let (old, new) = (
        text(event.former_place.as_ref()),
        text(event.place.as_ref()),
    );
    if old != new && !old.is_empty() && !new.is_empty() {
        changes.push(format!("Địa điểm đã thay đổi: từ {old} sang {new}."));
    }
    if !changes.is_empty() {
        changes.extend(reason(&event.reason));
    }
    changes
}

fn when(event: &Event) -> String {
    format!("🕗 Thời gian: {}", moment(event.anchor.as_ref()))
}

/// Which one of several with the same title it was.
fn former(anchor: Option<&Anchor>) -> Option<String> {
    is_fixed(anchor).then(|| format!("🕗 Thời gian đã báo: {}", moment(anchor)))
}

fn is_fixed(anchor: Option<&Anchor>) -> bool {
    let when = anchor.and_then(|anchor| anchor.when.as_ref());
    matches!(when, Some(When::Instant(_) | When::Day(_)))
}

/// The groups that it is pasted into read Vietnamese, whatever the officer reads.
fn moment(anchor: Option<&Anchor>) -> String {
    let Some(When::Instant(found)) = anchor.and_then(|anchor| anchor.when.as_ref()) else {
        return anchor_in(Language::Vi, anchor);
    };
    let (start, end) = (found.start_time.as_ref(), found.end_time.as_ref());
    match (start.and_then(local), end.and_then(local)) {
        (Some(start), Some(end)) => vietnam::dates::span(start, end),
        (Some(_) | None, _) => anchor_in(Language::Vi, anchor),
    }
}

#[cfg(test)]
mod tests;
