//! `lienminh answer`: what a caller told by code.

use lienminh_proto::events::v1::{AnswerByCodeRequest, CodeAnswer};

use crate::args::{Answer, Said};
use crate::connect::Clients;
use crate::load::fresh_request_id;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Answer) -> anyhow::Result<()> {
    let answer = match command.answer {
        None => CodeAnswer::Unspecified,
        Some(Said::Yes) => CodeAnswer::Yes,
        Some(Said::No) => CodeAnswer::No,
        Some(Said::Sent) => CodeAnswer::Sent,
    };
    let request = AnswerByCodeRequest {
        code: command.code,
        answer: answer.into(),
        attendees: command.attendees,
        request_id: fresh_request_id(),
    };
    let found = clients
        .answers()
        .answer_by_code(request)
        .await?
        .into_inner();
    say!(
        "{} ({})\n{}: {}",
        found.title,
        found.subject,
        found.organisation,
        found.state
    );
    Ok(())
}
