//! `stage`: the command behind `make test`, `make up` and `make down`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    Run(lienminh_local::command::run::Run),
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
            Command::Run(run) => run.perform().await,
        }
    });
    lienminh_local::command::exit_code(outcome)
}
