//! `lienminh deadline`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::value;

#[derive(Subcommand, Debug)]
pub enum Deadline {
    /// Open a deadline: from now on those who owe it are reminded
    Add(AddDeadline),
    /// Show who has submitted and who has not
    Submissions {
        /// Name as `timeline` prints it, or words of its title
        deadline: String,
    },
    /// Confirm that a submission was received
    Received(Received),
    /// Move a deadline to another day
    Move(MoveDeadline),
    /// Close a deadline: nobody is reminded any more
    Close {
        /// Name as `timeline` prints it, or words of its title
        deadline: String,
    },
    /// Drop a deadline
    Cancel {
        /// Name as `timeline` prints it, or words of its title
        deadline: String,
        /// Why, as people will read it in mails and messages
        #[arg(long, value_parser = value::reason)]
        reason: String,
    },
}

/// Kinds of deadlines, as the contracts call them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum DeadlineKind {
    /// Report, collected from many
    #[value(aliases = ["báo cáo", "bao cao"])]
    Report,
    /// Task of the unit in charge
    #[value(aliases = ["việc", "viec"])]
    Task,
}

#[derive(Args, Debug)]
pub struct AddDeadline {
    /// Title, without the date
    pub title: String,
    /// Kind
    #[arg(long, value_enum, default_value = "report")]
    pub kind: DeadlineKind,
    /// A short title for SMS, at most 40 characters
    #[arg(long, default_value = "")]
    pub short_title: String,
    /// Last day: 10/4/2024
    #[arg(long, value_parser = value::day)]
    pub day: Date,
    /// Before that day rather than through it
    #[arg(long)]
    pub before: bool,
    /// A line of what it must contain; may be repeated
    #[arg(long)]
    pub contents: Vec<String>,
    /// Organisation that demands it: roster code or name
    #[arg(long)]
    pub organiser: String,
    /// Unit in charge: roster code or name; left out: the organiser
    #[arg(long)]
    pub lead: Option<String>,
    /// Where to hand it in
    #[arg(long, default_value = "")]
    pub submit_to: String,
    /// Organisations that owe it: roster codes or names, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub owed_by: Vec<String>,
    /// Every member of the alliance owes it
    #[arg(long)]
    pub members: bool,
    /// Every organisation of this cluster owes it; may be repeated
    #[arg(long)]
    pub cluster: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Received {
    /// Name as `timeline` prints it, or words of its title
    pub deadline: String,
    /// Roster code or name of the organisation
    pub organisation: String,
    /// It need not submit
    #[arg(long)]
    pub exempt: bool,
    /// Remark for the record
    #[arg(long, default_value = "")]
    pub remark: String,
}

#[derive(Args, Debug)]
pub struct MoveDeadline {
    /// Name as `timeline` prints it, or words of its title
    pub deadline: String,
    /// New last day: 17/4/2024
    #[arg(value_parser = value::day)]
    pub to: Date,
    /// Why, as people will read it
    #[arg(long, default_value = "")]
    pub reason: String,
}
