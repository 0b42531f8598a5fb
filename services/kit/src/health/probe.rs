//! What readiness is made of.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;

use crate::database::Pool;

/// One condition of readiness.
pub trait ReadinessProbe: Send + Sync {
    /// Short name for people: `database`, `scheduler`.
    fn name(&self) -> &'static str;

    /// `Ok` when the condition holds, else what is wrong with it.
    fn ready(&self) -> BoxFuture<'_, Result<(), String>>;

    /// What a person on duty should know although the condition holds.
    fn remark(&self) -> Option<String> {
        None
    }
}

/// The pool gives a connection and the database answers, soon.
pub struct DatabaseProbe(pub Pool);

impl ReadinessProbe for DatabaseProbe {
    fn name(&self) -> &'static str {
        "database"
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async {
            let answer = self.0.answers().await;
            answer.map_err(|error| match crate::tls::cause(&error) {
                Some(cause) => format!("no way to the database: {cause}"),
                None => "the database does not answer in time".to_owned(),
            })
        })
    }
}

/// The schema is one this binary knows, or a newer one that it can work with.
pub struct SchemaProbe(pub Pool);

impl ReadinessProbe for SchemaProbe {
    fn name(&self) -> &'static str {
        "schema"
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        let problem = self.0.schema().problem();
        Box::pin(std::future::ready(problem.map_or(Ok(()), Err)))
    }
}

/// A loop that must come round: it beats, and is late when it did not for long.
pub struct Heartbeat {
    name: &'static str,
    allowed: Duration,
    last: Mutex<Instant>,
}

impl Heartbeat {
    /// A loop called `name` that comes round within `allowed`.
    #[must_use]
    pub fn new(name: &'static str, allowed: Duration) -> Self {
        Self {
            name,
            allowed,
            last: Mutex::new(Instant::now()),
        }
    }

    /// The loop came round.
    pub fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn silence(&self) -> Duration {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }
}

impl ReadinessProbe for Heartbeat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), String>> {
        let silence = self.silence();
        let late = silence > self.allowed;
        Box::pin(async move {
            if late {
                Err(format!("has not come round for {} s", silence.as_secs()))
            } else {
                Ok(())
            }
        })
    }
}
