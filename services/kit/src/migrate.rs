//! Brings a database to the schema that a program needs.
//!
//! Two series live beside each other: kit's own (outbox, inbox, requests, audit)
//! and the service's. All that is missing is applied in one transaction under one
//! lock: two programs that start at once take turns, and one killed midway leaves
//! nothing behind. Applied files never change; a new need is a new file.
//!
//! The owner role migrates; the runtime role gets exactly the rights to work with
//! rows. A table says by its comment when that is less than everything:
//! `append-only` (select and insert) or `read-only` (select).
//!
//! A schema newer than the program is accepted as long as no migration in it says
//! that it needs a newer program ([`Migration::breaks_before`]): expand first, let
//! old and new run side by side, contract later.

mod apply;
mod report;
pub mod watch;

use sha2::{Digest, Sha256};

pub use apply::{run, run_at};
pub use report::{Line, State, check, status};

/// One step of a schema: `migrations/0001_organisation.sql`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    version: i32,
    name: &'static str,
    sql: &'static str,
    breaks_before: i32,
}

impl Migration {
    /// A step that older programs can live with, which nearly all are.
    ///
    /// Versions of a series count 1, 2, 3, ...
    ///
    /// ```
    /// use kit::migrate::Migration;
    /// static MIGRATIONS: [Migration; 1] =
    ///     [Migration::new(1, "note", "create table note (id uuid primary key)")];
    /// ```
    #[must_use]
    pub const fn new(version: i32, name: &'static str, sql: &'static str) -> Self {
        Self {
            version,
            name,
            sql,
            breaks_before: 0,
        }
    }

    /// Says that only programs which know version `version` of this series can
    /// work with the schema after this step: it takes away what older ones use.
    #[must_use]
    pub const fn breaks_before(mut self, version: i32) -> Self {
        self.breaks_before = version;
        self
    }

    fn checksum(&self) -> Vec<u8> {
        Sha256::digest(self.sql.as_bytes()).to_vec()
    }
}

/// What kit itself needs in every service's database.
static KIT: [Migration; 5] = [
    Migration::new(1, "outbox", include_str!("../migrations/0001_outbox.sql")),
    Migration::new(2, "request", include_str!("../migrations/0002_request.sql")),
    Migration::new(3, "audit", include_str!("../migrations/0003_audit.sql")),
    Migration::new(
        4,
        "request_organisation",
        include_str!("../migrations/0004_request_organisation.sql"),
    ),
    Migration::new(
        5,
        "request_of_member",
        include_str!("../migrations/0005_request_of_member.sql"),
    ),
];

/// A named list of migrations; kit's own comes first, services build upon it.
#[derive(Clone, Copy, Debug)]
struct Series {
    name: &'static str,
    migrations: &'static [Migration],
}

fn series(service: &'static [Migration]) -> [Series; 2] {
    [
        Series {
            name: "kit",
            migrations: &KIT,
        },
        Series {
            name: "service",
            migrations: service,
        },
    ]
}

/// Versions count without a gap from 1, so that none is forgotten in a merge.
fn contiguous(series: &Series) -> bool {
    series
        .migrations
        .iter()
        .zip(1..)
        .all(|(migration, expected)| migration.version == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kits_own_versions_count_without_a_gap() {
        assert!(series(&[]).iter().all(contiguous));
    }

    #[test]
    fn a_gap_in_the_versions_is_noticed() {
        static GAP: [Migration; 2] = [Migration::new(1, "a", ""), Migration::new(3, "c", "")];
        assert!(!series(&GAP).iter().all(contiguous));
    }
}
