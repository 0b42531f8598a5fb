//! `lienminh timeline`: what lies ahead, undated things last, never guessed.

use lienminh_proto::events::v1::ListTimelineRequest;

use super::{find, table};
use crate::args::Timeline;
use crate::connect::Clients;
use crate::language::phrase;
use crate::proto_values::{anchor_in_words, date};

pub(super) async fn run(clients: &Clients, command: &Timeline) -> anyhow::Result<()> {
    let request = ListTimelineRequest {
        start_date: command.from.map(date),
        end_date: command.to.map(date),
        ..Default::default()
    };
    let entries = find::timeline(clients, request).await?;
    // Whoever may not read the registry sees the names of the units as they are.
    let mut known = find::Known::default();
    let mut rows = table::with_headings(&[
        &phrase!("khi nào", "when"),
        &phrase!("việc", "what"),
        &phrase!("tình trạng", "state"),
        &phrase!("phụ trách", "in charge"),
        &phrase!("tên", "name"),
    ]);
    for entry in entries {
        let unit = known.of(clients, &entry.lead_unit).await;
        let code = unit.map(|unit| unit.roster_code.clone());
        rows.add_row([
            anchor_in_words(entry.anchor.as_ref()),
            entry.title,
            entry.state,
            code.unwrap_or_default(),
            entry.subject,
        ]);
    }
    table::show(&rows, &phrase!("không có việc nào", "nothing lies ahead"));
    Ok(())
}
