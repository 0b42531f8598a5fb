//! `stage up`.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::down::holds;
use super::hold::{Held, Hold};
use crate::folder::{Refused, project_root};

/// Starts the suite in the background.
#[derive(Args, Debug)]
pub struct Up {
    #[command(flatten)]
    hold: Hold,
}

impl Up {
    /// Starts the holding process, follows its log until it is ready, prints how to use it.
    ///
    /// # Errors
    /// When it does not come up; its log is shown then.
    pub async fn perform(self) -> Result<ExitCode, Refused> {
        let project = project_root()?;
        let home = project.join(".stage");
        std::fs::create_dir_all(&home).context("cannot make .stage")?;
        let (ready, log) = (
            home.join("up/ready.json"),
            home.join(format!("up-{}.log", std::process::id())),
        );
        if let Some(held) = read_ready(&ready).filter(|held| holds(held.process)) {
            let who = format!(
                "the suite already runs in this clone (process {})",
                held.process
            );
            return Err(Refused::Busy(who));
        }
        let mut holder = self.start_holder(&log)?;
        let mut shown = 0;
        let outcome = loop {
            shown = show_news(&log, shown);
            // An older run may have left its own behind.
            if let Some(held) = read_ready(&ready).filter(|held| held.process == holder.id()) {
                break Ok(held);
            }
            if let Some(status) = holder
                .try_wait()
                .context("cannot ask for the suite's process")?
            {
                show_news(&log, shown);
                break Err(code_of(status));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        // Its first words have been shown; from now on it is silent.
        std::fs::remove_file(&log).context("cannot remove the log")?;
        Ok(match outcome {
            Ok(held) => {
                show(&held, &project);
                if self.hold.restore.is_some() {
                    println!(
                        "It was restored: nothing is sent until `target/debug/lienminh hold release`."
                    );
                }
                ExitCode::SUCCESS
            }
            Err(code) => code,
        })
    }

    fn start_holder(&self, log: &Path) -> anyhow::Result<Child> {
        use std::os::unix::process::CommandExt;

        let output =
            File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let errors = output.try_clone().context("cannot share the log")?;
        let mut command =
            Command::new(std::env::current_exe().context("a process without a program")?);
        command.arg("hold");
        if self.hold.system_clock {
            command.arg("--system-clock");
        }
        if self.hold.empty {
            command.arg("--empty");
        }
        if !self.hold.trial_allow.is_empty() {
            command
                .arg("--trial-allow")
                .arg(self.hold.trial_allow.join(","));
        }
        if let Some((cut, identity)) = self.hold.restore.as_ref().zip(self.hold.identity.as_ref()) {
            command.arg("--restore").arg(cut);
            command.arg("--identity").arg(identity);
        }
        // Its own process group: it stays when this terminal's Ctrl-C ends us.
        command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0);
        command.spawn().context("cannot start the suite's process")
    }
}

/// Prints what the log has gained; answers its length.
fn show_news(log: &Path, shown: usize) -> usize {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    if let Some(news) = text.get(shown..whole) {
        print!("{news}");
    }
    whole
}

pub(super) fn read_ready(path: &Path) -> Option<Held> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn show(held: &Held, project: &Path) {
    println!();
    for (service, grpc, http) in &held.services {
        println!("  {:<9} gRPC {grpc:<16} HTTP {http}", service.as_str());
    }
    println!("  {:<9} {}", "database", held.postgres);
    println!("  {:<9} {}", "broker", held.rabbitmq);
    println!("  {:<9} {} and {}", "ends", held.ends.0, held.ends.1);
    println!(
        "  {:<9} {}",
        "mail",
        held.mail
            .strip_prefix(project)
            .unwrap_or(&held.mail)
            .display()
    );
    let environment = held
        .environment
        .strip_prefix(project)
        .unwrap_or(&held.environment)
        .display();
    println!();
    println!("Delivery is in trial mode: reminders are decided and shown, nobody receives them.");
    if let Some(token) = token_in(&held.environment) {
        println!("A token that may do everything, for twelve hours:\n\n{token}\n");
    }
    println!("It stands with all addresses in {environment}. Try:");
    println!();
    println!("  . {environment}");
    println!("  target/debug/lienminh timeline");
    println!("  target/debug/lienminh coverage");
    println!();
    println!(
        "`make advance TO=\"2024-03-05 08:00\"` moves the clock; `make down` stops everything."
    );
}

pub(super) fn token_in(environment: &Path) -> Option<String> {
    let text = std::fs::read_to_string(environment).ok()?;
    text.lines()
        .find_map(|line| line.strip_prefix("export LIENMINH_TOKEN="))
        .map(str::to_owned)
}

fn code_of(status: ExitStatus) -> ExitCode {
    ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    )
}
