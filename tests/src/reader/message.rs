//! A message as it arrived.

use jiff::civil::{Date, DateTime};
use lienminh_local::sms::AcceptedSms;
use lienminh_local::smtp::AcceptedMail;
use mail_parser::{MessageParser, MimeHeaders};

/// A mail or an SMS.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Message-ID or reference at the gateway, without brackets.
    pub reference: String,
    /// When it was written, business time.
    pub at: DateTime,
    /// Whether it is an SMS.
    pub is_sms: bool,
    /// Of a mail.
    pub subject: String,
    /// The SMS, or the plain part of the mail.
    pub text: String,
    /// What a browser shows of the other part of a mail.
    pub html: Option<String>,
    /// The calendar entry of a mail.
    pub entry: Option<Entry>,
    /// What the network counts of an SMS.
    pub segments: usize,
}

/// A calendar entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whether it takes the event out of calendars.
    pub withdrawn: bool,
    /// The first day.
    pub day: Date,
    /// The hour it begins, if it has one.
    pub start: Option<DateTime>,
    /// The hour it ends.
    pub end: Option<DateTime>,
    /// Where.
    pub place: String,
}

impl Entry {
    /// Whether a reader finds in it what is right; where the script names no end, any will do.
    pub(super) fn agrees(&self, right: &Self) -> bool {
        let end = right.end.is_none() || self.end == right.end;
        let place = right.withdrawn || self.place == right.place;
        (self.withdrawn, self.day, self.start) == (right.withdrawn, right.day, right.start)
            && end
            && place
    }

    fn read(text: &str) -> Option<Self> {
        let whole = text.replace("\r\n ", "").replace("\n ", "");
        let value = |name: &str| {
            let line = whole.lines().find(|line| {
                line.strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with([':', ';']))
            })?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let start = value("DTSTART")?;
        Some(Self {
            withdrawn: value("STATUS")? == "CANCELLED",
            day: local(&start).map_or_else(|| day(&start), |at| Some(at.date()))?,
            start: local(&start),
            end: value("DTEND").as_deref().and_then(local),
            place: value("LOCATION").unwrap_or_default().replace('\\', ""),
        })
    }
}

fn day(text: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", text).ok()
}

/// An instant of a calendar is written in UTC.
fn local(text: &str) -> Option<DateTime> {
    let at = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(vietnam::local(
        at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
    ))
}

impl Message {
    /// Takes in a mail; `None` for what is no mail.
    #[must_use]
    pub fn of_mail(mail: &AcceptedMail) -> Option<Self> {
        Some(Self {
            reference: bare(&mail.message_id),
            ..Self::of_octets(&mail.message)?
        })
    }

    /// Reads a mail as it goes over the line.
    pub(super) fn of_octets(message: &[u8]) -> Option<Self> {
        let parsed = MessageParser::default().parse(message)?;
        let dated = jiff::Timestamp::from_second(parsed.date()?.to_timestamp()).ok()?;
        let calendar = parsed.parts.iter().find(|part| {
            part.content_type()
                .is_some_and(|kind| kind.subtype() == Some("calendar"))
        });
        let entry = calendar.and_then(|part| Entry::read(part.text_contents()?));
        Some(Self {
            at: vietnam::local(dated),
            subject: parsed.subject()?.to_owned(),
            text: parsed.body_text(0)?.replace("\r\n", "\n"),
            html: Some(shown(&parsed.body_html(0)?.replace('\r', ""))),
            entry,
            ..Self::default()
        })
    }

    /// Takes in an SMS that was written at a business instant.
    #[must_use]
    pub fn of_sms(sms: &AcceptedSms, at: DateTime) -> Self {
        Self {
            reference: bare(&sms.request_id),
            at,
            is_sms: true,
            text: sms.text.clone(),
            segments: sms.segments,
            ..Self::default()
        }
    }

    /// Everything that it says.
    pub(super) fn all_words(&self) -> String {
        let html = self.html.as_deref().unwrap_or_default();
        [self.subject.as_str(), &self.text, html].join("\n")
    }
}

/// A reference without its angle brackets.
#[must_use]
pub fn bare(reference: &str) -> String {
    reference.trim_matches(['<', '>']).to_owned()
}

/// The words between the tags, without the head of the page; a link shows its words.
pub(super) fn shown(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    // A label stands beside what it names.
    let body = body.replace("</td><td", ":</td> <td").replace("<br>", "\n");
    let mut shown = String::with_capacity(body.len());
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => shown.push(c),
            _ => {}
        }
    }
    unescaped(&shown)
}

/// What a browser shows of a text in HTML.
#[must_use]
pub fn unescaped(text: &str) -> String {
    const ENTITIES: [(&str, &str); 5] = [
        ("&#39;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    let plain = |text: String, (entity, sign): &(&str, &str)| text.replace(entity, sign);
    ENTITIES.iter().fold(text.to_owned(), plain)
}
