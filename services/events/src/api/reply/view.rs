//! What a reply page shows: pure, from the present state to words.

use jiff::Timestamp;

use super::words;
use crate::domain::deadline::{Deadline, DeadlineState};
use crate::domain::event::{Event, EventState};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::refusal::Refusal;
use crate::domain::submission::{Submission, SubmissionState};

/// A reply page before it becomes HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// Heading of the page.
    pub heading: &'static str,
    /// The sentence that leads to the title.
    pub opening: &'static str,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Yes or no, and how many; with what was said before.
    Attendance {
        /// People announced so far, 0 when unknown.
        attendees: i32,
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
        self.outcome = said.map(|said| match said {
            Said::Recorded => Outcome {
                good: true,
                text: "Đã ghi nhận. Trân trọng cảm ơn Quý đơn vị.".to_owned(),
            },
            Said::Refused(text) => Outcome { good: false, text },
            Said::Unreadable => Outcome {
                good: false,
                text: "Chưa ghi nhận được: xin chọn một câu trả lời; số người dự (nếu ghi) là \
                       một số từ 0 đến 500."
                    .to_owned(),
            },
        });
        self
    }
}

/// The page of an invitation; none while the event is a draft.
pub(super) fn of_invitation(
    event: &Event,
    invitation: &Invitation,
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
    let form = closed.is_none().then_some(Form::Attendance {
        attendees: invitation.attendees,
    });
    Some(View {
        heading: "Trả lời lời mời",
        opening: "Liên minh HTX trân trọng kính mời Quý đơn vị dự:",
        title: event.title.clone(),
        facts: event_facts(event),
        outcome: None,
        standing: invitation_standing(event, invitation, closed),
        form,
    })
}

fn event_facts(event: &Event) -> Vec<(&'static str, Vec<String>)> {
    let when = match event.state {
        EventState::Postponed => "Tạm hoãn, Liên minh sẽ báo ngày mới".to_owned(),
        EventState::Draft
        | EventState::Scheduled
        | EventState::Cancelled
        | EventState::Completed => words::of_event(&event.anchor),
    };
    let place = [&event.place.text, &event.place.hint]
        .map(String::clone)
        .to_vec();
    let reply_by = event.reply_by_in_force().map(vietnam::dates::with_weekday);
    filled([
        ("Thời gian", vec![when]),
        ("Địa điểm", place),
        ("Họp trực tuyến", vec![event.place.online_uri.clone()]),
        ("Chủ trì", vec![event.chair.clone()]),
        ("Nội dung", event.agenda.clone()),
        (
            "Cần mang theo, chuẩn bị",
            event.bring.lines().map(str::to_owned).collect(),
        ),
        ("Xin trả lời chậm nhất", vec![reply_by.unwrap_or_default()]),
        ("Theo văn bản", vec![event.document.number.clone()]),
    ])
}

fn invitation_standing(event: &Event, invitation: &Invitation, closed: Option<Refusal>) -> String {
    let answer = match (invitation.state, invitation.attendees) {
        (InvitationState::Accepted, 1..) => {
            format!(
                "Quý đơn vị đã trả lời: sẽ dự, {} người.",
                invitation.attendees
            )
        }
        (InvitationState::Accepted, _) => "Quý đơn vị đã trả lời: sẽ dự.".to_owned(),
        (InvitationState::Declined, _) => "Quý đơn vị đã trả lời: không dự được.".to_owned(),
        (InvitationState::Invited | InvitationState::Withdrawn, _) => {
            "Quý đơn vị chưa trả lời.".to_owned()
        }
    };
    let more = match closed {
        Some(refusal) => refusal.vi(),
        None if invitation.is_outdated(event.anchor_version) => {
            "Câu trả lời này có trước khi lịch thay đổi, xin xác nhận lại theo lịch mới."
        }
        None if invitation.answered.is_some() => {
            "Quý đơn vị có thể đổi câu trả lời cho đến khi hoạt động bắt đầu."
        }
        None => "",
    };
    format!("{answer} {more}").trim_end().to_owned()
}

/// The page of a report.
pub(super) fn of_submission(deadline: &Deadline, submission: &Submission) -> View {
    let form = match (deadline.state, submission.state) {
        (DeadlineState::Open, SubmissionState::Awaited) => Some(Form::Sent),
        (DeadlineState::Open | DeadlineState::Closed | DeadlineState::Cancelled, _) => None,
    };
    View {
        heading: "Báo đã gửi báo cáo",
        opening: "Liên minh HTX đề nghị Quý đơn vị gửi:",
        title: deadline.title.clone(),
        facts: filled([
            ("Thời hạn", vec![words::of_deadline(&deadline.anchor)]),
            ("Nội dung", deadline.contents.clone()),
            ("Nơi nhận", vec![deadline.submit_to.clone()]),
            ("Theo văn bản", vec![deadline.document.number.clone()]),
        ]),
        outcome: None,
        standing: submission_standing(deadline, submission),
        form,
    }
}

fn submission_standing(deadline: &Deadline, submission: &Submission) -> String {
    let day = vietnam::dates::short(vietnam::local(submission.state_at).date());
    match (submission.state, deadline.state) {
        (SubmissionState::Submitted, _) => format!("Liên minh đã nhận ngày {day}."),
        (SubmissionState::Exempt, _) => "Quý đơn vị được miễn báo cáo này.".to_owned(),
        (_, DeadlineState::Cancelled) => Refusal::DeadlineCancelled.vi().to_owned(),
        (_, DeadlineState::Closed) => Refusal::DeadlineClosed.vi().to_owned(),
        (SubmissionState::Claimed, DeadlineState::Open) => {
            format!("Quý đơn vị báo đã gửi ngày {day}; Liên minh sẽ kiểm tra và xác nhận.")
        }
        (SubmissionState::Awaited, DeadlineState::Open) => {
            "Đến nay Liên minh chưa nhận được báo cáo này. Nếu Quý đơn vị đã gửi, xin bấm nút dưới \
             đây."
                .to_owned()
        }
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
