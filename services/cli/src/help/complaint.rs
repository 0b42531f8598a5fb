//! What cannot be understood, told with what can.

use std::error::Error as _;
use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use kit::language::Language;
use vietnam::text::excerpt;

use super::typed::Typed;
use crate::language;
use crate::screen::complain;

/// Tells it; the exit code.
pub(super) fn tell(error: &Error) -> ExitCode {
    let asked_for = !error.use_stderr();
    match sentence(error).filter(|_| language::current() == Language::Vi) {
        Some(words) => {
            let usage = super::typed().map_or("", Typed::usage).trim();
            let usage = usage.replacen("Usage:", "Cách dùng:", 1);
            let usage = usage.replace("[OPTIONS]", "[TÙY_CHỌN]");
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
    let arg = arg.trim_end_matches("...");
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
            let choices = super::typed().and_then(|typed| typed.choices(arg));
            let choices = choices.or_else(|| text(error, ContextKind::ValidValue));
            let choices = choices.unwrap_or_default();
            format!("“{value}” không dùng được cho {arg}; chọn một trong: {choices}")
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            format!("“{value}” không dùng được cho {arg}: {why}")
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = texts(error, ContextKind::InvalidArg);
            let missing = missing.iter().map(|arg| explained(arg));
            format!("còn thiếu: {}", missing.collect::<Vec<_>>().join("; "))
        }
        ErrorKind::MissingSubcommand => {
            let choices = text(error, ContextKind::ValidSubcommand).unwrap_or_default();
            format!("còn thiếu lệnh; chọn một trong: {choices}")
        }
        ErrorKind::TooManyValues => format!("thừa “{value}” sau {arg}"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} chưa đủ giá trị")
        }
        ErrorKind::NoEquals => format!("hãy ghi dấu = sau {arg}"),
        ErrorKind::InvalidUtf8 => "có chữ không phải UTF-8 hợp lệ".to_owned(),
        ErrorKind::ArgumentConflict => {
            let prior = text(error, ContextKind::PriorArg).unwrap_or_default();
            format!("{arg} không dùng được cùng {prior}")
        }
        _ => return None,
    })
}

/// What is missing, with its help: why it is asked for.
fn explained(arg: &str) -> String {
    let help = super::typed().and_then(|typed| typed.help(arg));
    help.map_or_else(|| arg.to_owned(), |help| format!("{arg} ({help})"))
}

fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => text(error, kind).into_iter().collect(),
    }
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
