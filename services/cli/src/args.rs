//! What can be said on the command line.

mod connection;
mod deadline;
mod desk;
mod event;
mod hold;
mod money;
mod organisation;
mod plan;
mod token;
pub(crate) mod value;

use clap::{Args, Parser, Subcommand};
pub use connection::{CertificateFiles, Connection};
pub use deadline::{AddDeadline, Deadline, DeadlineKind, MoveDeadline, Received};
pub use desk::{Answer, Coverage, Deliveries, Explain, Parked, Said, Share, State, Timeline};
pub use event::{AddEvent, AnswerFor, Coming, Event, EventKind, Invite, MoveEvent, Reasoned};
pub use hold::{Hold, SentBy};
pub use money::{Application, Disburse};
pub use organisation::{AddContact, AddOrganisation, Admit, Contact, Organisation};
pub use plan::Plan;
pub use token::{AuthDir, Token};

/// The command of an alliance's reminder desk.
#[derive(Parser, Debug)]
#[command(name = "lienminh", version, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub connection: Connection,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Organisations: enter, find, admit, import a roster
    #[command(subcommand)]
    Organisation(Organisation),
    /// People to reach in an organisation
    #[command(subcommand)]
    Contact(Contact),
    /// Plans: load, list
    #[command(subcommand)]
    Plan(Plan),
    /// Events: enter, invite, who has answered, move, postpone, cancel, held
    #[command(subcommand)]
    Event(Event),
    /// Reports and tasks with a last day: open, who has submitted, confirm, move
    #[command(subcommand)]
    Deadline(Deadline),
    /// Applications for support: list, record a disbursement
    #[command(subcommand)]
    Application(Application),
    /// What lies ahead: dated, windows, undated
    Timeline(Timeline),
    /// Record what a caller told by code: `lienminh answer 482719 yes`
    Answer(Answer),
    /// Write a text about an event or a deadline to paste into a Zalo group
    Share(Share),
    /// What went out and what became of it
    Deliveries(Deliveries),
    /// Tell every decision about one matter and one organisation
    Explain(Explain),
    /// Prove that every reminder ended in one state
    Coverage(Coverage),
    /// Messages that could not be handled: list, open, redrive, discard
    #[command(subcommand)]
    Parked(Parked),
    /// After a restore: tell what had left since, and let messages out again
    #[command(subcommand)]
    Hold(Hold),
    /// Issue, list and revoke tokens for people and systems without an identity provider
    #[command(subcommand)]
    Token(Token),
    /// Vietnamese calendar, text, SMS, money, identifiers: one item a line, JSON out
    #[command(disable_help_flag = true)]
    Vn(Vn),
}

#[derive(Args, Debug)]
pub struct Vn {
    /// Topic, options and items; see `lienminh vn --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<String>,
}
