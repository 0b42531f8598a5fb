//! Reading rows column by column.

use kit::error::{Error, Result};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// The cells of a row, taken in the order of the select list.
pub(crate) struct Cells<'a> {
    row: &'a Row,
    next: usize,
}

impl<'a> Cells<'a> {
    pub(crate) const fn of(row: &'a Row) -> Self {
        Self { row, next: 0 }
    }

    pub(crate) fn take<T: FromSql<'a>>(&mut self) -> Result<T> {
        let value = self.row.try_get(self.next)?;
        self.next += 1;
        Ok(value)
    }

    /// A text cell as a value of ours. The table's constraints admit nothing else.
    pub(crate) fn read<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let column = self.next;
        let text: &str = self.take()?;
        read(text).ok_or_else(|| unreadable(column))
    }

    /// The same for a cell that may be null.
    pub(crate) fn read_optional<T>(
        &mut self,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let column = self.next;
        let text: Option<&str> = self.take()?;
        text.map(|text| read(text).ok_or_else(|| unreadable(column)))
            .transpose()
    }
}

/// The value stays out of the error: it may be personal.
fn unreadable(column: usize) -> Error {
    Error::internal(anyhow::anyhow!(
        "column {column} holds a value that this version cannot read"
    ))
}
