//! The programs of `examples/`, run against the suite as their READMEs tell.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Output;

use jiff::ToSpan;
use lienminh_local::folder::project_root;
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage, StageOptions};
use tokio::process::Command;

/// A Friday morning; the meeting is two weeks later.
const NOW: &str = "2024-03-01T09:00:00+07:00";
const START: &str = "2024-03-15T08:00+07:00";

/// The example with a virtual environment of its own.
struct Python {
    example: PathBuf,
    interpreter: PathBuf,
    stubs: PathBuf,
}

impl Python {
    /// None, with one line that says why, where Python or its packages cannot be had.
    async fn prepare() -> Option<Self> {
        let project = project_root().unwrap();
        let example = project.join("examples/python");
        let home = project.join("target/examples-python");
        let interpreter = home.join("venv/bin/python");
        let stubs = home.join("stubs");
        let requirements = example.join("requirements.txt");
        let make_environment = ["-m", "venv", path(&home.join("venv"))].map(str::to_owned);
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        let install = [install.as_slice(), &["-r", path(&requirements)]].concat();
        let steps = [
            (PathBuf::from("python3"), make_environment.to_vec()),
            (interpreter.clone(), owned(&install)),
            (
                interpreter.clone(),
                owned(&["-c", "import grpc, grpc_tools, grpc_status"]),
            ),
        ];
        for (program, arguments) in steps {
            if let Err(why) = step(&program, &arguments).await {
                eprintln!("skipped: the Python example needs python3, venv and pip: {why}");
                return None;
            }
        }
        let generate = owned(&[path(&example.join("generate.py")), path(&stubs)]);
        step(&interpreter, &generate).await.unwrap();
        Some(Self {
            example,
            interpreter,
            stubs,
        })
    }

    async fn run(&self, stage: &Stage, arguments: &[&str]) -> String {
        let token = Token::new("system:portal", "registry.* events.events.* notifier.*");
        let mut command = Command::new(&self.interpreter);
        command
            .arg(self.example.join("invite.py"))
            .args(arguments)
            .env("LIENMINH_STUBS", &self.stubs)
            .env("LIENMINH_TOKEN", stage.suite().token(&token).unwrap())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONIOENCODING", "utf-8");
        for service in ServiceName::ALL {
            let name = format!("LIENMINH_{}_URL", service.as_str().to_uppercase());
            command.env(name, stage.suite().url(service));
        }
        let output = command.output().await.unwrap();
        let said = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(output.status.success(), "{said}{}", complaint(&output));
        said
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_python_program_enters_an_event_and_sees_its_reminders_go_out() {
    let Some(python) = Python::prepare().await else {
        return;
    };
    let stage = Stage::start(&StageOptions::stepped(NOW.parse().unwrap()))
        .await
        .unwrap();

    let said = python.run(&stage, &["--start", START]).await;
    let event = said.lines().next().unwrap().to_owned();
    assert!(event.starts_with("events/"), "{said}");
    for step in ["issue", "t-3", "t-1", "h-2"] {
        assert!(said.contains(step), "{step} is planned\n{said}");
    }
    let at_seven = said.contains("15/03/2024 07:00  h-2");
    assert!(
        at_seven,
        "two hours before would be in the quiet hours\n{said}"
    );
    assert!(said.contains("refused as INVALID_ARGUMENT"), "{said}");
    let refusal = said.lines().last().unwrap();
    assert!(refusal.contains("tax_code: "), "{said}");
    assert!(refusal.contains("Mã số"), "in Vietnamese\n{said}");

    let mut conductor = stage.conductor().unwrap();
    let next_day = conductor.now() + 24.hours();
    conductor.advance_to(next_day).await.unwrap();
    let said = python.run(&stage, &[&event]).await;
    assert!(said.contains("issue  EMAIL  SENT"), "{said}");
    assert_eq!(stage.smtp().counters().accepted, 1);
}

async fn step(program: &Path, arguments: &[String]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .await
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(complaint(&output)
        .lines()
        .last()
        .unwrap_or("it failed")
        .to_owned())
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
