//! The calendar part: one VEVENT by hand (RFC 5545), published, or withdrawn
//! (RFC 5546).
//!
//! It is no REQUEST: nobody reads what mail programs answer to one, and a reminder
//! would set an answer back that was given on the page. So there is no ATTENDEE
//! either, and the way to answer stands in the description.
//!
//! Times are written in UTC, whole days as dates: no VTIMEZONE, which programs
//! read differently for Việt Nam.

use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};

use super::clean;
use super::facts::VISIT;
use super::mime::Sender;
use super::subject::apart;
use crate::domain::anchor::Anchor;
use crate::domain::letter::{
    CalendarMethod, LetterKind, LetterLanguage, LetterUnit, OccurrenceLetter,
};

/// Octets on a line, its end not counted (RFC 5545 section 3.1).
const LINE: usize = 75;

/// What all calendar parts of an occurrence share.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    method: CalendarMethod,
    language: LetterLanguage,
    uid: String,
    sequence: i64,
    span: Span,
    summary: String,
    location: String,
    description: Vec<String>,
    contact: String,
    organiser_name: String,
    organiser_mailbox: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Instants(Timestamp, Timestamp),
    Day(Date),
}

/// A calendar part and its method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CalendarPart {
    /// `PUBLISH` or `CANCEL`.
    pub method: &'static str,
    /// The VCALENDAR object, lines ended by CRLF.
    pub content: String,
}

impl Entry {
    /// The entry of a letter; `None` for letters that belong into no calendar.
    ///
    /// What is withdrawn carries the time that readers have in their calendars.
    pub(super) fn of(letter: &OccurrenceLetter, language: LetterLanguage) -> Option<Self> {
        let method = letter.kind.calendar_method()?;
        let span = |anchor| Span::of(anchor, &letter.matter);
        let old = letter.old_anchor.as_ref().and_then(span);
        let span = match method {
            CalendarMethod::Publish => span(&letter.anchor)?,
            CalendarMethod::Cancel => old.or_else(|| span(&letter.anchor))?,
        };
        let place = letter.place.clone().unwrap_or_default();
        let contact = reached(letter.contact(), language);
        Some(Self {
            method,
            language,
            uid: clean::line(&letter.uid),
            sequence: letter.ics_sequence,
            span,
            summary: apart(&clean::line(&letter.title)),
            location: apart(&clean::line(&place.text)),
            description: description(letter, &contact, language),
            contact,
            organiser_name: apart(&clean::line(&letter.organiser.name)),
            organiser_mailbox: clean::line(&letter.organiser.mailbox),
        })
    }

    /// Writes the part for a reader who may answer under `reply_url` (empty: need not),
    /// stamped with a business instant.
    pub(super) fn write(&self, sender: &Sender, reply_url: &str, stamp: Timestamp) -> CalendarPart {
        let (method, status) = match self.method {
            CalendarMethod::Publish => ("PUBLISH", "CONFIRMED"),
            CalendarMethod::Cancel => ("CANCEL", "CANCELLED"),
        };
        let organiser = if self.organiser_mailbox.is_empty() {
            sender.mailbox()
        } else {
            &self.organiser_mailbox
        };
        let mut lines = Lines::default();
        lines.put("BEGIN:VCALENDAR");
        lines.put("VERSION:2.0");
        lines.put("PRODID:-//Lienminh//Notifier//VI");
        lines.put("CALSCALE:GREGORIAN");
        lines.put(&format!("METHOD:{method}"));
        lines.put("BEGIN:VEVENT");
        lines.put(&format!("UID:{}", text(&self.uid)));
        lines.put(&format!("SEQUENCE:{}", self.sequence));
        lines.put(&format!("DTSTAMP:{}", utc(stamp)));
        self.span.write(&mut lines);
        lines.put(&format!("SUMMARY:{}", text(&self.summary)));
        lines.put_filled("LOCATION", &self.location);
        lines.put_filled("DESCRIPTION", &self.described(reply_url));
        lines.put_filled("CONTACT", &self.contact);
        lines.put(&format!(
            "ORGANIZER;CN={}:mailto:{organiser}",
            parameter(&self.organiser_name)
        ));
        lines.put(&format!("STATUS:{status}"));
        lines.put("TRANSP:OPAQUE");
        lines.put("END:VEVENT");
        lines.put("END:VCALENDAR");
        CalendarPart {
            method,
            content: lines.0,
        }
    }

    fn described(&self, reply_url: &str) -> String {
        let mut lines = self.description.clone();
        let link = clean::link(reply_url);
        if self.method == CalendarMethod::Publish && !link.is_empty() {
            lines.push(said(self.language, "Trả lời", "Reply", &link));
        }
        apart(&lines.join("\n"))
    }
}

/// What people ask who open the entry: why, what, how to get there, whom to call. What takes
/// place no more needs nothing brought.
fn description(letter: &OccurrenceLetter, contact: &str, language: LetterLanguage) -> Vec<String> {
    let mut lines = vec![
        standing(letter.kind, language).to_owned(),
        said(language, "Lý do", "Reason", &attribute(letter, "reason")),
    ];
    if letter.kind.calendar_method() == Some(CalendarMethod::Publish) {
        lines.extend(preparation(letter, language));
    }
    lines.push(said(language, "Liên hệ", "Contact", contact));
    lines.retain(|line| !line.is_empty());
    lines
}

fn preparation(letter: &OccurrenceLetter, language: LetterLanguage) -> [String; 4] {
    let place = letter.place.clone().unwrap_or_default();
    let bring = attribute(letter, "bring");
    let online = clean::link(&place.online_uri);
    // Hosts bring nothing along.
    let prepared = if letter.matter == VISIT {
        said(language, "Chuẩn bị", "Please prepare", &bring)
    } else {
        said(language, "Mang theo", "Please bring", &bring)
    };
    [
        attribute(letter, "agenda"),
        prepared,
        clean::line(&place.hint),
        said(language, "Tham dự trực tuyến", "Join online", &online),
    ]
}

fn attribute(letter: &OccurrenceLetter, name: &str) -> String {
    let value = letter.attributes.get(name);
    value.map_or_else(String::new, |text| clean::lines(text).trim().to_owned())
}

/// What became of an event that is taken out of calendars.
const fn standing(kind: LetterKind, language: LetterLanguage) -> &'static str {
    match (kind, language) {
        (LetterKind::EventCancelled, LetterLanguage::Vi) => "Đã hủy.",
        (LetterKind::EventCancelled, LetterLanguage::En) => "Cancelled.",
        (LetterKind::EventPostponed, LetterLanguage::Vi) => "Tạm hoãn, sẽ báo ngày mới.",
        (LetterKind::EventPostponed, LetterLanguage::En) => {
            "Postponed; the new date will be announced."
        }
        _ => "",
    }
}

fn said(language: LetterLanguage, vi: &str, en: &str, what: &str) -> String {
    if what.is_empty() {
        return String::new();
    }
    let label = match language {
        LetterLanguage::Vi => vi,
        LetterLanguage::En => en,
    };
    format!("{label}: {what}")
}

fn reached(unit: &LetterUnit, language: LetterLanguage) -> String {
    let telephone = match language {
        LetterLanguage::Vi => "điện thoại",
        LetterLanguage::En => "telephone",
    };
    let landline = clean::line(&unit.landline);
    let parts = [
        clean::line(&unit.name),
        if landline.is_empty() {
            landline
        } else {
            format!("{telephone} {landline}")
        },
        clean::line(&unit.mailbox),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    apart(&parts.join(", "))
}

impl Span {
    fn of(anchor: &Anchor, matter: &str) -> Option<Self> {
        match anchor {
            Anchor::Instant { start, end } => {
                let end = end.filter(|end| end > start);
                Some(Self::Instants(
                    *start,
                    end.unwrap_or_else(|| usual_end(*start, matter)),
                ))
            }
            Anchor::Day { date, .. } => Some(Self::Day(*date)),
            Anchor::Window { .. } | Anchor::Undated => None,
        }
    }

    fn write(self, lines: &mut Lines) {
        match self {
            Self::Instants(start, end) => {
                lines.put(&format!("DTSTART:{}", utc(start)));
                lines.put(&format!("DTEND:{}", utc(end)));
            }
            // The end is the first day that does not belong to it (section 3.6.1).
            Self::Day(day) => {
                let end = day.tomorrow().unwrap_or(day);
                lines.put(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
                lines.put(&format!("DTEND;VALUE=DATE:{}", end.strftime("%Y%m%d")));
            }
        }
    }
}

/// When an event of a kind is over, where nobody has said: two hours later, half a day
/// later where people discuss, with the working day where they learn or show their goods.
fn usual_end(start: Timestamp, matter: &str) -> Timestamp {
    let after = |hours| start.saturating_add(SignedDuration::from_hours(hours));
    let hours = match matter {
        "conference" | "seminar" | "dialogue" => 4,
        _ => 2,
    };
    let soonest = after(hours).unwrap_or(start);
    match matter {
        "training" | "fair" => {
            let day = vietnam::local(start).date();
            vietnam::instant(day.to_datetime(time(17, 0, 0, 0))).max(soonest)
        }
        _ => soonest,
    }
}

fn utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A value of type TEXT (RFC 5545 section 3.3.11).
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A quoted parameter value (RFC 5545 section 3.2): it can hold no quote.
fn parameter(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "'"))
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Adds a content line, folded between characters.
    fn put(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                // The blank that marks a continuation counts.
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    fn put_filled(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.put(&format!("{name}:{}", text(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn unfolded(content: &str) -> String {
        content.replace("\r\n ", "")
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(text("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
        assert_eq!(parameter("HTX \"An Bình\""), "\"HTX 'An Bình'\"");
    }

    fn instants(text: &str, matter: &str) -> Option<String> {
        let start = text.parse().unwrap();
        let anchor = Anchor::Instant { start, end: None };
        match Span::of(&anchor, matter) {
            Some(Span::Instants(_, end)) => Some(end.to_string()),
            Some(Span::Day(_)) | None => None,
        }
    }

    #[test]
    fn an_event_without_an_end_is_as_long_as_its_kind() {
        for (start, matter, end) in [
            ("2024-04-11T01:00:00Z", "ceremony", "2024-04-11T03:00:00Z"),
            ("2024-04-11T01:00:00Z", "seminar", "2024-04-11T05:00:00Z"),
            ("2024-04-11T01:00:00Z", "training", "2024-04-11T10:00:00Z"),
            ("2024-04-11T09:00:00Z", "training", "2024-04-11T11:00:00Z"),
            ("2024-04-11T01:00:00Z", "", "2024-04-11T03:00:00Z"),
        ] {
            assert_eq!(instants(start, matter).as_deref(), Some(end), "{matter}");
        }
        let start: Timestamp = "2024-04-11T01:00:00Z".parse().unwrap();
        let backwards = Anchor::Instant {
            start,
            end: Some(start),
        };
        let Some(Span::Instants(_, end)) = Span::of(&backwards, "meeting") else {
            panic!("an instant")
        };
        assert!(end > start);
    }

    #[test]
    fn a_whole_day_ends_with_the_next_one() {
        let mut lines = Lines::default();
        Span::Day(jiff::civil::date(2024, 2, 29)).write(&mut lines);
        assert_eq!(
            lines.0,
            "DTSTART;VALUE=DATE:20240229\r\nDTEND;VALUE=DATE:20240301\r\n"
        );
    }

    proptest! {
        #[test]
        fn folded_lines_are_short_valid_and_read_back(value in "[ -~àảãáạăđêôơư€😀]{0,300}") {
            let mut lines = Lines::default();
            lines.put(&value);
            prop_assert!(lines.0.split("\r\n").all(|line| line.len() <= LINE));
            prop_assert_eq!(unfolded(&lines.0), format!("{value}\r\n"));
        }

        #[test]
        fn no_title_opens_a_line_of_its_own(title in any::<String>()) {
            let mut lines = Lines::default();
            lines.put(&format!("SUMMARY:{}", text(&clean::lines(&title))));
            prop_assert_eq!(unfolded(&lines.0).matches("\r\n").count(), 1);
        }
    }
}
