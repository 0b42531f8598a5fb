//! What happened, step by step, for whoever looks into a red run.

use super::database::Database;

/// A list of steps; empty where nobody will read it.
#[derive(Clone, Debug, Default)]
pub struct Trace(Option<Vec<String>>);

impl Trace {
    /// Writes down every step.
    #[must_use]
    pub const fn kept() -> Self {
        Self(Some(Vec::new()))
    }

    /// Whether anybody will read it.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Notes a step; the words are only made where they are kept.
    pub fn note(&mut self, base: &Database, words: impl FnOnce() -> String) {
        if let Some(steps) = &mut self.0 {
            let at = vietnam::local(base.now).strftime("%m-%d %H:%M:%S");
            steps.push(format!("{:4} {at} {}", steps.len(), words()));
        }
    }

    /// Every step.
    #[must_use]
    pub fn steps(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }
}
