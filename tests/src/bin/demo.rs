//! `make demo`: the action month of 2024 in about a minute.
//!
//! `demo load` loads rosters and plans into a running suite whose addresses and
//! token stand in the environment, as `make up` leaves them. `demo guest` plays
//! against a suite that runs in containers (`make image`).

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lienminh_cli::args::Connection;
use lienminh_cli::connect::Clients;
use lienminh_local::folder::Refused;
use lienminh_tests::demo::guest::Guest;
use lienminh_tests::demo::report::Report;
use lienminh_tests::demo::{loading, play};
use lienminh_tests::surface::Surface;

#[derive(Parser)]
#[command(about = "Plays 27 February to 5 May 2024 on the stepped clock")]
struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// At the end also show a table: what every row came to, and whom to call
    #[arg(long, global = true)]
    table: bool,
    /// Write what mails, SMS, facts and audit rows say into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "against")]
    record: Option<PathBuf>,
    /// Compare what they say with what this folder has recorded; a difference fails
    #[arg(long, value_name = "FOLDER")]
    against: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Subcommand)]
enum What {
    /// Load rosters and plans into a running suite, play nothing
    Load,
    /// Play against a running, empty suite whose clock is stepped
    Guest(Guest),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match arguments.what {
        Some(What::Load) => match runtime.block_on(load(&arguments.connection)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        },
        Some(What::Guest(guest)) => match runtime.block_on(guest.play(&arguments.connection)) {
            Ok(report) => verdict(&report, arguments.table),
            Err(error) => failed(&error),
        },
        None => match runtime.block_on(perform(&arguments)) {
            Ok(code) => code,
            Err(Refused::Busy(who)) => {
                eprintln!("{who}");
                ExitCode::from(2)
            }
            Err(Refused::Failed(error)) => failed(&error),
        },
    }
}

async fn load(connection: &Connection) -> anyhow::Result<()> {
    let loaded = loading::load(&Clients::new(connection)?).await?;
    println!(
        "{} plans, {} items, {} rows with remarks",
        loaded.plans, loaded.items, loaded.remarks
    );
    Ok(())
}

async fn perform(arguments: &Arguments) -> Result<ExitCode, Refused> {
    let record = arguments.record.as_deref().map(Surface::recording);
    let against = arguments.against.as_deref().map(Surface::against);
    let options = play::Options {
        surface: record.or(against),
        ..play::Options::from_environment()?
    };
    let played = tokio::select! {
        played = play::play(&options) => played?,
        _ = tokio::signal::ctrl_c() => {
            eprintln!("\nDừng lại theo yêu cầu; mọi tiến trình con đã tắt.");
            return Ok(ExitCode::from(130));
        }
    };
    println!(
        "\nMở xem trước: target/demo/mail/*.eml, target/demo/sms.jsonl, target/demo/report.json"
    );
    Ok(verdict(&played, arguments.table))
}

fn verdict(played: &Report, table: bool) -> ExitCode {
    if table {
        played.show_table();
    }
    println!("Xong sau {:.0} s.", played.seconds);
    if played.holds() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("demo: {error:#}");
    ExitCode::FAILURE
}
