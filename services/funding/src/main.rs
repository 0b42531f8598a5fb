//! The funding service.

use std::process::ExitCode;

fn main() -> ExitCode {
    kit::service::main::<funding::Funding>()
}
