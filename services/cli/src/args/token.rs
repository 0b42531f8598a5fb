//! `lienminh token`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::language::phrase;

#[derive(Subcommand, Debug)]
pub enum Token {
    /// Issue a token
    Issue {
        /// Who will call, for example `user:lan` or `system:portal`
        #[arg(long)]
        subject: String,
        /// Permissions, `prefix.*` or `*`, separated by blanks
        #[arg(long)]
        scope: String,
        /// Bind the caller to one organisation, `organisations/{uuid}`
        #[arg(long)]
        organisation: Option<String>,
        /// Life in hours, at most 366 days
        #[arg(long, default_value = "12", value_parser = hours)]
        hours: Duration,
        #[command(flatten)]
        folder: AuthDir,
    },
    /// List issued tokens
    List {
        #[command(flatten)]
        folder: AuthDir,
    },
    /// Revoke a token by its identity
    Revoke {
        /// The identity, as `lienminh token list` shows it
        id: String,
        #[command(flatten)]
        folder: AuthDir,
    },
}

/// The longest life that services accept, in hours.
const LONGEST_HOURS: u64 = kit::auth::LONGEST_LIFE.as_secs() / 3600;

fn hours(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(hours @ 1..=LONGEST_HOURS) => Ok(Duration::from_secs(hours * 3600)),
        Ok(_) | Err(_) => Err(phrase!(
            "hãy ghi số giờ từ 1 đến {LONGEST_HOURS}",
            "must be a whole number of hours from 1 to {LONGEST_HOURS}"
        )),
    }
}

#[derive(Args, Debug)]
pub struct AuthDir {
    /// Folder of the keys that the services trust
    #[arg(long, env = "LIENMINH_AUTH_DIR")]
    pub auth_dir: PathBuf,
}
