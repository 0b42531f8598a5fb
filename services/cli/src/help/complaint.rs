//! What cannot be understood, told with what can.

use std::error::Error as _;
use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use kit::language::Language;
use vietnam::text::excerpt;

use crate::language;
use crate::screen::complain;

/// Tells it; the exit code.
pub(super) fn tell(error: &Error) -> ExitCode {
    let asked_for = !error.use_stderr();
    match sentence(error).filter(|_| language::current() == Language::Vi) {
        Some(words) => {
            let usage = text(error, ContextKind::Usage).unwrap_or_default();
            let usage = usage.trim().replacen("Usage:", "Cách dùng:", 1);
            let apart = if usage.is_empty() { "" } else { "\n" };
            complain(format_args!(
                "lienminh: {words}{apart}{usage}\nXem thêm: --help"
            ));
        }
        // The streams are closed: nobody reads it.
        None => drop(error.print()),
    }
    if asked_for {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    }
}

/// None for help that was asked for and for what is seldom.
// Of the many kinds these are what people meet.
#[allow(clippy::wildcard_enum_match_arm)]
fn sentence(error: &Error) -> Option<String> {
    let arg = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let near = text(error, ContextKind::SuggestedSubcommand);
            near.map_or_else(
                || format!("không có lệnh “{word}”"),
                |near| format!("không có lệnh “{word}”; có phải ý là: {near}"),
            )
        }
        ErrorKind::UnknownArgument => {
            let near = text(error, ContextKind::SuggestedArg);
            near.map_or_else(
                || format!("không hiểu “{arg}”"),
                |near| format!("không hiểu “{arg}”; có phải ý là: {near}"),
            )
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} cần một giá trị"),
        ErrorKind::InvalidValue => {
            let choices = text(error, ContextKind::ValidValue).unwrap_or_default();
            format!("“{value}” không dùng được cho {arg}; chọn một trong: {choices}")
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            format!("“{value}” không dùng được cho {arg}: {why}")
        }
        ErrorKind::MissingRequiredArgument => format!("còn thiếu: {arg}"),
        ErrorKind::ArgumentConflict => {
            let prior = text(error, ContextKind::PriorArg).unwrap_or_default();
            format!("{arg} không dùng được cùng {prior}")
        }
        _ => return None,
    })
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    // What somebody typed or pasted is repeated in part; what we offer is whole.
    let typed = [
        ContextKind::InvalidArg,
        ContextKind::InvalidValue,
        ContextKind::InvalidSubcommand,
    ];
    let told = if typed.contains(&kind) {
        excerpt
    } else {
        str::to_owned
    };
    match error.get(kind)? {
        ContextValue::String(text) => Some(told(text)),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::None
        | ContextValue::Bool(_)
        | ContextValue::StyledStrs(_)
        | ContextValue::Number(_)
        | _ => None,
    }
}
