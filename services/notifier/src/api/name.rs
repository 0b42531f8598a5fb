//! Resource names, read and written.

use kit::database::Session;
use kit::error::{Error, Result, Violation};
use kit::resource::{self, ObligationName};
use uuid::Uuid;

use crate::domain::obligation::Obligation;
use crate::store;

/// Obligation names longer than this are none of ours.
const LONGEST: usize = 200;

/// `{service}/obligations/{kind}-{uuid}`, or empty where that is allowed.
///
/// # Errors
/// A violation of `obligation`.
pub(super) fn obligation(name: &str, required: bool) -> Result<(), Violation> {
    if name.is_empty() {
        return if required {
            Err(Violation::required("obligation"))
        } else {
            Ok(())
        };
    }
    if name.chars().count() > LONGEST {
        return Err(Violation::too_long("obligation", LONGEST));
    }
    match ObligationName::read(name) {
        Some(_) => Ok(()),
        None => Err(resource::of_another_form(
            "obligation",
            "events/obligations/event-{uuid}",
        )),
    }
}

/// The obligation of a name.
///
/// # Errors
/// [`Error::NotFound`] when the notifier does not know it.
pub(super) async fn known(session: &impl Session, name: &str) -> Result<(Uuid, Obligation)> {
    store::obligation::by_name(session, name)
        .await?
        .ok_or_else(|| Error::not_found(name))
}

/// The id of an obligation that a list is limited to. One that the notifier does
/// not know, or not yet, has an empty list.
///
/// # Errors
/// What the database says.
pub(super) async fn limit_to(session: &impl Session, name: &str) -> Result<Option<Uuid>> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = store::obligation::by_name(session, name).await?;
    Ok(Some(found.map_or(Uuid::nil(), |(id, _)| id)))
}

/// Known values of a repeated enum.
///
/// # Errors
/// A violation naming the entry.
pub(super) fn states<T, S>(
    values: &[i32],
    read: impl Fn(T) -> Option<S>,
) -> Result<Vec<S>, Violation>
where
    T: TryFrom<i32>,
{
    values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            T::try_from(*value)
                .ok()
                .and_then(&read)
                .ok_or_else(|| Violation::unknown_value(format!("states[{index}]")))
        })
        .collect()
}

/// Keeps a page's worth; tells whether there is more.
pub(super) fn cut<T>(found: &mut Vec<T>, size: u32) -> bool {
    let size = size as usize;
    let more = found.len() > size;
    found.truncate(size);
    more
}

/// A `request_id`, so that it is named together with the other wrong fields;
/// what it must be is said by [`kit::mutation`].
///
/// # Errors
/// A violation of `request_id`.
pub(super) fn request_id(text: &str) -> Result<(), Violation> {
    if text.is_empty() {
        return Err(Violation::required("request_id"));
    }
    Uuid::try_parse(text)
        .map(|_| ())
        .map_err(|_| Violation::malformed("request_id", "một UUID", "a UUID"))
}
