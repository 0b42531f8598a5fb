//! `AnswerService`: what a caller told a clerk by code.

use std::sync::Arc;

use kit::auth::Caller;
use kit::database::Session;
use kit::error::{Error, Result, Violation, Violations, answer};
use kit::mutation;
use lienminh_proto::events::v1::answer_service_server::AnswerService;
use lienminh_proto::events::v1::{AnswerByCodeRequest, AnswerByCodeResponse, CodeAnswer};
use tonic::{Request, Response, Status};

use super::guess::{Guess, Guesses, too_many};
use super::wire::field;
use super::{House, answering, codes, party};
use crate::domain::answer::{Answer, Source};
use crate::domain::deadline::Deadline;
use crate::domain::event::Event;
use crate::domain::id::OrganisationId;
use crate::domain::invitation::Invitation;
use crate::domain::obligation::Subject;
use crate::domain::refusal::Refusal;
use crate::domain::submission::Submission;
use crate::domain::token::Reply;
use crate::store;

const METHOD: &str = "lienminh.events.v1.AnswerService/AnswerByCode";

/// Answers by code.
#[derive(Clone)]
pub struct Answers {
    house: House,
    guesses: Arc<Guesses>,
}

impl Answers {
    /// The service in its house.
    #[must_use]
    pub fn new(house: House) -> Self {
        Self {
            house,
            guesses: Arc::default(),
        }
    }
}

#[tonic::async_trait]
impl AnswerService for Answers {
    async fn answer_by_code(
        &self,
        request: Request<AnswerByCodeRequest>,
    ) -> Result<Response<AnswerByCodeResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            self.by_code(&caller, request.get_ref()).await,
        )
    }
}

impl Answers {
    /// Whose code it is, first; then, where something was said, the answer.
    async fn by_code(
        &self,
        caller: &Caller,
        request: &AnswerByCodeRequest,
    ) -> Result<AnswerByCodeResponse> {
        let mut violations = Violations::default();
        let code = codes::read(&request.code);
        violations.require(code.is_some(), || {
            Violation::malformed("code", "mã gồm 6 chữ số", "a code of 6 digits")
        });
        let said = read_answer(&mut violations, request.answer);
        let attendance = field::attendance(
            &mut violations,
            said == Some(Answer::Yes),
            request.attendees,
            &request.attendee_names,
        );
        let code = violations.finish(code)?;
        let Some(said) = said else {
            // First the connection, in here as below: a guess that waits for one would
            // keep those waiting who have one.
            let connection = self.house.pool.get().await?;
            let guess = self.guess(caller).await?;
            let (_, shown) = look_up(&connection, guess, caller, &code).await?;
            return Ok(shown);
        };
        let (house, code, now) = (&self.house, &code, self.house.now());
        let attendance = &attendance;
        mutation::run(
            &house.mutations,
            caller,
            METHOD,
            &request.request_id,
            request,
            |tx| async move {
                // In here, so that a repeated call hears its answer also when the guesses are
                // used up or the code is nobody's any more.
                let guess = self.guess(caller).await?;
                let (reply, _) = look_up(&tx, guess, caller, code).await?;
                match (reply, said) {
                    (Reply::Invitation(id), Answer::Yes | Answer::No) => {
                        let (event, invitation) =
                            answering::invitation(&tx, id, attendance, Source::Code, now).await?;
                        Ok(of_invitation(&event, &invitation))
                    }
                    (Reply::Submission(id), Answer::Sent) => {
                        let (deadline, submission) = answering::claim(&tx, house, id, now).await?;
                        Ok(of_submission(&deadline, &submission))
                    }
                    (Reply::Invitation(_), Answer::Sent)
                    | (Reply::Submission(_), Answer::Yes | Answer::No) => {
                        Err(Refusal::AnswerDoesNotFit.into())
                    }
                }
            },
        )
        .await
    }

    async fn guess(&self, caller: &Caller) -> Result<Guess<'_>> {
        self.guesses.begin(caller).await.map_err(too_many)
    }
}

async fn look_up(
    session: &impl Session,
    guess: Guess<'_>,
    caller: &Caller,
    code: &str,
) -> Result<(Reply, AnswerByCodeResponse)> {
    let found = match find(session, code).await? {
        Some(found) if found.is_known_to(session, caller).await? => found,
        Some(_) | None => {
            guess.was_wrong();
            return Err(Error::not_found("answer code"));
        }
    };
    Ok((found.reply, found.shown))
}

/// What a code stands for.
struct Found {
    reply: Reply,
    organisation: OrganisationId,
    subject: Subject,
    shown: AnswerByCodeResponse,
}

impl Found {
    /// To a caller bound to one organisation the codes of all others are unknown, and so
    /// are its own for what it may not know of: an event that is still a draft.
    async fn is_known_to(&self, session: &impl Session, caller: &Caller) -> Result<bool> {
        let own = caller.require_organisation(self.organisation.0).is_ok();
        Ok(own && party::knows(session, caller, self.subject).await?)
    }
}

async fn find(session: &impl Session, code: &str) -> Result<Option<Found>> {
    let Some(reply) = store::answer_code::find(session, code).await? else {
        return Ok(None);
    };
    Ok(match reply {
        Reply::Invitation(id) => {
            let Some(invitation) = store::invitation::get(session, id).await? else {
                return Ok(None);
            };
            let event = store::event::get(session, invitation.event).await?;
            event.map(|event| Found {
                reply,
                organisation: invitation.organisation,
                subject: Subject::Event(event.id),
                shown: of_invitation(&event, &invitation),
            })
        }
        Reply::Submission(id) => {
            let Some(submission) = store::submission::get(session, id).await? else {
                return Ok(None);
            };
            let deadline = store::deadline::get(session, submission.deadline).await?;
            deadline.map(|deadline| Found {
                reply,
                organisation: submission.organisation,
                subject: Subject::Deadline(deadline.id),
                shown: of_submission(&deadline, &submission),
            })
        }
    })
}

fn read_answer(violations: &mut Violations, answer: i32) -> Option<Answer> {
    match CodeAnswer::try_from(answer) {
        Ok(CodeAnswer::Unspecified) => None,
        Ok(CodeAnswer::Yes) => Some(Answer::Yes),
        Ok(CodeAnswer::No) => Some(Answer::No),
        Ok(CodeAnswer::Sent) => Some(Answer::Sent),
        Err(_) => {
            violations.push(Violation::not_among("answer", &["YES", "NO", "SENT"]));
            None
        }
    }
}

fn of_invitation(event: &Event, invitation: &Invitation) -> AnswerByCodeResponse {
    AnswerByCodeResponse {
        subject: event.id.to_string(),
        title: event.title.clone(),
        organisation: invitation.organisation.to_string(),
        state: invitation.state.words().to_owned(),
    }
}

fn of_submission(deadline: &Deadline, submission: &Submission) -> AnswerByCodeResponse {
    AnswerByCodeResponse {
        subject: deadline.id.to_string(),
        title: deadline.title.clone(),
        organisation: submission.organisation.to_string(),
        state: submission.state.words().to_owned(),
    }
}
