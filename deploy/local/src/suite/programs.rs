//! Where the suite's programs are.

use std::path::PathBuf;

use anyhow::Context;

/// The folder with the programs, where it is not the one of the running program.
const BIN_DIR: &str = "LIENMINH_BIN_DIR";

/// A program of the workspace, compiled beside the running one (tests run one folder deeper).
///
/// # Errors
/// When it has not been compiled.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("a process without a program")?;
    let given = std::env::var_os(BIN_DIR).map(PathBuf::from);
    let beside = own.ancestors().skip(1).take(2).map(ToOwned::to_owned);
    given
        .into_iter()
        .chain(beside)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .with_context(|| {
            format!("the program `{name}` is not compiled; run: cargo build --workspace --bins")
        })
}
