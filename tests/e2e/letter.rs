//! A mail as a strict reader sees it (RFC 5322, RFC 2045 to 2047).

use jiff::Timestamp;
use lienminh_local::smtp::AcceptedMail;
use lienminh_tests::reader::unescaped;
use mail_parser::{Address, MessageParser, MimeHeaders, PartType};

use crate::calendar::Calendar;

/// A mail that was accepted and is well formed.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) calendar: Option<Calendar>,
    /// By the `Date` field.
    pub(crate) dated: Timestamp,
    pub(crate) html: String,
    /// Without angle brackets.
    pub(crate) message_id: String,
    pub(crate) reply_to: String,
    pub(crate) sha256: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Fields that must stand in each mail exactly once (RFC 5322 section 3.6).
const ONCE: [&str; 8] = [
    "date",
    "from",
    "to",
    "subject",
    "message-id",
    "reply-to",
    "mime-version",
    "content-type",
];

impl Letter {
    /// Reads a mail; fails the test where a strict reader would stumble.
    pub(crate) fn read(mail: &AcceptedMail) -> Self {
        assert_eq!(mail.to.len(), 1, "one message, one recipient");
        let raw = std::str::from_utf8(&mail.message).unwrap();
        assert!(raw.is_ascii(), "no server on the way needs 8BITMIME");
        check_lines(raw);
        check_fields(raw);
        let message = MessageParser::default().parse(&mail.message).unwrap();
        let root = message.content_type().unwrap();
        assert_eq!(
            (root.ctype(), root.subtype()),
            ("multipart", Some("alternative"))
        );
        let mut letter = Self {
            calendar: None,
            dated: Timestamp::from_second(message.date().unwrap().to_timestamp()).unwrap(),
            html: String::new(),
            message_id: message.message_id().unwrap().to_owned(),
            reply_to: address(message.reply_to()),
            sha256: mail.sha256.clone(),
            subject: message.subject().unwrap().to_owned(),
            text: String::new(),
        };
        assert_eq!(mail.message_id, format!("<{}>", letter.message_id));
        let mut kinds = Vec::new();
        for part in &message.parts {
            let Some(kind) = part.content_type() else {
                continue;
            };
            if matches!(part.body, PartType::Multipart(_)) {
                continue;
            }
            let words = part.text_contents().unwrap().to_owned();
            assert_eq!(kind.ctype(), "text");
            match kind.subtype() {
                Some("plain") => letter.text = words,
                Some("html") => letter.html = words,
                Some("calendar") => {
                    let calendar = Calendar::read(&words);
                    assert_eq!(
                        kind.attribute("method"),
                        Some(calendar.method()),
                        "RFC 6047 section 2.4"
                    );
                    letter.calendar = Some(calendar);
                }
                other => panic!("a part of type {other:?}"),
            }
            kinds.push(kind.subtype().unwrap().to_owned());
        }
        assert_eq!(
            kinds,
            ["plain", "html", "calendar"][..kinds.len()],
            "plainest first"
        );
        assert!(kinds.len() >= 2, "text and HTML always");
        assert!(!letter.text.is_empty() && !letter.html.is_empty());
        letter
    }

    /// The calendar part, which this letter must have.
    pub(crate) fn calendar(&self) -> &Calendar {
        self.calendar
            .as_ref()
            .unwrap_or_else(|| panic!("no calendar part in {:?}", self.subject))
    }

    /// Both bodies say this.
    pub(crate) fn says(&self, words: &str) -> bool {
        let plain = flat(&self.text);
        let rich = flat(&unescaped(&self.html));
        plain.contains(words) && rich.contains(words)
    }

    /// The address of the reply page, which this letter must offer.
    pub(crate) fn page(&self) -> String {
        let start = self
            .text
            .find("http://127.0.0.1")
            .unwrap_or_else(|| panic!("no link in {}", self.text));
        let link = &self.text[start..];
        link[..link.find(char::is_whitespace).unwrap_or(link.len())].to_owned()
    }
}

/// Where lines are broken means nothing.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_lines(raw: &str) {
    assert!(raw.ends_with("\r\n"));
    for line in raw.split_inclusive("\r\n") {
        let bare = line.strip_suffix("\r\n").unwrap();
        assert!(!bare.contains(['\r', '\n', '\0']), "CRLF only: {bare:?}");
        assert!(bare.len() <= 998, "RFC 5322 section 2.1.1: {bare}");
    }
}

fn check_fields(raw: &str) {
    let header = raw.split_once("\r\n\r\n").unwrap().0;
    let names: Vec<String> = header
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap().0.to_lowercase())
        .collect();
    for name in ONCE {
        let count = names.iter().filter(|found| *found == name).count();
        assert_eq!(count, 1, "{name} must stand once in\n{header}");
    }
}

fn address(address: Option<&Address<'_>>) -> String {
    let first = address.and_then(|address| address.first());
    first
        .and_then(|found| found.address())
        .unwrap_or_default()
        .to_owned()
}
