//! Every decision, in words: why something went out, and why nothing did.

mod gateway;
mod part;
mod relay;
mod step;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::delivery::State;
use super::fact::Nothing;
use super::occurrence::Reason;
pub use part::Part;
pub use step::{named, unit_vi};

/// A decision about an obligation, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Decision {
    /// A fact was taken in.
    Fact {
        /// Status of the obligation.
        status: String,
        /// Sequence of the fact.
        sequence: i64,
        /// Anchor version.
        anchor_version: i64,
        /// Whether the hourly comparison found it, not the broker.
        repaired: bool,
        /// Whether its source overruled what was believed before.
        #[serde(default)]
        overruled: bool,
    },
    /// Nothing is planned.
    NothingPlanned {
        /// `no_rule`, `undated` or `not_standing`.
        reason: String,
    },
    /// A step was planned.
    Scheduled {
        /// The step.
        step: String,
        /// Its repetition.
        repetition: u16,
        /// When it is due.
        due_at: Timestamp,
    },
    /// An occurrence ended without going out.
    Ended {
        /// The step.
        step: String,
        /// Its repetition.
        repetition: u16,
        /// Stable word of the state.
        state: String,
        /// Stable word of the reason.
        reason: String,
    },
    /// An occurrence went out.
    FannedOut {
        /// The step.
        step: String,
        /// Its repetition.
        repetition: u16,
        /// Parties looked at.
        parties: i64,
        /// Messages ordered.
        messages: i64,
    },
    /// The source or the registry could not be asked; it is tried again.
    Waiting {
        /// The step.
        step: String,
        /// Who did not answer.
        source: String,
    },
}

/// The languages of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Decision {
    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Fact { .. } => "fact",
            Self::NothingPlanned { .. } => "nothing_planned",
            Self::Scheduled { .. } => "scheduled",
            Self::Ended { .. } => "ended",
            Self::FannedOut { .. } => "fanned_out",
            Self::Waiting { .. } => "waiting",
        }
    }

    /// Nothing is planned, for this reason.
    #[must_use]
    pub fn nothing(reason: Nothing) -> Self {
        let reason = match reason {
            Nothing::NoRule => "no_rule",
            Nothing::Undated => "undated",
            Nothing::NotStanding => "not_standing",
        };
        Self::NothingPlanned {
            reason: reason.to_owned(),
        }
    }

    /// The decision in words; `named` says a step so that people know which is meant.
    #[must_use]
    pub fn text(&self, tongue: Tongue, named: impl Fn(&str) -> String) -> String {
        match tongue {
            Tongue::Vi => self.vietnamese(named),
            Tongue::En => self.english(named),
        }
    }

    /// The decision as a member reads it: how many others there are, and how many addresses,
    /// is not its business.
    #[must_use]
    pub fn text_to_member(&self, tongue: Tongue, named: impl Fn(&str) -> String) -> String {
        match (self, tongue) {
            (Self::FannedOut { step, .. }, Tongue::Vi) => format!("Gửi {}.", named(step)),
            (Self::FannedOut { step, .. }, Tongue::En) => format!("Sent {}.", named(step)),
            _ => self.text(tongue, named),
        }
    }

    fn vietnamese(&self, named: impl Fn(&str) -> String) -> String {
        match self {
            Self::Fact {
                status,
                anchor_version,
                repaired,
                overruled,
                ..
            } => {
                let origin = if *overruled {
                    "Hệ thống nguồn bác bỏ thông tin đã ghi nhận trước đó"
                } else if *repaired {
                    "Đối soát với hệ thống nguồn"
                } else {
                    "Nhận thông tin từ hệ thống nguồn"
                };
                format!(
                    "{origin}: {}, lần xác định ngày thứ {anchor_version}.",
                    status_vi(status)
                )
            }
            Self::NothingPlanned { reason } => match reason.as_str() {
                "no_rule" => "Không lập lịch nhắc: loại việc này chưa có quy tắc nhắc.".to_owned(),
                "undated" => {
                    "Chưa lập lịch nhắc: chưa có ngày, đang liệt kê để theo dõi.".to_owned()
                }
                _ => "Không lập lịch nhắc: việc không còn hiệu lực.".to_owned(),
            },
            Self::Scheduled {
                step,
                due_at,
                repetition,
            } => format!(
                "Lập lịch {}{}: {}.",
                named(step),
                again(*repetition, "lần lặp"),
                vietnam::dates::moment(vietnam::local(*due_at))
            ),
            Self::Ended {
                step,
                reason,
                state,
                repetition,
            } => format!(
                "Không gửi {}{}: {}.",
                named(step),
                again(*repetition, "lần lặp"),
                ended_vi(state, reason)
            ),
            Self::FannedOut {
                step,
                parties,
                messages,
                repetition,
            } => format!(
                "Gửi {}{}: xét {parties} đơn vị, gửi {messages} tin.",
                named(step),
                again(*repetition, "lần lặp")
            ),
            Self::Waiting { step, source } => format!(
                "Tạm chờ {}: chưa hỏi được {source}, sẽ hỏi lại.",
                named(step)
            ),
        }
    }

    fn english(&self, named: impl Fn(&str) -> String) -> String {
        match self {
            Self::Fact {
                status,
                anchor_version,
                repaired,
                overruled,
                ..
            } => {
                let origin = if *overruled {
                    "The source overruled what had been believed"
                } else if *repaired {
                    "Found by comparing with the source"
                } else {
                    "Told by the source"
                };
                let status = status_en(status);
                format!("{origin}: {status}; its date as fixed for time {anchor_version}.")
            }
            Self::NothingPlanned { reason } => match reason.as_str() {
                "no_rule" => "Nothing planned: there is no rule for this kind.".to_owned(),
                "undated" => "Nothing planned: there is no date yet; it is listed.".to_owned(),
                _ => "Nothing planned: the matter does not stand.".to_owned(),
            },
            Self::Scheduled {
                step,
                due_at,
                repetition,
            } => format!(
                "Planned {}{}: {}.",
                named(step),
                again(*repetition, "repetition"),
                vietnam::dates::english_moment(vietnam::local(*due_at))
            ),
            Self::Ended {
                step,
                state,
                reason,
                repetition,
            } => format!(
                "Not sent: {}{}, {}.",
                named(step),
                again(*repetition, "repetition"),
                ended_en(state, reason)
            ),
            Self::FannedOut {
                step,
                parties,
                messages,
                repetition,
            } => format!(
                "Sent {}{}: {parties} organisations looked at, {messages} messages.",
                named(step),
                again(*repetition, "repetition")
            ),
            Self::Waiting { step, source } => {
                format!(
                    "{} waits: {source} could not be asked; it is asked again.",
                    named(step)
                )
            }
        }
    }
}

fn again(repetition: u16, word: &str) -> String {
    if repetition == 0 {
        String::new()
    } else {
        format!(" ({word} {repetition})")
    }
}

fn status_vi(status: &str) -> &'static str {
    match status {
        "SCHEDULED" => "đang hiệu lực",
        "POSTPONED" => "tạm hoãn",
        "SATISFIED" => "đã xong",
        "CANCELLED" => "hủy",
        _ => "không rõ",
    }
}

fn status_en(status: &str) -> &'static str {
    match status {
        "SCHEDULED" => "it takes place",
        "POSTPONED" => "it is postponed",
        "SATISFIED" => "it is done",
        "CANCELLED" => "it is cancelled",
        _ => "nobody knows",
    }
}

fn ended_vi(state: &str, reason: &str) -> String {
    match (state, reason_vi(reason)) {
        (_, Some(text)) => text.to_owned(),
        ("SATISFIED", None) => "việc đã xong".to_owned(),
        ("MISSED", None) => "đã quá thời điểm còn ích".to_owned(),
        ("SUPERSEDED", None) => "mốc đã đổi".to_owned(),
        _ => "theo quy tắc".to_owned(),
    }
}

fn ended_en(state: &str, reason: &str) -> String {
    match (state, reason_en(reason)) {
        (_, Some(text)) => text,
        ("SATISFIED", None) => "the matter is done",
        ("MISSED", None) => "it would have helped nobody any more",
        ("SUPERSEDED", None) => "the date moved",
        _ => "by a rule",
    }
    .to_owned()
}

/// The reason of an occurrence in Vietnamese; `None` for an empty or unknown word.
#[must_use]
pub fn reason_vi(word: &str) -> Option<&'static str> {
    Some(match Reason::parse(word)? {
        Reason::None => return None,
        Reason::LateStart => "mốc này đã qua khi việc được đưa vào hệ thống, đã có lần nhắc sau",
        Reason::CoveredByCorrection => "đã có thông báo thay đổi vào khoảng thời gian này",
        Reason::NoChange => "nội dung không đổi so với lần đã báo",
        Reason::Over => "việc đã diễn ra trước khi có thay đổi",
        Reason::NothingToReport => "không còn đơn vị nào cần gọi",
        Reason::NoHour => "mới có ngày, chưa có giờ",
        Reason::NoLead => "chưa ghi đơn vị chủ trì",
        Reason::TooLate => "đã quá thời điểm còn ích",
        Reason::Outage => "hệ thống gián đoạn, chỉ gửi lần nhắc mới nhất",
        Reason::SourceUnreachable => "không hỏi được hệ thống nguồn trong thời gian còn ích",
        Reason::Moved => "mốc đã đổi",
        Reason::Postponed => "việc tạm hoãn",
        Reason::Cancelled => "việc đã hủy",
        Reason::Done => "việc đã xong",
    })
}

/// The reason of an occurrence in English; `None` for an empty or unknown word.
#[must_use]
pub fn reason_en(word: &str) -> Option<&'static str> {
    Some(match Reason::parse(word)? {
        Reason::None => return None,
        Reason::LateStart => "it had fallen due before the matter was known; a later step speaks",
        Reason::CoveredByCorrection => "a correction said it at about that time",
        Reason::NoChange => "everybody had been told just this",
        Reason::Over => "the matter was over before it changed",
        Reason::NothingToReport => "nobody is left to call",
        Reason::NoHour => "there is a day but no hour yet",
        Reason::NoLead => "no unit in charge is named",
        Reason::TooLate => "it would have helped nobody any more",
        Reason::Outage => "after an outage only the latest step goes out",
        Reason::SourceUnreachable => "the source could not be asked while it helped",
        Reason::Moved => "the date moved",
        Reason::Postponed => "the matter is postponed",
        Reason::Cancelled => "the matter is cancelled",
        Reason::Done => "the matter is done",
    })
}

/// Why a party got nothing, or what became of its message, in Vietnamese;
/// `None` for words that are provider replies.
#[must_use]
pub fn delivery_reason_vi(word: &str) -> Option<&'static str> {
    Some(match word {
        "done" => "đơn vị đã hoàn thành",
        "declined" => "đơn vị đã báo không dự",
        "exempt" => "đơn vị được miễn",
        "claimed" => "đơn vị báo đã gửi, đang chờ xác nhận",
        "suspended" => "đơn vị tạm ngừng hoạt động hoặc tạm dừng tư cách thành viên",
        "withdrawn" => "đơn vị đã ra khỏi Liên minh",
        "dissolved" => "đơn vị đã giải thể",
        "unknown_organisation" => "không có trong danh bạ đơn vị",
        "no_address" => "không có email hay số di động dùng được",
        "same_address" => "cùng địa chỉ với đơn vị khác, đã gửi chung một tin",
        "no_consent" => "chưa đồng ý nhận tin quảng bá",
        "work_refused" => "đầu mối từ chối nhận tin công việc",
        "do_not_contact" => "đầu mối yêu cầu không liên hệ",
        "address_dead" => "địa chỉ không còn dùng được",
        "no_answer" => "nhà cung cấp không trả lời, chưa rõ kết quả",
        "repeated" => "chưa rõ kết quả, đang gửi lại đúng yêu cầu cũ để hỏi cổng SMS",
        "restored" => "dữ liệu vừa khôi phục, chưa rõ trước đó đã gửi chưa",
        "no_sms_gateway" => "chưa cấu hình cổng SMS",
        "person" => "do người có thẩm quyền quyết định",
        "trial" => "chế độ chạy thử: địa chỉ ngoài danh sách cho phép",
        "too_late" => "đã quá thời điểm còn ích",
        "moved" => "mốc đã đổi",
        _ => return relay::vi(word).or_else(|| gateway::vi(word)),
    })
}

/// The same in English.
#[must_use]
pub fn delivery_reason_en(word: &str) -> Option<&'static str> {
    Some(match word {
        "done" => "the organisation has done it",
        "declined" => "the organisation has declined",
        "exempt" => "the organisation is exempt",
        "claimed" => "the organisation says it has sent; to be confirmed",
        "suspended" => "the organisation or its membership is suspended",
        "withdrawn" => "the organisation has left the alliance",
        "dissolved" => "the organisation no longer exists",
        "unknown_organisation" => "the registry does not know it",
        "no_address" => "it has no usable email or mobile number",
        "same_address" => "another organisation has the same address; one message greets both",
        "no_consent" => "it has not consented to adverts",
        "work_refused" => "its contact has refused messages about the alliance's work",
        "do_not_contact" => "its contact asked not to be contacted",
        "address_dead" => "the address is no longer in use",
        "no_answer" => "the provider did not answer; nobody knows",
        "repeated" => "nobody knows; the same order is posted again to ask the gateway",
        "restored" => "the data was restored; it may have been sent before",
        "no_sms_gateway" => "no SMS gateway is configured",
        "person" => "decided by a person",
        "trial" => "trial mode: the address is not on the list",
        "too_late" => "it would have helped nobody any more",
        "moved" => "the date moved",
        _ => return relay::en(word).or_else(|| gateway::en(word)),
    })
}

/// What became of a delivery, in words: its reason where it has one for people,
/// otherwise its state.
#[must_use]
pub fn outcome(state: State, reason: &str, tongue: Tongue) -> &'static str {
    let known = match tongue {
        Tongue::Vi => delivery_reason_vi(reason),
        Tongue::En => delivery_reason_en(reason),
    };
    known.unwrap_or_else(|| match tongue {
        Tongue::Vi => state_vi(state),
        Tongue::En => state_en(state),
    })
}

const fn state_vi(state: State) -> &'static str {
    match state {
        State::Queued | State::Claimed | State::Sending | State::RetryWait => "đang gửi",
        State::Unknown | State::Parked => "chưa rõ kết quả gửi",
        State::Sent => "đã gửi",
        State::Delivered => "đã tới nơi",
        State::Bounced => "tin bị trả lại",
        State::Failed => "nhà cung cấp từ chối tin",
        State::Suppressed => "không gửi theo quy tắc",
        State::Superseded => "mốc đã đổi",
        State::Satisfied => "việc đã xong",
        State::Missed => "đã quá thời điểm còn ích",
    }
}

const fn state_en(state: State) -> &'static str {
    match state {
        State::Queued | State::Claimed | State::Sending | State::RetryWait => "on its way",
        State::Unknown | State::Parked => "nobody knows whether it arrived",
        State::Sent => "sent",
        State::Delivered => "delivered",
        State::Bounced => "it came back",
        State::Failed => "the provider refused it",
        State::Suppressed => "not sent, by a rule",
        State::Superseded => "the date moved",
        State::Satisfied => "the matter is done",
        State::Missed => "it would have helped nobody any more",
    }
}
