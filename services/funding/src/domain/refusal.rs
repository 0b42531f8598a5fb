//! Why a step is not possible now, in both languages.

use kit::error::Error;

use super::application::State;
use super::ledger::Figures;
use super::money::in_dong;

/// The application does not stand where this step begins.
#[must_use]
pub fn wrong_state(state: State, step_vi: &str, step_en: &str) -> Error {
    Error::failed_precondition(
        "APPLICATION_STATE",
        format!(
            "Hồ sơ đang ở bước \"{}\", chưa thể {step_vi}.",
            state.in_words()
        ),
        format!(
            "The application is {}, it cannot be {step_en} now.",
            state.word()
        ),
    )
    .with("state", state.word())
}

/// One person in two roles.
#[must_use]
pub fn same_person(vi: &'static str, en: &'static str) -> Error {
    Error::failed_precondition("SAME_PERSON", vi, en)
}

/// More than what is left.
#[must_use]
pub fn not_enough(figures: &Figures, asked: i64) -> Error {
    Error::failed_precondition(
        "BUDGET_EXCEEDED",
        format!(
            "Nguồn còn {}, không đủ để duyệt {} (tổng {}, đã cam kết {}, đã giải ngân {}).",
            in_dong(figures.available),
            in_dong(asked),
            in_dong(figures.budget),
            in_dong(figures.committed),
            in_dong(figures.disbursed)
        ),
        format!(
            "{} VND are available, {asked} VND were asked for (budget {}, committed {}, disbursed {}).",
            figures.available, figures.budget, figures.committed, figures.disbursed
        ),
    )
    .with("budget_vnd", figures.budget)
    .with("committed_vnd", figures.committed)
    .with("disbursed_vnd", figures.disbursed)
    .with("returned_vnd", figures.returned)
    .with("available_vnd", figures.available)
    .with("asked_vnd", asked)
}

/// More than what the applicant asked for.
#[must_use]
pub fn beyond_request(requested: i64, approved: i64) -> Error {
    Error::failed_precondition(
        "REQUEST_EXCEEDED",
        format!(
            "Đơn vị đề nghị {}, không thể duyệt {}.",
            in_dong(requested),
            in_dong(approved)
        ),
        format!("{requested} VND were asked for; {approved} VND cannot be approved."),
    )
    .with("requested_vnd", requested)
    .with("asked_vnd", approved)
}

/// More than what was approved is left to pay.
#[must_use]
pub fn beyond_approval(approved: i64, disbursed: i64, asked: i64) -> Error {
    Error::failed_precondition(
        "APPROVAL_EXCEEDED",
        format!(
            "Đã duyệt {}, đã giải ngân {}, không thể giải ngân thêm {}.",
            in_dong(approved),
            in_dong(disbursed),
            in_dong(asked)
        ),
        format!("{approved} VND were approved and {disbursed} VND paid out; {asked} VND more is too much."),
    )
    .with("approved_vnd", approved)
    .with("disbursed_vnd", disbursed)
    .with("asked_vnd", asked)
}
