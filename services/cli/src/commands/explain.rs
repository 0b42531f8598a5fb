//! `lienminh explain`: every decision, in order.

use lienminh_proto::notifier::v1::ExplainReminderRequest;
use tonic::Code;

use super::{find, table};
use crate::args::Explain;
use crate::connect::Clients;
use crate::language::phrase;
use crate::proto_values::{anchor_in_words, local};
use crate::screen::say;

fn not_announced() -> String {
    phrase!(
        "Chưa nhắc ai: việc này còn là bản nháp, chưa thông báo, nên chưa có lần nhắc nào được lập lịch.",
        "Nobody is reminded: this is a draft that has not been announced, so nothing is planned."
    )
}

pub(super) async fn run(clients: &Clients, command: Explain) -> anyhow::Result<()> {
    let organisation = match &command.organisation {
        Some(wanted) => Some(find::organisation(clients, wanted).await?),
        None => None,
    };
    let obligation = find::obligation(clients, &command.matter).await?;
    let request = ExplainReminderRequest {
        obligation: obligation.clone(),
        organisation: organisation
            .as_ref()
            .map(|found| found.name.clone())
            .unwrap_or_default(),
    };
    let answer = match clients.notifier().explain_reminder(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status)
            if status.code() == Code::NotFound && find::is_draft(clients, &obligation).await? =>
        {
            say!("{}", not_announced());
            return Ok(());
        }
        Err(status) => return Err(status.into()),
    };
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
