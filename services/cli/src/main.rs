//! `lienminh`: see `lienminh --help`.

use std::process::ExitCode;

use clap::Parser;
use lienminh_cli::{args, commands};

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    commands::run(arguments)
}
