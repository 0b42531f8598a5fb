//! Every message of the play is read by somebody who has not seen the code.

use std::collections::{BTreeMap, HashMap};

use lienminh_cli::connect::Clients;
use lienminh_local::sms::AcceptedSms;
use lienminh_local::smtp::AcceptedMail;
use lienminh_proto::notifier::v1::Delivery;

use super::perform::World;
use super::timeline::fanned_out;
use crate::oracle::saying::{self, House, Reader};
use crate::oracle::story::Story;
use crate::reader::{self, Message};

/// What the reader found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Messages read.
    pub read: usize,
    /// Each fault once: how many messages have it, and the words of one of them.
    pub faults: BTreeMap<String, (usize, String)>,
    /// SMS that took one segment.
    pub short_sms: usize,
    /// All SMS.
    pub sms: usize,
}

/// Of a hundred SMS at least so many take one segment.
const SHORT_SMS: usize = 70;

impl Findings {
    fn add(&mut self, message: &Message, faults: Vec<String>) {
        self.read += 1;
        self.sms += usize::from(message.is_sms);
        self.short_sms += usize::from(message.is_sms && message.segments == 1);
        for fault in faults {
            let words = format!("{}\n{}", message.subject, message.text);
            let entry = self.faults.entry(fault).or_insert((0, words));
            entry.0 += 1;
        }
    }

    /// Whether SMS are as cheap as they can be.
    fn judge_sms(&mut self) {
        if self.short_sms * 100 < self.sms * SHORT_SMS {
            let fault = format!(
                "only {} of {} SMS take one segment",
                self.short_sms, self.sms
            );
            self.faults
                .insert(fault, (self.sms - self.short_sms, String::new()));
        }
    }

    /// Shows what is wrong, with the words of one message each.
    pub fn show(&self) {
        for (fault, (count, words)) in self.faults.iter().take(60) {
            println!("reader: {fault} ({count})\n{words}\n");
        }
    }
}

/// Reads everything that the ends accepted.
///
/// # Errors
/// A call is refused.
pub async fn read(
    clients: &Clients,
    world: &World,
    rows: &[Delivery],
    mails: &[AcceptedMail],
    sms: &[AcceptedSms],
) -> anyhow::Result<Findings> {
    let titles: HashMap<String, String> = fanned_out(clients)
        .await?
        .into_iter()
        .map(|occurrence| (occurrence.obligation, occurrence.title))
        .collect();
    let by_reference: HashMap<String, &Delivery> = rows
        .iter()
        .map(|row| (reader::bare(&row.reference), row))
        .collect();
    let mut findings = Findings::default();
    let messages = mails.iter().filter_map(Message::of_mail).chain(
        sms.iter()
            .filter_map(|sms| text_message(sms, &by_reference)),
    );
    for message in messages {
        let faults = match by_reference.get(&message.reference) {
            Some(row) => faults(world, row, &titles, &message),
            None => vec!["nobody admits to it".to_owned()],
        };
        findings.add(&message, faults);
    }
    findings.judge_sms();
    Ok(findings)
}

/// An SMS carries no date: its row has one.
fn text_message(sms: &AcceptedSms, rows: &HashMap<String, &Delivery>) -> Option<Message> {
    let row = rows.get(&reader::bare(&sms.request_id))?;
    let time = row.state_time?;
    let at = jiff::Timestamp::new(time.seconds, time.nanos).ok()?;
    Some(Message::of_sms(sms, vietnam::local(at)))
}

fn faults(
    world: &World,
    row: &Delivery,
    titles: &HashMap<String, String>,
    message: &Message,
) -> Vec<String> {
    let title = titles.get(&row.obligation).map_or("", String::as_str);
    let Some(story) = story(world, row, title, message) else {
        return vec![format!("nothing of the script is about {title}")];
    };
    let reader = Reader {
        organisation: &row.organisation,
        step: &row.step,
        at: message.at,
    };
    let house = House {
        roster: &world.oracle.roster,
        alliance: &world.loaded.alliance,
    };
    let faults = match saying::of(story, reader, house) {
        Some(saying) => reader::read(message, &saying),
        None => vec!["it came before its matter".to_owned()],
    };
    let kind = if message.is_sms { "SMS" } else { "mail" };
    let named = |fault: String| format!("{kind}, {:?}, {}: {fault}", story.genre, row.step);
    faults.into_iter().map(named).collect()
}

/// What a message is about: the obligation by its whole name, or the latest that was known.
fn story<'w>(
    world: &'w World,
    row: &Delivery,
    title: &str,
    message: &Message,
) -> Option<&'w Story> {
    let known = world
        .stories
        .values()
        .filter(|story| story.is_of(&row.obligation, title) && story.at(message.at).is_some());
    known.max_by_key(|story| {
        let begun = story.chapters.first().map(|(at, _)| *at);
        (story.named.len(), begun)
    })
}
