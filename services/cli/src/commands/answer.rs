//! `lienminh answer`: what a caller told by code.

use std::io::{IsTerminal, stdin};

use anyhow::bail;
use lienminh_proto::events::v1::{AnswerByCodeRequest, AnswerByCodeResponse, CodeAnswer};
use tonic::Code;

use super::find;
use crate::args::{Answer, Said, value};
use crate::connect::Clients;
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::screen::say;

/// Whose code it is stands on the screen before anything is recorded: a digit misheard is
/// another organisation's code.
pub(super) async fn run(clients: &Clients, command: Answer) -> anyhow::Result<()> {
    let mut request = AnswerByCodeRequest {
        code: command.code,
        answer: CodeAnswer::Unspecified.into(),
        attendees: command.attendees,
        attendee_names: command.names,
        request_id: fresh_request_id(),
    };
    let found = ask(clients, request.clone()).await?;
    let whose = find::label_of(clients, &found.organisation).await;
    say!("{whose}\n{}: {}", found.title, found.state);
    let Some(said) = command.answer else {
        return Ok(());
    };
    if !command.yes && !confirmed()? {
        say!("{}", phrase!("chưa ghi gì", "nothing was recorded"));
        return Ok(());
    }
    let answer = match said {
        Said::Yes => CodeAnswer::Yes,
        Said::No => CodeAnswer::No,
        Said::Sent => CodeAnswer::Sent,
    };
    request.answer = answer.into();
    let now = ask(clients, request).await?.state;
    say!("{}", phrase!("đã ghi: {now}", "recorded: {now}"));
    Ok(())
}

async fn ask(
    clients: &Clients,
    request: AnswerByCodeRequest,
) -> anyhow::Result<AnswerByCodeResponse> {
    let code = request.code.clone();
    match clients.answers().answer_by_code(request).await {
        Ok(answer) => Ok(answer.into_inner()),
        Err(status) if status.code() == Code::NotFound => bail!(phrase!(
            "không có mã {code}: xin hỏi lại người gọi từng chữ số",
            "there is no code {code}: ask the caller for each digit again"
        )),
        Err(status) => Err(status.into()),
    }
}

/// Asks whoever sits at a terminal; a script has decided already.
fn confirmed() -> std::io::Result<bool> {
    if !stdin().is_terminal() {
        return Ok(true);
    }
    say!(
        "{}",
        phrase!("Ghi cho đơn vị này? [c/k]", "Record it for this one? [y/n]")
    );
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(value::is_yes(&line))
}
