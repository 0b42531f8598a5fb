//! `lienminh event`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::{Date, Time};

use super::value::{self, Moment};

#[derive(Subcommand, Debug)]
pub enum Event {
    /// Enter an event; nobody is told before it is announced
    Add(Box<AddEvent>),
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
    #[value(aliases = ["lễ", "le"])]
    Ceremony,
    /// Seminar
    #[value(aliases = ["hội thảo", "hoi thao", "tọa đàm"])]
    Seminar,
    /// Information meeting
    #[value(aliases = ["hội nghị tuyên truyền", "tuyên truyền"])]
    InformationMeeting,
    /// Meeting
    #[value(aliases = ["họp", "hop", "cuộc họp", "hội nghị"])]
    Meeting,
    /// Dialogue
    #[value(aliases = ["đối thoại", "doi thoai"])]
    Dialogue,
    /// Training
    #[value(aliases = ["tập huấn", "tap huan"])]
    Training,
    /// Fair
    #[value(aliases = ["hội chợ", "hoi cho"])]
    Fair,
    /// Visit
    #[value(aliases = ["thăm", "tham"])]
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
    /// A short title for SMS, at most 40 characters
    #[arg(long, default_value = "")]
    pub short_title: String,
    /// Where
    #[arg(long, default_value = "")]
    pub place: String,
    /// How to get there: gate, floor, parking
    #[arg(long, default_value = "")]
    pub hint: String,
    /// Link of an online meeting
    #[arg(long, default_value = "")]
    pub online: String,
    /// Organisation that invites: roster code or name
    #[arg(long)]
    pub organiser: String,
    /// Unit in charge: roster code or name; left out: the organiser
    #[arg(long)]
    pub lead: Option<String>,
    /// Who chairs
    #[arg(long, default_value = "")]
    pub chair: String,
    /// A line of the agenda; may be repeated
    #[arg(long)]
    pub agenda: Vec<String>,
    /// What to bring
    #[arg(long, default_value = "")]
    pub bring: String,
    /// Number of the written invitation: 14/GM-LMHTX
    #[arg(long, default_value = "")]
    pub document: String,
    /// Day on which it was signed: 4/3/2024
    #[arg(long, value_parser = value::past_day, requires = "document")]
    pub document_date: Option<Date>,
    /// Last day to reply: 9/4/2024
    #[arg(long, value_parser = value::day)]
    pub reply_by: Option<Date>,
    /// Announce at once
    #[arg(long)]
    pub announce: bool,
    /// Organisations to invite: roster codes or names, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub invite: Vec<String>,
    /// Invite every member of the alliance
    #[arg(long)]
    pub members: bool,
    /// Invite every organisation of this cluster; may be repeated
    #[arg(long)]
    pub cluster: Vec<String>,
    /// Members that are not invited may know of it as well
    #[arg(long)]
    pub public: bool,
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
    /// Whether it will come: yes or no
    #[arg(value_parser = value::coming)]
    pub answer: Coming,
    /// How many people will come
    #[arg(long, default_value = "0", value_parser = value::people)]
    pub attendees: i32,
    /// Who will come, names and offices
    #[arg(long, default_value = "")]
    pub names: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// How to get to the new place
    #[arg(long, default_value = "", requires = "place")]
    pub hint: String,
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
    /// Why, as people will read it in mails and messages
    #[arg(long, value_parser = value::reason)]
    pub reason: String,
}
