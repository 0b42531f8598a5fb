//! The text of `lienminh share`: an event in words to paste into a group.

use lienminh_proto::events::v1::{Event, EventState};
use lienminh_proto::r#type::v1::anchor::When;

use crate::proto_values::{anchor_in_words, civil, local};

/// The text about an event, with diacritics, without a link.
#[must_use]
pub fn share(event: &Event, unit_name: &str, unit_phone: &str) -> String {
    let mut lines = vec![headline(event)];
    let when = when_in_words(event);
    if event.state() != EventState::Cancelled && event.state() != EventState::Postponed {
        lines.push(format!("🕗 Thời gian: {when}"));
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
                "✍ Đề nghị xác nhận tham dự trước hết {}.",
                vietnam::dates::with_weekday(day)
            ));
        }
    }
    if let Some(document) = event
        .issued_document
        .as_ref()
        .filter(|document| !document.number.is_empty())
    {
        lines.push(format!("(Theo văn bản số {})", document.number));
    }
    if !unit_name.is_empty() {
        let phone = if unit_phone.is_empty() {
            String::new()
        } else {
            format!(", điện thoại {unit_phone}")
        };
        lines.push(format!("Liên hệ: {unit_name}{phone}"));
    }
    lines.push("Trân trọng./.".to_owned());
    lines.join("\n")
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
        Some(When::Day(_) | When::Window(_)) | None => anchor_in_words(event.anchor.as_ref()),
    }
}
