//! Where a stage lives: a folder of its own inside the project's ignored `.stage`.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use rustix::fs::{FlockOperation, flock};

/// What the stage is for. Demo and up exist once per clone, tests as often as wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// `make demo`.
    Demo,
    /// `make up`.
    Up,
    /// Tests, faults and benches.
    Test,
}

/// Why a folder could not be had.
#[derive(Debug)]
pub enum Refused {
    /// Another run of the same kind in this clone holds it; the text says which.
    Busy(String),
    /// The file system refused.
    Failed(anyhow::Error),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy(who) => f.write_str(who),
            Self::Failed(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Refused {}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// A claimed folder. The claim ends with the value, or with the process.
#[derive(Debug)]
pub struct StageFolder {
    path: PathBuf,
    lock_path: PathBuf,
    _lock: File,
}

/// A run that has just made its lock file may not have locked it yet.
const YOUNG: Duration = Duration::from_secs(60);

impl StageFolder {
    /// Claims a fresh, empty folder under `project/.stage`.
    ///
    /// # Errors
    /// [`Refused::Busy`] when a run of the same kind holds it.
    pub fn claim(project: &Path, play: Play) -> Result<Self, Refused> {
        let home = project.join(".stage");
        std::fs::create_dir_all(&home)
            .with_context(|| format!("cannot make {}", home.display()))?;
        let name = match play {
            Play::Demo => "demo".to_owned(),
            Play::Up => "up".to_owned(),
            Play::Test => {
                sweep(&home);
                format!("test-{}", short_id())
            }
        };
        let lock_path = home.join(format!("{name}.lock"));
        let lock = lock(&lock_path, &name)?;
        let path = home.join(&name);
        remove(&path)?;
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self {
            path,
            lock_path,
            _lock: lock,
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the folder and gives up the claim.
    ///
    /// # Errors
    /// When something in it cannot be removed.
    pub fn remove(self) -> anyhow::Result<()> {
        remove(&self.path)?;
        remove_file(&self.lock_path)
    }
}

/// Eight hexadecimal digits that no other run has.
#[must_use]
pub fn short_id() -> String {
    let id = uuid::Uuid::now_v7().simple().to_string();
    // The tail of a version 7 id is random, its head is the time.
    id.get(24..).unwrap_or_default().to_owned()
}

/// The root of the project: where this crate was built, or the folder above the present one that
/// looks like it.
///
/// # Errors
/// When neither is there.
pub fn project_root() -> anyhow::Result<PathBuf> {
    let is_project = |path: &Path| path.join("deploy/rabbitmq/definitions.json").is_file();
    let here = std::env::current_dir().context("the present folder is gone")?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    here.ancestors()
        .map(Path::to_owned)
        .chain(built.canonicalize().ok())
        .find(|path| is_project(path))
        .context("not inside a Lienminh checkout")
}

fn lock(path: &Path, name: &str) -> Result<File, Refused> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut holder = String::new();
        // The text only names the holder; without it the refusal stands all the same.
        let _ = file.read_to_string(&mut holder);
        return Err(Refused::Busy(format!(
            "`{name}` already runs in this clone ({})",
            holder.trim()
        )));
    }
    file.set_len(0).context("cannot empty the lock file")?;
    writeln!(file, "process {}", std::process::id()).context("cannot write the lock file")?;
    Ok(file)
}

/// Removes what tests that were killed together with their guard have left.
fn sweep(home: &Path) {
    let Ok(entries) = std::fs::read_dir(home) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_lock = path
            .extension()
            .is_some_and(|extension| extension == "lock");
        let of_a_test = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("test-"));
        let old = path
            .metadata()
            .and_then(|data| data.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > YOUNG));
        if is_lock && of_a_test && old {
            sweep_one(&path);
        }
    }
}

fn sweep_one(lock_path: &Path) {
    let Ok(file) = File::open(lock_path) else {
        return;
    };
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
        // Another sweeper may be faster; the next run looks again.
        let _ = remove(&lock_path.with_extension(""));
        let _ = remove_file(lock_path);
    }
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn remove_file(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_second_demo_in_one_clone_is_refused_and_told_why() {
        let clone = tempfile::tempdir().unwrap();
        let first = StageFolder::claim(clone.path(), Play::Demo).unwrap();
        let refused = StageFolder::claim(clone.path(), Play::Demo).unwrap_err();
        assert!(
            matches!(&refused, Refused::Busy(text) if text.contains("already runs")),
            "{refused}"
        );
        first.remove().unwrap();
        StageFolder::claim(clone.path(), Play::Demo).unwrap();
    }

    #[test]
    fn two_clones_do_not_know_of_each_other() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _first = StageFolder::claim(one.path(), Play::Up).unwrap();
        StageFolder::claim(two.path(), Play::Up).unwrap();
    }

    #[test]
    fn tests_run_side_by_side() {
        let clone = tempfile::tempdir().unwrap();
        let one = StageFolder::claim(clone.path(), Play::Test).unwrap();
        let two = StageFolder::claim(clone.path(), Play::Test).unwrap();
        assert_ne!(one.path(), two.path());
    }
}
