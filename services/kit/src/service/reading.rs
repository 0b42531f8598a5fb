//! Reads a command line to its end: one value that cannot be read hides no other.

use std::ffi::{OsStr, OsString};

use clap::builder::{OsStringValueParser, Resettable};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, Error, FromArgMatches};

/// What was read, as if the values that cannot be read had not been given, and what is
/// wrong with those.
pub(super) struct Reading<P> {
    pub(super) program: P,
    pub(super) problems: Vec<String>,
}

/// Reads `arguments`, the name of the program first, and the environment.
///
/// # Errors
/// What clap says to any other mistake, to `--help` and to `--version`.
pub(super) fn read<P: FromArgMatches>(
    command: &Command,
    arguments: Vec<OsString>,
) -> Result<Reading<P>, Error> {
    match strictly(command.clone(), &arguments) {
        Ok(program) => Ok(Reading {
            program,
            problems: Vec::new(),
        }),
        Err(error) if is_about_a_value(&error) => one_by_one(command, &arguments),
        Err(error) => Err(error),
    }
}

fn strictly<P: FromArgMatches>(command: Command, arguments: &[OsString]) -> Result<P, Error> {
    P::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

fn is_about_a_value(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8
    )
}

/// Judges each value by itself, and reads those that are good together.
fn one_by_one<P: FromArgMatches>(
    command: &Command,
    arguments: &[OsString],
) -> Result<Reading<P>, Error> {
    let takes_all = each_argument(command.clone(), |argument| {
        if argument.get_action().takes_values() {
            argument.value_parser(OsStringValueParser::new())
        } else {
            argument
        }
    });
    let matches = takes_all.try_get_matches_from(arguments)?;
    let mut good: Vec<OsString> = arguments.iter().take(1).cloned().collect();
    let mut problems = Vec::new();
    if let Some((name, given)) = matches.subcommand() {
        good.push(name.into());
        let known = command.find_subcommand(name);
        for argument in known.into_iter().flat_map(Command::get_arguments) {
            sort(argument, given, &mut good, &mut problems);
        }
    }
    let said_all = each_argument(command.clone(), |argument| argument.env(Resettable::Reset));
    let program = strictly(said_all, &good)?;
    Ok(Reading { program, problems })
}

fn each_argument(command: Command, change: impl Fn(Arg) -> Arg) -> Command {
    command.mut_subcommands(|subcommand| subcommand.mut_args(&change))
}

fn sort(argument: &Arg, given: &ArgMatches, good: &mut Vec<OsString>, problems: &mut Vec<String>) {
    let id = argument.get_id().as_str();
    let source = given.value_source(id);
    if !matches!(
        source,
        Some(ValueSource::CommandLine | ValueSource::EnvVariable)
    ) {
        return;
    }
    let values: Vec<&OsStr> = match argument.get_action().takes_values() {
        true => given.get_raw(id).into_iter().flatten().collect(),
        false if given.get_flag(id) => Vec::new(),
        false => return,
    };
    if values.is_empty() {
        good.push(word(argument, None));
    }
    for value in values {
        match judge(argument, value) {
            None => good.push(word(argument, Some(value))),
            Some(error) => problems.push(words(argument, source, value, &error)),
        }
    }
}

/// `--flag=value`, or the value alone where it has its place.
fn word(argument: &Arg, value: Option<&OsStr>) -> OsString {
    let Some(long) = argument.get_long() else {
        return value.unwrap_or_default().to_owned();
    };
    let mut word = OsString::from(format!("--{long}"));
    if let Some(value) = value {
        word.push("=");
        word.push(value);
    }
    word
}

/// What is wrong with a value of this argument.
fn judge(argument: &Arg, value: &OsStr) -> Option<Error> {
    let alone = argument.clone().env(Resettable::Reset);
    Command::new("value")
        .no_binary_name(true)
        .arg(alone)
        .try_get_matches_from([word(argument, Some(value))])
        .err()
}

fn words(argument: &Arg, source: Option<ValueSource>, value: &OsStr, error: &Error) -> String {
    let long = argument.get_long().unwrap_or_default();
    let variable = argument
        .get_env()
        .filter(|_| source == Some(ValueSource::EnvVariable))
        .map(|name| format!(" ({})", name.display()))
        .unwrap_or_default();
    let why = why(error);
    // What is not shown in the help may be a secret.
    if argument.is_hide_env_values_set() {
        format!("--{long}{variable}: {why}")
    } else {
        format!("--{long}{variable}: {value:?}: {why}")
    }
}

fn why(error: &Error) -> String {
    if let Some(source) = std::error::Error::source(error) {
        return source.to_string();
    }
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(valid)) => format!("it is none of {}", valid.join(", ")),
        Some(_) | None => "it cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::net::SocketAddr;

    use clap::{CommandFactory as _, Parser, ValueEnum};

    use super::*;
    use crate::config::{Optional, SecretString, WebBase};

    #[derive(Debug, Parser)]
    struct Program {
        #[command(subcommand)]
        command: Sub,
    }

    #[derive(Debug, clap::Subcommand)]
    enum Sub {
        Serve {
            #[arg(long, default_value = "127.0.0.1:1")]
            listen: SocketAddr,
            #[arg(long, value_enum, default_value_t = Mode::Trial)]
            mode: Mode,
            #[arg(long, default_value = "")]
            base: Optional<WebBase>,
            #[arg(long, default_value_t = 3)]
            lanes: u8,
            #[arg(long, value_delimiter = ',')]
            list: Vec<u8>,
            #[arg(long, num_args = 0..=1)]
            clock: Option<Option<u8>>,
            #[arg(long)]
            eager: bool,
            #[arg(long, hide_env_values = true)]
            secret: Option<SecretString>,
            #[arg(long, hide_env_values = true)]
            pin: Option<u16>,
        },
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
    enum Mode {
        Trial,
        Live,
    }

    fn reading(arguments: &[&str]) -> Result<Reading<Program>, Error> {
        let all = ["program", "serve"].iter().chain(arguments);
        read(&Program::command(), all.map(Into::into).collect())
    }

    #[test]
    fn every_value_that_cannot_be_read_is_told_and_the_others_are_read() {
        let reading = reading(&[
            "--listen=here",
            "--mode",
            "liv",
            "--base",
            "ftp://a",
            "--lanes=7",
            "--list=1,two,3",
            "--clock",
            "--eager",
            "--secret=s3cret",
            "--pin=hunter2",
        ])
        .unwrap();
        let told = reading.problems.join("\n");
        assert_eq!(reading.problems.len(), 5, "{told}");
        for each in [
            "--listen: \"here\": invalid socket address",
            "--mode: \"liv\": it is none of trial, live",
            "--base: \"ftp://a\": it must begin with http:// or https://",
            "--list: \"two\": invalid digit",
            "--pin: invalid digit",
        ] {
            assert!(told.contains(each), "{each} in\n{told}");
        }
        assert!(!told.contains("hunter2"), "{told}");
        let Sub::Serve {
            listen,
            mode,
            lanes,
            list,
            clock,
            eager,
            secret,
            ..
        } = reading.program.command;
        assert_eq!((listen.port(), mode, lanes), (1, Mode::Trial, 7));
        assert_eq!((list, clock, eager), (vec![1, 3], Some(None), true));
        assert!(secret.is_some());
    }

    #[test]
    fn what_is_no_value_is_for_clap_to_tell() {
        let kind = |arguments: &[&str]| reading(arguments).err().map(|error| error.kind());
        assert_eq!(kind(&["--help"]), Some(ErrorKind::DisplayHelp));
        assert_eq!(kind(&["--lane=1"]), Some(ErrorKind::UnknownArgument));
        assert_eq!(kind(&["--lanes=7", "--eager"]), None);
    }
}
