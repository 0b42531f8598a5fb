//! The scripts of deploy/backup, with the places of a stage.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::folder::project_root;
use crate::process::without_settings;
use crate::service::ServiceName;
use crate::stage::Stage;

/// A cut of `backup.sh` and the key that opens it.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The file.
    pub file: PathBuf,
    /// The file of an age key.
    pub identity: PathBuf,
}

impl Cut {
    /// What was set where it was made, as variables.
    ///
    /// # Errors
    /// When the script refuses; its words are in the error.
    pub fn settings(&self) -> anyhow::Result<BTreeMap<String, String>> {
        Ok(read_settings(
            &self.part(script("restore.sh")?, "settings")?,
        ))
    }

    /// Brings keys and databases to a stage on which nothing was started yet.
    ///
    /// # Errors
    /// When the script refuses; its words are in the error.
    pub fn restore_to(&self, stage: &Stage) -> anyhow::Result<()> {
        let auth = stage.suite().auth_folder();
        std::fs::create_dir_all(&auth)
            .with_context(|| format!("cannot make {}", auth.display()))?;
        for part in ["auth", "databases"] {
            self.part(stage.backup_script("restore.sh")?, part)?;
        }
        Ok(())
    }

    /// What the script prints for a part of the cut.
    ///
    /// # Errors
    /// When the script refuses; its words are in the error.
    pub fn part(&self, mut restore: Command, part: &str) -> anyhow::Result<String> {
        said(restore.arg(&self.identity).arg(&self.file).arg(part))
    }
}

impl Stage {
    /// A script of deploy/backup that goes to the databases of this stage under TLS, and to its keys.
    ///
    /// # Errors
    /// When the URLs of the databases cannot be written down for it.
    pub fn backup_script(&self, name: &str) -> anyhow::Result<Command> {
        let mut command = script(name)?;
        // The server's own programs: Debian's wrappers take a moment to find them, each time.
        let own = std::iter::once(self.postgres().programs.clone());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(own.chain(std::env::split_paths(&path)))
            .context("a folder that no PATH can name")?;
        command
            .env("PATH", path)
            .env("BACKUP_SECRETS", self.write_secrets()?)
            .env("BACKUP_AUTH", self.suite().auth_folder())
            .env("BACKUP_DATABASE_CA", &self.postgres().authority)
            .env("BACKUP_FOLDER", self.folder())
            .env("BACKUP_WORK", self.folder());
        Ok(command)
    }

    /// Writes down where the databases are, as the secrets of a deployment do; answers the folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_secrets(&self) -> anyhow::Result<PathBuf> {
        let folder = self.folder().join("secrets");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        for service in ServiceName::ALL {
            let file = folder.join(format!("{service}_owner_url"));
            std::fs::write(&file, self.database(service).encrypted().owner_url)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(folder)
    }
}

/// A script of deploy/backup for which nothing of the caller's is a setting of the suite.
fn script(name: &str) -> anyhow::Result<Command> {
    let mut command = Command::new("sh");
    command.arg(project_root()?.join("deploy/backup").join(name));
    without_settings(&mut command);
    Ok(command)
}

/// What a script prints; it must succeed.
///
/// # Errors
/// What it said when it did not.
pub fn said(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().context("cannot run sh")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).context("a script that prints no text")
}

/// Lines `NAME='value'` of a file .env.
fn read_settings(text: &str) -> BTreeMap<String, String> {
    let read = |line: &str| {
        let (name, quoted) = line.split_once('=')?;
        let value = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
        Some((name.to_owned(), value.replace("\\'", "'")))
    };
    text.lines().filter_map(read).collect()
}

/// Where the scripts find what `stage up` was told, below its folder.
pub(crate) fn trial_file(folder: &Path) -> PathBuf {
    folder.join("trial-allow")
}
