//! The live timeline: a line for each day on which something happened.

use std::collections::{BTreeMap, HashSet};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use lienminh_cli::connect::{Clients, PAGE, every};
use lienminh_proto::notifier::v1::{ListOccurrencesRequest, Occurrence, OccurrenceState};

/// A day is shown for so long where somebody watches; without a terminal the
/// play runs as fast as the machine can.
const DAY_SHOWN: Duration = Duration::from_millis(700);

/// What the ends have accepted so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Emails.
    pub emails: u64,
    /// SMS.
    pub sms: u64,
}

/// Shows days as they pass.
pub struct Timeline {
    shown: HashSet<String>,
    before: Tally,
    deeds: Vec<String>,
    day_began: Instant,
    watched: bool,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            shown: HashSet::new(),
            before: Tally::default(),
            deeds: Vec::new(),
            day_began: Instant::now(),
            watched: std::io::stdout().is_terminal(),
        }
    }
}

impl Timeline {
    /// Somebody did something today.
    pub fn deed(&mut self, text: String) {
        self.deeds.push(text);
    }

    /// The day is over: shows what people did, what fell due and what went out.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn end_day(
        &mut self,
        day: Date,
        clients: &Clients,
        now: Tally,
    ) -> anyhow::Result<()> {
        let due = self.newly_fanned_out(clients).await?;
        let (emails, sms) = (now.emails - self.before.emails, now.sms - self.before.sms);
        self.before = now;
        if self.deeds.is_empty() && due.is_empty() {
            return Ok(());
        }
        println!(
            "{:14} {emails:4} email {sms:4} SMS",
            vietnam::dates::with_weekday(day)
        );
        for deed in self.deeds.drain(..) {
            println!("{:16}• {deed}", "");
        }
        for line in due {
            println!("{:16}  {line}", "");
        }
        if self.watched {
            tokio::time::sleep(DAY_SHOWN.saturating_sub(self.day_began.elapsed())).await;
        }
        self.day_began = Instant::now();
        Ok(())
    }

    async fn newly_fanned_out(&mut self, clients: &Clients) -> anyhow::Result<Vec<String>> {
        let mut sums: BTreeMap<String, i32> = BTreeMap::new();
        for occurrence in fanned_out(clients).await? {
            if self.shown.insert(occurrence.name.clone()) {
                let line = format!("{} ({})", occurrence.title, step_in_words(&occurrence.step));
                *sums.entry(line).or_default() += occurrence.deliveries;
            }
        }
        Ok(sums
            .into_iter()
            .map(|(line, parties)| format!("{line}: {parties}"))
            .collect())
    }
}

pub(super) async fn fanned_out(clients: &Clients) -> anyhow::Result<Vec<Occurrence>> {
    let all = every(|page_token| async move {
        let request = ListOccurrencesRequest {
            states: vec![OccurrenceState::FannedOut.into()],
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let mut notifier = clients.notifier();
        let page = notifier.list_occurrences(request).await?.into_inner();
        Ok((page.occurrences, page.next_page_token))
    })
    .await;
    Ok(all?)
}

fn step_in_words(step: &str) -> String {
    match step {
        "issue" => "thông báo".to_owned(),
        "correction" => "THAY ĐỔI".to_owned(),
        "call_list" => "danh sách cần gọi".to_owned(),
        other if other.starts_with("unfixed") => "đề nghị chốt ngày".to_owned(),
        other => format!("nhắc {other}"),
    }
}
