//! `stage doctor`.

use std::path::Path;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::folder::{Refused, project_root};
use crate::service::ServiceName;
use crate::suite::program;

/// Tells what this machine has and what runs in this clone.
#[derive(Args, Debug)]
pub struct Doctor {}

impl Doctor {
    /// Prints one line per thing; the exit code is 1 when something is missing.
    ///
    /// # Errors
    /// When this is not a checkout.
    pub fn perform(self) -> Result<ExitCode, Refused> {
        let project = project_root()?;
        println!("project     {}", project.display());
        let mut missing = 0;
        let mut tell = |what: &str, found: Option<String>| {
            missing += usize::from(found.is_none());
            println!("{what:<11} {}", found.as_deref().unwrap_or("MISSING"));
        };
        tell("rust", first_line("rustc", &["--version"]));
        tell("compiler", first_line("cc", &["--version"]));
        tell(
            "postgresql",
            newest("/usr/lib/postgresql", "bin/postgres")
                .and_then(|path| first_line(&path, &["--version"])),
        );
        tell(
            "rabbitmq",
            newest("/usr/lib/rabbitmq/lib", "sbin/rabbitmq-server"),
        );
        tell(
            "erlang",
            first_line(
                "erl",
                &[
                    "-noshell",
                    "-eval",
                    "io:put_chars(erlang:system_info(otp_release)), halt().",
                ],
            ),
        );
        for service in ServiceName::ALL.map(ServiceName::as_str) {
            tell(
                service,
                program(service).ok().map(|path| path.display().to_string()),
            );
        }
        let running = std::fs::read_dir(project.join(".stage"))
            .into_iter()
            .flatten()
            .flatten();
        for entry in running.filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "lock")
        }) {
            let holder = std::fs::read_to_string(entry.path()).unwrap_or_default();
            println!(
                "lock        {} ({})",
                entry.file_name().display(),
                holder.trim()
            );
        }
        Ok(if missing == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()?
        .trim()
        .to_owned();
    output.status.success().then_some(text)
}

fn newest(home: &str, inside: &str) -> Option<String> {
    let versions = std::fs::read_dir(Path::new(home))
        .ok()?
        .flatten()
        .map(|entry| entry.path().join(inside));
    versions
        .filter(|path| path.is_file())
        .max()
        .map(|path| path.display().to_string())
}
