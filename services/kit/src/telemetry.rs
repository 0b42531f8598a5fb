//! Logs and metrics of a process.

mod gauges;
mod meters;
mod metrics;

use std::io::IsTerminal as _;

use anyhow::{Context as _, Result};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

pub use crate::personal::Personal;
pub use gauges::Gauges;
pub use meters::{Kind, METERS, Meter, counter, gauge, histogram};
pub use metrics::Metrics;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object per line, for collectors.
    Json,
}

/// Starts logging to standard error: standard output belongs to results.
///
/// # Errors
/// The filter is malformed, or logging was started before.
pub fn start(format: LogFormat, filter: &str) -> Result<()> {
    let targets = read_filter(filter)?;
    let registry = tracing_subscriber::registry();
    match format {
        LogFormat::Pretty => registry
            .with(
                fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_filter(targets),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_span_list(false)
                    .with_writer(std::io::stderr)
                    .with_filter(targets),
            )
            .try_init(),
    }
    .context("logging was started twice")?;
    report_panics();
    Ok(())
}

/// Reads a filter such as `info,kit=debug`.
///
/// # Errors
/// It is malformed.
pub fn read_filter(filter: &str) -> Result<Targets> {
    let targets: Targets = filter
        .parse()
        .with_context(|| format!("{filter:?} is not a log filter such as info,kit=debug"))?;
    // Below errors the AMQP library writes whole messages into its lines, bodies
    // included; what came back unroutable is told by the relay.
    Ok(targets.with_target("lapin", LevelFilter::ERROR))
}

/// A panic becomes a log line with its place. Its message may quote data and
/// is left out.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(place, %backtrace, "a task panicked");
    }));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tracing::Level;

    use super::*;

    #[test]
    fn a_filter_names_levels_per_target() {
        let targets = read_filter("info,kit=debug").unwrap();
        assert!(targets.would_enable("kit::relay", &Level::DEBUG));
        assert!(!targets.would_enable("hyper", &Level::DEBUG));
        assert!(read_filter("kit=loud").is_err());
    }

    #[test]
    fn message_bodies_never_reach_the_log_whatever_the_filter() {
        for filter in ["trace", "info", "lapin=trace"] {
            let targets = read_filter(filter).unwrap();
            assert!(!targets.would_enable("lapin::returned_messages", &Level::WARN));
            assert!(targets.would_enable("lapin::io_loop", &Level::ERROR));
        }
    }
}
