//! Mails and SMS by what they are about: what all readers of a message read is written once, what
//! differs from reader to reader as a count, a hash and one example.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lienminh_local::sms::AcceptedSms;
use lienminh_local::smtp::AcceptedMail;
use lienminh_proto::notifier::v1::Delivery;
use mail_parser::{HeaderValue, MessageParser, MimeHeaders as _};

use super::masked::{Mask, hash};
use crate::reader::bare;

/// Title, step, channel, and how many lines: what is compared line by line.
type Place = (String, String, &'static str, usize);

/// Titles of obligations.
pub(super) type Titles = HashMap<String, String>;

/// What was accepted, in the order of nothing: each message with its readers.
#[derive(Default)]
struct Group {
    texts: Vec<Vec<String>>,
    readers: BTreeSet<String>,
}

/// A file for each kind of obligation.
pub(super) fn by_matter(
    rows: &[Delivery],
    titles: &Titles,
    mails: &[AcceptedMail],
    sms: &[AcceptedSms],
) -> Vec<(String, String)> {
    let rows: HashMap<String, &Delivery> =
        rows.iter().map(|row| (bare(&row.reference), row)).collect();
    let mut groups: BTreeMap<String, BTreeMap<Place, Group>> = BTreeMap::new();
    let mails = mails.iter().map(|mail| {
        (
            &mail.message_id,
            "mail",
            mail.to.join(","),
            lines(&mail.message),
        )
    });
    let sms = sms.iter().map(|sms| {
        let lines = vec![format!("{} segments", sms.segments), sms.text.clone()];
        (&sms.request_id, "SMS", sms.to.clone(), lines)
    });
    for (reference, channel, reader, lines) in mails.chain(sms) {
        let row = rows.get(&bare(reference));
        let obligation = row.map_or("", |row| row.obligation.as_str());
        let title = titles.get(obligation).cloned().unwrap_or_default();
        let step = row.map_or_else(String::new, |row| row.step.clone());
        let mut mask = Mask::default();
        let lines: Vec<String> = lines.iter().map(|line| mask.over(line)).collect();
        let group = groups.entry(kind(obligation)).or_default();
        let group = group
            .entry((title, step, channel, lines.len()))
            .or_default();
        group
            .readers
            .insert(hash(&format!("{reader}\n{}", lines.join("\n"))));
        group.texts.push(lines);
    }
    groups
        .into_iter()
        .map(|(kind, groups)| (format!("{kind}.txt"), text(&groups)))
        .collect()
}

/// `events.deadline` of `events/obligations/deadline-{uuid}`.
fn kind(obligation: &str) -> String {
    let (service, name) = obligation
        .split_once("/obligations/")
        .unwrap_or(("nobody", "nothing-"));
    let kind = name.split('-').next().unwrap_or_default();
    format!("{service}.{kind}")
}

fn text(groups: &BTreeMap<Place, Group>) -> String {
    let mut text = String::new();
    for ((title, step, channel, _), group) in groups {
        text += &format!("== {title} | {step} | {channel} | {}\n", group.texts.len());
        text += &common(&group.texts);
        let readers: Vec<&str> = group.readers.iter().map(String::as_str).collect();
        for some in readers.chunks(READERS_IN_A_LINE) {
            text += &format!("   read by {}\n", some.join(" "));
        }
        text.push('\n');
    }
    text
}

const READERS_IN_A_LINE: usize = 12;

/// Line by line: what all say, or in how many ways it is said.
fn common(texts: &[Vec<String>]) -> String {
    let length = texts.first().map_or(0, Vec::len);
    let mut text = String::new();
    for number in 0..length {
        let ways: BTreeSet<&str> = texts.iter().map(|lines| lines[number].as_str()).collect();
        let all = Vec::from_iter(&ways)
            .iter()
            .map(|way| **way)
            .collect::<Vec<_>>()
            .join("\n");
        let first = ways.first().copied().unwrap_or_default();
        if ways.len() == 1 {
            text += &format!("   {first}");
        } else {
            text += &format!("~{} {} {first}", ways.len(), hash(&all));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// Headers, plain words, the entry of the calendar, and the hash of the page.
fn lines(message: &[u8]) -> Vec<String> {
    let Some(parsed) = MessageParser::default().parse(message) else {
        return vec!["no mail".to_owned()];
    };
    let mut lines = Vec::new();
    for header in parsed.headers() {
        if header.name() != "To" {
            lines.push(format!("{}: {}", header.name(), value(header.value())));
        }
    }
    let plain = parsed.body_text(0).unwrap_or_default();
    lines.extend(plain.lines().map(str::to_owned));
    for part in &parsed.parts {
        let subtype = part.content_type().and_then(|kind| kind.subtype());
        let text = part.text_contents().unwrap_or_default().replace('\r', "");
        match subtype {
            Some("calendar") => lines.extend(text.replace("\n ", "").lines().map(str::to_owned)),
            Some("html") => lines.extend(page(&text)),
            _ => {}
        }
    }
    lines
}

/// A page without its words, which stand above: a tag a line would be too much to review, so what
/// it is built of is told as one hash, and its links one by one.
fn page(html: &str) -> Vec<String> {
    let mut tags = String::new();
    for tag in html
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
    {
        let shape = tag.split("href=\"").next().unwrap_or_default();
        tags += &format!("<{shape}>");
    }
    let links = html
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let links: Vec<String> = links.map(|link| format!("link {link}")).collect();
    let words = html
        .split('>')
        .filter_map(|rest| rest.split('<').next())
        .collect::<Vec<_>>()
        .join(" ");
    let mut mask = Mask::default();
    let mut lines = vec![format!("page {} {}", hash(&tags), hash(&mask.over(&words)))];
    lines.extend(links);
    lines
}

fn value(value: &HeaderValue<'_>) -> String {
    if let Some(text) = value.as_text() {
        return text.to_owned();
    }
    if let Some(addresses) = value.as_address() {
        let each = addresses.iter().map(|address| {
            format!(
                "{} <{}>",
                address.name().unwrap_or_default(),
                address.address().unwrap_or_default()
            )
        });
        return each.collect::<Vec<_>>().join(", ");
    }
    if let Some(time) = value.as_datetime() {
        return time.to_rfc3339();
    }
    value.as_content_type().map_or_else(String::new, |kind| {
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
    })
}
