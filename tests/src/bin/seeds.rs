//! `make seeds`: what the source documents do, row by row, on a real suite.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use lienminh_local::folder::project_root;
use lienminh_tests::seeds;

#[derive(Parser)]
#[command(about = "Plays the rows of the source documents and judges them from outside")]
struct Arguments {
    /// The rows that must be shown, a number a line
    #[arg(long, value_name = "FILE", default_value = "tests/seeds.txt")]
    expected: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match perform(&Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("seeds: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let root = project_root()?;
    let expected = expected(&root, &arguments.expected)?;
    let report = seeds::play().await?;
    report.write(&root.join("target/seeds"))?;
    let lost = report.lost(&expected)?;
    for row in &lost {
        eprintln!("row {row} is expected and is not shown");
    }
    print!("{}", report.lines());
    Ok(if lost.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn expected(root: &Path, file: &Path) -> anyhow::Result<String> {
    let path = root.join(file);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
