//! Reply pages, on the port for the world.
//!
//! `GET /r/{token}` shows and changes nothing, because mail scanners follow every
//! link; `POST /r/{token}` records, and a second one records nothing new. The
//! token is all that is needed, so nothing else may lead to it: no referrer, no
//! cache, no index.
//!
//! A token that is ours is never turned away for the wrong guesses of others
//! behind the same address: members of many mobile networks share one. Wrong
//! guesses of all together have no bound, for nobody ever guesses a right one; but
//! one address is asked to wait, and so is whoever changes an answer all the time.

mod page;
mod view;
mod words;

use std::sync::Arc;
use std::time::{Duration, Instant};

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
use kit::turn::Turns;
use serde::Deserialize;

use super::tally::Tally;
use super::{House, answering};
use crate::domain::answer::Source;
use crate::domain::id::{InvitationId, SubmissionId};
use crate::domain::invitation::ATTENDEES_LIMIT;
use crate::domain::token::Reply;
use crate::store;
use view::Said;

const METHOD: &str = "reply page";

/// Wrong tokens of one address within the window.
const PER_ADDRESS: u32 = 10;

/// Changes of one answer within the window: each is a row of the audit.
const CHANGES: u32 = 10;

#[derive(Clone)]
struct Desk(Arc<Inner>);

struct Inner {
    house: House,
    /// Wrong tokens by address.
    wrong: Tally,
    /// Changed answers by token.
    changed: Tally,
    /// The clicks on one page, one after the other.
    turns: Turns,
}

impl std::ops::Deref for Desk {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What a click says: yes or no and how many, or "đã gửi".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Click {
    Attendance(InvitationId, bool, i32),
    Sent(SubmissionId),
}

/// What became of a click.
enum Heard {
    Recorded,
    TooOften(Duration),
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
pub fn routes(house: House) -> Router {
    let desk = Inner {
        house,
        wrong: Tally::new(PER_ADDRESS),
        changed: Tally::new(CHANGES),
        turns: Turns::default(),
    };
    Router::new()
        .route("/r/{token}", get(show).post(record))
        .with_state(Desk(Arc::new(desk)))
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
    let click = form.ok().and_then(|Form(filled)| read(reply, &filled));
    let Some(click) = click else {
        return desk.shown(reply, Some(Said::Unreadable)).await;
    };
    match desk.answer(reply, click).await {
        Ok(Heard::Recorded) => desk.shown(reply, Some(Said::Recorded)).await,
        Ok(Heard::TooOften(wait)) => page::changed_too_often(wait),
        Err(Error::FailedPrecondition(refusal)) => {
            desk.shown(reply, Some(Said::Refused(refusal.sentence.vi.into_owned())))
                .await
        }
        Err(error) => failed(&desk.house, error),
    }
}

/// The answer that a form gives to what the page asks.
fn read(reply: Reply, filled: &Filled) -> Option<Click> {
    let attendees = match filled.attendees.trim() {
        "" => 0,
        number => number
            .parse()
            .ok()
            .filter(|number| (0..=ATTENDEES_LIMIT).contains(number))?,
    };
    match (reply, filled.answer.as_str()) {
        (Reply::Invitation(id), "yes") => Some(Click::Attendance(id, true, attendees)),
        (Reply::Invitation(id), "no") => Some(Click::Attendance(id, false, attendees)),
        (Reply::Submission(id), "sent") => Some(Click::Sent(id)),
        (Reply::Invitation(_) | Reply::Submission(_), _) => None,
    }
}

impl Desk {
    /// What a token answers, or the page for whoever made one up.
    // A response is what axum's handlers return; boxing it would only move the bytes.
    #[allow(clippy::result_large_err)]
    fn open(&self, token: &str, extensions: &Extensions) -> Result<Reply, Response> {
        if let Some(reply) = self.house.replies.open(token) {
            return Ok(reply);
        }
        match self.wrong.take(&guesser(extensions), Instant::now()) {
            Ok(()) => {
                tracing::info!("a wrong reply token was tried");
                Err(page::unknown())
            }
            Err(wait) => Err(page::too_many(wait)),
        }
    }

    /// Records an answer unless the same was given before: then there is nothing to
    /// write, however often somebody asks for it.
    async fn answer(&self, reply: Reply, click: Click) -> Result<Heard> {
        let id = reply.id();
        let _turn = self.turns.take(id.as_u128()).await;
        if !self.would_change(click).await? {
            return Ok(Heard::Recorded);
        }
        if let Err(wait) = self.changed.take(&id.to_string(), Instant::now()) {
            return Ok(Heard::TooOften(wait));
        }
        self.record(click).await?;
        Ok(Heard::Recorded)
    }

    async fn would_change(&self, click: Click) -> Result<bool> {
        let house = &self.house;
        let (connection, now) = (house.pool.get().await?, house.now());
        match click {
            Click::Attendance(id, coming, attendees) => {
                answering::would_change(&connection, id, coming, attendees, now).await
            }
            Click::Sent(id) => answering::would_claim(&connection, house, id, now).await,
        }
    }

    async fn record(&self, click: Click) -> Result<()> {
        let house = &self.house;
        let now = house.now();
        // Each click is a request of its own; that the same answer twice changes
        // nothing is the rule's doing.
        let request_id = uuid::Uuid::now_v7().to_string();
        let visitor = visitor();
        mutation::run(
            &house.mutations,
            &visitor,
            METHOD,
            &request_id,
            &(),
            |tx| async move {
                match click {
                    Click::Attendance(id, coming, attendees) => {
                        answering::invitation(&tx, id, coming, attendees, Source::Page, now)
                            .await?;
                    }
                    Click::Sent(id) => {
                        answering::claim(&tx, house, id, now).await?;
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
        let id = InvitationId::new();
        let invitation = Reply::Invitation(id);
        assert_eq!(
            read(invitation, &filled("yes", " 3 ")),
            Some(Click::Attendance(id, true, 3))
        );
        assert_eq!(
            read(invitation, &filled("no", "")),
            Some(Click::Attendance(id, false, 0))
        );
        assert_eq!(read(invitation, &filled("sent", "")), None);
        let id = SubmissionId::new();
        let submission = Reply::Submission(id);
        assert_eq!(read(submission, &filled("sent", "")), Some(Click::Sent(id)));
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
