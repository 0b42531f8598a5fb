//! `make simulate`: plays a million seeds of reminders and ledgers in a model
//! world. `make simulate ARGS="--seed 7"` plays one and prints its steps.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use lienminh_tests::simulation::many::{Report, play};
use lienminh_tests::simulation::{Run, whole};

#[derive(Parser)]
#[command(about = "Plays the reminder desk and the ledger in a world of faults, seed by seed")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 1_000_000)]
    seeds: u64,
    /// The first one.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Plays this seed only and prints its steps.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(seed) = arguments.seed {
        return tell(&whole(seed, true));
    }
    let bar = ProgressBar::new(arguments.seeds);
    if let Ok(style) =
        ProgressStyle::with_template("{elapsed_precise} [{bar:30}] {pos}/{len} {per_sec} {eta}")
    {
        bar.set_style(style);
    }
    let one = |seed| whole(seed, false);
    let report = play(arguments.from, arguments.seeds, one, || bar.inc(1));
    bar.finish_and_clear();
    if let Err(error) = keep(&report) {
        eprintln!("simulate: the report cannot be written: {error:#}");
        return ExitCode::FAILURE;
    }
    println!(
        "{} seeds from {}, {} faults, {} effects, {:.0} seeds per second",
        report.seeds, report.from, report.faults, report.effects, report.seeds_per_second
    );
    match report.red_seed {
        None => ExitCode::SUCCESS,
        Some(seed) => tell(&whole(seed, true)),
    }
}

fn tell(run: &Run) -> ExitCode {
    for step in &run.steps {
        println!("{step}");
    }
    match &run.violation {
        None => {
            println!("seed {}: every rule holds", run.seed);
            ExitCode::SUCCESS
        }
        Some(violation) => {
            println!("seed {}: {violation}", run.seed);
            ExitCode::FAILURE
        }
    }
}

fn keep(report: &Report) -> anyhow::Result<()> {
    let folder = Path::new("target/simulation");
    std::fs::create_dir_all(folder)?;
    let text = serde_json::to_string_pretty(report)?;
    std::fs::write(folder.join("report.json"), text)?;
    Ok(())
}
