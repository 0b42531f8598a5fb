//! `lienminh`: see `lienminh --help`.

use std::process::ExitCode;

use lienminh_cli::{commands, understand};

fn main() -> ExitCode {
    match understand(std::env::args_os().collect()) {
        Ok(arguments) => commands::run(arguments),
        Err(code) => code,
    }
}
