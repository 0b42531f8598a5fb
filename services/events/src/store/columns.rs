//! Reading columns into domain types.

use jiff::Timestamp;
use kit::error::{Error, Result};
use serde::de::DeserializeOwned;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Json};

use crate::domain::anchor::Anchor;
use crate::domain::position::Position;

/// A column of a row.
///
/// # Errors
/// Internal when the column is missing or of another type.
pub fn column<'a, T: FromSql<'a>>(row: &'a Row, name: &str) -> Result<T> {
    row.try_get(name).map_err(Error::internal)
}

/// A `jsonb` column as the value it was written from.
///
/// # Errors
/// Internal when it does not read back.
pub fn json<T: DeserializeOwned>(row: &Row, name: &str) -> Result<T> {
    column::<Json<T>>(row, name).map(|value| value.0)
}

/// A text column as one of the names that `parse` knows.
///
/// # Errors
/// Internal for any other name.
pub fn word<T>(row: &Row, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    let text: &str = column(row, name)?;
    parse(text).ok_or_else(|| Error::internal(anyhow::anyhow!("{name} holds {text:?}")))
}

/// A `text[]` column of positions.
///
/// # Errors
/// Internal for a name that is no position.
pub fn positions(row: &Row, name: &str) -> Result<Vec<Position>> {
    let names: Vec<&str> = column(row, name)?;
    names
        .into_iter()
        .map(|text| {
            Position::parse(text)
                .ok_or_else(|| Error::internal(anyhow::anyhow!("{name} holds {text:?}")))
        })
        .collect()
}

/// Positions as the names that the database keeps.
#[must_use]
pub fn position_names(positions: &[Position]) -> Vec<&'static str> {
    positions.iter().map(|position| position.as_str()).collect()
}

/// How an anchor sorts: its group and the instants it covers.
#[derive(Clone, Copy, Debug)]
pub struct AnchorKey {
    /// Dated, window, undated.
    pub group: i16,
    /// Its first instant; for undated ones the value of [`never()`].
    pub from: Timestamp,
    /// The first instant after it; for undated ones the value of [`never()`].
    pub until: Timestamp,
}

impl AnchorKey {
    /// The key of an anchor.
    #[must_use]
    pub fn of(anchor: &Anchor) -> Self {
        Self {
            group: anchor.group() as i16,
            from: anchor.from().unwrap_or_else(never),
            until: anchor.until().unwrap_or_else(never),
        }
    }
}

/// Stands for "no date" where an instant is compared: the year 9999 begins.
#[must_use]
pub fn never() -> Timestamp {
    /// 9999-01-01T00:00:00Z, inside the range of both jiff and PostgreSQL.
    const SECONDS: i64 = 253_370_764_800;
    Timestamp::from_second(SECONDS).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undated_anchors_end_in_the_year_9999() {
        let key = AnchorKey::of(&Anchor::Unknown);
        assert_eq!(key.from.to_string(), "9999-01-01T00:00:00Z");
        assert_eq!((key.group, key.from), (2, key.until));
    }
}
