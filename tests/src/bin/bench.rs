//! `make bench`: how fast the suite is, beside the ceiling of the same run.
//! `make bench ARGS="idle relay"` measures only these.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use lienminh_tests::bench::{
    Report, emails, fanout, idle, latency, member_create, member_get, notifier_growth,
    registry_growth, relay, report, slow,
};
use lienminh_tests::ending::end;

#[derive(Parser)]
#[command(about = "Measures the suite beside its ceilings")]
struct Arguments {
    /// Which figures; all when none is named.
    figures: Vec<Bench>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Bench {
    /// Reading one member over gRPC
    MemberGet,
    /// Entering members over gRPC
    MemberCreate,
    /// Lists and searches of a thousand and of a million organisations
    RegistryGrowth,
    /// Memory and processor time of the four services at rest
    Idle,
    /// Emails from waiting rows to the last reply recorded
    Emails,
    /// Emails to a server that takes a second for each
    SlowServer,
    /// Messages from the outbox to the broker
    Relay,
    /// From due to the last order confirmed
    Fanout,
    /// How soon people hear of a change, and of what falls due
    Latency,
    /// Fan-out and sending among a thousand and among a million rows
    NotifierGrowth,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if cfg!(debug_assertions) {
        eprintln!("bench: this is a debug build; its figures say nothing. Use `make bench`.");
    }
    end("bench", play(&arguments))
}

async fn play(arguments: &Arguments) -> anyhow::Result<bool> {
    let benches = match arguments.figures.as_slice() {
        [] => Bench::value_variants(),
        some => some,
    };
    let mut report = Report::default();
    let mut all_measured = true;
    for bench in benches {
        eprintln!("measuring {bench:?} ...");
        let measured = match bench {
            Bench::MemberGet => Box::pin(member_get::run(&mut report)).await,
            Bench::MemberCreate => Box::pin(member_create::run(&mut report)).await,
            Bench::RegistryGrowth => Box::pin(registry_growth::run(&mut report)).await,
            Bench::Idle => Box::pin(idle::run(&mut report)).await,
            Bench::Emails => Box::pin(emails::run(&mut report)).await,
            Bench::SlowServer => Box::pin(slow::run(&mut report)).await,
            Bench::Relay => Box::pin(relay::run(&mut report)).await,
            Bench::Fanout => Box::pin(fanout::run(&mut report)).await,
            Bench::Latency => Box::pin(latency::run(&mut report)).await,
            Bench::NotifierGrowth => Box::pin(notifier_growth::run(&mut report)).await,
        };
        // The others can still tell something.
        if let Err(error) = measured {
            eprintln!("{bench:?} FAILED: {error:#}");
            all_measured = false;
        }
    }
    println!("{}", report.table());
    println!("report: {}", report::path()?.display());
    Ok(all_measured)
}
