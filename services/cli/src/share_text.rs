//! The text of `lienminh share`: a matter in words to paste into a group.

use kit::language::Language;
use lienminh_proto::events::v1::{Deadline, DeadlineState, Event, EventState};
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

/// The text about an event, with diacritics, without a link.
#[must_use]
pub fn of_event(event: &Event, unit: &Unit) -> String {
    let mut lines = vec![headline(event)];
    if !matches!(event.state(), EventState::Cancelled | EventState::Postponed) {
        lines.push(format!("🕗 Thời gian: {}", when_in_words(event)));
        lines.extend(details(event));
    }
    lines.extend(ending(event.issued_document.as_ref(), unit));
    lines.join("\n")
}

/// The text about a deadline.
#[must_use]
pub fn of_deadline(deadline: &Deadline, unit: &Unit) -> String {
    let title = &deadline.title;
    let mut lines = Vec::new();
    match deadline.state() {
        DeadlineState::Cancelled => lines.push(format!("THÔNG BÁO: không còn phải nộp {title}")),
        DeadlineState::Closed => lines.push(format!("THÔNG BÁO: đã kết thúc nhận {title}")),
        DeadlineState::Open | DeadlineState::Unspecified => {
            lines.push(format!("ĐỀ NGHỊ: {title}"));
            let when = in_vietnamese(deadline.anchor.as_ref());
            lines.push(format!("🕗 Thời hạn: {when}"));
            if !deadline.contents.is_empty() {
                lines.push("📋 Nội dung:".to_owned());
                lines.extend(deadline.contents.iter().map(|line| format!("   - {line}")));
            }
            if !deadline.submit_to.is_empty() {
                lines.push(format!("📮 Nơi nhận: {}", deadline.submit_to));
            }
        }
    }
    lines.extend(ending(deadline.issued_document.as_ref(), unit));
    lines.join("\n")
}

fn details(event: &Event) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(place) = event.place.as_ref().filter(|place| !place.text.is_empty()) {
        lines.push(format!("📍 Địa điểm: {}", place.text));
        if !place.hint.is_empty() {
            lines.push(format!("   ({})", place.hint));
        }
    }
    if !event.agenda.is_empty() {
        lines.push("📋 Nội dung:".to_owned());
        lines.extend(event.agenda.iter().map(|line| format!("   - {line}")));
    }
    if !event.bring.is_empty() {
        lines.push(format!("🗂 Đề nghị mang theo: {}", event.bring));
    }
    if let Some(day) = event.reply_by_date.as_ref().and_then(civil) {
        lines.push(format!(
            "✍ Đề nghị trả lời trước 17 giờ {}.",
            vietnam::dates::with_weekday(day)
        ));
    }
    lines
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

fn headline(event: &Event) -> String {
    match event.state() {
        EventState::Cancelled => format!("THÔNG BÁO HỦY: {}", event.title),
        EventState::Postponed => format!(
            "THÔNG BÁO TẠM HOÃN: {}. Liên minh sẽ báo ngày mới.",
            event.title
        ),
        EventState::Scheduled if event.anchor_version > 1 && has_date(event) => {
            format!("THÔNG BÁO (thời gian cập nhật): {}", event.title)
        }
        EventState::Unspecified
        | EventState::Draft
        | EventState::Scheduled
        | EventState::Completed => {
            format!("THÔNG BÁO: {}", event.title)
        }
    }
}

/// The groups that it is pasted into read Vietnamese, whatever the officer reads.
fn in_vietnamese(anchor: Option<&Anchor>) -> String {
    anchor_in(Language::Vi, anchor)
}

fn has_date(event: &Event) -> bool {
    matches!(
        event
            .anchor
            .as_ref()
            .and_then(|anchor| anchor.when.as_ref()),
        Some(When::Instant(_) | When::Day(_))
    )
}

fn when_in_words(event: &Event) -> String {
    match event
        .anchor
        .as_ref()
        .and_then(|anchor| anchor.when.as_ref())
    {
        Some(When::Instant(found)) => {
            found
                .start_time
                .as_ref()
                .and_then(local)
                .map_or_else(String::new, |at| {
                    format!(
                        "{}, {}",
                        vietnam::dates::clock(at.time()),
                        vietnam::dates::long(at.date())
                    )
                })
        }
        Some(When::Day(_) | When::Window(_)) | None => in_vietnamese(event.anchor.as_ref()),
    }
}
