//! Why the present state does not allow a change.

/// A change that the present state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The event is held.
    EventCompleted,
    /// The event is cancelled.
    EventCancelled,
    /// The event is announced already.
    EventAnnounced,
    /// The event is a draft, nobody knows of it.
    EventDraft,
    /// A postponed event is not held: it needs a date first.
    EventPostponed,
    /// The event has not started.
    EventNotStarted,
    /// The new time has passed already.
    TimePassed,
    /// A date can be taken away only by postponing.
    DateTakenAway,
    /// The deadline is closed.
    DeadlineClosed,
    /// The deadline is cancelled.
    DeadlineCancelled,
    /// The deadline collects nothing from organisations.
    NothingCollected,
    /// Answers came too late: the event has started.
    AnswersClosed,
    /// The invitation was withdrawn.
    InvitationWithdrawn,
    /// An invitation is answered with yes or no, a deadline with "đã gửi".
    AnswerDoesNotFit,
}

impl Refusal {
    /// The stable reason for programs.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::EventCompleted => "EVENT_COMPLETED",
            Self::EventCancelled => "EVENT_CANCELLED",
            Self::EventAnnounced => "EVENT_ANNOUNCED",
            Self::EventDraft => "EVENT_DRAFT",
            Self::EventPostponed => "EVENT_POSTPONED",
            Self::EventNotStarted => "EVENT_NOT_STARTED",
            Self::TimePassed => "TIME_PASSED",
            Self::DateTakenAway => "DATE_TAKEN_AWAY",
            Self::DeadlineClosed => "DEADLINE_CLOSED",
            Self::DeadlineCancelled => "DEADLINE_CANCELLED",
            Self::NothingCollected => "NOTHING_COLLECTED",
            Self::AnswersClosed => "ANSWERS_CLOSED",
            Self::InvitationWithdrawn => "INVITATION_WITHDRAWN",
            Self::AnswerDoesNotFit => "ANSWER_DOES_NOT_FIT",
        }
    }

    /// The sentence for people, Vietnamese.
    #[must_use]
    pub const fn vi(self) -> &'static str {
        match self {
            Self::EventCompleted => "Hoạt động đã được tổ chức xong, không thay đổi được nữa.",
            Self::EventCancelled => "Hoạt động đã hủy, không thay đổi được nữa.",
            Self::EventAnnounced => "Hoạt động đã được thông báo trước đó.",
            Self::EventDraft => "Hoạt động còn là bản nháp, chưa được thông báo.",
            Self::EventPostponed => "Hoạt động đang tạm hoãn, cần có ngày mới trước.",
            Self::EventNotStarted => "Hoạt động chưa diễn ra nên chưa ghi nhận hoàn thành được.",
            Self::TimePassed => "Thời gian mới đã qua, xin kiểm tra lại ngày giờ.",
            Self::DateTakenAway => {
                "Không bỏ ngày đã định bằng cách dời; nếu chưa có ngày mới, xin dùng tạm hoãn."
            }
            Self::DeadlineClosed => "Thời hạn đã kết thúc, không thay đổi được nữa.",
            Self::DeadlineCancelled => "Thời hạn đã bị bãi bỏ, không thay đổi được nữa.",
            Self::NothingCollected => "Thời hạn này không thu báo cáo của đơn vị nào.",
            Self::AnswersClosed => "Hoạt động đã bắt đầu hoặc đã qua, không nhận trả lời nữa.",
            Self::InvitationWithdrawn => "Lời mời đã được rút lại.",
            Self::AnswerDoesNotFit => {
                "Câu trả lời không phù hợp: lời mời trả lời có hoặc không, báo cáo trả lời đã gửi."
            }
        }
    }

    /// The sentence for people, English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::EventCompleted => "The event was held and cannot be changed any more.",
            Self::EventCancelled => "The event is cancelled and cannot be changed any more.",
            Self::EventAnnounced => "The event was announced before.",
            Self::EventDraft => "The event is a draft and has not been announced.",
            Self::EventPostponed => "The event is postponed and needs a new date first.",
            Self::EventNotStarted => "The event has not taken place yet.",
            Self::TimePassed => "The new time has passed already.",
            Self::DateTakenAway => "A fixed date is taken away by postponing, not by rescheduling.",
            Self::DeadlineClosed => "The deadline is closed and cannot be changed any more.",
            Self::DeadlineCancelled => "The deadline is cancelled and cannot be changed any more.",
            Self::NothingCollected => "This deadline collects nothing from organisations.",
            Self::AnswersClosed => "The event has started or is over; answers are closed.",
            Self::InvitationWithdrawn => "The invitation was withdrawn.",
            Self::AnswerDoesNotFit => {
                "The answer does not fit: an invitation takes yes or no, a report takes sent."
            }
        }
    }
}
