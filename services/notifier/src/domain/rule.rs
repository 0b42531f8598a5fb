//! The ladder of reminders for a kind of obligation (quy tắc, bước nhắc).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::anchor::Anchor;
use super::correction::WORST_HOUR;
use super::letter::LetterKind;
use super::party::Position;

/// The ladder of one kind, as its file in `rules/` states it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The kind of obligation it serves.
    pub kind: String,
    /// Rises when the ladder changes.
    pub version: i32,
    /// What it is for, for people.
    pub description: String,
    /// The steps, in the order of time.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// One step of a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Identifier within the rule: `t-3`.
    pub id: String,
    /// How far from the anchor.
    pub offset: Offset,
    /// Local time of day; counts for days and weeks, not for hours.
    #[serde(default = "morning")]
    pub at: Time,
    /// What the offset counts from.
    #[serde(default)]
    pub reference: Reference,
    /// Whom.
    pub audience: Audience,
    /// Which text.
    pub letter: LetterKind,
    /// Offices to tell, most fitting first; a party's own wish goes before it.
    #[serde(default)]
    pub positions: Vec<Position>,
    /// By which channels.
    pub channels: Channels,
    /// Whether the step comes again.
    #[serde(default)]
    pub repeat: Option<Repeat>,
}

/// Reminders of days go out when offices open.
fn morning() -> Time {
    Time::constant(8, 0, 0, 0)
}

/// How far a step lies from its reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "OffsetText")]
pub enum Offset {
    /// When the obligation is first announced with a date.
    Issue,
    /// So much before.
    Before(Distance),
    /// So much after.
    After(Distance),
}

/// A number of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// How many.
    pub count: u16,
    /// Of what.
    pub unit: Unit,
}

/// Units of distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours from an exact start.
    Hours,
    /// Calendar days.
    Days,
    /// Days on which offices work.
    WorkingDays,
    /// Weeks.
    Weeks,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OffsetText {
    #[serde(default)]
    issue: bool,
    before: Option<u16>,
    after: Option<u16>,
    unit: Option<Unit>,
}

impl TryFrom<OffsetText> for Offset {
    type Error = &'static str;

    fn try_from(text: OffsetText) -> Result<Self, Self::Error> {
        match (text.issue, text.before, text.after, text.unit) {
            (true, None, None, None) => Ok(Self::Issue),
            (false, Some(count), None, Some(unit)) => Ok(Self::Before(Distance { count, unit })),
            (false, None, Some(count), Some(unit)) => Ok(Self::After(Distance { count, unit })),
            _ => Err("an offset is { issue = true }, { before = n, unit } or { after = n, unit }"),
        }
    }
}

/// What an offset counts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The start, or the last day to act.
    #[default]
    Anchor,
    /// The first day of a window that is not fixed yet.
    WindowStart,
}

/// Whom a step tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The parties that the source names when asked.
    Concerned,
    /// The unit in charge.
    Lead,
}

impl Audience {
    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Concerned => "concerned",
            Self::Lead => "lead",
        }
    }
}

/// By which channels a party is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// Email; SMS where there is no address.
    EmailElseSms,
    /// Both, as far as there are addresses.
    EmailAndSms,
    /// SMS; email where there is no mobile number.
    SmsElseEmail,
    /// Email only.
    Email,
}

impl Channels {
    /// The stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::EmailElseSms => "email_else_sms",
            Self::EmailAndSms => "email_and_sms",
            Self::SmsElseEmail => "sms_else_email",
            Self::Email => "email",
        }
    }
}

/// How a step comes again. It stops by itself when the date is fixed or the
/// matter is done, because its occurrence is then superseded or satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    every: u16,
    unit: Unit,
    /// How often after the first time.
    pub at_most: u16,
}

impl Repeat {
    /// The distance between two repetitions.
    #[must_use]
    pub const fn distance(self) -> Distance {
        Distance {
            count: self.every,
            unit: self.unit,
        }
    }
}

/// Key of the ladder that asks the lead unit to fix a date.
pub const UNFIXED: &str = "unfixed";

/// The ladders in force, by kind.
#[derive(Clone, Debug, Default)]
pub struct Rules(BTreeMap<String, Rule>);

/// Why a rule file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The text is not a rule.
    #[error("rules/{kind}.toml: {message}")]
    Malformed {
        /// The kind, by its file.
        kind: String,
        /// What is wrong.
        message: String,
    },
}

macro_rules! embedded {
    ($($kind:literal),+ $(,)?) => {
        &[$(($kind, include_str!(concat!("../../rules/", $kind, ".toml")))),+]
    };
}

/// The ladders that come with the program.
const EMBEDDED: &[(&str, &str)] = embedded![
    "admission_batch",
    "ceremony",
    "claim_confirmation",
    "dialogue",
    "disbursement",
    "dossier_supplement",
    "fair",
    "funding_step",
    "information_meeting",
    "meeting",
    "report",
    "seminar",
    "task",
    "training",
    "unfixed",
    "visit",
];

impl Rules {
    /// Reads the ladders that come with the program.
    ///
    /// # Errors
    /// [`RuleError`] when a file is malformed; a test holds that none is.
    pub fn embedded() -> Result<Self, RuleError> {
        EMBEDDED
            .iter()
            .map(|(kind, text)| Ok(((*kind).to_owned(), parse(kind, text)?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The ladder of a kind.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<&Rule> {
        self.0.get(kind)
    }

    /// The step of a kind by its id; steps of the ladder for unfixed dates
    /// belong to every kind.
    #[must_use]
    pub fn step(&self, kind: &str, id: &str) -> Option<&Step> {
        [kind, UNFIXED]
            .into_iter()
            .filter_map(|each| self.of(each))
            .find_map(|rule| rule.step(id))
    }

    /// All ladders, by kind.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.values()
    }
}

impl Step {
    /// By which channels it goes at `now`. An announcement of what begins in the worst hour
    /// goes to telephones, too: a mailbox may be read too late.
    #[must_use]
    pub fn channels_at(&self, anchor: &Anchor, now: Timestamp) -> Channels {
        let soon = |start: Timestamp| start.duration_since(now) <= WORST_HOUR;
        match (self.offset, self.channels) {
            (Offset::Issue, Channels::EmailElseSms) if anchor.start().is_some_and(soon) => {
                Channels::EmailAndSms
            }
            (_, channels) => channels,
        }
    }
}

impl Rule {
    /// Whether it serves events, which are worded and kept in calendars
    /// differently from deadlines.
    #[must_use]
    pub fn is_of_event(&self) -> bool {
        self.steps
            .iter()
            .any(|step| step.letter.calendar_method().is_some())
    }

    /// A step by its id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

/// Reads one rule.
///
/// # Errors
/// [`RuleError::Malformed`] when the text is not a rule for `kind`.
pub fn parse(kind: &str, text: &str) -> Result<Rule, RuleError> {
    let malformed = |message: String| RuleError::Malformed {
        kind: kind.to_owned(),
        message,
    };
    let rule: Rule = toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
    check(kind, &rule).map_err(malformed)?;
    Ok(rule)
}

fn check(kind: &str, rule: &Rule) -> Result<(), String> {
    if rule.kind != kind {
        return Err(format!("it is for {}, not for {kind}", rule.kind));
    }
    for (index, step) in rule.steps.iter().enumerate() {
        let id = &step.id;
        if rule.steps[..index].iter().any(|other| other.id == *id) {
            return Err(format!("step {id} stands twice"));
        }
        if step
            .repeat
            .is_some_and(|each| each.every == 0 || each.unit == Unit::Hours)
        {
            return Err(format!("step {id} must repeat by at least one day"));
        }
        if step.repeat.is_some() && !matches!(step.offset, Offset::After(_)) {
            return Err(format!(
                "step {id} repeats, so it must lie after its reference"
            ));
        }
        if ["correction", "call_list"].contains(&id.as_str()) {
            return Err(format!("{id} is made by the notifier, not by a rule"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_embedded_rule_is_well_formed() {
        let rules = Rules::embedded().unwrap();
        assert_eq!(rules.iter().count(), EMBEDDED.len());
        assert!(rules.of(UNFIXED).is_some());
    }

    #[test]
    fn an_invitation_to_something_near_goes_to_telephones_too() {
        let rules = Rules::embedded().unwrap();
        let now: Timestamp = "2024-03-28T08:00:00Z".parse().unwrap();
        let starts = |hours: i64| Anchor::Instant {
            start: now + jiff::SignedDuration::from_hours(hours),
            end: None,
        };
        let by = |kind: &str, step: &str, hours| {
            let step = rules.step(kind, step).unwrap();
            step.channels_at(&starts(hours), now)
        };
        for kind in ["ceremony", "meeting", "seminar"] {
            assert_eq!(by(kind, "issue", 1), Channels::EmailAndSms, "{kind}");
            assert_eq!(by(kind, "issue", 17), Channels::EmailAndSms, "{kind}");
            assert_eq!(by(kind, "issue", 40), Channels::EmailElseSms, "{kind}");
            // Reminders keep the ways of their ladder.
            assert_eq!(by(kind, "t-3", 17), by(kind, "t-3", 400), "{kind}");
        }
    }

    #[test]
    fn every_file_of_the_rules_folder_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        files.sort();
        let embedded: Vec<&str> = EMBEDDED.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(files, embedded);
    }

    #[test]
    fn steps_of_the_unfixed_ladder_share_no_id_with_another() {
        let rules = Rules::embedded().unwrap();
        let unfixed = rules.of(UNFIXED).unwrap();
        for rule in rules.iter().filter(|rule| rule.kind != UNFIXED) {
            for step in &rule.steps {
                assert!(
                    unfixed.step(&step.id).is_none(),
                    "{} of {}",
                    step.id,
                    rule.kind
                );
            }
        }
    }

    #[test]
    fn an_unknown_unit_is_refused_with_its_file_named() {
        let text = r#"
            kind = "x"
            version = 1
            description = "d"
            [[step]]
            id = "a"
            offset = { before = 1, unit = "moons" }
            audience = "lead"
            letter = "task_reminder"
            channels = "email"
        "#;
        let error = parse("x", text).unwrap_err().to_string();
        assert!(
            error.contains("rules/x.toml") && error.contains("moons"),
            "{error}"
        );
    }

    #[test]
    fn a_step_cannot_take_the_name_of_a_correction() {
        let text = r#"
            kind = "x"
            version = 1
            description = "d"
            [[step]]
            id = "correction"
            offset = { issue = true }
            audience = "lead"
            letter = "task_reminder"
            channels = "email"
        "#;
        assert!(parse("x", text).is_err());
    }
}
