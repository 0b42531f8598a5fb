//! The help in Vietnamese: each English sentence has its line in `vi.txt`.

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use kit::language::Language;

use crate::language;

const TABLE: &str = include_str!("vi.txt");

const TEMPLATE: &str = "\
{before-help}{about-with-newline}
Cách dùng: {usage}

{all-args}{after-help}";

/// The Vietnamese for an English sentence; a test sees to it that none is missing.
fn vi(english: &str) -> Option<&'static str> {
    TABLE.lines().find_map(|line| {
        let (from, to) = line.split_once(" => ")?;
        (from == english).then_some(to)
    })
}

fn vi_or_same(english: &str) -> String {
    vi(english).unwrap_or(english).to_owned()
}

/// A sentence of the help in the language of this run.
pub(super) fn said(english: &str) -> String {
    match language::current() {
        Language::Vi => vi_or_same(english),
        Language::En => english.to_owned(),
    }
}

/// The command with every text of its help in Vietnamese.
pub(super) fn translated(command: Command) -> Command {
    let about = command.get_about().map(ToString::to_string);
    command
        .about(vi_or_same(&about.unwrap_or_default()))
        .help_template(TEMPLATE)
        .subcommand_help_heading("Lệnh")
        .subcommand_value_name("LỆNH")
        .mut_args(argument)
        .mut_subcommands(translated)
}

fn argument(arg: Arg) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(own) => vi(own).unwrap_or("Tùy chọn"),
        None if arg.is_positional() => "Nội dung",
        None => "Tùy chọn",
    };
    let help = arg.get_help().map(ToString::to_string);
    let mut text = vi_or_same(&help.unwrap_or_default());
    if !arg.get_action().takes_values() {
        return arg.help(text).help_heading(heading);
    }
    text.push_str(&values(&arg));
    let all = arg.get_value_names().unwrap_or_default().iter();
    let names: Vec<&str> = all.filter_map(|name| vi(name)).collect();
    let arg = arg
        .help(text)
        .help_heading(heading)
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true);
    if names.is_empty() {
        arg
    } else {
        arg.value_names(names)
    }
}

/// "meeting (cuộc họp)", with its help in the words of `said`.
pub(super) fn choice(value: &PossibleValue, said: fn(&str) -> String) -> String {
    match value.get_help() {
        Some(help) => format!("{} ({})", value.get_name(), said(&help.to_string())),
        None => value.get_name().to_owned(),
    }
}

/// What clap would say in English: the values to choose from, the default, the variable.
fn values(arg: &Arg) -> String {
    let mut text = String::new();
    let choices: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| choice(value, vi_or_same))
        .collect();
    if !choices.is_empty() {
        text.push_str(&format!(" [một trong: {}]", choices.join(", ")));
    }
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if defaults.iter().any(|value| !value.is_empty()) {
        text.push_str(&format!(" [mặc định: {}]", defaults.join(", ")));
    }
    if let Some(variable) = arg.get_env() {
        text.push_str(&format!(" [biến: {}]", variable.to_string_lossy()));
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::tidy;
    use super::*;
    use crate::args::Arguments;

    fn texts(command: &Command, texts: &mut Vec<String>) {
        texts.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            texts.extend(arg.get_help().map(ToString::to_string));
            let choices = arg.get_possible_values();
            texts.extend(
                choices
                    .iter()
                    .filter_map(|choice| choice.get_help().map(ToString::to_string)),
            );
        }
        command
            .get_subcommands()
            .for_each(|each| self::texts(each, texts));
    }

    #[test]
    fn every_sentence_of_the_help_has_its_vietnamese_and_no_line_is_left_over() {
        let mut said = Vec::new();
        texts(&tidy(Arguments::command()), &mut said);
        let missing: Vec<&String> = said.iter().filter(|text| vi(text).is_none()).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        let names = |line: &str| {
            line.starts_with(|sign: char| sign.is_ascii_uppercase()) && line.to_uppercase() == line
        };
        let left_over: Vec<&str> = TABLE
            .lines()
            .filter_map(|line| line.split_once(" => "))
            .map(|(english, _)| english)
            .filter(|english| !names(english) && *english != "Connection")
            .filter(|english| !said.iter().any(|text| text == english))
            .collect();
        assert!(left_over.is_empty(), "{left_over:#?}");
    }
}
