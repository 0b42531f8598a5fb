//! Looks into unknown outcomes: asks the gateway, waits for receipts, and at the
//! end lets the class decide.
//!
//! **Guarantee**: nothing is posted from here. Where the gateway knows the same order
//! again, the row is queued anew under its guard, and what its workers hear settles it
//! ([`crate::channel::sms`] tells what each answer means).
//!
//! - Crash before the decision is committed: the alarm rings again.
//! - Crash after it: the row is queued, with its order in the outbox.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use kit::error::Result;
use tokio_util::sync::CancellationToken;

use super::desk::Desk;
use super::dispatch::shortened;
use super::words;
use crate::channel::sms::SmsGateway;
use crate::domain::delivery::{Channel, Evidence, is_resent};
use crate::domain::outcome::{
    self, Doubt, UNKNOWN_WAIT, keeps_quiet_hours, over_the_night, repeat_after,
};
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
    let guard = gateway.guard().unwrap_or_default();
    let due = {
        let session = desk.pool.get().await?;
        unknown_due(&session, shortened(desk, AGAIN), guard).await?
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
    let settled = resolve(&tx, desk.clock.now(), &findings, guard).await?;
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
        Channel::Sms => {
            let reference = &unknown.provider_reference;
            gateway.look_up(unknown.id, reference).await
        }
        Channel::Email | Channel::None => None,
    };
    outcome::settle(&Doubt {
        looked_up,
        since_sent: unknown.since_sent,
        patience: shortened(desk, UNKNOWN_WAIT),
        repeat_after: repeats(desk, gateway, unknown).map(|wait| shortened(desk, wait)),
        is_resent: is_resent(unknown.class, unknown.resends),
        is_night: is_night(desk, unknown),
    })
}

/// When the same order is posted again to learn whether the gateway has it.
fn repeats(desk: &Desk, gateway: &SmsGateway, unknown: &Unknown) -> Option<Duration> {
    let by_sms = unknown.channel == Channel::Sms && gateway.guard().is_some();
    let left = desk.clock.now().duration_until(unknown.useful_until);
    repeat_after(
        by_sms.then_some(unknown.guarded),
        Duration::try_from(left).unwrap_or(Duration::ZERO),
        unknown.sends,
        // The last bits of a UUIDv7 are random: an even spread.
        unknown.id.as_u64_pair().1,
    )
}

/// Beside a stepped clock a conductor waits for every row: none may wait for a morning.
fn is_night(desk: &Desk, unknown: &Unknown) -> bool {
    let now = desk.clock.now();
    !desk.clock.waits().are_shortened()
        && keeps_quiet_hours(unknown.channel, unknown.class, unknown.audience_stands)
        && !over_the_night(Duration::ZERO, now, unknown.useful_until).is_zero()
}
