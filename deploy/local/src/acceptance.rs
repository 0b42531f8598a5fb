//! The acceptance log: what an end has taken responsibility for, one JSON line each, on the disk
//! before the sender hears of it.
//!
//! It is the outside witness of what was sent: a test joins it with the notifier's rows. Lines of
//! several connections that wait at the same time share one flush.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

/// An append-only file of JSON lines with durable, grouped writes.
#[derive(Clone, Debug)]
pub struct AcceptanceLog {
    lines: mpsc::Sender<Line>,
    path: PathBuf,
}

#[derive(Debug)]
struct Line {
    text: Vec<u8>,
    written: oneshot::Sender<Result<(), String>>,
}

/// More lines than this do not wait for one flush.
const GROUP: usize = 1_000;

impl AcceptanceLog {
    /// Opens the file for appending, making it where it is missing.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("cannot make {}", parent.display()))?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot open {}", path.display()))?;
        let (lines, waiting) = mpsc::channel();
        std::thread::Builder::new()
            .name("acceptance-log".to_owned())
            .spawn(move || write_groups(&file, &waiting))
            .context("cannot start the log's thread")?;
        Ok(Self {
            lines,
            path: path.to_owned(),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line and returns when it is on the disk.
    ///
    /// # Errors
    /// When it could not be written: then nothing has been accepted.
    pub async fn append<T: Serialize>(&self, record: &T) -> anyhow::Result<()> {
        let mut text = serde_json::to_vec(record).context("a record that is no JSON")?;
        text.push(b'\n');
        let (written, done) = oneshot::channel();
        self.lines
            .send(Line { text, written })
            .ok()
            .context("the acceptance log is closed")?;
        done.await
            .context("the acceptance log is closed")?
            .map_err(anyhow::Error::msg)
    }

    /// All records of a log file, those of a line cut short by a crash left out: its sender was
    /// never answered.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole
            .lines()
            .map(|line| {
                serde_json::from_str(line).with_context(|| format!("{}: {line}", path.display()))
            })
            .collect()
    }
}

fn write_groups(mut file: &File, waiting: &mpsc::Receiver<Line>) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let text: Vec<u8> = group
            .iter()
            .flat_map(|line| line.text.iter().copied())
            .collect();
        let outcome = file
            .write_all(&text)
            .and_then(|()| file.sync_data())
            .map_err(|error| error.to_string());
        for line in group {
            // A sender that hung up meanwhile has no use for the answer.
            let _ = line.written.send(outcome.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_line_is_there_when_append_returns() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accepted.jsonl");
        let log = AcceptanceLog::open(&path).unwrap();
        for number in 0..3 {
            log.append(&number).await.unwrap();
            assert_eq!(
                AcceptanceLog::read::<i32>(&path).unwrap().len(),
                usize::try_from(number).unwrap() + 1
            );
        }
    }

    #[test]
    fn a_line_cut_short_was_not_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accepted.jsonl");
        std::fs::write(&path, "1\n2\n3").unwrap();
        assert_eq!(AcceptanceLog::read::<i32>(&path).unwrap(), [1, 2]);
    }
}
