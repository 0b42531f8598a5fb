//! `lienminh hold`: after a restore nothing is sent until somebody has told what had left.

use std::collections::BTreeSet;

use anyhow::Context;
use lienminh_proto::notifier::v1::{
    Channel, GetHoldRequest, Hold, RecordAcceptedRequest, ReleaseHoldRequest,
};

use crate::args::{self, SentBy};
use crate::connect::Clients;
use crate::load::fresh_request_id;
use crate::screen::say;

/// References that one request takes.
const A_REQUEST: usize = 1_000;

/// Characters of a reference: a UUID.
const REFERENCE: usize = 36;

pub(super) async fn run(clients: &Clients, command: args::Hold) -> anyhow::Result<()> {
    let mut desk = clients.hold();
    let hold = match command {
        args::Hold::Show => desk.get_hold(GetHoldRequest {}).await?.into_inner(),
        args::Hold::Accepted { files } => {
            let mut found = BTreeSet::new();
            for file in files {
                let log = std::fs::read(&file)
                    .with_context(|| format!("{} cannot be read", file.display()))?;
                found.extend(references(&String::from_utf8_lossy(&log)));
            }
            anyhow::ensure!(
                !found.is_empty(),
                "no reference of ours stands in these files"
            );
            let found: Vec<String> = found.into_iter().collect();
            let mut hold = Hold::default();
            for some in found.chunks(A_REQUEST) {
                let request = RecordAcceptedRequest {
                    references: some.to_vec(),
                    request_id: fresh_request_id(),
                };
                hold = desk.record_accepted(request).await?.into_inner();
            }
            hold
        }
        args::Hold::Release {
            stopped_at,
            complete,
        } => {
            let request = ReleaseHoldRequest {
                stop_time: stopped_at.map(kit::wire::timestamp),
                complete_channels: complete.into_iter().map(channel).collect(),
                request_id: fresh_request_id(),
            };
            desk.release_hold(request).await?.into_inner()
        }
    };
    show(&hold);
    Ok(())
}

fn channel(sent_by: SentBy) -> i32 {
    match sent_by {
        SentBy::Email => Channel::Email.into(),
        SentBy::Sms => Channel::Sms.into(),
    }
}

fn show(hold: &Hold) {
    say!(
        "{}",
        if hold.held {
            "on hold: nothing is sent"
        } else {
            "not on hold"
        }
    );
    let compared = if hold.compared { "yes" } else { "not yet" };
    say!("sources compared with: {compared}");
    say!("deliveries not final: {}", hold.open_deliveries);
    say!("occurrences due: {}", hold.due_occurrences);
    say!("known to have been taken over: {}", hold.accepted);
}

/// The UUIDs in a text: Message-IDs in a relay's log, references in a gateway's list.
fn references(text: &str) -> BTreeSet<String> {
    let words = text.split(|sign: char| !sign.is_ascii_hexdigit() && sign != '-');
    let references = words.filter(|word| word.len() == REFERENCE);
    references
        .filter(|word| uuid::Uuid::try_parse(word).is_ok())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_in_the_words_of_a_relay() {
        let log = "Mar  1 09:00:01 mail postfix/cleanup[7]: 4Tq: message-id=<018df2a0-1b2c-7d3e-8f40-5a6b7c8d9e0f@lienminh.example>\n\
                   Mar  1 09:00:01 mail postfix/qmgr[8]: 4Tq: from=<x@lienminh.example>, size=1, nrcpt=1";
        let found = references(log);
        assert_eq!(found.len(), 1);
        assert!(found.contains("018df2a0-1b2c-7d3e-8f40-5a6b7c8d9e0f"));
    }
}
