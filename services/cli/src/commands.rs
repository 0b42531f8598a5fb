//! The commands, one file each.

mod answer;
mod application;
mod call;
mod contact;
mod coverage;
mod deadline;
mod deliveries;
mod event;
mod explain;
mod find;
mod hold;
mod names;
mod organisation;
mod parked;
mod plan;
mod share;
mod table;
mod timeline;
mod token;
mod told;
mod words;

use std::process::ExitCode;

use crate::args::{Arguments, Command};
use crate::connect::{Clients, in_words};
use crate::failure;
use crate::screen::complain;

/// Runs what was asked for. Exit code 0: done; 1: refused or failed, said on
/// standard error; 2: cannot be understood (clap says so itself).
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    let Arguments {
        connection,
        command,
    } = arguments;
    match command {
        Command::Token(command) => report(token::run(command)),
        Command::Vn(command) => crate::vn::main(&command.words),
        Command::Organisation(_)
        | Command::Contact(_)
        | Command::Plan(_)
        | Command::Event(_)
        | Command::Deadline(_)
        | Command::Application(_)
        | Command::Parked(_)
        | Command::Timeline(_)
        | Command::Deliveries(_)
        | Command::Coverage(_)
        | Command::Explain(_)
        | Command::Answer(_)
        | Command::Share(_)
        | Command::Hold(_) => {
            // Fails only if one is installed; then that one is in force.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let runtime = match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime,
                Err(error) => return report(Err(error.into())),
            };
            report(runtime.block_on(async {
                let clients = Clients::new(&connection)?;
                match call(&clients, command).await {
                    Err(error) => Err(names::for_people(&clients, error).await),
                    done => done,
                }
            }))
        }
    }
}

async fn call(clients: &Clients, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Organisation(command) => organisation::run(clients, command).await,
        Command::Contact(command) => contact::run(clients, command).await,
        Command::Plan(command) => plan::run(clients, command).await,
        Command::Event(command) => event::run(clients, command).await,
        Command::Deadline(command) => deadline::run(clients, command).await,
        Command::Application(command) => application::run(clients, command).await,
        Command::Parked(command) => parked::run(clients, command).await,
        Command::Timeline(command) => timeline::run(clients, &command).await,
        Command::Deliveries(command) => deliveries::run(clients, command).await,
        Command::Coverage(command) => coverage::run(clients, command).await,
        Command::Explain(command) => explain::run(clients, command).await,
        Command::Answer(command) => answer::run(clients, command).await,
        Command::Share(command) => share::run(clients, command).await,
        Command::Hold(command) => hold::run(clients, command).await,
        Command::Token(_) | Command::Vn(_) => Ok(()),
    }
}

fn report(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let words = error
                .downcast_ref::<tonic::Status>()
                .map_or_else(|| failure::in_words(&error), in_words);
            complain(format_args!("lienminh: {words}"));
            ExitCode::FAILURE
        }
    }
}
