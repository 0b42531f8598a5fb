//! What a person typed for a field of the contracts: `--reply-by` for `event.reply_by_date`.

use std::collections::BTreeMap;

use clap::{Arg, Command};

use super::vietnamese;

/// The flags and places of one command.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    usage: String,
    args: BTreeMap<String, Typable>,
}

/// A flag or a place as it is printed, with its help.
#[derive(Debug)]
struct Typable {
    label: String,
    help: String,
    choices: Vec<String>,
}

/// Fields of the contracts that the command calls otherwise, each with what may be meant.
const CALLED: [(&str, &[&str]); 26] = [
    ("anchor", &["at", "to", "day"]),
    ("end_time", &["until"]),
    ("text", &["place"]),
    ("online_uri", &["online"]),
    ("reply_by_date", &["reply_by"]),
    ("lead_unit", &["lead"]),
    ("invitees", &["invite"]),
    ("organisations", &["organisations", "owed_by"]),
    ("issued_document", &["document"]),
    ("number_as_printed", &["document"]),
    ("roster_code", &["code"]),
    ("province_code", &["province"]),
    ("person_name", &["name", "person"]),
    ("decision_number", &["decision"]),
    ("admit_date", &["date"]),
    ("effective_date", &["date"]),
    ("amount_vnd", &["amount"]),
    ("bank_reference", &["reference"]),
    ("attendee_names", &["names"]),
    ("complete_channels", &["complete"]),
    ("stop_time", &["stopped_at"]),
    ("state", &["answer", "exempt"]),
    ("parent", &["parent", "event", "deadline", "organisation"]),
    ("obligation", &["matter", "obligation"]),
    ("subject", &["matter"]),
    (
        "name",
        &[
            "event",
            "deadline",
            "application",
            "message",
            "organisation",
            "person",
        ],
    ),
];

/// What can be typed for the command that these words begin.
pub(super) fn of(root: &Command, words: &[String]) -> Typed {
    // Only a command that was built knows how it is called.
    let mut root = root.clone();
    root.build();
    let mut asked = &root;
    for word in words.iter().skip(1).filter(|word| !word.starts_with('-')) {
        asked = asked.find_subcommand(word).unwrap_or(asked);
    }
    let each = asked.get_arguments().map(|arg| {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let choices = arg.get_possible_values();
        let choices = choices
            .iter()
            .map(|value| vietnamese::choice(value, vietnamese::said));
        let choices = choices.collect();
        let label = label(arg);
        let typable = Typable {
            label,
            help,
            choices,
        };
        (arg.get_id().to_string(), typable)
    });
    Typed {
        usage: asked.clone().render_usage().to_string(),
        args: each.collect(),
    }
}

fn label(arg: &Arg) -> String {
    match arg.get_long() {
        Some(flag) => format!("--{flag}"),
        None => {
            let names = arg.get_value_names().unwrap_or_default();
            format!("<{}>", names.first().map_or("", |name| name.as_str()))
        }
    }
}

impl Typed {
    /// The flag or place for a field, by the innermost part of its path that has one.
    pub(crate) fn label(&self, path: &str) -> Option<&str> {
        path.rsplit('.').find_map(|part| {
            let part = part.split('[').next().unwrap_or(part);
            let called = CALLED.iter().find(|(field, _)| *field == part);
            let ids = called.map_or(std::slice::from_ref(&part), |(_, ids)| *ids);
            let found = ids.iter().find_map(|id| self.args.get(*id));
            found.map(|typable| typable.label.as_str())
        })
    }

    /// The help of what is printed like this: `--reason <LÝ_DO>`.
    pub(super) fn help(&self, printed: &str) -> Option<&str> {
        // The choices and defaults behind it stand in the help.
        self.printed(printed)?.help.split(" [").next()
    }

    /// What can be chosen for what is printed like this, each with its meaning.
    pub(super) fn choices(&self, printed: &str) -> Option<String> {
        let choices = &self.printed(printed)?.choices;
        (!choices.is_empty()).then(|| choices.join(", "))
    }

    /// How the command is called.
    pub(super) fn usage(&self) -> &str {
        &self.usage
    }

    fn printed(&self, printed: &str) -> Option<&Typable> {
        let label = printed.split_whitespace().next()?;
        self.args.values().find(|typable| typable.label == label)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Arguments;

    fn typed(line: &str) -> Typed {
        let command = Arguments::command();
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        of(&command, &words)
    }

    #[test]
    fn a_field_of_the_contracts_goes_by_what_was_typed() {
        for (line, field, label) in [
            (
                "lienminh event add Họp",
                "event.anchor.instant.start_time",
                "--at",
            ),
            (
                "lienminh event add Họp",
                "event.anchor.instant.end_time",
                "--until",
            ),
            ("lienminh event add Họp", "event.place.hint", "--hint"),
            ("lienminh event add Họp", "event.place.text", "--place"),
            ("lienminh event add Họp", "event.title", "<TITLE>"),
            ("lienminh event move họp", "anchor", "<TO>"),
            (
                "lienminh --language en deadline add x",
                "deadline.anchor",
                "--day",
            ),
            ("lienminh deadline add x", "organisations[3]", "--owed-by"),
            ("lienminh contact add M1", "contact.phone", "--phone"),
            (
                "lienminh organisation add x",
                "organisation.province_code",
                "--province",
            ),
            ("lienminh application disburse M4", "amount_vnd", "<AMOUNT>"),
        ] {
            assert_eq!(typed(line).label(field), Some(label), "{line} {field}");
        }
        assert_eq!(typed("lienminh event add Họp").label("request_id"), None);
    }

    #[test]
    fn what_is_missing_is_told_with_its_help() {
        let typed = typed("lienminh event cancel họp");
        let help = typed.help("--reason <REASON>");
        assert_eq!(
            help,
            Some("Why, as people will read it in mails and messages")
        );
    }
}
