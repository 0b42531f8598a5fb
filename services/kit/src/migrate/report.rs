//! Compares what is applied with what a program knows.

use std::fmt;

use tokio_postgres::GenericClient;

use super::{Migration, Series, series};
use crate::database::{Pool, Session};
use crate::error::{Error, Result};

const IS_THERE: &str = "select to_regclass('migration') is not null";

const APPLIED: &str = "
    select series, version, name, checksum, breaks_before, applied_at
    from migration
    order by series, version";

/// A row of the record.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) series: String,
    pub(super) version: i32,
    pub(super) checksum: Vec<u8>,
    name: String,
    breaks_before: i32,
    applied_at: jiff::Timestamp,
}

/// Where a migration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In the database since this instant.
    Applied(jiff::Timestamp),
    /// Known to the program, not in the database.
    Pending,
    /// In the database, unknown to the program, which is older.
    Newer(jiff::Timestamp),
}

/// One line of `migrate status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `kit` or `service`.
    pub series: String,
    /// Version within the series.
    pub version: i32,
    /// What the migration is about.
    pub name: String,
    /// Where it stands.
    pub state: State,
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            series,
            version,
            name,
            ..
        } = self;
        write!(formatter, "{series:<8} {version:04} {name:<24} ")?;
        match self.state {
            State::Applied(at) => write!(formatter, "applied {at:.0}"),
            State::Pending => formatter.write_str("pending"),
            State::Newer(at) => write!(formatter, "newer than this program, applied {at:.0}"),
        }
    }
}

/// Every migration of both series, in order, with its state.
///
/// # Errors
/// What the database says.
pub async fn status(pool: &Pool, service: &'static [Migration]) -> Result<Vec<Line>> {
    let present = present(pool).await?;
    Ok(series(service)
        .iter()
        .flat_map(|series| lines(series, &present))
        .collect())
}

/// Whether this program can work with the schema: all it needs is applied, and
/// nothing newer takes away what it uses.
///
/// # Errors
/// [`Error::Unavailable`] with the reason when it cannot; what the database says.
pub async fn check(pool: &Pool, service: &'static [Migration]) -> Result<()> {
    let fits = compare(pool, service).await?;
    fits.map_err(|reason| Error::Unavailable(anyhow::anyhow!(reason)))
}

/// The same, with the reason apart from what the database says.
pub(super) async fn compare(
    pool: &Pool,
    service: &'static [Migration],
) -> Result<std::result::Result<(), String>> {
    let present = present(pool).await?;
    let all = series(service);
    Ok(all.iter().try_for_each(|series| fits(series, &present)))
}

async fn present(pool: &Pool) -> Result<Vec<Applied>> {
    let connection = pool.get().await?;
    let there: bool = connection.query_one(IS_THERE, &[]).await?.get(0);
    if !there {
        return Ok(Vec::new());
    }
    applied(&**connection.client()).await
}

pub(super) async fn applied(client: &impl GenericClient) -> Result<Vec<Applied>> {
    let rows = client.query(APPLIED, &[]).await?;
    Ok(rows
        .iter()
        .map(|row| Applied {
            series: row.get("series"),
            version: row.get("version"),
            name: row.get("name"),
            checksum: row.get("checksum"),
            breaks_before: row.get("breaks_before"),
            applied_at: row.get("applied_at"),
        })
        .collect())
}

fn of<'a>(series: &Series, present: &'a [Applied]) -> impl Iterator<Item = &'a Applied> {
    let name = series.name;
    present.iter().filter(move |applied| applied.series == name)
}

fn lines(series: &Series, present: &[Applied]) -> Vec<Line> {
    let line = |version, name: &str, state| Line {
        series: series.name.to_owned(),
        version,
        name: name.to_owned(),
        state,
    };
    let known = series.migrations.iter().map(|migration| {
        let applied = of(series, present).find(|applied| applied.version == migration.version);
        let state = applied.map_or(State::Pending, |applied| State::Applied(applied.applied_at));
        line(migration.version, migration.name, state)
    });
    let newest = newest(series);
    let newer = of(series, present)
        .filter(|applied| applied.version > newest)
        .map(|applied| {
            line(
                applied.version,
                &applied.name,
                State::Newer(applied.applied_at),
            )
        });
    known.chain(newer).collect()
}

fn newest(series: &Series) -> i32 {
    series
        .migrations
        .last()
        .map_or(0, |migration| migration.version)
}

fn fits(series: &Series, present: &[Applied]) -> std::result::Result<(), String> {
    let newest = newest(series);
    let reached = of(series, present)
        .map(|applied| applied.version)
        .max()
        .unwrap_or(0);
    if reached < newest {
        return Err(format!(
            "the database is at version {reached} of {}, this program needs {newest}: run migrate",
            series.name
        ));
    }
    let needed = of(series, present)
        .map(|applied| applied.breaks_before)
        .max()
        .unwrap_or(0);
    if needed > newest {
        return Err(format!(
            "the database needs a program that knows version {needed} of {}, this one knows {newest}",
            series.name
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    static KNOWN: [Migration; 2] = [Migration::new(1, "a", ""), Migration::new(2, "b", "")];

    fn applied(version: i32, breaks_before: i32) -> Applied {
        Applied {
            series: "service".to_owned(),
            version,
            name: "x".to_owned(),
            checksum: Vec::new(),
            breaks_before,
            applied_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn verdict(present: &[Applied]) -> std::result::Result<(), String> {
        fits(
            &Series {
                name: "service",
                migrations: &KNOWN,
            },
            present,
        )
    }

    #[test]
    fn a_schema_behind_the_program_is_refused() {
        assert!(
            verdict(&[applied(1, 0)])
                .unwrap_err()
                .contains("run migrate")
        );
    }

    #[test]
    fn a_newer_compatible_schema_is_accepted() {
        assert_eq!(
            verdict(&[applied(1, 0), applied(2, 0), applied(3, 0), applied(4, 2)]),
            Ok(())
        );
    }

    #[test]
    fn a_newer_schema_that_took_something_away_is_refused() {
        let present = [applied(1, 0), applied(2, 0), applied(3, 3)];
        assert!(verdict(&present).unwrap_err().contains("knows version 3"));
    }

    #[test]
    fn status_lists_applied_pending_and_newer() {
        let series = Series {
            name: "service",
            migrations: &KNOWN,
        };
        let states = |present: &[Applied]| -> Vec<State> {
            lines(&series, present)
                .into_iter()
                .map(|line| line.state)
                .collect()
        };
        let epoch = jiff::Timestamp::UNIX_EPOCH;
        assert_eq!(
            states(&[applied(1, 0)]),
            [State::Applied(epoch), State::Pending]
        );
        assert_eq!(
            states(&[applied(1, 0), applied(2, 0), applied(3, 0)])[2],
            State::Newer(epoch)
        );
    }
}
