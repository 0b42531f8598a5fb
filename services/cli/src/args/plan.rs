//! `lienminh plan`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand, Debug)]
pub enum Plan {
    /// Load a plan (TOML) with its items, events and deadlines: all of it or nothing
    Load {
        /// The file; docs/plan-file.md describes it
        file: PathBuf,
        /// Announce its events and open its deadlines at once
        #[arg(long)]
        announce: bool,
        /// Check only: tell all that would be refused, write nothing
        #[arg(long)]
        check: bool,
    },
    /// List the plans
    List,
}
