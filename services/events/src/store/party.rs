//! How some matters stand to one organisation.

use std::collections::HashMap;

use kit::database::Session;
use kit::error::Result;
use uuid::Uuid;

use super::columns::column;
use crate::domain::id::{DeadlineId, EventId};
use crate::domain::obligation::Subject;
use crate::domain::party::Standing;

const EVENTS: &str = "
    select e.id, e.sequence > 0 as told, e.is_public as public,
           $1 in (e.organiser, e.lead_unit) or exists (
               select from invitation i
               where i.event = e.id and i.organisation = $1 and i.state <> 'withdrawn') as party
    from event e
    where e.id = any($2)";

const DEADLINES: &str = "
    select d.id, d.sequence > 0 as told, false as public,
           $1 in (d.organiser, d.lead_unit) or exists (
               select from submission s
               where s.deadline = d.id and s.organisation = $1) as party
    from deadline d
    where d.id = any($2)";

/// The standing of each matter that exists to an organisation.
///
/// # Errors
/// What the database says.
pub async fn standings(
    session: &impl Session,
    organisation: Uuid,
    subjects: &[Subject],
) -> Result<HashMap<Subject, Standing>> {
    let (mut events, mut deadlines) = (Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::Event(EventId(id)) => events.push(*id),
            Subject::Deadline(DeadlineId(id)) => deadlines.push(*id),
        }
    }
    let mut standings = HashMap::with_capacity(subjects.len());
    for (statement, ids, subject) in [
        (
            EVENTS,
            events,
            (|id| Subject::Event(EventId(id))) as fn(Uuid) -> Subject,
        ),
        (DEADLINES, deadlines, |id| Subject::Deadline(DeadlineId(id))),
    ] {
        if ids.is_empty() {
            continue;
        }
        for row in session.query(statement, &[&organisation, &ids]).await? {
            let standing = Standing {
                told: column(&row, "told")?,
                public: column(&row, "public")?,
                party: column(&row, "party")?,
            };
            standings.insert(subject(column(&row, "id")?), standing);
        }
    }
    Ok(standings)
}
