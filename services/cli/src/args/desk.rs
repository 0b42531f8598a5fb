//! The reminder desk: `timeline`, `deliveries`, `coverage`, `explain`, `answer`, `share`, `parked`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::value;

#[derive(Args, Debug)]
pub struct Timeline {
    /// First day: 1/3/2024
    #[arg(long, value_parser = value::day)]
    pub from: Option<Date>,
    /// Last day
    #[arg(long, value_parser = value::day)]
    pub to: Option<Date>,
}

#[derive(Args, Debug)]
pub struct Deliveries {
    /// Only of this matter: name as `timeline` prints it, or words of its title
    #[arg(long, visible_alias = "about", value_name = "MATTER")]
    pub obligation: Option<String>,
    /// Only to this organisation: roster code or name
    #[arg(long)]
    pub organisation: Option<String>,
    /// Only these states
    #[arg(long, value_enum)]
    pub state: Vec<State>,
    /// At most this many lines
    #[arg(long, default_value = "100", value_parser = value::lines)]
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "lower")]
pub enum State {
    /// Waits to be sent
    Queued,
    /// Taken over by the mail relay or the gateway
    Sent,
    /// Arrived
    Delivered,
    /// Came back
    Bounced,
    /// Refused for good
    Failed,
    /// Nobody knows whether it left
    Unknown,
    /// Not sent, by a rule
    Suppressed,
    /// A newer message took its place
    Superseded,
    /// Nothing to remind of any more
    Satisfied,
    /// Too late to be of use
    Missed,
    /// Waits for a person's decision
    Parked,
}

#[derive(Args, Debug)]
pub struct Coverage {
    /// Only of this matter: name as `timeline` prints it, or words of its title
    #[arg(long, visible_alias = "about", value_name = "MATTER")]
    pub obligation: Option<String>,
    /// Also list whom nothing reached, with a telephone
    #[arg(long)]
    pub unreachable: bool,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// Name as `timeline` prints it, or words of its title
    pub matter: String,
    /// Roster code or name of the organisation; left out: what concerns nobody in particular
    pub organisation: Option<String>,
}

#[derive(Args, Debug)]
pub struct Answer {
    /// The code
    pub code: String,
    /// What was said: yes, no or sent; left out: only look it up
    #[arg(value_parser = value::said)]
    pub answer: Option<Said>,
    /// How many people will come
    #[arg(long, default_value = "0", value_parser = value::people)]
    pub attendees: i32,
    /// Who will come, names and offices
    #[arg(long, default_value = "")]
    pub names: String,
    /// Do not ask before it is recorded
    #[arg(long)]
    pub yes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Will come
    Yes,
    /// Will not come
    No,
    /// The report was sent
    Sent,
}

#[derive(Args, Debug)]
pub struct Share {
    /// Name as `timeline` prints it, or words of its title
    pub matter: String,
}

#[derive(Subcommand, Debug)]
pub enum Parked {
    /// List messages that could not be handled
    List,
    /// Open a parked message: what it is, why it was parked, what can be done
    Show {
        /// Name as `parked list` prints it
        message: String,
    },
    /// Put a parked message back to where it came from
    Redrive {
        /// Name as `parked list` prints it
        message: String,
    },
    /// Give a parked message up
    Discard {
        /// Name as `parked list` prints it
        message: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
}
