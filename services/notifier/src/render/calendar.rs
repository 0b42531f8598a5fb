//! The calendar part: one VEVENT by hand (RFC 5545), as an invitation or its
//! withdrawal (RFC 5546).
//!
//! Times are written in UTC, whole days as dates: no VTIMEZONE, which programs
//! read differently for Việt Nam.

use jiff::Timestamp;
use jiff::civil::Date;

use super::clean;
use super::mime::Sender;
use super::subject::apart;
use crate::domain::anchor::Anchor;
use crate::domain::letter::{CalendarMethod, OccurrenceLetter};

/// Octets on a line, its end not counted (RFC 5545 section 3.1).
const LINE: usize = 75;

/// What all calendar parts of an occurrence share.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    method: CalendarMethod,
    uid: String,
    sequence: i64,
    start: Start,
    summary: String,
    location: String,
    description: String,
    organiser_name: String,
    organiser_mailbox: String,
}

#[derive(Clone, Copy, Debug)]
enum Start {
    Instant(Timestamp, Option<Timestamp>),
    Day(Date),
}

/// A calendar part and its method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CalendarPart {
    /// `REQUEST` or `CANCEL`.
    pub method: &'static str,
    /// The VCALENDAR object, lines ended by CRLF.
    pub content: String,
}

impl Entry {
    /// The entry of a letter; `None` for letters that belong into no calendar.
    ///
    /// What is withdrawn carries the time that readers have in their calendars.
    pub(super) fn of(letter: &OccurrenceLetter) -> Option<Self> {
        let method = letter.kind.calendar_method()?;
        let old = letter.old_anchor.as_ref().and_then(start);
        let start = match method {
            CalendarMethod::Request => start(&letter.anchor)?,
            CalendarMethod::Cancel => old.or_else(|| start(&letter.anchor))?,
        };
        let place = letter.place.clone().unwrap_or_default();
        let title = apart(&clean::line(&letter.title));
        let mut description = letter
            .attributes
            .get("agenda")
            .map_or_else(String::new, |text| clean::lines(text));
        let online = clean::link(&place.online_uri);
        if !online.is_empty() {
            description = format!("{description}\n{online}");
        }
        Some(Self {
            method,
            uid: clean::line(&letter.uid),
            sequence: letter.ics_sequence,
            start,
            summary: title,
            location: apart(&clean::line(&place.text)),
            description: description.trim().to_owned(),
            organiser_name: apart(&clean::line(&letter.organiser.name)),
            organiser_mailbox: clean::line(&letter.organiser.mailbox),
        })
    }

    /// Writes the part for one recipient, stamped with a business instant.
    pub(super) fn write(&self, sender: &Sender, attendee: &str, stamp: Timestamp) -> CalendarPart {
        let (method, status) = match self.method {
            CalendarMethod::Request => ("REQUEST", "CONFIRMED"),
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
        self.write_time(&mut lines);
        lines.put(&format!("SUMMARY:{}", text(&self.summary)));
        lines.put_filled("LOCATION", &self.location);
        lines.put_filled("DESCRIPTION", &self.description);
        lines.put(&format!(
            "ORGANIZER;CN={}:mailto:{organiser}",
            parameter(&self.organiser_name)
        ));
        lines.put(&format!(
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:{attendee}"
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

    fn write_time(&self, lines: &mut Lines) {
        match self.start {
            Start::Instant(start, end) => {
                lines.put(&format!("DTSTART:{}", utc(start)));
                if let Some(end) = end {
                    lines.put(&format!("DTEND:{}", utc(end)));
                }
            }
            Start::Day(day) => {
                lines.put(&format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
            }
        }
    }
}

fn start(anchor: &Anchor) -> Option<Start> {
    match anchor {
        Anchor::Instant { start, end } => Some(Start::Instant(*start, *end)),
        Anchor::Day { date, .. } => Some(Start::Day(*date)),
        Anchor::Window { .. } | Anchor::Undated => None,
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
