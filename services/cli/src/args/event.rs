//! `lienminh event`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::{Date, Time};

use super::value::{self, Moment};

#[derive(Subcommand, Debug)]
pub enum Event {
    /// Enter an event; nobody is told before it is announced
    Add(AddEvent),
    /// Show an event
    Show {
        /// Name as `timeline` prints it, or words of its title
        event: String,
    },
    /// Announce an event: from now on people are told
    Announce {
        /// Name as `timeline` prints it, or words of its title
        event: String,
    },
    /// Invite organisations
    Invite(Invite),
    /// Show who has answered and who has not
    Answers {
        /// Name as `timeline` prints it, or words of its title
        event: String,
    },
    /// Record an answer by telephone or on paper
    Answer(AnswerFor),
    /// Move an event to another day, hour or place; also fixes an open date
    Move(MoveEvent),
    /// Postpone an event: the new date is not known yet
    Postpone(Reasoned),
    /// Cancel an event
    Cancel(Reasoned),
    /// Record that an event was held
    Held {
        /// Name as `timeline` prints it, or words of its title
        event: String,
    },
}

/// Kinds of events, as the contracts call them.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum EventKind {
    /// Ceremony
    Ceremony,
    /// Seminar
    Seminar,
    /// Information meeting
    InformationMeeting,
    /// Meeting
    Meeting,
    /// Dialogue
    Dialogue,
    /// Training
    Training,
    /// Fair
    Fair,
    /// Visit
    Visit,
}

#[derive(Args, Debug)]
pub struct AddEvent {
    /// Title, without the date
    pub title: String,
    /// Kind
    #[arg(long, value_enum)]
    pub kind: EventKind,
    /// Day and hour: "11/4/2024 08:00"; left out: not known yet
    #[arg(long, value_parser = value::moment)]
    pub at: Option<Moment>,
    /// Hour at which it ends: 11:00
    #[arg(long, value_parser = value::hour)]
    pub until: Option<Time>,
    /// Where
    #[arg(long, default_value = "")]
    pub place: String,
    /// Organisation that invites: roster code or name
    #[arg(long)]
    pub organiser: String,
    /// Unit in charge: roster code or name; left out: the organiser
    #[arg(long)]
    pub lead: Option<String>,
    /// Who chairs
    #[arg(long, default_value = "")]
    pub chair: String,
    /// What to bring
    #[arg(long, default_value = "")]
    pub bring: String,
    /// Last day to reply: 9/4/2024
    #[arg(long, value_parser = value::day)]
    pub reply_by: Option<Date>,
    /// Announce at once
    #[arg(long)]
    pub announce: bool,
    /// Organisations to invite: roster codes or names, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub invite: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Invite {
    /// Name as `timeline` prints it, or words of its title
    pub event: String,
    /// Roster codes or names
    pub organisations: Vec<String>,
    /// Every member of the alliance
    #[arg(long)]
    pub members: bool,
    /// Every organisation of this cluster; may be repeated
    #[arg(long)]
    pub cluster: Vec<String>,
}

#[derive(Args, Debug)]
pub struct AnswerFor {
    /// Name as `timeline` prints it, or words of its title
    pub event: String,
    /// Roster code or name of the organisation
    pub organisation: String,
    /// Whether it will come
    #[arg(value_enum)]
    pub answer: Coming,
    /// How many people will come
    #[arg(long, default_value_t = 0)]
    pub attendees: i32,
    /// Who will come, names and offices
    #[arg(long, default_value = "")]
    pub names: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Coming {
    /// Will come
    Yes,
    /// Will not come
    No,
}

#[derive(Args, Debug)]
pub struct MoveEvent {
    /// Name as `timeline` prints it, or words of its title
    pub event: String,
    /// New day and hour: "11/4/2024 08:00"; left out: only the place changes
    #[arg(value_parser = value::moment, required_unless_present = "place")]
    pub to: Option<Moment>,
    /// Hour at which it ends; left out: it lasts as long as before
    #[arg(long, value_parser = value::hour)]
    pub until: Option<Time>,
    /// New place
    #[arg(long)]
    pub place: Option<String>,
    /// New last day to reply; left out: it moves along, as many working days before
    #[arg(long, value_parser = value::day)]
    pub reply_by: Option<Date>,
    /// Why, as people will read it
    #[arg(long, default_value = "")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct Reasoned {
    /// Name as `timeline` prints it, or words of its title
    pub event: String,
    /// Why, as people will read it
    #[arg(long, default_value = "")]
    pub reason: String,
}
