//! Wrong fields, collected so that a caller hears of all of them at once.

use std::borrow::Cow;
use std::fmt;

use vietnam::text::{Legacy, Unfit};

use super::{Error, Result};
use crate::language::Sentence;

/// `U+202E`.
fn number(sign: char) -> String {
    format!("U+{:04X}", u32::from(sign))
}

/// One wrong field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field in the request: `event.start_time`, `contacts[2].email`.
    pub field: String,
    /// Stable reason in `UPPER_SNAKE_CASE`.
    pub reason: &'static str,
    /// What is wrong with it, for people.
    pub sentence: Sentence,
}

impl Violation {
    /// A violation with its own reason and wording.
    pub fn new(
        field: impl Into<String>,
        reason: &'static str,
        vi: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            field: field.into(),
            reason,
            sentence: Sentence::new(vi, en),
        }
    }

    /// The field is missing or empty.
    pub fn required(field: impl Into<String>) -> Self {
        Self::new(
            field,
            "REQUIRED",
            "Thiếu nội dung bắt buộc.",
            "This field is required.",
        )
    }

    /// The text is longer than `limit` characters.
    pub fn too_long(field: impl Into<String>, limit: usize) -> Self {
        Self::new(
            field,
            "TOO_LONG",
            format!("Nội dung dài quá {limit} ký tự."),
            format!("The text is longer than {limit} characters."),
        )
    }

    /// The list holds more than `limit` entries.
    pub fn too_many(field: impl Into<String>, limit: usize) -> Self {
        Self::new(
            field,
            "TOO_MANY",
            format!("Danh sách có quá {limit} mục."),
            format!("The list holds more than {limit} entries."),
        )
    }

    /// So many further fields are wrong, of which `field` is the first.
    pub(super) fn and_more(field: impl Into<String>, more: usize) -> Self {
        Self::new(
            field,
            "MORE_VIOLATIONS",
            format!("Từ mục này còn {more} mục chưa đúng, chưa nêu từng mục."),
            format!("From here on {more} more fields are wrong, which are not told one by one."),
        )
    }

    /// The text is not in the form that is expected, which the words describe:
    /// `"một số điện thoại"`, `"a phone number"`.
    pub fn malformed(
        field: impl Into<String>,
        vi: impl fmt::Display,
        en: impl fmt::Display,
    ) -> Self {
        Self::new(
            field,
            "MALFORMED",
            format!("Nội dung phải là {vi}."),
            format!("The value must be {en}."),
        )
    }

    /// The number or the instant lies outside `low ..= high`.
    pub fn out_of_range(
        field: impl Into<String>,
        low: impl fmt::Display,
        high: impl fmt::Display,
    ) -> Self {
        Self::new(
            field,
            "OUT_OF_RANGE",
            format!("Giá trị phải nằm trong khoảng từ {low} đến {high}."),
            format!("The value must lie between {low} and {high}."),
        )
    }

    /// The enum value is unspecified or not known to this version.
    pub fn unknown_value(field: impl Into<String>) -> Self {
        Self::new(
            field,
            "UNKNOWN_VALUE",
            "Giá trị không có trong danh mục.",
            "The value is not one of the known ones.",
        )
    }

    /// The word is not one of the `allowed` ones, which are told.
    pub fn not_among(field: impl Into<String>, allowed: &[&str]) -> Self {
        let allowed = allowed.join(", ");
        Self::new(
            field,
            "UNKNOWN_VALUE",
            format!("Giá trị không có trong danh mục; chọn một trong: {allowed}."),
            format!("The value is not one of the known ones: {allowed}."),
        )
    }

    /// The field is nothing that a caller bound to one organisation writes.
    pub fn officers_only(field: impl Into<String>) -> Self {
        Self::new(
            field,
            "OFFICERS_ONLY",
            "Mục này do cán bộ Liên minh ghi; xin đề nghị cán bộ phụ trách sửa giúp.",
            "Officers of the alliance write this field; please ask one of them to change it.",
        )
    }

    /// The field is set by the system and cannot be written.
    pub fn read_only(field: impl Into<String>) -> Self {
        Self::new(
            field,
            "READ_ONLY",
            "Mục này do hệ thống ghi, không sửa được.",
            "This field is written by the system only.",
        )
    }

    /// The text holds what no text of its kind may hold. The sign is named by its
    /// number, for it may be one that is not seen or that turns the sentence round.
    pub fn unsafe_characters(field: impl Into<String>, what: Unfit) -> Self {
        let (vi, en) = match what {
            Unfit::Hidden(sign) => (
                format!(
                    "Nội dung có ký tự điều khiển hoặc ký tự ẩn {}.",
                    number(sign)
                ),
                format!(
                    "The text holds the control or hidden character {}.",
                    number(sign)
                ),
            ),
            Unfit::Foreign(sign) => (
                format!(
                    "Nội dung có ký tự {} không thuộc bảng chữ và dấu được dùng.",
                    number(sign)
                ),
                format!(
                    "The text holds {}, which is no letter or sign that is used here.",
                    number(sign)
                ),
            ),
            Unfit::Mark(sign) => (
                format!(
                    "Nội dung có dấu {} đặt thừa hoặc không đặt trên chữ.",
                    number(sign)
                ),
                format!(
                    "The text holds the mark {} on no letter or on too many.",
                    number(sign)
                ),
            ),
            Unfit::Legacy(legacy) => return Self::legacy(field, legacy),
            Unfit::EncodedWord => (
                "Nội dung có “=?”, là mở đầu của đoạn mã hóa trong thư, không được dùng."
                    .to_owned(),
                "The text holds \"=?\", which begins an encoded word in mail and is not allowed."
                    .to_owned(),
            ),
        };
        Self::new(field, "UNSAFE_CHARACTERS", vi, en)
    }

    /// The text is Vietnamese as it was typed before Unicode.
    fn legacy(field: impl Into<String>, legacy: Legacy) -> Self {
        let name = legacy.name();
        Self::new(
            field,
            "LEGACY_ENCODING",
            format!(
                "Nội dung gõ theo bảng mã {name}; máy khác đọc không ra. Xin chuyển sang Unicode rồi gửi lại."
            ),
            format!(
                "The text is written in {name}, which other computers cannot show. Please convert it to Unicode."
            ),
        )
    }

    /// The same violation with `prefix` before its path, for nested messages; an empty one is
    /// the request itself.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        if !prefix.is_empty() {
            self.field = format!("{prefix}.{}", self.field);
        }
        self
    }
}

/// Collects wrong fields while a request is parsed.
///
/// ```
/// use kit::error::{Violation, Violations};
///
/// let mut violations = Violations::default();
/// let seats = violations.check(
///     "seats".parse::<u16>().map_err(|_| Violation::malformed("seats", "một số", "a number")),
/// );
/// assert!(seats.is_none());
/// assert!(violations.into_result().is_err());
/// ```
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl FromIterator<Violation> for Violations {
    fn from_iter<I: IntoIterator<Item = Violation>>(violations: I) -> Self {
        Self(violations.into_iter().collect())
    }
}

impl Violations {
    /// Records one wrong field.
    pub fn push(&mut self, violation: Violation) {
        self.0.push(violation);
    }

    /// Records a violation where `holds` is false.
    pub fn require(&mut self, holds: bool, violation: impl FnOnce() -> Violation) {
        if !holds {
            self.0.push(violation());
        }
    }

    /// The value, or `None` with its violation recorded.
    pub fn check<T>(&mut self, result: std::result::Result<T, Violation>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(violation) => {
                self.0.push(violation);
                None
            }
        }
    }

    /// The value, or `None` with the violations of a nested message recorded below `prefix`.
    /// Errors other than wrong fields are handed back.
    ///
    /// # Errors
    /// Whatever is not an [`Error::InvalidArgument`].
    pub fn nested<T>(&mut self, prefix: &str, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::InvalidArgument(inner)) => {
                self.0
                    .extend(inner.into_iter().map(|each| each.under(prefix)));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Takes over the violations of another collector.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] with every recorded violation.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::InvalidArgument(self.0))
        }
    }

    /// The value when nothing is wrong and every part was there.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] with every recorded violation; internal when
    /// a part is missing though nothing was recorded.
    pub fn finish<T>(self, value: Option<T>) -> Result<T> {
        self.into_result()?;
        value.ok_or_else(|| {
            Error::internal(anyhow::anyhow!("a part is missing without a violation"))
        })
    }
}
