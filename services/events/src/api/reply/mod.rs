//! Reply pages, on the port for the world.
//!
//! `GET /r/{token}` shows and changes nothing, because mail scanners follow every
//! link; `POST /r/{token}` records, and a second one records nothing new. The
//! token is all that is needed, so nothing else may lead to it: no referrer, no
//! cache, no index.
//!
//! A token that is ours is never turned away for the wrong guesses of others
//! behind the same address: members of many mobile networks share one.

mod page;
mod view;
mod words;

use std::time::Instant;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{Extensions, StatusCode};
use axum::response::Response;
use axum::routing::get;
use kit::auth::Caller;
use kit::error::{Error, Result};
use kit::http::Visitor;
use kit::mutation;
use lienminh_proto::events::v1::AnswerInvitationRequest;
use serde::Deserialize;

use super::{House, Patience, answering};
use crate::domain::answer::{Answer, Source};
use crate::domain::id::{InvitationId, SubmissionId};
use crate::domain::invitation::ATTENDEES_LIMIT;
use crate::domain::refusal::Refusal;
use crate::domain::token::Reply;
use crate::store;
use view::Said;

const METHOD: &str = "reply page";

#[derive(Clone)]
struct Desk {
    house: House,
    patience: Patience,
}

/// What the form of a page sends.
#[derive(Debug, Deserialize)]
struct Filled {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    attendees: String,
}

/// The routes of the reply pages.
pub fn routes(house: House, patience: Patience) -> Router {
    Router::new()
        .route("/r/{token}", get(show).post(record))
        .with_state(Desk { house, patience })
}

async fn show(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    extensions: Extensions,
) -> Response {
    match desk.open(&token, &extensions) {
        Ok(reply) => desk.shown(reply, None).await,
        Err(refused) => refused,
    }
}

async fn record(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    extensions: Extensions,
    form: Result<Form<Filled>, FormRejection>,
) -> Response {
    let reply = match desk.open(&token, &extensions) {
        Ok(reply) => reply,
        Err(refused) => return refused,
    };
    let read = form.ok().and_then(|Form(filled)| read(reply, &filled));
    let Some((answer, attendees)) = read else {
        return desk.shown(reply, Some(Said::Unreadable)).await;
    };
    match desk.record(reply, answer, attendees).await {
        Ok(()) => desk.shown(reply, Some(Said::Recorded)).await,
        Err(Error::FailedPrecondition(refusal)) => {
            desk.shown(reply, Some(Said::Refused(refusal.sentence.vi.into_owned())))
                .await
        }
        Err(error) => failed(&desk.house, error),
    }
}

/// The answer that a form gives to what the page asks.
fn read(reply: Reply, filled: &Filled) -> Option<(Answer, i32)> {
    let attendees = match filled.attendees.trim() {
        "" => 0,
        number => number
            .parse()
            .ok()
            .filter(|number| (0..=ATTENDEES_LIMIT).contains(number))?,
    };
    let answer = match (reply, filled.answer.as_str()) {
        (Reply::Invitation(_), "yes") => Answer::Yes,
        (Reply::Invitation(_), "no") => Answer::No,
        (Reply::Submission(_), "sent") => Answer::Sent,
        (Reply::Invitation(_) | Reply::Submission(_), _) => return None,
    };
    Some((answer, attendees))
}

impl Desk {
    /// What a token answers, or the page for whoever made one up.
    // A response is what axum's handlers return; boxing it would only move the bytes.
    #[allow(clippy::result_large_err)]
    fn open(&self, token: &str, extensions: &Extensions) -> Result<Reply, Response> {
        if let Some(reply) = self.house.replies.open(token) {
            return Ok(reply);
        }
        let now = Instant::now();
        let guesser = guesser(extensions);
        if let Some(wait) = self.patience.0.wait(&guesser, now) {
            return Err(page::too_many(wait));
        }
        self.patience.0.wrong(&guesser, now);
        Err(page::unknown())
    }

    async fn record(&self, reply: Reply, answer: Answer, attendees: i32) -> Result<()> {
        let house = &self.house;
        let now = house.now();
        // Each click is a request of its own; that the same answer twice changes
        // nothing is the rule's doing.
        let request_id = uuid::Uuid::now_v7().to_string();
        let request = AnswerInvitationRequest {
            attendees,
            ..Default::default()
        };
        let visitor = visitor();
        mutation::run(
            &house.mutations,
            &visitor,
            METHOD,
            &request_id,
            &request,
            |tx| async move {
                match (reply, answer) {
                    (Reply::Invitation(id), Answer::Yes | Answer::No) => {
                        let coming = answer == Answer::Yes;
                        answering::invitation(&tx, id, coming, attendees, Source::Page, now)
                            .await?;
                    }
                    (Reply::Submission(id), Answer::Sent) => {
                        answering::claim(&tx, house, id, now).await?;
                    }
                    (Reply::Invitation(_), Answer::Sent)
                    | (Reply::Submission(_), Answer::Yes | Answer::No) => {
                        return Err(Refusal::AnswerDoesNotFit.into());
                    }
                }
                Ok(())
            },
        )
        .await
    }

    async fn shown(&self, reply: Reply, said: Option<Said>) -> Response {
        let read = match reply {
            Reply::Invitation(id) => self.invitation(id).await,
            Reply::Submission(id) => self.submission(id).await,
        };
        let status = match &said {
            None | Some(Said::Recorded) => StatusCode::OK,
            Some(Said::Refused(_)) => StatusCode::CONFLICT,
            Some(Said::Unreadable) => StatusCode::BAD_REQUEST,
        };
        match read {
            Ok(Some(view)) => page::respond(status, &page::render(&view.saying(said))),
            Ok(None) => page::unknown(),
            Err(error) => failed(&self.house, error),
        }
    }

    async fn invitation(&self, id: InvitationId) -> Result<Option<view::View>> {
        let connection = self.house.pool.get().await?;
        let Some(invitation) = store::invitation::get(&connection, id).await? else {
            return Ok(None);
        };
        let event = store::event::get(&connection, invitation.event).await?;
        let now = self.house.now();
        Ok(event.and_then(|event| view::of_invitation(&event, &invitation, now)))
    }

    async fn submission(&self, id: SubmissionId) -> Result<Option<view::View>> {
        let connection = self.house.pool.get().await?;
        let Some(submission) = store::submission::get(&connection, id).await? else {
            return Ok(None);
        };
        let deadline = store::deadline::get(&connection, submission.deadline).await?;
        Ok(deadline.map(|deadline| view::of_submission(&deadline, &submission)))
    }
}

/// Whoever opened a page proved by the token what it may answer, and nothing more.
fn visitor() -> Caller {
    Caller {
        subject: "page:reply".to_owned(),
        ..Caller::system("events")
    }
}

/// Who is guessing, as far as the connection tells.
fn guesser(extensions: &Extensions) -> String {
    extensions
        .get::<Visitor>()
        .map_or_else(|| "page".to_owned(), |Visitor(address)| address.to_string())
}

/// The cause goes to the log, a plain sentence to the visitor.
fn failed(house: &House, error: Error) -> Response {
    let _ = error.into_status(house.language);
    page::unavailable()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(answer: &str, attendees: &str) -> Filled {
        Filled {
            answer: answer.to_owned(),
            attendees: attendees.to_owned(),
        }
    }

    #[test]
    fn a_form_answers_only_what_its_page_asks() {
        let invitation = Reply::Invitation(InvitationId::new());
        assert_eq!(
            read(invitation, &filled("yes", " 3 ")),
            Some((Answer::Yes, 3))
        );
        assert_eq!(read(invitation, &filled("no", "")), Some((Answer::No, 0)));
        assert_eq!(read(invitation, &filled("sent", "")), None);
        let submission = Reply::Submission(SubmissionId::new());
        assert_eq!(
            read(submission, &filled("sent", "")),
            Some((Answer::Sent, 0))
        );
        assert_eq!(read(submission, &filled("yes", "")), None);
    }

    #[test]
    fn an_impossible_number_of_people_is_refused() {
        let invitation = Reply::Invitation(InvitationId::new());
        for number in ["-1", "501", "two", "99999999999"] {
            assert_eq!(read(invitation, &filled("yes", number)), None, "{number}");
        }
    }
}
