//! `lienminh vn <topic>`: the Vietnamese rules for people and scripts. One item a line in, one JSON
//! object a line out, in the same order, so that it can be used from any language.

mod calendar;
mod help;
mod identifiers;
mod item;
mod lines;
mod money;
mod moon;
mod text;
mod topic;
mod unit;
mod window;

use std::io::{self, Read, Write};
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every item was read: exit code 0.
    Done,
    /// At least one item was answered with an error: exit code 1.
    SomeRefused,
    /// The command itself could not be understood: exit code 2.
    NotUnderstood,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::SomeRefused => Self::FAILURE,
            Outcome::NotUnderstood => Self::from(2),
        }
    }
}

/// Runs `lienminh vn` on the streams of the process: `words` are those after `vn`.
#[must_use]
pub fn main(words: &[String]) -> ExitCode {
    match run(
        words,
        io::stdin().lock(),
        io::stdout().lock(),
        io::stderr().lock(),
    ) {
        Ok(outcome) => outcome.into(),
        // Whoever read our lines has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "lienminh vn: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs `lienminh vn` on any streams: `words` are those after `vn`.
///
/// # Errors
/// What the streams refuse; items that cannot be read are answered on `output`.
pub fn run(
    words: &[String],
    input: impl Read,
    mut output: impl Write,
    mut complaints: impl Write,
) -> io::Result<Outcome> {
    let asks_for_help = |word: &String| matches!(word.as_str(), "--help" | "-h");
    if words
        .first()
        .is_none_or(|word| asks_for_help(word) || word == "help")
        || words.iter().any(asks_for_help)
    {
        output.write_all(help::text().as_bytes())?;
        return Ok(if words.is_empty() {
            Outcome::NotUnderstood
        } else {
            Outcome::Done
        });
    }
    match topic::find(words) {
        Ok((topic, source)) => lines::answer_all(topic, source, input, output),
        Err(problem) => {
            writeln!(
                complaints,
                "lienminh vn: {problem}\nTry: lienminh vn --help"
            )?;
            Ok(Outcome::NotUnderstood)
        }
    }
}
