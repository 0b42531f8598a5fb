//! Which topic was asked for, with which options, and where its items come from.

use std::path::Path;

use serde::Serialize;
use vietnam::calendar::{Calendar, WorkingWeek};
use vietnam::units::Units;

use super::text::Order;
use super::{calendar, identifiers, money, moon, text, unit, window};
use crate::files::open::bounded;

/// What becomes of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Read,
    Refused,
}

/// Why an item, or the command, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("not UTF-8")]
    NotUtf8,
    #[error("longer than a mebibyte")]
    TooLong,
    #[error("expected: {0}")]
    Shape(&'static str),
    #[error("{0}")]
    Value(String),
    #[error("there is no topic \"{0}\"")]
    NoTopic(String),
    #[error("the topic {topic} has no option \"{option}\"")]
    NoOption { topic: String, option: String },
    #[error("the option {0} needs a file")]
    NoFile(String),
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
}

impl Problem {
    /// What a rule of the library says against an item.
    pub(super) fn of(error: impl std::fmt::Display) -> Self {
        Self::Value(error.to_string())
    }
}

/// Answers one item by writing a JSON object.
pub(super) type Answer = Box<dyn Fn(&str, &mut Vec<u8>) -> Result<Verdict, Problem>>;

/// A topic, ready to answer.
pub(super) enum Topic {
    /// Each item has its own answer.
    Each(Answer),
    /// The items are answered together, in order.
    Sorted(Order),
}

/// Where items come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Words(Vec<String>),
    Lines,
}

/// Turns a function from an item to fields into an answer.
pub(super) fn fields<T: Serialize>(read: impl Fn(&str) -> Result<T, Problem> + 'static) -> Topic {
    Topic::Each(Box::new(move |item, out| {
        write_json(out, &read(item)?);
        Ok(Verdict::Read)
    }))
}

/// Writes an object; ours hold only what JSON can say, so this cannot fail.
pub(super) fn write_json(out: &mut Vec<u8>, object: &impl Serialize) {
    let written = serde_json::to_writer(&mut *out, object);
    debug_assert!(written.is_ok(), "an answer that JSON cannot say");
}

/// Finds the topic of `words[0]` with the options and items after it.
pub(super) fn find(words: &[String]) -> Result<(Topic, Source), Problem> {
    let (name, rest) = words.split_first().ok_or(Problem::Shape("a topic"))?;
    let (options, items) = split_options(rest);
    let options = Options {
        topic: name,
        options,
    };
    let topic = match name.as_str() {
        "holiday" => calendar::holiday(options.calendar()?),
        "workday" => calendar::workday(options.calendar()?),
        "deadline" => calendar::deadline(options.calendar()?),
        "when" => calendar::when(options.calendar()?),
        "lunar" => options.none().map(|()| moon::lunar())?,
        "solar" => options.none().map(|()| moon::solar())?,
        "fold" => options.none().map(|()| text::fold())?,
        "sort" => Topic::Sorted(options.order()?),
        "sms" => options.none().map(|()| text::sms())?,
        "money" => options.none().map(|()| money::money())?,
        "words" => options.none().map(|()| money::words())?,
        "amount" => options.none().map(|()| money::amount())?,
        "taxcode" => options.none().map(|()| identifiers::taxcode())?,
        "phone" => options.none().map(|()| identifiers::phone())?,
        "docnum" => options.none().map(|()| identifiers::docnum())?,
        "window" => options.none().map(|()| window::window())?,
        "unit" => unit::unit(options.units()?),
        other => return Err(Problem::NoTopic(other.to_owned())),
    };
    Ok((topic, source(name, items)))
}

/// Items of one word can stand side by side; elsewhere all words together are one item.
fn source(topic: &str, items: Vec<String>) -> Source {
    match topic {
        _ if items.is_empty() => Source::Lines,
        "holiday" | "lunar" | "taxcode" | "phone" | "sort" => Source::Words(items),
        _ => Source::Words(vec![items.join(" ")]),
    }
}

/// Options stand before the items; `--` ends them.
fn split_options(words: &[String]) -> (Vec<String>, Vec<String>) {
    let mut options = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.as_slice().first() {
        if word == "--" {
            rest.next();
            break;
        }
        if !word.starts_with("--") {
            break;
        }
        rest.next();
        let takes_file = matches!(word.as_str(), "--decisions" | "--communes");
        options.push(word.clone());
        if takes_file {
            options.extend(rest.next().cloned());
        }
    }
    (options, rest.cloned().collect())
}

struct Options<'a> {
    topic: &'a str,
    options: Vec<String>,
}

impl Options<'_> {
    fn none(&self) -> Result<(), Problem> {
        self.options
            .first()
            .map_or(Ok(()), |option| Err(self.unknown(option)))
    }

    fn calendar(&self) -> Result<Calendar, Problem> {
        let mut calendar = Calendar::official();
        let mut options = self.options.iter();
        while let Some(option) = options.next() {
            calendar = match option.as_str() {
                "--decisions" => {
                    let (file, text) = read(option, options.next())?;
                    calendar
                        .with_decision(&text)
                        .map_err(|error| Problem::File {
                            file,
                            reason: error.to_string(),
                        })?
                }
                "--six-days" => calendar.with_week(WorkingWeek::SIX_DAYS),
                other => return Err(self.unknown(other)),
            };
        }
        Ok(calendar)
    }

    fn units(&self) -> Result<Units, Problem> {
        let mut units = Units::provinces();
        let mut options = self.options.iter();
        while let Some(option) = options.next() {
            units = match option.as_str() {
                "--districts" => units.with_former_districts(),
                "--communes" => {
                    let (file, text) = read(option, options.next())?;
                    units.with_dataset(&text).map_err(|error| Problem::File {
                        file,
                        reason: error.to_string(),
                    })?
                }
                other => return Err(self.unknown(other)),
            };
        }
        Ok(units)
    }

    fn order(&self) -> Result<Order, Problem> {
        match self.options.first().map(String::as_str) {
            None => Ok(Order::Alphabet),
            Some("--people") => Ok(Order::People),
            Some(other) => Err(self.unknown(other)),
        }
    }

    fn unknown(&self, option: &str) -> Problem {
        Problem::NoOption {
            topic: self.topic.to_owned(),
            option: option.to_owned(),
        }
    }
}

/// The communes of the nation have some hundred kilobytes, the decisions of a decade far less.
const LARGEST: usize = 16 * 1024 * 1024;

fn read(option: &str, file: Option<&String>) -> Result<(String, String), Problem> {
    let file = file.ok_or_else(|| Problem::NoFile(option.to_owned()))?;
    let refused = |reason: String| Problem::File {
        file: file.clone(),
        reason,
    };
    let bytes = bounded(Path::new(file), LARGEST).map_err(|why| refused(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| refused(Problem::NotUtf8.to_string()))?;
    Ok((file.clone(), text))
}
