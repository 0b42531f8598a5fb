//! `lienminh hold`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

#[derive(Subcommand, Debug)]
pub enum Hold {
    /// Show whether nothing is sent, and what waits
    Show,
    /// Record what a relay's log or a gateway's list says was taken over
    Accepted {
        /// Files in which our references stand, such as /var/log/mail.log
        files: Vec<PathBuf>,
    },
    /// Let messages out again
    Release {
        /// When the system that was restored sent its last, 2024-03-12T09:30:00+07:00; left out: now
        #[arg(long, value_parser = super::value::instant)]
        stopped_at: Option<jiff::Timestamp>,
        /// Channels of which everything that was taken over has been recorded
        #[arg(long, value_enum, value_delimiter = ',')]
        complete: Vec<SentBy>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "lower")]
pub enum SentBy {
    Email,
    Sms,
}
