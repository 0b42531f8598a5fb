//! The notifier.

use std::process::ExitCode;

fn main() -> ExitCode {
    kit::service::main::<notifier::Notifier>()
}
