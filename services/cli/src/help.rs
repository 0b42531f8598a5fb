//! What the command says of itself, and of what it cannot understand, in the language of this run.

mod complaint;
mod typed;
mod vietnamese;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use kit::language::Language;

use self::typed::Typed;
use crate::args::Arguments;
use crate::language;

/// What can be typed in this run.
static TYPED: OnceLock<Typed> = OnceLock::new();

/// What the person typed, or could have, for a field of the contracts; nothing where no command
/// line was understood.
pub(crate) fn typed() -> Option<&'static Typed> {
    TYPED.get()
}

/// The words of a command line, understood; else the exit code, after it was said why.
///
/// # Errors
/// 0 where help was asked for, 2 where something cannot be understood.
pub fn understand(words: Vec<OsString>) -> Result<Arguments, ExitCode> {
    let told: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    language::choose(&told);
    let command = command();
    // Understood once before: then that stays.
    let _ = TYPED.set(typed::of(&command, &told));
    let matches = command.try_get_matches_from(help_last(words));
    matches
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .map_err(|error| complaint::tell(&error))
}

/// `lienminh help event move` asks for what `lienminh event move --help` tells.
fn help_last(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

/// The command with its help in the language of this run.
fn command() -> Command {
    let plain = tidy(Arguments::command());
    match language::current() {
        Language::Vi => vietnamese::translated(plain),
        Language::En => plain,
    }
}

/// Without what clap would add by itself, in English.
fn tidy(command: Command) -> Command {
    let asks_for_help = command.is_disable_help_flag_set();
    let root = command.get_version().is_some();
    let mut command = command
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let defaults = arg.get_default_values();
            let empty = !defaults.is_empty() && defaults.iter().all(|value| value.is_empty());
            if empty {
                arg.hide_default_value(true)
            } else {
                arg
            }
        })
        .mut_subcommands(tidy);
    if !asks_for_help {
        let help = Arg::new("help").short('h').long("help");
        let help = help.action(ArgAction::Help).help("Print help");
        command = command.disable_help_flag(true).arg(help);
    }
    if root {
        let version = Arg::new("version").short('V').long("version");
        command = command.arg(version.action(ArgAction::Version).help("Print version"));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_may_stand_first() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let moved = help_last(words("lienminh help event move"));
        assert_eq!(moved, words("lienminh event move --help"));
        assert_eq!(
            help_last(words("lienminh plan list")),
            words("lienminh plan list")
        );
    }

    #[test]
    fn the_command_is_well_formed_in_both_languages() {
        let plain = tidy(Arguments::command());
        vietnamese::translated(plain.clone()).debug_assert();
        plain.debug_assert();
    }
}
