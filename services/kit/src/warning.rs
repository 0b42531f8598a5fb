//! What was done as asked, and may not be what was meant: how services tell it.

use lienminh_proto::r#type::v1::Warning;

use crate::language::{Language, Sentence};

/// Stable reason of what is entered for a time that is over.
pub const TIME_PASSED: &str = "TIME_PASSED";

/// What [`TIME_PASSED`] says to people.
#[must_use]
pub fn time_passed() -> Sentence {
    Sentence::new(
        "Thời gian đã qua, người nhận sẽ không được nhắc; xin kiểm tra lại ngày giờ.",
        "The time has passed and nobody will be reminded; please check day and hour.",
    )
}

/// A warning as the contracts have it.
#[must_use]
pub fn told(reason: &str, field: &str, sentence: &Sentence, language: Language) -> Warning {
    Warning {
        reason: reason.to_owned(),
        field: field.to_owned(),
        message: sentence.text(language).to_owned(),
    }
}
