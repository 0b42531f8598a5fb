//! `lienminh explain`: every decision, in order.

use lienminh_proto::notifier::v1::ExplainReminderRequest;

use crate::args::Explain;
use crate::connect::Clients;
use crate::proto_values::{anchor_in_words, local};
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Explain) -> anyhow::Result<()> {
    let request = ExplainReminderRequest {
        obligation: command.obligation,
        organisation: command.organisation,
    };
    let answer = clients
        .notifier()
        .explain_reminder(request)
        .await?
        .into_inner();
    if let Some(obligation) = &answer.obligation {
        say!(
            "{} ({})",
            obligation.title,
            anchor_in_words(obligation.anchor.as_ref())
        );
    }
    for decision in answer.decisions {
        let when = decision
            .time
            .as_ref()
            .and_then(local)
            .map_or_else(String::new, |at| at.to_string());
        say!("{when:19}  {}", decision.text);
    }
    Ok(())
}
