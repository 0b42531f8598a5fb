//! `stage advance`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::down::holds;
use super::hold::Held;
use super::up::{read_ready, token_in};
use crate::conductor::Conductor;
use crate::folder::{Refused, project_root};

/// Moves the stepped clock of `stage up` forward, through everything that falls due.
#[derive(Args, Debug)]
pub struct Advance {
    /// Until when, in Vietnam's time: "2024-03-05 08:00".
    to: DateTime,
}

/// Where the stepped clock of the held suite stands, as an RFC 3339 instant.
pub(super) fn clock_file(folder: &Path) -> PathBuf {
    folder.join("clock")
}

impl Advance {
    /// Steps from one due instant to the next and tells each.
    ///
    /// # Errors
    /// When nothing runs, the clock is not stepped, or a step is stuck.
    pub async fn perform(self) -> Result<ExitCode, Refused> {
        let folder = project_root()?.join(".stage/up");
        let held = read_ready(&folder.join("ready.json"))
            .filter(|held| holds(held.process))
            .context("nothing runs in this clone: `make up` starts the suite")?;
        let file = clock_file(&folder);
        let stands = std::fs::read_to_string(&file)
            .context("the suite follows the system's clock, which nobody can advance")?;
        let now: Timestamp = stands.trim().parse().context("the clock is no instant")?;
        let target = local(self.to)?;
        if target < now {
            let stands = shown(now);
            return Err(anyhow::anyhow!("the clock stands at {stands} and never goes back").into());
        }
        let mut conductor = conductor(&held, now)?;
        println!("The clock stands at {}.", shown(now));
        while let Some(due) = conductor.step(target).await? {
            std::fs::write(&file, due.to_string()).context("cannot keep the clock")?;
            println!("  {}  something was due", shown(due));
        }
        conductor.advance_to(target).await?;
        std::fs::write(&file, target.to_string()).context("cannot keep the clock")?;
        println!(
            "It stands at {} now, and all that was due is done.",
            shown(target)
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn conductor(held: &Held, now: Timestamp) -> anyhow::Result<Conductor> {
    let token = token_in(&held.environment).context("the suite has left no token")?;
    let players: Vec<_> = held
        .services
        .iter()
        .map(|(service, grpc, _)| (*service, format!("http://{grpc}")))
        .collect();
    Conductor::over(&players, &token, now)
}

/// Việt Nam is seven hours ahead of UTC and knows no summer time.
fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(7))
}

fn local(at: DateTime) -> anyhow::Result<Timestamp> {
    let instant = at.to_zoned(zone()).context("an instant beyond all times")?;
    Ok(instant.timestamp())
}

fn shown(instant: Timestamp) -> String {
    Zoned::new(instant, zone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_typed_is_vietnams_time() {
        let instant = local("2024-03-05 08:00".parse().unwrap()).unwrap();
        assert_eq!(instant.to_string(), "2024-03-05T01:00:00Z");
        assert_eq!(shown(instant), "2024-03-05 08:00");
    }
}
