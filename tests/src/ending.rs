//! How the programs of this crate end.

use std::process::ExitCode;

/// Plays to the end: success when it answers `true`. An error is told as `program`'s.
pub fn end<F>(program: &str, played: F) -> ExitCode
where
    F: Future<Output = anyhow::Result<bool>>,
{
    let played = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(played));
    match played {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{program}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
