//! `lienminh explain`: every decision, in order.

use lienminh_proto::notifier::v1::ExplainReminderRequest;

use super::{find, table};
use crate::args::Explain;
use crate::connect::Clients;
use crate::proto_values::{anchor_in_words, local};
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Explain) -> anyhow::Result<()> {
    let organisation = match &command.organisation {
        Some(wanted) => Some(find::organisation(clients, wanted).await?),
        None => None,
    };
    let request = ExplainReminderRequest {
        obligation: find::obligation(clients, &command.matter).await?,
        organisation: organisation
            .as_ref()
            .map(|found| found.name.clone())
            .unwrap_or_default(),
    };
    let answer = clients
        .notifier()
        .explain_reminder(request)
        .await?
        .into_inner();
    if let Some(obligation) = &answer.obligation {
        let when = anchor_in_words(obligation.anchor.as_ref());
        say!("{} ({when})", obligation.title);
    }
    if let Some(organisation) = &organisation {
        say!("{}", find::label(organisation));
    }
    for decision in answer.decisions {
        let when = table::at(decision.time.as_ref().and_then(local));
        say!("{when:16}  {}", decision.text);
    }
    Ok(())
}
