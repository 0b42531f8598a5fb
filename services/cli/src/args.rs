//! What can be said on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kit::client::Certificates;

/// The command of an alliance's reminder desk.
#[derive(Parser, Debug)]
#[command(name = "lienminh", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub connection: Connection,
    #[command(subcommand)]
    pub command: Command,
}

/// Where the services are and who calls them.
#[derive(Args, Clone, Debug)]
pub struct Connection {
    /// The registry
    #[arg(
        long,
        env = "LIENMINH_REGISTRY_URL",
        default_value = "http://127.0.0.1:7101",
        global = true
    )]
    pub registry_url: String,
    /// The events service
    #[arg(
        long,
        env = "LIENMINH_EVENTS_URL",
        default_value = "http://127.0.0.1:7102",
        global = true
    )]
    pub events_url: String,
    /// The funding service
    #[arg(
        long,
        env = "LIENMINH_FUNDING_URL",
        default_value = "http://127.0.0.1:7103",
        global = true
    )]
    pub funding_url: String,
    /// The notifier
    #[arg(
        long,
        env = "LIENMINH_NOTIFIER_URL",
        default_value = "http://127.0.0.1:7104",
        global = true
    )]
    pub notifier_url: String,
    /// Token of the caller (see `lienminh token issue`)
    #[arg(long, env = "LIENMINH_TOKEN", hide_env_values = true, global = true)]
    pub token: Option<String>,
    /// File that holds the token
    #[arg(long, env = "LIENMINH_TOKEN_FILE", global = true)]
    pub token_file: Option<PathBuf>,
    /// Language of answers and errors
    #[arg(long, env = "LIENMINH_LANGUAGE", default_value = "vi", global = true)]
    pub language: String,
    /// Certificates, where an address says https.
    #[command(flatten)]
    pub certificates: CertificateFiles,
}

/// Files for services that are called by https.
#[derive(Args, Clone, Debug, Default)]
pub struct CertificateFiles {
    /// Authority that signed the certificates of the services, PEM
    #[arg(long, env = "LIENMINH_TLS_CA", value_name = "PATH", global = true)]
    pub tls_ca: Option<PathBuf>,
    /// Certificate of the caller, for services that ask for one, PEM
    #[arg(
        long,
        env = "LIENMINH_TLS_CERT",
        value_name = "PATH",
        requires = "tls_key",
        global = true
    )]
    pub tls_cert: Option<PathBuf>,
    /// Private key of that certificate, PEM
    #[arg(
        long,
        env = "LIENMINH_TLS_KEY",
        value_name = "PATH",
        requires = "tls_cert",
        global = true
    )]
    pub tls_key: Option<PathBuf>,
}

impl CertificateFiles {
    /// What is in the files.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn read(&self) -> anyhow::Result<Certificates> {
        Certificates::read(
            self.tls_ca.as_deref(),
            self.tls_cert.as_deref(),
            self.tls_key.as_deref(),
        )
    }
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Issue, list and revoke tokens for people and systems without an identity provider
    #[command(subcommand)]
    Token(Token),
    /// Organisations of the registry
    #[command(subcommand)]
    Organisation(Organisation),
    /// Plans
    #[command(subcommand)]
    Plan(Plan),
    /// What lies ahead: dated, windows, undated
    Timeline(Timeline),
    /// What went out and what became of it
    Deliveries(Deliveries),
    /// Prove that every reminder ended in one state (đối soát)
    Coverage(Coverage),
    /// Tell every decision about one obligation and one organisation
    Explain(Explain),
    /// Record what a caller told by code: `lienminh answer 482719 yes`
    Answer(Answer),
    /// Write a text about an event to paste into a Zalo group
    Share(Share),
    /// After a restore: tell what had left since, and let messages out again
    #[command(subcommand)]
    Hold(Hold),
    /// Vietnamese calendar, text, SMS, money, identifiers: one item a line, JSON out
    #[command(disable_help_flag = true)]
    Vn(Vn),
}

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
        Ok(_) | Err(_) => Err(format!(
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

#[derive(Subcommand, Debug)]
pub enum Organisation {
    /// Import a roster (CSV)
    Import {
        /// The file
        file: PathBuf,
        /// Write the good rows although others are bad or wait for a person
        #[arg(long)]
        good_rows: bool,
        /// Say yes to what a row waits for, as the import before showed it; may be repeated
        #[arg(long, value_name = "CONFIRMATION")]
        confirm: Vec<String>,
        /// Check only, write nothing
        #[arg(long)]
        check: bool,
    },
    /// Find organisations, with or without diacritics
    Search {
        /// What to look for
        query: Vec<String>,
    },
}

#[derive(Subcommand, Debug)]
pub enum Plan {
    /// Load a plan (TOML) with its items, events and deadlines
    Load {
        /// The file
        file: PathBuf,
        /// Announce its events and open its deadlines at once
        #[arg(long)]
        announce: bool,
        /// Check only, write nothing
        #[arg(long)]
        check: bool,
    },
    /// List the plans
    List,
}

#[derive(Args, Debug)]
pub struct Timeline {
    /// First day, 2024-03-01
    #[arg(long)]
    pub from: Option<jiff::civil::Date>,
    /// Last day
    #[arg(long)]
    pub to: Option<jiff::civil::Date>,
}

#[derive(Args, Debug)]
pub struct Deliveries {
    /// Only of this obligation
    #[arg(long, default_value = "")]
    pub obligation: String,
    /// Only to this organisation
    #[arg(long, default_value = "")]
    pub organisation: String,
    /// Only these states
    #[arg(long, value_enum)]
    pub state: Vec<State>,
    /// At most this many lines
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "lower")]
pub enum State {
    Queued,
    Sent,
    Delivered,
    Bounced,
    Failed,
    Unknown,
    Suppressed,
    Superseded,
    Satisfied,
    Missed,
    Parked,
}

#[derive(Args, Debug)]
pub struct Coverage {
    /// Only of this obligation
    #[arg(long, default_value = "")]
    pub obligation: String,
    /// Also list whom nothing reached, with a telephone
    #[arg(long)]
    pub unreachable: bool,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// Resource name of the obligation
    pub obligation: String,
    /// Resource name of the organisation
    #[arg(default_value = "")]
    pub organisation: String,
}

#[derive(Args, Debug)]
pub struct Answer {
    /// The code
    pub code: String,
    /// yes (sẽ dự), no (không dự), sent (đã gửi); left out: only look it up
    #[arg(value_enum)]
    pub answer: Option<Said>,
    /// How many people will come
    #[arg(long, default_value_t = 0)]
    pub attendees: i32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Said {
    Yes,
    No,
    Sent,
}

#[derive(Args, Debug)]
pub struct Share {
    /// Resource name of the event
    pub event: String,
}

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
        #[arg(long)]
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

#[derive(Args, Debug)]
pub struct Vn {
    /// Topic, options and items; see `lienminh vn --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<String>,
}
