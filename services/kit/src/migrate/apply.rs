//! Applies what is missing.

use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::report::{Applied, applied};
use super::{Migration, Series, contiguous, series};
use crate::database::Address;
use crate::error::{Error, Result};

/// A change of schema waits at most this long for a table lock: behind it, every
/// query on the table would wait too.
const LOCK_TIMEOUT: &str = "set local lock_timeout = '2s'";

/// Attempts before a busy table makes the migration give up; with the pauses a
/// minute, longer than any statement of ours may run.
const ATTEMPTS: u32 = 20;

/// Pause between two attempts, in which the table is free for others.
const PAUSE: Duration = Duration::from_secs(1);

const CREATE_RECORD: &str = "
    create table if not exists migration (
        series text not null,
        version integer not null,
        name text not null,
        checksum bytea not null,
        breaks_before integer not null,
        applied_at timestamptz not null default clock_timestamp(),
        constraint migration_pkey primary key (series, version)
    );
    comment on table migration is 'read-only'";

const RECORD: &str = "
    insert into migration (series, version, name, checksum, breaks_before)
    values ($1, $2, $3, $4, $5)";

// The role's name comes by a setting, so that no statement is built from text.
const SET_ROLE_NAME: &str = "select set_config('lienminh.runtime_role', $1, true)";

const GRANT: &str = "
do $$
declare
    runtime text := current_setting('lienminh.runtime_role');
    item record;
begin
    execute format('grant usage on schema %I to %I', current_schema(), runtime);
    for item in
        select c.relname, c.relkind, coalesce(obj_description(c.oid, 'pg_class'), '') as remark
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace
          and c.relkind in ('r', 'p', 'v', 'm', 'S')
    loop
        if item.relkind = 'S' then
            execute format('grant usage, select on sequence %I to %I', item.relname, runtime);
        elsif item.relkind in ('v', 'm') or item.remark like 'read-only%' then
            execute format('revoke all on %I from %I', item.relname, runtime);
            execute format('grant select on %I to %I', item.relname, runtime);
        elsif item.remark like 'append-only%' then
            execute format('revoke all on %I from %I', item.relname, runtime);
            execute format('grant select, insert on %I to %I', item.relname, runtime);
        else
            execute format('grant select, insert, update, delete on %I to %I', item.relname, runtime);
        end if;
    end loop;
end
$$";

/// [`run_at`] a database whose certificate, if it shows one, the platform trusts.
///
/// # Errors
/// As [`Address::read`] and [`run_at`].
pub async fn run(
    url: &str,
    service: &'static [Migration],
    runtime_role: Option<&str>,
) -> Result<usize> {
    let owner = Address::read(url, None)
        .map_err(|error| Error::Internal(error.context("the database URL")))?;
    run_at(owner, service, runtime_role).await
}

/// Applies every missing migration and gives `runtime_role` its rights; returns
/// how many were applied.
///
/// `owner` connects as the owner of the schema. `runtime_role` is `None` where one
/// role does everything (a development database).
///
/// # Errors
/// When the database cannot be reached, a migration fails, an applied file was
/// changed, or a table stays locked. Nothing is applied then.
pub async fn run_at(
    owner: Address,
    service: &'static [Migration],
    runtime_role: Option<&str>,
) -> Result<usize> {
    let all = series(service);
    if let Some(broken) = all.iter().find(|series| !contiguous(series)) {
        let name = broken.name;
        return Err(Error::Internal(anyhow::anyhow!(
            "the versions of series {name} do not count 1, 2, 3, ..."
        )));
    }
    let owner = owner.named("lienminh migrate");
    let mut attempt = 1;
    loop {
        match attempt_once(&owner, &all, runtime_role).await {
            Err(error) if attempt < ATTEMPTS && is_locked(&error) => {
                tracing::info!(attempt, "a table is busy, the migration waits");
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            result => return result,
        }
    }
}

fn is_locked(error: &Error) -> bool {
    error.sqlstate() == Some(&SqlState::LOCK_NOT_AVAILABLE)
}

async fn attempt_once(
    owner: &Address,
    all: &[Series],
    runtime_role: Option<&str>,
) -> Result<usize> {
    let (mut client, driving) = owner.connect().await.map_err(Error::unavailable)?;
    let tx = client.transaction().await?;
    // Waiting for one's turn may take as long as the other one's migration.
    tx.batch_execute("set local statement_timeout = 0").await?;
    tx.execute(
        "select pg_advisory_xact_lock(hashtextextended('lienminh.migrate.' || current_schema(), 0))",
        &[],
    )
    .await?;
    tx.batch_execute(LOCK_TIMEOUT).await?;
    tx.batch_execute(CREATE_RECORD).await?;
    let present = applied(&tx).await?;
    let mut count = 0;
    for series in all {
        count += apply_series(&tx, series, &present).await?;
    }
    if let Some(role) = runtime_role {
        tx.execute(SET_ROLE_NAME, &[&role]).await?;
        tx.batch_execute(GRANT).await?;
    }
    tx.commit().await?;
    drop(client);
    // The connection ends by itself once its client is gone.
    let _ = driving.await;
    Ok(count)
}

async fn apply_series(
    tx: &tokio_postgres::Transaction<'_>,
    series: &Series,
    present: &[Applied],
) -> Result<usize> {
    let mut count = 0;
    for migration in series.migrations {
        let known = present
            .iter()
            .find(|applied| applied.series == series.name && applied.version == migration.version);
        if let Some(known) = known {
            unchanged(series, migration, known)?;
            continue;
        }
        tracing::info!(
            series = series.name,
            version = migration.version,
            name = migration.name,
            "migrating"
        );
        tx.batch_execute(migration.sql)
            .await
            .map_err(|error| failed(series, migration, error))?;
        tx.execute(
            RECORD,
            &[
                &series.name,
                &migration.version,
                &migration.name,
                &migration.checksum(),
                &migration.breaks_before,
            ],
        )
        .await?;
        count += 1;
    }
    Ok(count)
}

fn unchanged(series: &Series, migration: &Migration, known: &Applied) -> Result<()> {
    if known.checksum == migration.checksum() {
        return Ok(());
    }
    Err(Error::Internal(anyhow::anyhow!(
        "migration {} {:04}_{} was changed after it had been applied",
        series.name,
        migration.version,
        migration.name
    )))
}

fn failed(series: &Series, migration: &Migration, error: tokio_postgres::Error) -> Error {
    if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) {
        return Error::Database(error);
    }
    Error::Internal(anyhow::Error::new(error).context(format!(
        "migration {} {:04}_{} failed",
        series.name, migration.version, migration.name
    )))
}
