//! How far a long work has come: a bar on a terminal, now and then a line elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::language::phrase;
use crate::screen::complain;

/// Fewer are done before a reader wonders.
const MANY: u64 = 2_000;

/// Lines that are told of a long work.
const TOLD: u64 = 10;

/// How far a work over so many rows has come.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    rows: u64,
    done: AtomicU64,
    lines: bool,
}

impl Progress {
    /// By a bar of somebody else's.
    #[must_use]
    pub fn by(bar: ProgressBar) -> Self {
        Self {
            rows: bar.length().unwrap_or_default(),
            bar,
            done: AtomicU64::new(0),
            lines: false,
        }
    }

    /// Of a work over so many rows, shown to whoever reads standard error.
    #[must_use]
    pub fn over(rows: usize) -> Self {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let lines = !stderr().is_terminal();
        let bar = if lines {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(rows)
        };
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}, {eta}");
        let bar = style
            .map(|style| bar.clone().with_style(style))
            .unwrap_or(bar);
        Self {
            bar,
            rows,
            done: AtomicU64::new(0),
            lines,
        }
    }

    /// A pass over all rows begins, which does this.
    pub fn begin(&self, what: String) {
        self.done.store(0, Ordering::Relaxed);
        self.bar.set_position(0);
        self.bar.set_message(what);
    }

    /// So many rows more are done.
    pub fn advance(&self, rows: usize) {
        let more = u64::try_from(rows).unwrap_or_default();
        let before = self.done.fetch_add(more, Ordering::Relaxed);
        self.bar.set_position(before + more);
        if self.lines && tells(self.rows, before, before + more) {
            let (what, done, all) = (self.bar.message(), before + more, self.rows);
            complain(phrase!(
                "{what}: {done}/{all} dòng",
                "{what}: {done}/{all} rows"
            ));
        }
    }

    /// Takes the bar off the screen.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Whether another tenth of a long work was done by this step.
const fn tells(all: u64, before: u64, now: u64) -> bool {
    all >= MANY && before * TOLD / all < now * TOLD / all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_work_is_told_at_each_tenth_and_a_short_one_never() {
        let told = |all: u64| {
            let steps = (0..all).step_by(200);
            steps
                .filter(|done| tells(all, *done, (done + 200).min(all)))
                .count()
        };
        assert_eq!(told(60_000), 10);
        assert_eq!(told(2_000), 10);
        assert_eq!(told(1_900), 0);
    }
}
