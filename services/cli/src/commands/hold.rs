//! `lienminh hold`: after a restore nothing is sent until somebody has told what had left.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};
use std::path::Path;

use lienminh_proto::notifier::v1::{
    Channel, GetHoldRequest, Hold, RecordAcceptedRequest, ReleaseHoldRequest,
};

use crate::args::{self, SentBy};
use crate::connect::Clients;
use crate::files::open::Refused;
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::screen::say;

/// References that one request takes.
const A_REQUEST: usize = 1_000;

/// Characters of a reference: a UUID.
const REFERENCE: usize = 36;

/// A mailing to every organisation of a nation, by each of its steps.
const MOST_REFERENCES: usize = 1_000_000;

pub(super) async fn run(clients: &Clients, command: args::Hold) -> anyhow::Result<()> {
    let mut desk = clients.hold();
    let hold = match command {
        args::Hold::Show => desk.get_hold(GetHoldRequest {}).await?.into_inner(),
        args::Hold::Accepted { files } => {
            let mut found = BTreeSet::new();
            for file in files {
                read(&file, &mut found)?;
            }
            anyhow::ensure!(
                found.len() <= MOST_REFERENCES,
                phrase!(
                    "các tệp này có hơn {MOST_REFERENCES} mã tham chiếu: hãy đưa từng phần",
                    "more than {MOST_REFERENCES} references stand in these files: give them in parts"
                )
            );
            anyhow::ensure!(
                !found.is_empty(),
                phrase!(
                    "trong các tệp này không có mã tham chiếu nào của hệ thống",
                    "no reference of ours stands in these files"
                )
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
    let held = if hold.held {
        phrase!(
            "đang tạm giữ: không gửi gì ra ngoài",
            "on hold: nothing is sent"
        )
    } else {
        phrase!("không tạm giữ", "not on hold")
    };
    let compared = if hold.compared {
        phrase!("đã đối chiếu với các nguồn", "sources compared with: yes")
    } else {
        phrase!(
            "chưa đối chiếu với các nguồn",
            "sources compared with: not yet"
        )
    };
    let (open, due, accepted) = (hold.open_deliveries, hold.due_occurrences, hold.accepted);
    say!("{held}\n{compared}");
    say!(
        "{}",
        phrase!(
            "lượt gửi chưa kết thúc: {open}",
            "deliveries not final: {open}"
        )
    );
    say!(
        "{}",
        phrase!("lần nhắc đã đến giờ: {due}", "occurrences due: {due}")
    );
    say!(
        "{}",
        phrase!(
            "đã biết là gửi xong: {accepted}",
            "known to have been taken over: {accepted}"
        )
    );
}

/// Looks through a log for references.
fn read(file: &Path, found: &mut BTreeSet<String>) -> anyhow::Result<()> {
    kit::file::open(file)
        .and_then(|log| references(log, MOST_REFERENCES, found))
        .map_err(|error| anyhow::anyhow!("{} {}", file.display(), Refused::from(error)))
}

/// Adds the UUIDs in a text: Message-IDs in a relay's log, references in a gateway's list. Both
/// may be longer than memory, so no more than a word is held, and no more words than are taken.
fn references(log: impl Read, most: usize, found: &mut BTreeSet<String>) -> std::io::Result<()> {
    let mut word = String::new();
    for byte in BufReader::new(log).bytes() {
        let sign = char::from(byte?);
        if !sign.is_ascii_hexdigit() && sign != '-' {
            found.extend(reference(&word));
            word.clear();
        } else if word.len() <= REFERENCE {
            word.push(sign);
        }
        if found.len() > most {
            return Ok(());
        }
    }
    found.extend(reference(&word));
    Ok(())
}

fn reference(word: &str) -> Option<String> {
    let is_one = word.len() == REFERENCE && uuid::Uuid::try_parse(word).is_ok();
    is_one.then(|| word.to_lowercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn references_are_found_in_the_words_of_a_relay() {
        let log = "Mar  1 09:00:01 mail postfix/cleanup[7]: 4Tq: message-id=<018df2a0-1b2c-7d3e-8f40-5a6b7c8d9e0f@lienminh.example>\n\
                   Mar  1 09:00:01 mail postfix/qmgr[8]: 4Tq: from=<x@lienminh.example>, size=1, nrcpt=1";
        let mut found = BTreeSet::new();
        references(log.as_bytes(), 10, &mut found).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found.contains("018df2a0-1b2c-7d3e-8f40-5a6b7c8d9e0f"));
    }

    #[test]
    fn a_log_without_an_end_is_read_up_to_the_last_reference_that_is_taken() {
        let mut next = 0_u128;
        let endless = std::io::repeat(b'a')
            .take(1 << 20)
            .chain(Ever(Box::new(move || {
                next += 1;
                format!("{} ", uuid::Uuid::from_u128(next))
            })));
        let mut found = BTreeSet::new();
        references(endless, 100, &mut found).unwrap();
        assert_eq!(found.len(), 101);
    }

    /// Reads one word after the other and never ends.
    struct Ever(Box<dyn FnMut() -> String>);

    impl Read for Ever {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let word = (self.0)();
            let length = word.len().min(into.len());
            into[..length].copy_from_slice(&word.as_bytes()[..length]);
            Ok(length)
        }
    }
}
