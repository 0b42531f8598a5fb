//! What fan-out writes: letters, deliveries and the orders that ring them.

use jiff::Timestamp;
use kit::database::{Session, Tx};
use kit::error::{Error, Result};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::domain::delivery::{Channel, State};
use crate::domain::letter::{OccurrenceLetter, PartyLetter};
use crate::domain::obligation::Class;
use crate::store::order::{self, Ring};

/// A delivery as fan-out decides it.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// [`crate::domain::hold::delivery_id`]; Message-ID and gateway reference derive from it.
    pub id: Uuid,
    /// The delivery in which its message goes, where that is another's.
    pub carried_by: Option<Uuid>,
    /// Which obligation.
    pub obligation_id: Uuid,
    /// At which anchor version.
    pub anchor_version: i64,
    /// To whom.
    pub organisation_id: Uuid,
    /// Its name, for lists and logs of people.
    pub organisation_name: String,
    /// How; [`Channel::None`] records that the party gets nothing.
    pub channel: Channel,
    /// Mailbox or E.164 number; empty only for [`Channel::None`].
    pub address: String,
    /// The class that decides what happens when unsure.
    pub class: Class,
    /// Part of a large mailing that must not delay the urgent.
    pub bulk: bool,
    /// What its text says beyond the occurrence's letter.
    pub party: PartyLetter,
    /// Whether it is to be sent at all.
    pub fate: Fate,
    /// Business instant at which the source was asked about the party.
    pub asked_at: Timestamp,
    /// Business instant after which it helps nobody.
    pub useful_until: Timestamp,
}

/// What fan-out decides about a party on a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is sent.
    Send,
    /// The system that was restored may have sent it: that is looked into first.
    Doubted {
        /// Not before this instant. A gateway knows an order again for a while from then.
        since: Timestamp,
    },
    /// It ends at once, with a reason: `no_address`, `same_address`, `declined`, ...
    Ended {
        /// [`State::Suppressed`] or [`State::Satisfied`].
        state: State,
        /// A stable word.
        reason: &'static str,
    },
}

const INSERT_LETTER: &str = "
    insert into occurrence_letter (occurrence_id, letter)
    values ($1, $2)
    on conflict (occurrence_id) do nothing";

// The alarm of a queued row: after two minutes the broker is asked whether it
// still holds the order.
const INSERT_DELIVERIES: &str = "
    insert into delivery (id, occurrence_id, obligation_id, anchor_version, organisation_id,
                          organisation_name, channel, address, class, bulk, outlives_obligation,
                          party, state, reason, asked_at, useful_until, state_at, next_action_at,
                          sends, dated_at, sent_at, carried_by)
    select d.id, $1, d.obligation_id, d.anchor_version, d.organisation_id,
           d.organisation_name, d.channel, d.address, d.class, d.bulk, $2,
           d.party, d.state, d.reason, d.asked_at, d.useful_until, $3,
           case d.state when 'QUEUED' then now() + interval '2 minutes' when 'UNKNOWN' then now() end,
           (d.doubted_since is not null)::int,
           case when d.doubted_since is not null then $3::timestamptz end, d.doubted_since,
           d.carried_by
    from unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::uuid[], $8::text[], $9::text[],
                $10::text[], $11::text[], $12::boolean[], $13::jsonb[], $14::text[],
                $15::text[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::uuid[])
         as d (id, obligation_id, anchor_version, organisation_id, organisation_name, channel,
               address, class, bulk, party, state, reason, asked_at, useful_until, doubted_since,
               carried_by)
    on conflict on constraint delivery_once do nothing
    returning id, channel, bulk, state = 'QUEUED'";

/// Every connection keeps a buffer as large as the largest statement it has carried.
const ROWS_A_STATEMENT: usize = 125;

/// Writes the letter of an occurrence and a batch of its deliveries, with an
/// order for each that is to be sent; `now` is the business instant.
///
/// Restartable: what an earlier run wrote stays as it is and is not ordered
/// again. Tells how many rows are new.
///
/// # Errors
/// [`Error::Internal`] when a row contradicts itself; what the database says.
pub async fn insert_batch(
    tx: &Tx,
    now: Timestamp,
    occurrence_id: Uuid,
    letter: &OccurrenceLetter,
    deliveries: &[NewDelivery],
) -> Result<usize> {
    tx.execute(INSERT_LETTER, &[&occurrence_id, &Json(letter)])
        .await?;
    let mut new = 0;
    for some in deliveries.chunks(ROWS_A_STATEMENT) {
        new += insert(tx, now, occurrence_id, letter, some).await?;
    }
    Ok(new)
}

async fn insert(
    tx: &Tx,
    now: Timestamp,
    occurrence_id: Uuid,
    letter: &OccurrenceLetter,
    deliveries: &[NewDelivery],
) -> Result<usize> {
    let mut columns = Columns::default();
    for delivery in deliveries {
        columns.push(delivery)?;
    }
    let rows = tx
        .query(
            INSERT_DELIVERIES,
            &[
                &occurrence_id,
                &letter.kind.outlives_obligation(),
                &now,
                &columns.ids,
                &columns.obligations,
                &columns.versions,
                &columns.organisations,
                &columns.names,
                &columns.channels,
                &columns.addresses,
                &columns.classes,
                &columns.bulks,
                &columns.parties,
                &columns.states,
                &columns.reasons,
                &columns.asked,
                &columns.useful,
                &columns.doubted,
                &columns.carriers,
            ],
        )
        .await?;
    let rings: Vec<Ring> = rows
        .iter()
        .filter(|row| row.get(3))
        .map(|row| Ring {
            delivery: row.get(0),
            generation: 1,
            sms: row.get::<_, &str>(1) == Channel::Sms.as_str(),
            bulk: row.get(2),
        })
        .collect();
    order::put(tx, &rings).await?;
    Ok(rows.len())
}

#[derive(Default)]
struct Columns<'a> {
    ids: Vec<Uuid>,
    obligations: Vec<Uuid>,
    versions: Vec<i64>,
    organisations: Vec<Uuid>,
    names: Vec<&'a str>,
    channels: Vec<&'static str>,
    addresses: Vec<&'a str>,
    classes: Vec<&'static str>,
    bulks: Vec<bool>,
    parties: Vec<Json<&'a PartyLetter>>,
    states: Vec<&'static str>,
    reasons: Vec<&'static str>,
    asked: Vec<Timestamp>,
    useful: Vec<Timestamp>,
    doubted: Vec<Option<Timestamp>>,
    carriers: Vec<Option<Uuid>>,
}

impl<'a> Columns<'a> {
    fn push(&mut self, delivery: &'a NewDelivery) -> Result<()> {
        let (state, reason) = match &delivery.fate {
            Fate::Send => (State::Queued, ""),
            Fate::Doubted { .. } => (State::Unknown, "restored"),
            Fate::Ended { state, reason } => (*state, *reason),
        };
        let sendable = delivery.channel != Channel::None;
        let begins = matches!(state, State::Queued | State::Unknown);
        if (begins && !sendable) || (!begins && !state.is_final()) {
            return Err(Error::internal(anyhow::anyhow!(
                "a delivery cannot begin {} on channel {}",
                state.as_str(),
                delivery.channel.as_str()
            )));
        }
        self.ids.push(delivery.id);
        self.obligations.push(delivery.obligation_id);
        self.versions.push(delivery.anchor_version);
        self.organisations.push(delivery.organisation_id);
        self.names.push(&delivery.organisation_name);
        self.channels.push(delivery.channel.as_str());
        self.addresses.push(&delivery.address);
        self.classes.push(delivery.class.word());
        self.bulks.push(delivery.bulk);
        self.parties.push(Json(&delivery.party));
        self.states.push(state.as_str());
        self.reasons.push(reason);
        self.asked.push(delivery.asked_at);
        self.useful.push(delivery.useful_until);
        self.doubted.push(match delivery.fate {
            Fate::Doubted { since } => Some(since),
            Fate::Send | Fate::Ended { .. } => None,
        });
        self.carriers.push(delivery.carried_by);
        Ok(())
    }
}
