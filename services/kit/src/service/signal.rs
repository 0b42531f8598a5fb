//! When to stop: a signal, or a parent that is gone.

use std::io::Read as _;
use std::process;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A child whose parent is gone leaves within this time, finished or not:
/// nobody is there to be served.
const ORPHAN_LIMIT: Duration = Duration::from_secs(3);

/// Exit code after a second signal, as shells report an interrupt.
const IMPATIENT: i32 = 130;

/// Cancels the token at SIGTERM or SIGINT; a second one ends the process at once.
///
/// # Errors
/// The signals cannot be listened to.
pub(super) fn listen() -> Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to SIGINT")?;
    let token = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if token.is_cancelled() {
                process::exit(IMPATIENT);
            }
            tracing::info!("stopping");
            token.cancel();
        }
    });
    Ok(stop)
}

/// Cancels the token when standard input is closed.
pub(super) fn follow_stdin(stop: CancellationToken) {
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin();
        let mut ignored = [0_u8; 64];
        while matches!(stdin.read(&mut ignored), Ok(read) if read > 0) {}
        stop.cancel();
        std::thread::sleep(ORPHAN_LIMIT);
        process::exit(0);
    });
}
