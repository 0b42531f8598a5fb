//! What is left when the curtain has fallen: figures on the screen and in files.

use std::collections::BTreeMap;
use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use lienminh_local::sms::AcceptedSms;
use lienminh_proto::notifier::v1::{ReconcileCoverageResponse, Unreachable};
use serde::Serialize;

use super::verdict;

/// `target/demo/report.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Obligations told to the notifier.
    pub obligations: i64,
    /// Occurrences made of them.
    pub occurrences: i64,
    /// Rows by channel and state.
    pub deliveries: BTreeMap<String, BTreeMap<String, i64>>,
    /// What the oracle says there must be.
    pub expected: i64,
    /// What the notifier accounts for.
    pub accounted: i64,
    /// Messages that the SMTP end accepted.
    pub emails_accepted: u64,
    /// Messages that the SMS end accepted.
    pub sms_accepted: u64,
    /// Rows said to be sent that no end accepted.
    pub lost: usize,
    /// Messages accepted twice.
    pub doubled: usize,
    /// Messages that a reader who has not seen the code went through.
    pub read: usize,
    /// Kinds of faults found in them.
    pub misread: usize,
    /// Notices of change that went out.
    pub corrections: i64,
    /// How often a party was reached by nothing; `unreachable.json` lists them.
    pub unreachable: usize,
    /// Wall clock of the play, in seconds.
    pub seconds: f64,
    /// Whom to call.
    #[serde(skip)]
    pub calls: Vec<Unreached>,
}

/// A party that nothing reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unreached {
    /// The organisation.
    pub organisation: String,
    /// What it should have heard of.
    pub about: String,
    /// Why it did not.
    pub reason: String,
    /// A telephone to call.
    pub phone: String,
}

#[derive(Serialize)]
struct SmsLine<'a> {
    to: &'a str,
    text: &'a str,
    request_id: &'a str,
    segments: usize,
}

impl Report {
    /// Takes in the notifier's own sum.
    pub fn add_coverage(&mut self, coverage: &ReconcileCoverageResponse) {
        self.obligations = coverage.obligations;
        self.occurrences = coverage.occurrences;
        self.accounted = coverage.accounted;
        for cell in &coverage.deliveries {
            let channel = word(cell.channel().as_str_name(), "CHANNEL_");
            let state = word(cell.state().as_str_name(), "DELIVERY_STATE_");
            *self
                .deliveries
                .entry(channel)
                .or_default()
                .entry(state)
                .or_default() += cell.count;
        }
    }

    /// Takes in those whom nothing reached.
    pub fn add_unreachable(&mut self, unreachable: Vec<Unreachable>) {
        self.calls
            .extend(unreachable.into_iter().map(|found| Unreached {
                organisation: found.organisation_display_name,
                about: found.title,
                reason: found.reason_text,
                phone: vietnam::phone::shown(&found.phone),
            }));
        self.calls.sort_by(|one, other| {
            (&one.organisation, &one.about).cmp(&(&other.organisation, &other.about))
        });
        self.unreachable = self.calls.len();
    }

    /// Whether every promise was kept.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.misread == 0 && self.expected == self.accounted
    }

    /// Writes `report.json` and `sms.jsonl`.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path, sms: &[AcceptedSms]) -> anyhow::Result<()> {
        std::fs::write(
            folder.join("report.json"),
            serde_json::to_string_pretty(self)? + "\n",
        )?;
        std::fs::write(
            folder.join("unreachable.json"),
            serde_json::to_string_pretty(&self.calls)? + "\n",
        )?;
        let mut lines = String::new();
        for sms in sms {
            let line = SmsLine {
                to: &sms.to,
                text: &sms.text,
                request_id: &sms.request_id,
                segments: sms.segments,
            };
            lines.push_str(&serde_json::to_string(&line)?);
            lines.push('\n');
        }
        std::fs::write(folder.join("sms.jsonl"), lines)?;
        Ok(())
    }

    /// Says how it ended.
    pub fn show(&self) {
        println!("\n{}", verdict::sentences(self).join("\n"));
    }

    /// Shows the same as a table: what every row came to, and whom to call.
    pub fn show_table(&self) {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_header(["kênh", "trạng thái", "lượt gửi"]);
        for (channel, states) in &self.deliveries {
            for (state, count) in states {
                table.add_row([channel.clone(), state.clone(), count.to_string()]);
            }
        }
        if let Some(column) = table.column_mut(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        println!("\nĐối soát (coverage)\n{table}");
        println!(
            "{} việc cần nhắc, {} lần nhắc, {} thông báo thay đổi; {} email và {} SMS đã được nhận",
            self.obligations,
            self.occurrences,
            self.corrections,
            self.emails_accepted,
            self.sms_accepted
        );
        println!(
            "expected {}  accounted {}  lost {}  doubled {}  read {}  misread {}",
            self.expected, self.accounted, self.lost, self.doubled, self.read, self.misread
        );
        self.show_unreachable();
    }

    fn show_unreachable(&self) {
        let mut calls: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for found in &self.calls {
            *calls
                .entry((&found.organisation, &found.phone))
                .or_default() += 1;
        }
        if calls.is_empty() {
            return;
        }
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_header(["chưa liên lạc được", "số gọi", "việc"]);
        for ((organisation, phone), matters) in calls {
            let phone = if phone.is_empty() {
                "không có số"
            } else {
                phone
            };
            table.add_row([
                organisation.to_owned(),
                phone.to_owned(),
                matters.to_string(),
            ]);
        }
        println!("\n{table}");
    }
}

fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_owned()
}
