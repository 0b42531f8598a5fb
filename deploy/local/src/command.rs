//! What the `stage` command does.

use std::process::ExitCode;

use crate::folder::Refused;

pub mod advance;
pub mod doctor;
pub mod down;
pub mod hold;
mod keep;
mod load;
pub mod run;
pub mod up;

/// Says what went wrong and how the process should end: 2 when another run holds the clone.
#[must_use]
pub fn exit_code(outcome: Result<ExitCode, Refused>) -> ExitCode {
    match outcome {
        Ok(code) => code,
        Err(Refused::Busy(who)) => {
            eprintln!("stage: {who}");
            ExitCode::from(2)
        }
        Err(Refused::Failed(error)) => {
            eprintln!("stage: {error:#}");
            ExitCode::FAILURE
        }
    }
}
