//! What part an organisation has in a matter of which it has no row yet.

use jiff::Timestamp;
use vietnam::calendar::Calendar;

use super::{Tongue, delivery_reason_en, delivery_reason_vi};
use crate::domain::fanout::stands_aside;
use crate::domain::party::Party;

/// The part an organisation has, by what the source says now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// None: it is neither invited nor does it owe anything.
    None,
    /// It is in charge, and told what is for the unit in charge.
    Leads,
    /// It is told as planned.
    Waits,
    /// It is told nothing, for a reason: a stable word.
    Aside(&'static str),
    /// The source did not answer.
    Unasked,
}

impl Part {
    /// The part of one that the source names or does not name.
    #[must_use]
    pub fn of(party: Option<&Party>, leads: bool, calendar: &Calendar, now: Timestamp) -> Self {
        match party.map(|party| stands_aside(party, calendar, now)) {
            Some(Some((_, why))) => Self::Aside(why),
            Some(None) => Self::Waits,
            None if leads => Self::Leads,
            None => Self::None,
        }
    }

    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "no_part",
            Self::Leads => "leads",
            Self::Waits => "waits",
            Self::Aside(_) => "aside",
            Self::Unasked => "unasked",
        }
    }

    /// The part in words.
    #[must_use]
    pub fn text(self, tongue: Tongue) -> String {
        match tongue {
            Tongue::Vi => self.vietnamese(),
            Tongue::En => self.english(),
        }
    }

    fn vietnamese(self) -> String {
        match self {
            Self::None => "Không nhắc đơn vị này: đơn vị không có trong danh sách được mời hoặc phải thực hiện việc này.".to_owned(),
            Self::Leads => "Đơn vị này chủ trì: chỉ nhận tin dành cho đơn vị chủ trì, đến nay chưa có tin nào.".to_owned(),
            Self::Waits => "Đơn vị này chưa được gửi tin nào; các lần nhắc đã lập lịch ở trên sẽ gửi khi đến ngày.".to_owned(),
            Self::Aside(why) => format!(
                "Không nhắc đơn vị này: {}.",
                delivery_reason_vi(why).unwrap_or("theo quy tắc")
            ),
            Self::Unasked => "Chưa hỏi được hệ thống nguồn xem đơn vị này có thuộc diện được nhắc không.".to_owned(),
        }
    }

    fn english(self) -> String {
        match self {
            Self::None => "Nothing for this organisation: it is neither invited nor asked to do anything.".to_owned(),
            Self::Leads => "This organisation is in charge: it gets what is meant for the unit in charge, so far nothing.".to_owned(),
            Self::Waits => "Nothing has been sent to this organisation yet; what is planned above goes out on its day.".to_owned(),
            Self::Aside(why) => format!(
                "Nothing for this organisation: {}.",
                delivery_reason_en(why).unwrap_or("by a rule")
            ),
            Self::Unasked => "The source could not be asked whether this concerns the organisation.".to_owned(),
        }
    }
}
