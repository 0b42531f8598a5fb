//! `stage advance`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;

use super::down::holds;
use super::hold::Held;
use super::up::{read_ready, token_in};
use crate::conductor::Conductor;
use crate::folder::{Refused, project_root};

/// Moves the stepped clock of `stage up` forward, through everything that falls due.
#[derive(Args, Debug)]
pub struct Advance {
    /// Until when, in Vietnam's time: "2024-03-05 08:00" or "5/3/2024 8h".
    to: String,
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
        let words = Words::chosen();
        let folder = project_root()?.join(".stage/up");
        let held = read_ready(&folder.join("ready.json"))
            .filter(|held| holds(held.process))
            .context(words.nothing_runs())?;
        let file = clock_file(&folder);
        let stands = std::fs::read_to_string(&file).context(words.system_clock())?;
        let now: Timestamp = stands.trim().parse().context("the clock is no instant")?;
        let target = local(&self.to).context(words.unread(&self.to))?;
        if target < now {
            return Err(anyhow::Error::msg(words.backwards(now)).into());
        }
        let mut conductor = conductor(&held, now)?;
        println!("{}", words.stands(now));
        while let Some(due) = conductor.step(target).await? {
            std::fs::write(&file, due.to_string()).context("cannot keep the clock")?;
            println!("{}", words.due(due));
        }
        conductor.advance_to(target).await?;
        std::fs::write(&file, target.to_string()).context("cannot keep the clock")?;
        println!("{}", words.done(target));
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

fn local(text: &str) -> Option<Timestamp> {
    vietnam::dates::parse_moment(text)
        .ok()
        .map(vietnam::instant)
}

/// What is said, in the language of the command.
enum Words {
    Vi,
    En,
}

impl Words {
    fn chosen() -> Self {
        match std::env::var("LIENMINH_LANGUAGE").as_deref() {
            Ok("en") => Self::En,
            Ok(_) | Err(_) => Self::Vi,
        }
    }

    fn pick(&self, vi: impl Into<String>, en: impl Into<String>) -> String {
        match self {
            Self::Vi => vi.into(),
            Self::En => en.into(),
        }
    }

    fn nothing_runs(&self) -> String {
        self.pick(
            "chưa có gì đang chạy ở đây: `make up` để khởi động",
            "nothing runs in this clone: `make up` starts the suite",
        )
    }

    fn system_clock(&self) -> String {
        self.pick(
            "hệ thống đang theo đồng hồ máy, không tua được",
            "the suite follows the system's clock, which nobody can advance",
        )
    }

    fn unread(&self, text: &str) -> String {
        self.pick(
            format!("không hiểu “{text}”; hãy ghi ngày giờ: make advance TO=\"5/3/2024 08:00\""),
            format!("\"{text}\" is no day and hour: make advance TO=\"5/3/2024 08:00\""),
        )
    }

    fn backwards(&self, now: Timestamp) -> String {
        let stands = shown(now);
        self.pick(
            format!("đồng hồ đang ở {stands} và không quay ngược được"),
            format!("the clock stands at {stands} and never goes back"),
        )
    }

    fn stands(&self, now: Timestamp) -> String {
        let stands = shown(now);
        self.pick(
            format!("Đồng hồ đang ở {stands}."),
            format!("The clock stands at {stands}."),
        )
    }

    fn due(&self, due: Timestamp) -> String {
        let at = shown(due);
        self.pick(
            format!("  {at}  có việc đến giờ"),
            format!("  {at}  something was due"),
        )
    }

    fn done(&self, target: Timestamp) -> String {
        let stands = shown(target);
        self.pick(
            format!("Đồng hồ đã ở {stands}; mọi việc đến giờ đều đã xong."),
            format!("It stands at {stands} now, and all that was due is done."),
        )
    }
}

fn shown(instant: Timestamp) -> String {
    vietnam::dates::stamp(vietnam::local(instant))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_typed_is_vietnams_time_as_people_write_it() {
        for text in ["2024-03-05 08:00", "5/3/2024 8h", "8 giờ ngày 05/3/24"] {
            let instant = local(text).unwrap();
            assert_eq!(instant.to_string(), "2024-03-05T01:00:00Z", "{text}");
            assert_eq!(shown(instant), "05/3/2024 08:00");
        }
        assert!(local("5/3/2024").is_none());
    }

    #[test]
    fn what_cannot_be_read_is_answered_in_the_language_of_the_caller() {
        let vietnamese = Words::Vi.unread("hôm nào");
        assert!(
            vietnamese.starts_with("không hiểu “hôm nào”"),
            "{vietnamese}"
        );
        assert!(Words::En.unread("some day").contains("is no day and hour"));
    }
}
