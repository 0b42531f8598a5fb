//! What kit itself runs in every service.

use std::sync::Arc;

use super::{Context, Loop};
use crate::outbox::OutboxProbe;
use crate::settled::Probe;

pub(super) fn loops(context: &Context) -> Vec<Loop> {
    let _ = context;
    Vec::new()
}

pub(super) fn settled(context: &Context) -> Vec<Arc<dyn Probe>> {
    vec![Arc::new(OutboxProbe::new(context.pool.clone()))]
}
