//! What a reply page shows: pure, from the present state to words.

use jiff::Timestamp;
use kit::language::Language;
use kit::personal::Personal;

use super::texts::Texts;
use super::words;
use crate::api::directory::{Names, Office};
use crate::domain::deadline::{Deadline, DeadlineState};
use crate::domain::event::{Event, EventState};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::kind::EventKind;
use crate::domain::refusal::Refusal;
use crate::domain::submission::{Submission, SubmissionState};

/// A reply page before it becomes HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// The language of the page.
    pub language: Language,
    /// Heading of the page.
    pub heading: &'static str,
    /// Who speaks.
    pub house: String,
    /// Who reads.
    pub reader: String,
    /// What is different from what the reader was told, first of all.
    pub news: Vec<String>,
    /// The sentence that leads to the title.
    pub opening: String,
    /// Title of the event or report.
    pub title: String,
    /// Facts with their labels.
    pub facts: Vec<(&'static str, Vec<String>)>,
    /// What happened to the click that led here.
    pub outcome: Option<Outcome>,
    /// Where the answer stands.
    pub standing: String,
    /// What can be answered; `None` when nothing can.
    pub form: Option<Form>,
    /// Whom to call.
    pub office: Office,
}

/// What happened to a click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Whether it did what was wanted.
    pub good: bool,
    /// The sentence for people.
    pub text: String,
}

/// What a page asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Yes or no, how many and who; with what was said before.
    Attendance {
        /// Whether the reader is host to a visit.
        visit: bool,
        /// People announced so far, 0 when unknown.
        attendees: i32,
        /// Who they are, as far as was said.
        names: Personal<String>,
    },
    /// "Đã gửi".
    Sent,
}

/// What happened to a click, before it becomes words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It was recorded, now or before.
    Recorded,
    /// The present state does not allow it.
    Refused(String),
    /// The form said nothing that can be recorded.
    Unreadable,
}

impl View {
    /// The page after a click.
    pub(super) fn saying(mut self, said: Option<Said>) -> Self {
        let texts = Texts::of(self.language);
        self.outcome = said.map(|said| match said {
            Said::Recorded => Outcome {
                good: true,
                text: texts.recorded.to_owned(),
            },
            Said::Refused(text) => Outcome { good: false, text },
            Said::Unreadable => Outcome {
                good: false,
                text: texts.unreadable.to_owned(),
            },
        });
        self
    }
}

/// Who reads a page, and what it may say of those it is about.
pub(super) struct Reader {
    /// The wish of the browser or of the link.
    pub language: Language,
    /// As the registry knows them.
    pub names: Names,
}

impl Reader {
    fn texts(&self) -> &'static Texts {
        Texts::of(self.language)
    }

    fn house(&self) -> String {
        known(&self.names.organiser, self.texts().house)
    }

    fn reader(&self) -> String {
        known(&self.names.organisation, self.texts().reader)
    }
}

fn known(name: &str, otherwise: &str) -> String {
    if name.is_empty() { otherwise } else { name }.to_owned()
}

/// The page of an invitation; none while the event is a draft.
pub(super) fn of_invitation(
    event: &Event,
    invitation: &Invitation,
    reader: Reader,
    now: Timestamp,
) -> Option<View> {
    if event.state == EventState::Draft {
        return None;
    }
    let closed = match invitation.state {
        InvitationState::Withdrawn => Some(Refusal::InvitationWithdrawn),
        InvitationState::Invited | InvitationState::Accepted | InvitationState::Declined => {
            event.answerable(now).err()
        }
    };
    let event = event.as_printed_on(vietnam::local(now).date());
    let (texts, visit) = (reader.texts(), event.kind == EventKind::Visit);
    let form = closed.is_none().then_some(Form::Attendance {
        visit,
        attendees: invitation.attendees,
        names: invitation.names.clone(),
    });
    let opening = match (event.state == EventState::Scheduled, visit) {
        (true, false) => texts.invites,
        (true, true) => texts.visits,
        (false, false) => texts.invited,
        (false, true) => texts.visited,
    };
    Some(View {
        language: reader.language,
        heading: if visit {
            texts.answer_visit
        } else {
            texts.answer_invitation
        },
        house: reader.house(),
        reader: reader.reader(),
        news: event_news(&event, invitation, reader.language),
        opening: format!("{} {opening}", reader.house()),
        title: event.title.clone(),
        facts: event_facts(&event, reader.language),
        outcome: None,
        standing: invitation_standing(&event, invitation, closed, reader.language),
        form,
        office: reader.names.office,
    })
}

/// That it is cancelled, postponed or moved, and why.
fn event_news(event: &Event, invitation: &Invitation, language: Language) -> Vec<String> {
    let texts = Texts::of(language);
    if invitation.state == InvitationState::Withdrawn {
        return vec![texts.invitation_withdrawn.to_owned()];
    }
    let mut news = match event.state {
        EventState::Cancelled => vec![texts.event_cancelled.to_owned()],
        EventState::Postponed => vec![texts.event_postponed.to_owned()],
        EventState::Completed => return vec![texts.event_held.to_owned()],
        EventState::Scheduled => moves(event, language),
        EventState::Draft => Vec::new(),
    };
    if !news.is_empty() {
        news.extend(reason(&event.reason, texts));
    }
    news
}

fn reason(reason: &str, texts: &Texts) -> Option<String> {
    (!reason.is_empty()).then(|| format!("{}: {reason}", texts.reason))
}

fn moves(event: &Event, language: Language) -> Vec<String> {
    let Some(former) = &event.moved_from else {
        return Vec::new();
    };
    let mut moves = Vec::new();
    if former.anchor.is_fixed() && !former.anchor.same_time(&event.anchor) {
        let old = words::of_event(&former.anchor, language);
        let new = words::of_event(&event.anchor, language);
        moves.push(match language {
            Language::Vi => format!("Thời gian đã thay đổi: từ {old} sang {new}."),
            Language::En => format!("The time has changed: from {old} to {new}."),
        });
    }
    let (old, new) = (&former.place.text, &event.place.text);
    if old != new && !old.is_empty() && !new.is_empty() {
        moves.push(match language {
            Language::Vi => format!("Địa điểm đã thay đổi: từ {old} sang {new}."),
            Language::En => format!("The place has changed: from {old} to {new}."),
        });
    }
    moves
}

fn event_facts(event: &Event, language: Language) -> Vec<(&'static str, Vec<String>)> {
    let texts = Texts::of(language);
    let (when_label, when) = match (event.state, &event.moved_from) {
        (EventState::Postponed, Some(former)) if former.anchor.is_fixed() => {
            (texts.old_when, words::of_event(&former.anchor, language))
        }
        (EventState::Postponed, _) => (texts.when, texts.postponed.to_owned()),
        (
            EventState::Draft
            | EventState::Scheduled
            | EventState::Cancelled
            | EventState::Completed,
            _,
        ) => (texts.when, words::of_event(&event.anchor, language)),
    };
    let place = [&event.place.text, &event.place.hint]
        .map(String::clone)
        .to_vec();
    let asked = event.state == EventState::Scheduled;
    let reply_by = event.reply_by_in_force().filter(|_| asked);
    let reply_by = reply_by.map(|day| words::day(day, language));
    filled([
        (when_label, vec![when]),
        (texts.place, place),
        (texts.online, vec![event.place.online_uri.clone()]),
        (texts.chair, vec![event.chair.clone()]),
        (texts.agenda, event.agenda.clone()),
        (
            texts.bring,
            event.bring.lines().map(str::to_owned).collect(),
        ),
        (texts.reply_by, vec![reply_by.unwrap_or_default()]),
        (texts.document, vec![event.document.number.clone()]),
    ])
}

fn invitation_standing(
    event: &Event,
    invitation: &Invitation,
    closed: Option<Refusal>,
    language: Language,
) -> String {
    let texts = Texts::of(language);
    let more = match closed {
        Some(refusal) => refusal_text(refusal, language),
        None if event.state == EventState::Postponed && invitation.answered.is_some() => texts.kept,
        None if invitation.is_outdated(event.anchor_version) => texts.confirm_again,
        None if invitation.answered.is_some() => texts.may_change,
        None => "",
    };
    let visit = event.kind == EventKind::Visit;
    let answer = answer_so_far(invitation, visit, language);
    format!("{answer} {more}").trim_end().to_owned()
}

fn answer_so_far(invitation: &Invitation, visit: bool, language: Language) -> String {
    let texts = Texts::of(language);
    match (invitation.state, visit) {
        (InvitationState::Accepted, visit) => {
            let yes = if visit { texts.receiving } else { texts.coming };
            match (invitation.attendees, language) {
                (..=0, _) => format!("{yes}."),
                (number, Language::Vi) => format!("{yes}, {number} người."),
                (1, Language::En) => format!("{yes}, 1 person."),
                (number, Language::En) => format!("{yes}, {number} people."),
            }
        }
        (InvitationState::Declined, false) => texts.not_coming.to_owned(),
        (InvitationState::Declined, true) => texts.not_receiving.to_owned(),
        (InvitationState::Invited | InvitationState::Withdrawn, _) => texts.unanswered.to_owned(),
    }
}

/// A refusal in the language of the page.
pub(super) const fn refusal_text(refusal: Refusal, language: Language) -> &'static str {
    match language {
        Language::Vi => refusal.vi(),
        Language::En => refusal.en(),
    }
}

/// The page of a report.
pub(super) fn of_submission(deadline: &Deadline, submission: &Submission, reader: Reader) -> View {
    let form = match (deadline.state, submission.state) {
        (DeadlineState::Open, SubmissionState::Awaited) => Some(Form::Sent),
        (DeadlineState::Open | DeadlineState::Closed | DeadlineState::Cancelled, _) => None,
    };
    let deadline = deadline.as_printed();
    let (texts, language) = (reader.texts(), reader.language);
    View {
        language,
        heading: texts.answer_report,
        house: reader.house(),
        reader: reader.reader(),
        news: deadline_news(&deadline, texts),
        opening: format!("{} {}", reader.house(), texts.demands),
        title: deadline.title.clone(),
        facts: filled([
            (
                texts.until,
                vec![words::of_deadline(&deadline.anchor, language)],
            ),
            (texts.contents, deadline.contents.clone()),
            (texts.submit_to, vec![deadline.submit_to.clone()]),
            (texts.document, vec![deadline.document.number.clone()]),
        ]),
        outcome: None,
        standing: submission_standing(&deadline, submission, language),
        form,
        office: reader.names.office,
    }
}

fn deadline_news(deadline: &Deadline, texts: &Texts) -> Vec<String> {
    let what = match deadline.state {
        DeadlineState::Cancelled => texts.deadline_cancelled,
        DeadlineState::Open if deadline.anchor_version > 1 => texts.deadline_moved,
        DeadlineState::Open | DeadlineState::Closed => return Vec::new(),
    };
    let mut news = vec![what.to_owned()];
    news.extend(reason(&deadline.reason, texts));
    news
}

fn submission_standing(deadline: &Deadline, submission: &Submission, language: Language) -> String {
    let texts = Texts::of(language);
    let day = words::day(vietnam::local(submission.state_at).date(), language);
    match (submission.state, deadline.state) {
        (SubmissionState::Submitted, _) => match language {
            Language::Vi => format!("Liên minh đã nhận báo cáo này: {day}."),
            Language::En => format!("The alliance received this report on {day}."),
        },
        (SubmissionState::Exempt, _) => texts.exempt.to_owned(),
        (_, DeadlineState::Cancelled) => {
            refusal_text(Refusal::DeadlineCancelled, language).to_owned()
        }
        (_, DeadlineState::Closed) => refusal_text(Refusal::DeadlineClosed, language).to_owned(),
        (SubmissionState::Claimed, DeadlineState::Open) => match language {
            Language::Vi => {
                format!("Quý đơn vị báo đã gửi: {day}. Liên minh sẽ kiểm tra và xác nhận.")
            }
            Language::En => {
                format!("You said on {day} that it was sent; the alliance will confirm it.")
            }
        },
        (SubmissionState::Awaited, DeadlineState::Open) => texts.awaited.to_owned(),
    }
}

/// Without empty lines and without facts that are not known.
fn filled<const N: usize>(
    facts: [(&'static str, Vec<String>); N],
) -> Vec<(&'static str, Vec<String>)> {
    facts
        .into_iter()
        .map(|(label, lines)| {
            let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
            (label, lines)
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect()
}
