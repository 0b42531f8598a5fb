//! One child process of the stage: its log, its signals, its end.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::guard::{Guard, MARK};

/// How often a process is asked whether it has ended.
const POLL: Duration = Duration::from_millis(10);

/// A running child in a process group of its own, whose output goes into a file.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    /// Held open: a service started with `--exit-on-stdin-close` leaves when this closes.
    _stdin: Option<ChildStdin>,
}

/// Keeps from a command what is set for the suite in our own environment.
pub(crate) fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LIENMINH_") {
            command.env_remove(name);
        }
    }
}

impl Process {
    /// Starts `command`, marked for `guard`, appending what it prints to `log`.
    ///
    /// # Errors
    /// When the program cannot be started or its log cannot be opened.
    pub fn start(
        name: &str,
        mut command: Command,
        log: &Path,
        guard: &Guard,
    ) -> anyhow::Result<Self> {
        use std::os::unix::process::CommandExt;

        let output = append_to(log)?;
        let errors = output.try_clone().context("cannot share the log file")?;
        let mut child = command
            .env(MARK, guard.mark())
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .with_context(|| {
                format!("cannot start {name} ({})", command.get_program().display())
            })?;
        let stdin = child.stdin.take();
        Ok(Self {
            name: name.to_owned(),
            child,
            log: log.to_owned(),
            _stdin: stdin,
        })
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where its output goes.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Its exit status, once it has ended.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("cannot ask for the state of {}", self.name))
    }

    /// Fails with the last lines of the log when the process has ended.
    ///
    /// # Errors
    /// When it has ended.
    pub fn must_run(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.ended()? {
            bail!(
                "{} has ended ({status}); its last words, from {}:\n{}",
                self.name,
                self.log.display(),
                self.tail(20)
            );
        }
        Ok(())
    }

    /// The last `lines` lines of its log.
    #[must_use]
    pub fn tail(&self, lines: usize) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let all: Vec<&str> = text.lines().collect();
        all.get(all.len().saturating_sub(lines)..)
            .unwrap_or_default()
            .join("\n")
    }

    /// Sends a signal to the process itself. One that has already ended is left alone.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn signal(&mut self, signal: Signal) -> anyhow::Result<()> {
        if self.ended()?.is_none() {
            kill_process(self.pid()?, signal)
                .with_context(|| format!("cannot signal {}", self.name))?;
        }
        Ok(())
    }

    /// Asks it to end with `signal`, waits at most `patience`, then kills it.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop(&mut self, signal: Signal, patience: Duration) -> anyhow::Result<ExitStatus> {
        self.signal(signal)?;
        let deadline = tokio::time::Instant::now() + patience;
        while tokio::time::Instant::now() < deadline {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            tokio::time::sleep(POLL).await;
        }
        self.kill().await
    }

    /// `kill -9` for the process and its group; waits until it is gone.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        self.kill_group();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    fn kill_group(&mut self) {
        if matches!(self.ended(), Ok(None))
            && let Ok(pid) = self.pid()
        {
            // Gone between the question and the signal: that is what was wanted.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }

    fn pid(&self) -> anyhow::Result<Pid> {
        let raw = i32::try_from(self.child.id()).context("a process id beyond 31 bits")?;
        Pid::from_raw(raw).context("process id 0")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_group();
        // Reaped here so that no zombie stays; a failure means there is nothing to reap.
        let _ = self.child.wait();
    }
}

fn append_to(log: &Path) -> anyhow::Result<File> {
    if let Some(parent) = log.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make {}", parent.display()))?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write to {}", log.display()))
}

/// Whether a process with this id runs; one that only waits to be reaped does not.
#[must_use]
pub fn is_running(pid: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    // The name in parentheses may hold anything, so the state is looked for after the last one.
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}
