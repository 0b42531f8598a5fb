//! What every program and every command of it says of itself.

use std::collections::HashSet;
use std::process::Command;

use lienminh_local::suite::program;
use lienminh_tests::surface::Surface;

/// All but the command, which speaks two languages.
const PROGRAMS: [&str; 10] = [
    "registry", "events", "funding", "notifier", "stage", "demo", "faults", "bench", "seeds",
    "simulate",
];

#[test]
fn the_help_of_every_program_and_command_is_as_recorded() {
    let programs = PROGRAMS.map(|name| (name.to_owned(), name, Vec::new()));
    let languages = ["vi", "en"].map(|language| {
        let file = format!("lienminh.{language}");
        (file, "lienminh", vec!["--language", language])
    });
    let all = programs.into_iter().chain(languages);
    let texts = std::thread::scope(|scope| {
        let asked = all.map(|(file, program, before)| {
            (file, scope.spawn(move || Asked::all_of(program, before)))
        });
        let asked: Vec<_> = asked.collect();
        let texts = asked
            .into_iter()
            .map(|(file, asked)| (file, asked.join().unwrap()));
        texts.collect::<Vec<_>>()
    });
    let texts = texts
        .into_iter()
        .map(|(file, text)| (format!("{file}.txt"), text));
    let held = Surface::committed().hold_all("help", &texts.collect::<Vec<_>>());
    held.unwrap();
}

/// One program, asked.
struct Asked {
    program: &'static str,
    before: Vec<&'static str>,
    /// Paragraphs that stand above: each command repeats those of all commands.
    told: HashSet<String>,
    text: String,
}

impl Asked {
    fn all_of(program: &'static str, before: Vec<&'static str>) -> String {
        let mut asked = Self {
            program,
            before,
            told: HashSet::new(),
            text: String::new(),
        };
        asked.ask(&[]);
        asked.text
    }

    fn ask(&mut self, command: &[String]) {
        let output = Command::new(program(self.program).unwrap())
            .args(&self.before)
            .args(command)
            .arg("--help")
            .env_clear()
            .output()
            .unwrap();
        assert!(output.status.success(), "{} {command:?}", self.program);
        let said = String::from_utf8(output.stdout).unwrap();
        let words = [&[self.program.to_owned()], command].concat();
        self.text += &format!("$ {} --help\n", words.join(" "));
        for paragraph in said.trim_end().split("\n\n") {
            self.tell(paragraph);
        }
        for name in commands(&said) {
            self.ask(&[command, &[name]].concat());
        }
    }

    fn tell(&mut self, paragraph: &str) {
        let heading = paragraph.lines().next().unwrap_or_default();
        if heading.ends_with(':') && !self.told.insert(paragraph.to_owned()) {
            self.text += &format!("{heading} (as above)\n\n");
        } else {
            let lines = paragraph
                .lines()
                .map(|line| format!("{}\n", line.trim_end()));
            self.text.extend(lines);
            self.text.push('\n');
        }
    }
}

/// The commands that a help lists, `help` itself apart.
fn commands(help: &str) -> Vec<String> {
    let listed = help
        .lines()
        .skip_while(|line| *line != "Commands:" && *line != "Lệnh:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    listed
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}
