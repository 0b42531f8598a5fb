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
mod texts;
mod view;
mod words;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use kit::auth::Caller;
use kit::error::{Error, Result};
use kit::http::Visitor;
use kit::language::Language;
use kit::mutation;
use kit::personal::Personal;
use kit::turn::Turns;
use serde::Deserialize;

use super::tally::Tally;
use super::{House, answering};
use crate::domain::answer::Source;
use crate::domain::deadline::Deadline;
use crate::domain::event::Event;
use crate::domain::id::{InvitationId, SubmissionId};
use crate::domain::invitation::{ATTENDEES_LIMIT, Attendance, Invitation, NAMES_LIMIT};
use crate::domain::submission::Submission;
use crate::domain::token::Reply;
use crate::store;
use view::{Reader, Said, View};

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

/// What a click says: yes or no, how many and who, or "đã gửi".
#[derive(Clone, Debug, PartialEq, Eq)]
enum Click {
    Attendance(InvitationId, Attendance),
    Sent(SubmissionId),
}

/// What became of a click.
enum Heard {
    Recorded,
    TooOften(Duration),
}

/// What the form of a page sends. It holds names of persons: no `Debug`.
#[derive(Deserialize)]
struct Filled {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    attendees: String,
    #[serde(default)]
    names: String,
}

/// The language that a link asks for.
#[derive(Debug, Deserialize)]
struct Wish {
    lang: Option<String>,
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
    Query(wish): Query<Wish>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let language = desk.language(&wish, &headers);
    match desk.open(&token, &extensions, language) {
        Ok(reply) => desk.shown(reply, language, None).await,
        Err(refused) => refused,
    }
}

async fn record(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
    extensions: Extensions,
    form: Result<Form<Filled>, FormRejection>,
) -> Response {
    let language = desk.language(&wish, &headers);
    let reply = match desk.open(&token, &extensions, language) {
        Ok(reply) => reply,
        Err(refused) => return refused,
    };
    let click = form.ok().and_then(|Form(filled)| read(reply, &filled));
    let Some(click) = click else {
        return desk.shown(reply, language, Some(Said::Unreadable)).await;
    };
    match desk.answer(reply, click).await {
        Ok(Heard::Recorded) => desk.shown(reply, language, Some(Said::Recorded)).await,
        Ok(Heard::TooOften(wait)) => page::changed_too_often(language, wait),
        Err(Error::FailedPrecondition(refusal)) => {
            let said = Said::Refused(refusal.sentence.text(language).to_owned());
            desk.shown(reply, language, Some(said)).await
        }
        Err(error) => failed(language, error),
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
    let names = kit::text::note("names", &filled.names, NAMES_LIMIT).ok()?;
    let said = |coming| Attendance {
        coming,
        attendees,
        names: Personal::new(names),
    };
    match (reply, filled.answer.as_str()) {
        (Reply::Invitation(id), "yes") => Some(Click::Attendance(id, said(true))),
        (Reply::Invitation(id), "no") => Some(Click::Attendance(id, said(false))),
        (Reply::Submission(id), "sent") => Some(Click::Sent(id)),
        (Reply::Invitation(_) | Reply::Submission(_), _) => None,
    }
}

impl Desk {
    /// What the link asks for, else what the browser does.
    fn language(&self, wish: &Wish, headers: &HeaderMap) -> Language {
        let asked = wish.lang.as_deref().and_then(|tag| tag.parse().ok());
        asked.unwrap_or_else(|| Language::accepted(headers, self.house.language))
    }

    /// What a token answers, or the page for whoever made one up.
    // A response is what axum's handlers return; boxing it would only move the bytes.
    #[allow(clippy::result_large_err)]
    fn open(
        &self,
        token: &str,
        extensions: &Extensions,
        language: Language,
    ) -> Result<Reply, Response> {
        if let Some(reply) = self.house.replies.open(token) {
            return Ok(reply);
        }
        match self.wrong.take(&guesser(extensions), Instant::now()) {
            Ok(()) => {
                tracing::info!("a wrong reply token was tried");
                Err(page::unknown(language))
            }
            Err(wait) => Err(page::too_many(language, wait)),
        }
    }

    /// Records an answer unless the same was given before: then there is nothing to
    /// write, however often somebody asks for it.
    async fn answer(&self, reply: Reply, click: Click) -> Result<Heard> {
        let id = reply.id();
        let _turn = self.turns.take(id.as_u128()).await;
        if !self.would_change(&click).await? {
            return Ok(Heard::Recorded);
        }
        if let Err(wait) = self.changed.take(&id.to_string(), Instant::now()) {
            return Ok(Heard::TooOften(wait));
        }
        self.record(&click).await?;
        Ok(Heard::Recorded)
    }

    async fn would_change(&self, click: &Click) -> Result<bool> {
        let house = &self.house;
        let (connection, now) = (house.pool.get().await?, house.now());
        match click {
            Click::Attendance(id, said) => {
                answering::would_change(&connection, *id, said, now).await
            }
            Click::Sent(id) => answering::would_claim(&connection, house, *id, now).await,
        }
    }

    async fn record(&self, click: &Click) -> Result<()> {
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
                    Click::Attendance(id, said) => {
                        answering::invitation(&tx, *id, said, Source::Page, now).await?;
                    }
                    Click::Sent(id) => {
                        answering::claim(&tx, house, *id, now).await?;
                    }
                }
                Ok(())
            },
        )
        .await
    }

    async fn shown(&self, reply: Reply, language: Language, said: Option<Said>) -> Response {
        let read = match reply {
            Reply::Invitation(id) => self.invitation(id, language).await,
            Reply::Submission(id) => self.submission(id, language).await,
        };
        let status = match &said {
            None | Some(Said::Recorded) => StatusCode::OK,
            Some(Said::Refused(_)) => StatusCode::CONFLICT,
            Some(Said::Unreadable) => StatusCode::BAD_REQUEST,
        };
        match read {
            Ok(Some(view)) => page::respond(status, &page::render(&view.saying(said))),
            Ok(None) => page::unknown(language),
            Err(error) => failed(language, error),
        }
    }

    async fn invitation(&self, id: InvitationId, language: Language) -> Result<Option<View>> {
        let Some((event, invitation)) = self.invited(id).await? else {
            return Ok(None);
        };
        let directory = &self.house.directory;
        let (reader, house) = (invitation.organisation, event.organiser);
        let names = directory.names(reader, house, event.lead_unit).await;
        let reader = Reader { language, names };
        let now = self.house.now();
        Ok(view::of_invitation(&event, &invitation, reader, now))
    }

    /// The connection goes back before the registry is asked.
    async fn invited(&self, id: InvitationId) -> Result<Option<(Event, Invitation)>> {
        let connection = self.house.pool.get().await?;
        let Some(invitation) = store::invitation::get(&connection, id).await? else {
            return Ok(None);
        };
        let event = store::event::get(&connection, invitation.event).await?;
        Ok(event.map(|event| (event, invitation)))
    }

    async fn submission(&self, id: SubmissionId, language: Language) -> Result<Option<View>> {
        let Some((deadline, submission)) = self.owed(id).await? else {
            return Ok(None);
        };
        let directory = &self.house.directory;
        let (reader, house) = (submission.organisation, deadline.organiser);
        let names = directory.names(reader, house, deadline.lead_unit).await;
        let reader = Reader { language, names };
        Ok(Some(view::of_submission(&deadline, &submission, reader)))
    }

    async fn owed(&self, id: SubmissionId) -> Result<Option<(Deadline, Submission)>> {
        let connection = self.house.pool.get().await?;
        let Some(submission) = store::submission::get(&connection, id).await? else {
            return Ok(None);
        };
        let deadline = store::deadline::get(&connection, submission.deadline).await?;
        Ok(deadline.map(|deadline| (deadline, submission)))
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
fn failed(language: Language, error: Error) -> Response {
    let _ = error.into_status(language);
    page::unavailable(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(answer: &str, attendees: &str) -> Filled {
        Filled {
            answer: answer.to_owned(),
            attendees: attendees.to_owned(),
            names: String::new(),
        }
    }

    fn said(coming: bool, attendees: i32) -> Attendance {
        Attendance {
            coming,
            attendees,
            names: Personal::default(),
        }
    }

    #[test]
    fn a_form_answers_only_what_its_page_asks() {
        let id = InvitationId::new();
        let invitation = Reply::Invitation(id);
        assert_eq!(
            read(invitation, &filled("yes", " 3 ")),
            Some(Click::Attendance(id, said(true, 3)))
        );
        assert_eq!(
            read(invitation, &filled("no", "")),
            Some(Click::Attendance(id, said(false, 0)))
        );
        assert_eq!(read(invitation, &filled("sent", "")), None);
        let id = SubmissionId::new();
        let submission = Reply::Submission(id);
        assert_eq!(read(submission, &filled("sent", "")), Some(Click::Sent(id)));
        assert_eq!(read(submission, &filled("yes", "")), None);
    }

    #[test]
    fn names_are_read_as_people_write_them_and_nothing_hidden_is() {
        let invitation = Reply::Invitation(InvitationId::new());
        let named = |names: &str| Filled {
            names: names.to_owned(),
            ..filled("yes", "")
        };
        let written = " Bà Nguyễn Thị Lan, Giám đốc\r\nÔng Y Bhăm Êban ";
        let Some(Click::Attendance(_, said)) = read(invitation, &named(written)) else {
            panic!("an answer with names is one");
        };
        let expected = "Bà Nguyễn Thị Lan, Giám đốc\nÔng Y Bhăm Êban";
        assert_eq!(said.names.expose(), expected);
        for wrong in ["a\u{202e}b".to_owned(), "ệ".repeat(NAMES_LIMIT + 1)] {
            assert_eq!(read(invitation, &named(&wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn an_impossible_number_of_people_is_refused() {
        let invitation = Reply::Invitation(InvitationId::new());
        for number in ["-1", "501", "two", "99999999999"] {
            assert_eq!(read(invitation, &filled("yes", number)), None, "{number}");
        }
    }
}
