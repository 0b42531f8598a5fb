//! The calendar part of a mail, read strictly (RFC 5545, RFC 5546).

use std::collections::BTreeMap;

/// An iCalendar object with one VEVENT.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    lines: BTreeMap<String, Vec<String>>,
}

impl Calendar {
    /// Reads the object; fails the test where it is not well formed.
    pub(crate) fn read(text: &str) -> Self {
        assert!(
            text.ends_with("END:VCALENDAR\r\n"),
            "ends as it should: {text}"
        );
        for line in text.split_inclusive("\r\n") {
            let bare = line.strip_suffix("\r\n").unwrap();
            assert!(!bare.contains(['\r', '\n']), "CRLF only: {bare:?}");
            assert!(bare.len() <= 75, "folded at 75 octets: {bare}");
        }
        let unfolded = text.replace("\r\n ", "");
        let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in unfolded.lines() {
            let end = line.find([';', ':']).unwrap();
            let value = line.split_once(':').unwrap().1;
            let name = line[..end].to_owned();
            lines.entry(name).or_default().push(value.to_owned());
        }
        let calendar = Self { lines };
        assert_eq!(calendar.lines["BEGIN"], ["VCALENDAR", "VEVENT"]);
        assert_eq!(calendar.lines["END"], ["VEVENT", "VCALENDAR"]);
        for name in [
            "PRODID",
            "DTSTAMP",
            "SUMMARY",
            "ORGANIZER",
            "DTEND",
            "DESCRIPTION",
            "CONTACT",
        ] {
            assert!(!calendar.one(name).is_empty());
        }
        // Nobody reads what mail programs answer, so nobody is asked (RFC 5546 section 3.2.1).
        assert!(!calendar.lines.contains_key("ATTENDEE"));
        assert_eq!(calendar.one("VERSION"), "2.0");
        calendar
    }

    /// The value of a property that must stand there exactly once.
    pub(crate) fn one(&self, name: &str) -> &str {
        match self.lines.get(name).map(Vec::as_slice) {
            Some([value]) => value,
            other => panic!("{name} must stand once, found {other:?}"),
        }
    }

    pub(crate) fn method(&self) -> &str {
        self.one("METHOD")
    }

    pub(crate) fn uid(&self) -> &str {
        self.one("UID")
    }

    pub(crate) fn sequence(&self) -> i64 {
        self.one("SEQUENCE").parse().unwrap()
    }

    pub(crate) fn start(&self) -> &str {
        self.one("DTSTART")
    }
}
