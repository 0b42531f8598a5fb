//! The words of the pages in both languages, side by side.

use kit::language::Language;

/// What a page says in one language.
#[derive(Debug)]
pub(super) struct Texts {
    /// The language, as HTML has it.
    pub tag: &'static str,
    /// The link to the other language: its tag and its name.
    pub other: (&'static str, &'static str),
    /// Who speaks, where the registry does not say.
    pub house: &'static str,
    /// Who reads, where the registry does not say.
    pub reader: &'static str,
    pub dear: &'static str,
    pub answer_invitation: &'static str,
    pub answer_visit: &'static str,
    pub answer_report: &'static str,
    pub invites: &'static str,
    pub visits: &'static str,
    pub invited: &'static str,
    pub visited: &'static str,
    pub demands: &'static str,
    pub reason: &'static str,
    pub event_cancelled: &'static str,
    pub event_postponed: &'static str,
    pub event_held: &'static str,
    pub invitation_withdrawn: &'static str,
    pub deadline_cancelled: &'static str,
    pub deadline_moved: &'static str,
    pub when: &'static str,
    pub old_when: &'static str,
    pub no_date: &'static str,
    pub postponed: &'static str,
    pub until: &'static str,
    pub no_last_day: &'static str,
    pub place: &'static str,
    pub online: &'static str,
    pub chair: &'static str,
    pub agenda: &'static str,
    pub bring: &'static str,
    pub reply_by: &'static str,
    pub document: &'static str,
    pub contents: &'static str,
    pub submit_to: &'static str,
    pub unanswered: &'static str,
    pub coming: &'static str,
    pub not_coming: &'static str,
    pub receiving: &'static str,
    pub not_receiving: &'static str,
    pub confirm_again: &'static str,
    pub kept: &'static str,
    pub may_change: &'static str,
    pub exempt: &'static str,
    pub awaited: &'static str,
    pub attendees: &'static str,
    pub names: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub yes_visit: &'static str,
    pub no_visit: &'static str,
    pub sent: &'static str,
    pub recorded: &'static str,
    pub unreadable: &'static str,
    pub not_found: &'static str,
    pub not_found_why: &'static str,
    pub later: &'static str,
    pub too_many: &'static str,
    pub changed_too_often: &'static str,
    pub unavailable: &'static str,
    pub safe: &'static str,
    pub call: &'static str,
    pub call_as_written: &'static str,
}

impl Texts {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Vi => &VI,
            Language::En => &EN,
        }
    }
}

static VI: Texts = Texts {
    tag: "vi",
    other: ("en", "English"),
    house: "Liên minh HTX",
    reader: "Quý đơn vị",
    dear: "Kính gửi",
    answer_invitation: "Trả lời lời mời",
    answer_visit: "Trả lời lịch làm việc",
    answer_report: "Báo đã gửi báo cáo",
    invites: "trân trọng kính mời Quý đơn vị dự:",
    visits: "trân trọng thông báo lịch đến thăm, làm việc với Quý đơn vị:",
    invited: "đã kính mời Quý đơn vị dự:",
    visited: "đã báo lịch đến thăm, làm việc với Quý đơn vị:",
    demands: "đề nghị Quý đơn vị gửi:",
    reason: "Lý do",
    event_cancelled: "Hoạt động này đã hủy.",
    event_postponed: "Hoạt động này tạm hoãn, chưa có ngày mới. Liên minh sẽ báo khi có.",
    event_held: "Hoạt động này đã được tổ chức.",
    invitation_withdrawn: "Lời mời này đã được rút lại.",
    deadline_cancelled: "Yêu cầu báo cáo này đã bãi bỏ, Quý đơn vị không phải gửi nữa.",
    deadline_moved: "Thời hạn đã thay đổi, xin xem thời hạn mới dưới đây.",
    when: "Thời gian",
    old_when: "Thời gian cũ",
    no_date: "Chưa có ngày, Liên minh sẽ báo sau",
    postponed: "Tạm hoãn, Liên minh sẽ báo ngày mới",
    until: "Thời hạn",
    no_last_day: "Chưa định hạn",
    place: "Địa điểm",
    online: "Họp trực tuyến",
    chair: "Chủ trì",
    agenda: "Nội dung",
    bring: "Cần mang theo, chuẩn bị",
    reply_by: "Xin trả lời chậm nhất",
    document: "Theo văn bản",
    contents: "Nội dung",
    submit_to: "Nơi nhận",
    unanswered: "Quý đơn vị chưa trả lời.",
    coming: "Quý đơn vị đã trả lời: sẽ dự",
    not_coming: "Quý đơn vị đã trả lời: không dự được.",
    receiving: "Quý đơn vị đã trả lời: sẽ tiếp đoàn",
    not_receiving: "Quý đơn vị đã trả lời: chưa tiếp đoàn được.",
    confirm_again: "Câu trả lời này có trước khi lịch thay đổi, xin xác nhận lại theo lịch mới.",
    kept: "Câu trả lời được giữ cho đến khi có ngày mới.",
    may_change: "Quý đơn vị có thể đổi câu trả lời cho đến khi hoạt động bắt đầu.",
    exempt: "Quý đơn vị được miễn báo cáo này.",
    awaited: "Đến nay Liên minh chưa nhận được báo cáo này. Nếu Quý đơn vị đã gửi, xin bấm nút \
              dưới đây.",
    attendees: "Số người dự (nếu biết)",
    names: "Họ tên, chức vụ người dự (nếu biết)",
    yes: "Chúng tôi sẽ dự",
    no: "Chúng tôi không dự được",
    yes_visit: "Chúng tôi sẽ tiếp đoàn",
    no_visit: "Chúng tôi chưa tiếp đoàn được",
    sent: "Chúng tôi đã gửi báo cáo",
    recorded: "Đã ghi nhận. Trân trọng cảm ơn Quý đơn vị.",
    unreadable: "Chưa ghi nhận được: xin chọn một câu trả lời; số người dự (nếu ghi) là một số từ \
                 0 đến 500; họ tên ghi bằng chữ thường dùng, không quá 500 ký tự.",
    not_found: "Không tìm thấy trang",
    not_found_why: "Liên kết không đúng hoặc không còn hiệu lực. Xin mở lại liên kết trong thư, \
                    hoặc gọi số điện thoại ghi trong thư.",
    later: "Xin thử lại sau",
    too_many: "Đã mở sai liên kết quá nhiều lần. Xin chờ ít phút rồi mở lại liên kết trong thư.",
    changed_too_often: "Câu trả lời đã được thay đổi nhiều lần liên tiếp; lần này chưa được ghi \
                        nhận. Xin chờ ít phút rồi mở lại liên kết trong thư.",
    unavailable: "Hệ thống tạm thời chưa phục vụ được, câu trả lời chưa được ghi nhận. Xin thử \
                  lại sau ít phút.",
    safe: "Trang này không hỏi mật khẩu và không yêu cầu chuyển tiền.",
    call: "Nếu cần trao đổi, xin gọi",
    call_as_written: "Nếu cần trao đổi, xin gọi số điện thoại ghi trong thư đã gửi Quý đơn vị.",
};

static EN: Texts = Texts {
    tag: "en",
    other: ("vi", "Tiếng Việt"),
    house: "The cooperative alliance",
    reader: "Sir or Madam",
    dear: "Dear",
    answer_invitation: "Answer to the invitation",
    answer_visit: "Answer to the visit",
    answer_report: "The report was sent",
    invites: "has the honour to invite you to:",
    visits: "has the honour to announce its visit to you:",
    invited: "had invited you to:",
    visited: "had announced its visit to you:",
    demands: "asks you to send:",
    reason: "Reason",
    event_cancelled: "This event is cancelled.",
    event_postponed: "This event is postponed; there is no new date yet. The alliance will tell \
                      you when there is one.",
    event_held: "This event has taken place.",
    invitation_withdrawn: "This invitation was withdrawn.",
    deadline_cancelled: "This report is no longer asked for; you need not send it.",
    deadline_moved: "The last day has changed; please see the new one below.",
    when: "Time",
    old_when: "Former time",
    no_date: "No date yet; the alliance will tell you",
    postponed: "Postponed; the alliance will tell you the new date",
    until: "Due",
    no_last_day: "No last day set",
    place: "Place",
    online: "Online",
    chair: "Chair",
    agenda: "Agenda",
    bring: "Please bring or prepare",
    reply_by: "Please answer by",
    document: "Document",
    contents: "Contents",
    submit_to: "Where to send it",
    unanswered: "You have not answered yet.",
    coming: "You have answered: coming",
    not_coming: "You have answered: not coming.",
    receiving: "You have answered: you will receive the visitors",
    not_receiving: "You have answered: you cannot receive the visitors.",
    confirm_again: "This answer was given before the date changed; please confirm it for the new \
                    one.",
    kept: "Your answer is kept until there is a new date.",
    may_change: "You may change your answer until the event begins.",
    exempt: "You are exempt from this report.",
    awaited: "The alliance has not received this report so far. If you have sent it, please press \
              the button below.",
    attendees: "How many will come (if known)",
    names: "Names and offices of those who come (if known)",
    yes: "We will come",
    no: "We cannot come",
    yes_visit: "We will receive the visitors",
    no_visit: "We cannot receive the visitors",
    sent: "We have sent the report",
    recorded: "Your answer is recorded. Thank you.",
    unreadable: "Not recorded: please choose an answer; the number of people, if given, lies \
                 between 0 and 500; names are plain letters, at most 500 characters.",
    not_found: "Page not found",
    not_found_why: "The link is wrong or no longer valid. Please open the link in the mail again, \
                    or call the telephone number in the mail.",
    later: "Please try again later",
    too_many: "Wrong links were opened too often. Please wait some minutes and open the link in \
               the mail again.",
    changed_too_often: "The answer was changed many times in a row; this time it was not \
                        recorded. Please wait some minutes and open the link in the mail again.",
    unavailable: "The system cannot serve you at the moment and the answer was not recorded. \
                  Please try again in some minutes.",
    safe: "This page asks for no password and no payment.",
    call: "For any question please call",
    call_as_written: "For any question please call the telephone number in the mail to you.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_leads_to_the_other() {
        for language in [Language::Vi, Language::En] {
            let texts = Texts::of(language);
            assert!(language.tag().starts_with(texts.tag));
            let other = match language {
                Language::Vi => Language::En,
                Language::En => Language::Vi,
            };
            assert_eq!(Texts::of(other).tag, texts.other.0);
        }
    }
}
