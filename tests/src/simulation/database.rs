//! The notifier's database: rows that change only as the pure machines let them.
//!
//! What guards a statement in SQL is here the same pure function that the guard
//! was written from ([`notifier::domain::delivery::apply`] and
//! [`notifier::domain::delivery::standing`]; a test of the notifier holds the
//! statements to them). A method is a transaction: it happens whole or not at all.

mod delivery;
mod intake;
mod occurrence;
mod readers;

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use jiff::Timestamp;
use notifier::domain::delivery::{Channel, Delivery};
use notifier::domain::fact::House;
use notifier::domain::letter::PartyLetter;
use notifier::domain::obligation::{Obligation, Telling};
use notifier::domain::occurrence::Plan;
use notifier::domain::outcome::Acceptance;
use notifier::domain::rule::Audience;
use uuid::Uuid;

use super::flaw::Flaw;
use super::invariant::Violation;
use super::message::Queue;
use super::outbox::Outbox;

pub use delivery::{NewDelivery, Sweep};
pub use occurrence::Work;
pub use readers::Readers;

/// The tables.
pub struct Database {
    /// Business clock.
    pub now: Timestamp,
    /// Database clock, in seconds.
    pub clock: i64,
    /// Rules and calendar.
    pub house: House<'static>,
    /// What is broken on purpose.
    pub flaw: Flaw,
    /// Obligations.
    pub matters: Vec<Matter>,
    /// Occurrences.
    pub occurrences: Vec<Occurrence>,
    /// Deliveries.
    pub deliveries: Vec<Row>,
    /// Orders and receipts that have not left yet.
    pub outbox: Outbox,
    /// Ids of messages that were taken in.
    pub inbox: HashSet<(Queue, Uuid)>,
    /// Ids of messages that had an effect.
    pub effects: HashSet<(Queue, Uuid)>,
    /// Dead mailboxes.
    pub dead: HashSet<String>,
    /// Mails that are recorded as taken.
    pub taken: Vec<Acceptance<i64>>,
    /// Workers whose locks are free.
    pub lost: HashSet<usize>,
    /// The first rule that was broken.
    pub violation: Option<Violation>,
    ids: u128,
}

/// An obligation as it was last told.
pub struct Matter {
    /// Its present state.
    pub obligation: Rc<Obligation>,
    /// What each version stated.
    pub tellings: BTreeMap<i64, Telling>,
}

/// An occurrence.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// Which obligation.
    pub matter: usize,
    /// At which anchor version.
    pub version: i64,
    /// Whether its messages state the anchor.
    pub tells: bool,
    /// What was planned, and where it stands.
    pub plan: Plan,
    /// The fan-out that works on it.
    pub claim: Option<Uuid>,
    /// Not before this instant of the database clock.
    pub retry_at: Option<i64>,
    /// Vain attempts.
    pub attempts: i32,
}

/// A delivery.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which occurrence.
    pub occurrence: usize,
    /// Which obligation.
    pub matter: usize,
    /// At which anchor version.
    pub version: i64,
    /// To whom.
    pub organisation: Uuid,
    /// How.
    pub channel: Channel,
    /// Mailbox or number.
    pub address: String,
    /// What is said to the party alone.
    pub letter: PartyLetter,
    /// In whose row its message goes, where that is another's.
    pub carried_by: Option<Uuid>,
    /// Whether it may leave although its obligation no longer stands.
    pub outlives: bool,
    /// Whether it goes out whatever its party says.
    pub stands: bool,
    /// When the source was asked about the party.
    pub asked_at: Timestamp,
    /// Until when it helps.
    pub useful_until: Timestamp,
    /// Where it stands.
    pub life: Delivery,
    /// Its next instant by the database clock.
    pub alarm: Option<i64>,
    /// Who holds it, or held it last.
    pub leased_by: usize,
    /// Where it stands in the retry schedule.
    pub setbacks: u16,
    /// When it was last about to be handed over.
    pub sent: Option<i64>,
    /// Until when the gateway knows the same order again, where an earlier copy is in doubt.
    pub guarded_until: Option<i64>,
    /// With what a policy refused it, and when first.
    pub doubted: Option<(String, i64)>,
    /// A person decided about it.
    pub by_person: bool,
    /// Copies beyond the first that a rule or a person allowed.
    pub allowed: usize,
}

impl Database {
    /// Empty tables.
    #[must_use]
    pub fn new(now: Timestamp, house: House<'static>, flaw: Flaw) -> Self {
        Self {
            now,
            clock: 0,
            house,
            flaw,
            matters: Vec::new(),
            occurrences: Vec::new(),
            deliveries: Vec::new(),
            outbox: Outbox::default(),
            inbox: HashSet::new(),
            effects: HashSet::new(),
            dead: HashSet::new(),
            taken: Vec::new(),
            lost: HashSet::new(),
            violation: None,
            ids: 1 << 64,
        }
    }

    /// A new id; ids rise.
    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    /// Notes that a rule is broken; the first one counts.
    pub fn blame(&mut self, violation: Violation) {
        self.violation.get_or_insert(violation);
    }

    /// The ids in `ids` that this consumer had not seen before.
    pub fn admit(&mut self, queue: Queue, ids: &[Uuid]) -> Vec<Uuid> {
        let forgets = self.flaw == Flaw::InboxForgets;
        let fresh: Vec<Uuid> = ids
            .iter()
            .copied()
            .filter(|id| self.inbox.insert((queue, *id)) || forgets)
            .collect();
        for id in &fresh {
            if !self.effects.insert((queue, *id)) {
                self.blame(Violation::effect_twice(queue, *id));
            }
        }
        fresh
    }

    /// The obligation of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.matters
            .iter()
            .position(|matter| matter.obligation.name == name)
    }
}

impl Row {
    /// Whether it tells the unit in charge.
    #[must_use]
    pub fn stands_whatever(audience: Audience, outlives: bool) -> bool {
        outlives || audience == Audience::Lead
    }
}
