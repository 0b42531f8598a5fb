//! Occurrences as people list them.

use jiff::Timestamp;
use kit::database::Session;
use kit::error::{Error, Result};
use uuid::Uuid;

use super::repetition;
use crate::domain::occurrence::State;

/// What a list is limited to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this obligation.
    pub obligation: Option<Uuid>,
    /// Only these states; empty: all.
    pub states: Vec<State>,
    /// After this instant and id.
    pub after: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// An occurrence in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The occurrence.
    pub id: Uuid,
    /// Name of its obligation.
    pub obligation: String,
    /// Title of its obligation.
    pub title: String,
    /// Its step.
    pub step: String,
    /// Its repetition.
    pub repetition: u16,
    /// Its anchor version.
    pub anchor_version: i64,
    /// When it is due.
    pub due_at: Timestamp,
    /// Until when it helps.
    pub useful_until: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Why, a stable word.
    pub reason: String,
    /// Rows of its fan-out.
    pub deliveries: i64,
}

const LIST: &str = "
    select o.id, b.name, b.title, o.step, o.repetition, o.anchor_version, o.due_at,
           o.useful_until, o.state, o.reason,
           (select count(*) from delivery d where d.occurrence_id = o.id)
    from occurrence o
    join obligation b on b.id = o.obligation_id
    where ($1::uuid is null or o.obligation_id = $1)
      and (cardinality($2::text[]) = 0 or o.state = any($2))
      and ($3::timestamptz is null or (o.due_at, o.id) > ($3, $4))
    order by o.due_at, o.id
    limit $5";

/// Occurrences by due time.
///
/// # Errors
/// What the database says.
pub async fn list(session: &impl Session, filter: &Filter) -> Result<Vec<Listed>> {
    let states: Vec<&str> = filter.states.iter().map(|state| state.word()).collect();
    let (after, id) = filter.after.unzip();
    let rows = session
        .query(
            LIST,
            &[
                &filter.obligation,
                &states,
                &after,
                &id.unwrap_or_default(),
                &filter.limit,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let state = State::parse(row.get(8)).ok_or_else(|| {
                Error::internal(anyhow::anyhow!("occurrence.state holds an unknown word"))
            })?;
            Ok(Listed {
                id: row.get(0),
                obligation: row.get(1),
                title: row.get(2),
                step: row.get(3),
                repetition: repetition(row.get(4)),
                anchor_version: row.get(5),
                due_at: row.get(6),
                useful_until: row.get(7),
                state,
                reason: row.get(9),
                deliveries: row.get(10),
            })
        })
        .collect()
}
