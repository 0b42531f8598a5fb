//! Nothing of a stage outlives it, also when its process is killed with `kill -9`.
//!
//! A guard is a small shell process in a process group of its own, so that neither Ctrl-C nor a
//! signal to the stage's group reaches it. It reads a pipe whose other end only the stage holds.
//! When the pipe closes it ends every process that carries the stage's mark in its environment
//! (which descendants inherit, daemons included), then the PostgreSQL servers, which overwrite
//! their environment and are therefore named to it, then removes the folders it was told of.

use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

/// The environment variable that every process of a stage carries.
pub const MARK: &str = "LIENMINH_STAGE_MARK";

const SCRIPT: &str = include_str!("guard.sh");

/// The file without which the guard does not remove a folder.
const MARKER_FILE: &str = ".lienminh-stage";

/// Ends and removes what a stage made, when the stage is gone. See the module's text.
#[derive(Debug)]
pub struct Guard {
    mark: String,
    pipe: Mutex<Option<ChildStdin>>,
    process: Mutex<Child>,
}

impl Guard {
    /// Starts a guard with a fresh mark.
    ///
    /// # Errors
    /// When `/bin/sh` cannot be started.
    pub fn start() -> anyhow::Result<Self> {
        use std::os::unix::process::CommandExt;

        let mark = uuid::Uuid::now_v7().simple().to_string();
        let mut process = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "stage-guard", &mark])
            .env_remove(MARK)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start the guard process (/bin/sh)")?;
        let pipe = process.stdin.take();
        Ok(Self {
            mark,
            pipe: Mutex::new(pipe),
            process: Mutex::new(process),
        })
    }

    /// The value of [`MARK`] for processes of this stage.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// Names a PostgreSQL server to be ended with the stage.
    pub fn watch_postgres(&self, pid: u32) {
        self.tell(&format!("quit {pid}"));
    }

    /// The server with this process id has ended in good order; its number may be reused.
    pub fn forget_postgres(&self, pid: u32) {
        self.tell(&format!("forget {pid}"));
    }

    /// Has the folder removed, with all in it, when the stage is gone.
    ///
    /// # Errors
    /// When the marker file cannot be written into it.
    pub fn remove_at_end(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::write(
            folder.join(MARKER_FILE),
            b"made for one run, removed at its end\n",
        )
        .with_context(|| format!("cannot write into {}", folder.display()))?;
        self.tell(&format!("remove {}", folder.display()));
        Ok(())
    }

    /// Has a file system unmounted, and its folder removed, when the stage is gone.
    pub fn unmount_at_end(&self, folder: &Path) {
        self.tell(&format!("unmount {}", folder.display()));
    }

    /// Lets the guard do its work now and waits for it; also what dropping it does.
    pub fn finish(&self) {
        drop(
            self.pipe
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        // Only a process that was never ours to wait for makes this fail; nothing is left to do then.
        let _ = process.wait();
    }

    fn tell(&self, line: &str) {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipe) = pipe.as_mut() {
            // A guard that is gone cannot be told anything; the stage still ends its children itself.
            let _ = writeln!(pipe, "{line}");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.finish();
    }
}
