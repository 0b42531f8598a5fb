//! The outbox of a service: rows that relays lock, publish and delete.

use kit::relay::verdict::Account;

use super::message::Message;

/// A refused row waits this long, in seconds of the database clock.
const RETRY: i64 = 15;

/// Rows in the order in which they were written.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    rows: Vec<Row>,
    written: i64,
}

#[derive(Clone, Debug)]
struct Row {
    seq: i64,
    message: Message,
    locked_by: Option<usize>,
    retry_at: i64,
}

impl Outbox {
    /// Writes a message.
    pub fn put(&mut self, message: Message) {
        self.written += 1;
        self.rows.push(Row {
            seq: self.written,
            message,
            locked_by: None,
            retry_at: 0,
        });
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Locks up to `limit` rows that nobody holds.
    pub fn claim(&mut self, relay: usize, limit: usize, now: i64) -> Vec<(i64, Message)> {
        self.rows
            .iter_mut()
            .filter(|row| row.locked_by.is_none() && row.retry_at <= now)
            .take(limit)
            .map(|row| {
                row.locked_by = Some(relay);
                (row.seq, row.message.clone())
            })
            .collect()
    }

    /// Writes down what became of a batch and ends its transaction.
    pub fn settle(&mut self, relay: usize, account: &Account, now: i64) {
        self.rows
            .retain(|row| !account.confirmed.contains(&row.seq));
        for row in &mut self.rows {
            if account.refused.contains(&row.seq) {
                row.retry_at = now + RETRY;
            }
        }
        self.release(relay);
    }

    /// A transaction ended without a commit.
    pub fn release(&mut self, relay: usize) {
        for row in &mut self.rows {
            if row.locked_by == Some(relay) {
                row.locked_by = None;
            }
        }
    }

    /// When the next row may be tried, if all of them wait.
    #[must_use]
    pub fn next_retry(&self) -> Option<i64> {
        self.rows.iter().map(|row| row.retry_at).min()
    }
}
