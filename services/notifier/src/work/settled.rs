//! Whether everything that is due has been done.

use futures_util::future::BoxFuture;
use kit::error::Result;
use kit::settled::{Probe, Settled};

use super::desk::Desk;
use crate::store;

/// Looks at occurrences and deliveries.
pub struct DeskProbe(pub Desk);

impl Probe for DeskProbe {
    fn settled(&self) -> BoxFuture<'_, Result<Settled>> {
        Box::pin(async {
            let now = self.0.clock.now();
            let session = self.0.pool.get().await?;
            let mut settled = Settled {
                next_due: store::occurrence::next_due(&session, now).await?,
                ..Settled::default()
            };
            let overdue = store::occurrence::overdue(&session, now).await?;
            settled.waits_for(overdue, "occurrences due");
            for (state, count) in store::listing::in_flight(&session).await? {
                settled.waits_for(count, &format!("deliveries {state}"));
            }
            Ok(settled)
        })
    }
}
