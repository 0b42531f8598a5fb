//! `lienminh vn <topic>`: the Vietnamese rules for people and scripts. One item a line in, one JSON
//! object a line out, in the same order, so that it can be used from any language.

mod calendar;
mod help;
mod identifiers;
mod money;
mod moon;
mod run;
mod span;
mod text;
mod topic;
mod unit;
mod words;

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;

use topic::Problem;

/// Room for what is read and written at once; one system call for some thousand lines.
const BUFFER: usize = 64 * 1024;

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
    match run(words, io::stdin().lock(), io::stdout().lock(), io::stderr().lock()) {
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
pub fn run(words: &[String], input: impl Read, output: impl Write, mut complaints: impl Write) -> io::Result<Outcome> {
    let mut output = BufWriter::with_capacity(BUFFER, output);
    if words.is_empty() || words.iter().any(|word| word == "--help" || word == "-h") || words[0] == "help" {
        let target = words.iter().find(|word| !matches!(word.as_str(), "--help" | "-h" | "help"));
        output.write_all(help::text(target.map(String::as_str)).as_bytes())?;
        output.flush()?;
        return Ok(if words.is_empty() { Outcome::NotUnderstood } else { Outcome::Done });
    }
    let topic = match topic::find(&words[0], &words[1..]) {
        Ok(topic) => topic,
        Err(problem) => {
            writeln!(complaints, "lienminh vn: {problem}\nTry: lienminh vn --help")?;
            return Ok(Outcome::NotUnderstood);
        }
    };
    let refused = run::all(topic, BufReader::with_capacity(BUFFER, input), &mut output)?;
    output.flush()?;
    Ok(if refused { Outcome::SomeRefused } else { Outcome::Done })
}
