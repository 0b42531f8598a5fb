//! What kit itself runs in every service.

use std::sync::Arc;

use super::{Context, Loop};
use crate::inbox::InboxProbe;
use crate::outbox::OutboxProbe;
use crate::relay::{Flow, Relay};
use crate::settled::Probe;
use crate::{audit, retention};

/// The outbox relay, the audit sealer and the hourly purge; and whether the outbox flows.
pub(super) fn loops(context: &Context) -> (Vec<Loop>, Flow) {
    let (pool, shutdown) = (&context.pool, &context.shutdown);
    let relay = Relay::new(
        pool.clone(),
        context.broker.clone(),
        context.outbox_bell.clone(),
    )
    .with_waits(context.clock.waits());
    let flow = relay.flow();
    let loops = vec![
        Loop::new("relay", relay.run(shutdown.clone())),
        Loop::new("sealer", audit::run_sealer(pool.clone(), shutdown.clone())),
        Loop::new("retention", retention::run(pool.clone(), shutdown.clone())),
    ];
    (loops, flow)
}

/// Outbox empty, and what was published and taken in.
pub(super) fn settled(context: &Context) -> Vec<Arc<dyn Probe>> {
    vec![
        Arc::new(OutboxProbe::new(context.pool.clone())),
        Arc::new(InboxProbe::new(context.pool.clone())),
    ]
}
