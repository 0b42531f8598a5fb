//! `stage`: the command behind `make test`, `make up` and `make down`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lienminh_local::command::advance::Advance;
use lienminh_local::command::doctor::Doctor;
use lienminh_local::command::down::Down;
use lienminh_local::command::hold::Hold;
use lienminh_local::command::run::Run;
use lienminh_local::command::up::Up;

/// Sets up private servers and runs the suite or its tests on them.
#[derive(Debug, Parser)]
#[command(name = "stage", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start PostgreSQL and RabbitMQ, run a command that may use them, stop them.
    Run(Run),
    /// Start the suite in the background and keep it running, in trial mode.
    Up(Up),
    /// Move the stepped clock of what `up` started.
    Advance(Advance),
    /// Stop what `up` started.
    Down(Down),
    /// Tell what this machine has and what runs in this clone.
    Doctor(Doctor),
    /// What runs in the background for `up`.
    #[command(hide = true)]
    Hold(Hold),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("stage: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Run(command) => command.perform().await,
            Command::Up(command) => command.perform().await,
            Command::Advance(command) => command.perform().await,
            Command::Down(command) => command.perform().await,
            Command::Doctor(command) => command.perform(),
            Command::Hold(command) => command.perform().await,
        }
    });
    lienminh_local::command::exit_code(outcome)
}
