//! A channel at rest, for whoever asks how the process is.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use kit::health::ReadinessProbe;

use super::gate::Gate;

/// As a probe it never makes the process unready: what is asked of it is answered, and
/// its messages wait. It only says so.
#[derive(Debug)]
pub struct RestProbe {
    name: &'static str,
    gate: Arc<Gate>,
}

impl RestProbe {
    /// Of the channel called so.
    #[must_use]
    pub const fn new(name: &'static str, gate: Arc<Gate>) -> Self {
        Self { name, gate }
    }
}

impl ReadinessProbe for RestProbe {
    fn name(&self) -> &'static str {
        self.name
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn remark(&self) -> Option<String> {
        self.gate.rest().map(|rest| rest.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;
    use crate::channel::gate::Cause;

    #[tokio::test]
    async fn a_channel_at_rest_is_told_and_makes_nobody_unready() {
        let gate = Arc::new(Gate::default());
        let probe = RestProbe::new("email", Arc::clone(&gate));
        assert_eq!(probe.remark(), None);
        gate.pause(Cause::Refused, "535 5.7.8", |_| Duration::from_secs(60));
        let words = probe.remark().unwrap();
        assert!(words.contains("refuses our account (535 5.7.8)"), "{words}");
        assert_eq!(probe.ready().await, Ok(()));
        gate.open();
        assert_eq!(probe.remark(), None);
    }
}
