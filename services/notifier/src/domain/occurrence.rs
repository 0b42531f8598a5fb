//! One step of one obligation at one anchor version (lần nhắc).

use jiff::Timestamp;

use super::rule::Audience;

/// The step of an announcement that a date, a place or the whole matter changed.
pub const CORRECTION: &str = "correction";

/// The step that lists for the unit in charge whom nothing reached.
pub const CALL_LIST: &str = "call_list";

/// Where an occurrence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Waits for its instant.
    Scheduled,
    /// Fanned out: its deliveries tell the rest.
    FannedOut,
    /// A newer anchor version took its place.
    Superseded,
    /// Nothing to remind of any more.
    Satisfied,
    /// Its usefulness ended before it could go out.
    Missed,
    /// Not sent, by a rule.
    Suppressed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Scheduled,
        Self::FannedOut,
        Self::Superseded,
        Self::Satisfied,
        Self::Missed,
        Self::Suppressed,
    ];

    /// The stable word, as it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::FannedOut => "FANNED_OUT",
            Self::Superseded => "SUPERSEDED",
            Self::Satisfied => "SATISFIED",
            Self::Missed => "MISSED",
            Self::Suppressed => "SUPPRESSED",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Why an occurrence ended without going out; empty where the state says it all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing to add.
    #[default]
    None,
    /// It had fallen due before the obligation was known, and a later step speaks.
    LateStart,
    /// A correction said it all at about that time.
    CoveredByCorrection,
    /// Everybody had been told just this.
    NoChange,
    /// The matter was over before anything changed.
    Over,
    /// Nobody is left to call.
    NothingToReport,
    /// The anchor has a day but no hour.
    NoHour,
    /// The obligation names no unit in charge.
    NoLead,
    /// Its usefulness ended.
    TooLate,
    /// Several steps had fallen due in an outage; the latest went out.
    Outage,
    /// The service that owns the matter could not be asked in time.
    SourceUnreachable,
    /// The date moved.
    Moved,
    /// Tạm hoãn.
    Postponed,
    /// Hủy.
    Cancelled,
    /// Done.
    Done,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::None,
        Self::LateStart,
        Self::CoveredByCorrection,
        Self::NoChange,
        Self::Over,
        Self::NothingToReport,
        Self::NoHour,
        Self::NoLead,
        Self::TooLate,
        Self::Outage,
        Self::SourceUnreachable,
        Self::Moved,
        Self::Postponed,
        Self::Cancelled,
        Self::Done,
    ];

    /// The stable word, as it is stored and answered.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::LateStart => "late_start",
            Self::CoveredByCorrection => "covered_by_correction",
            Self::NoChange => "no_change",
            Self::Over => "over",
            Self::NothingToReport => "nothing_to_report",
            Self::NoHour => "no_hour",
            Self::NoLead => "no_lead",
            Self::TooLate => "too_late",
            Self::Outage => "outage",
            Self::SourceUnreachable => "source_unreachable",
            Self::Moved => "moved",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
            Self::Done => "done",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// An occurrence as it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Step of the rule, or [`CORRECTION`], [`CALL_LIST`].
    pub step: String,
    /// 0 for the first time.
    pub repetition: u16,
    /// Whom.
    pub audience: Audience,
    /// The instant that the step falls on by its rule.
    pub nominal_at: Timestamp,
    /// When it is handled.
    pub due_at: Timestamp,
    /// After this instant it helps nobody.
    pub useful_until: Timestamp,
    /// `Scheduled` or `Suppressed`.
    pub state: State,
    /// Why, where it is not scheduled.
    pub reason: Reason,
    /// It waits for a correction, which may say it all.
    pub held: bool,
    /// Of a correction: since when nothing of the obligation went out.
    pub since: Option<Timestamp>,
    /// Of a correction: something starts within hours (giờ chót).
    pub worst_hour: bool,
}

impl Plan {
    /// A scheduled occurrence of a rule's step.
    #[must_use]
    pub fn scheduled(
        step: &str,
        repetition: u16,
        audience: Audience,
        due_at: Timestamp,
        useful_until: Timestamp,
    ) -> Self {
        Self {
            step: step.to_owned(),
            repetition,
            audience,
            nominal_at: due_at,
            due_at,
            useful_until,
            state: State::Scheduled,
            reason: Reason::None,
            held: false,
            since: None,
            worst_hour: false,
        }
    }

    /// Whether its messages state the anchor of an obligation whose date is
    /// `fixed` or not: only what was stated can turn out wrong.
    #[must_use]
    pub fn tells(&self, fixed: bool) -> bool {
        match self.step.as_str() {
            CALL_LIST => false,
            CORRECTION => true,
            _ => fixed,
        }
    }

    /// The same, not to be sent.
    #[must_use]
    pub fn suppressed(mut self, reason: Reason) -> Self {
        self.state = State::Suppressed;
        self.reason = reason;
        self.held = false;
        self
    }
}
