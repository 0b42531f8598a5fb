//! What plans and script tell of a matter, as it changes: what its readers must be told.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use vietnam::calendar::Calendar;

use super::matter::Standing;

/// A matter and what became of it.
#[derive(Clone, Debug)]
pub struct Story {
    /// What kind of letters it has.
    pub genre: Genre,
    /// How the notifier's name of its obligation begins.
    pub named: String,
    /// The unit in charge.
    pub lead: String,
    /// What does not change.
    pub facts: Facts,
    /// What holds since when.
    pub chapters: Vec<(DateTime, Chapter)>,
    /// Who has said yes, and when.
    pub coming: BTreeMap<String, DateTime>,
}

/// The letters that a matter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genre {
    /// People meet.
    Event,
    /// Many owe a report.
    Report,
    /// The unit in charge does something.
    Task,
    /// Somebody says that it has sent.
    Claim,
    /// Members are admitted.
    Admission,
    /// An application waits for the unit in charge.
    Step,
    /// An application waits for papers.
    Supplement,
    /// Money is to be paid.
    Disbursement,
}

/// Words of plans and script; empty where they say nothing.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The title, or the purpose of an application.
    pub title: String,
    /// A title written for SMS.
    pub short_title: String,
    /// Agenda or contents.
    pub lines: Vec<String>,
    /// What to bring.
    pub bring: String,
    /// Who chairs.
    pub chair: String,
    /// How to get there.
    pub hint: String,
    /// Where.
    pub place: String,
    /// Where it was to be before, if that changed.
    pub old_place: String,
    /// Where to hand it in.
    pub submit_to: String,
    /// Number and date of the document.
    pub document: Option<(String, Option<Date>)>,
    /// The window in words.
    pub window: String,
    /// Who applies or claims, a resource name.
    pub party: String,
    /// The programme of an application.
    pub programme: String,
    /// The number of its decision.
    pub decision: String,
    /// The amount in figures.
    pub amount: String,
    /// Papers that are missing.
    pub missing: Vec<String>,
    /// The step that an application waits for.
    pub step: String,
    /// Whether the readers are hosts, to whom a delegation comes.
    pub visit: bool,
}

/// What holds of a matter for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Whether it takes place.
    pub standing: Standing,
    /// When.
    pub when: When,
    /// Why it changed.
    pub reason: String,
    /// The last day to answer.
    pub reply_by: Option<Date>,
}

/// When something happens or is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At an hour.
    At(DateTime, Option<DateTime>),
    /// Until the end of a day, which a text may name by the day behind it.
    Until {
        /// The last day.
        last: Date,
        /// "trước ngày …".
        before: bool,
    },
    /// Nobody knows yet; the last day of the window, where there is one.
    Open(Option<Date>),
}

/// The day to answer by moves with its event: as many working days before it as at first.
fn goes_along(first: &Chapter, when: When) -> Option<Date> {
    let (When::At(old, _), When::At(new, _)) = (first.when, when) else {
        return None;
    };
    let calendar = Calendar::official();
    let mut moved = new.date();
    let mut left = calendar.working_days_between(first.reply_by?, old.date());
    while left > 0 {
        moved = moved.yesterday().ok()?;
        left -= i32::from(calendar.is_working_day(moved));
    }
    Some(moved)
}

impl Story {
    /// A matter that is told for the first time.
    #[must_use]
    pub fn new(genre: Genre, named: &str, lead: &str, facts: Facts) -> Self {
        Self {
            genre,
            named: named.to_owned(),
            lead: lead.to_owned(),
            facts,
            chapters: Vec::new(),
            coming: BTreeMap::new(),
        }
    }

    /// It stands, from now on.
    #[must_use]
    pub fn beginning(mut self, at: DateTime, when: When, reply_by: Option<Date>) -> Self {
        let chapter = Chapter {
            standing: Standing::Scheduled,
            when,
            reason: String::new(),
            reply_by,
        };
        self.chapters.push((at, chapter));
        self
    }

    /// Something changes, for a reason.
    pub fn goes_on(&mut self, at: DateTime, standing: Standing, when: When, reason: &str) {
        let first = self.chapters.first();
        let reply_by = first.and_then(|(_, first)| goes_along(first, when));
        let chapter = Chapter {
            standing,
            when,
            reason: reason.to_owned(),
            reply_by,
        };
        self.chapters.push((at, chapter));
    }

    /// Whether an obligation of this name and title is about it.
    #[must_use]
    pub fn is_of(&self, obligation: &str, title: &str) -> bool {
        obligation.starts_with(&self.named) && title.contains(&self.facts.title)
    }

    /// What holds at an instant, and what held before that.
    #[must_use]
    pub fn at(&self, at: DateTime) -> Option<(&Chapter, Option<&Chapter>)> {
        let known = self.chapters.partition_point(|(since, _)| *since <= at);
        let told = &self.chapters[..known];
        let (_, present) = told.last()?;
        let before = told.len().checked_sub(2).map(|index| &told[index].1);
        Some((present, before))
    }
}
