//! Looks into unknown outcomes: asks the gateway, waits for receipts, and at the
//! end lets the class decide.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use kit::error::Result;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::dispatch::shortened;
use super::words;
use crate::channel::sms::SmsGateway;
use crate::domain::delivery::{Channel, Evidence};
use crate::domain::outcome::{self, UNKNOWN_WAIT};
use crate::store::delivery::{Resolved, Unknown, resolve, unknown_due};

/// How often alarms are looked at.
const EVERY: Duration = Duration::from_secs(5);

/// An unknown row is looked into again after this time.
const AGAIN: Duration = Duration::from_secs(60);

/// Questions to the gateway at one time: a silent one must not hold up the rest.
const AT_ONCE: usize = 8;

/// Reconciles until `shutdown`.
pub async fn run(desk: Desk, gateway: Arc<SmsGateway>, shutdown: CancellationToken) {
    let every = desk.clock.waits().of(EVERY);
    while !shutdown.is_cancelled() {
        if let Err(error) = reconcile(&desk, &gateway).await {
            tracing::warn!(
                cause = words(&error),
                "unknown outcomes could not be looked into"
            );
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Looks once into all that is due; tells how many were settled.
///
/// # Errors
/// What the database says.
pub async fn reconcile(desk: &Desk, gateway: &SmsGateway) -> Result<usize> {
    let due = {
        let session = desk.pool.get().await?;
        unknown_due(&session, shortened(desk, AGAIN)).await?
    };
    if due.is_empty() {
        return Ok(0);
    }
    // No connection to the database is held while the gateway is asked.
    let mut findings = Vec::new();
    for few in due.chunks(AT_ONCE) {
        let looks = few.iter().map(|unknown| look(desk, gateway, unknown));
        findings.extend(join_all(looks).await.into_iter().flatten());
    }
    if findings.is_empty() {
        return Ok(0);
    }
    let tx = desk.pool.begin().await?;
    let settled = resolve(&tx, desk.clock.now(), &findings).await?;
    kit::failpoint::hit("reconcile.moved");
    tx.commit().await?;
    kit::failpoint::hit("reconcile.settled");
    desk.outbox.ring();
    Ok(settled)
}

/// `None`: not yet, it is looked into again.
async fn look(desk: &Desk, gateway: &SmsGateway, unknown: &Unknown) -> Option<Resolved> {
    let evidence = evidence(desk, gateway, unknown).await?;
    kit::failpoint::hit("reconcile.decided");
    Some(Resolved {
        id: unknown.id,
        evidence,
    })
}

async fn evidence(desk: &Desk, gateway: &SmsGateway, unknown: &Unknown) -> Option<Evidence> {
    let looked_up = match unknown.channel {
        Channel::Sms => gateway.look_up(unknown.id).await,
        Channel::Email | Channel::None => None,
    };
    outcome::evidence(looked_up, unknown.since_sent, shortened(desk, UNKNOWN_WAIT))
}
