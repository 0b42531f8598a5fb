//! `lienminh timeline`: what lies ahead, undated things last, never guessed.

use lienminh_proto::events::v1::ListTimelineRequest;

use super::table;
use crate::args::Timeline;
use crate::connect::Clients;
use crate::proto_values::{anchor_in_words, date};
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: &Timeline) -> anyhow::Result<()> {
    let mut rows = table::with_headings(&["when", "what", "state", "subject"]);
    let mut page_token = String::new();
    loop {
        let request = ListTimelineRequest {
            start_date: command.from.map(date),
            end_date: command.to.map(date),
            page_size: 200,
            page_token,
        };
        let page = clients.plans().list_timeline(request).await?.into_inner();
        for entry in page.entries {
            rows.add_row([
                anchor_in_words(entry.anchor.as_ref()),
                entry.title,
                entry.state,
                entry.subject,
            ]);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    say!("{rows}");
    Ok(())
}
