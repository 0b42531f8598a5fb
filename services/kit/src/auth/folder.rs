//! The folder of keys: `{name}.key.pem`, `trusted/{name}.json`,
//! `revoked.json`, `issued.jsonl`.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use uuid::Uuid;

use super::{Key, TrustedKey};

/// Name of the key that signs for people without an identity provider.
const CLI: &str = "cli";

/// The folder that `--auth-dir` names.
#[derive(Clone, Debug)]
pub struct AuthFolder(PathBuf);

impl AuthFolder {
    /// The folder at `path`, made (mode 0700) where it is missing.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let folder = Self(path.into());
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.trusted())
            .with_context(|| format!("cannot make the key folder {}", folder.0.display()))?;
        Ok(folder)
    }

    /// The key of a service, bound to `service:{name}`, and, on a first start,
    /// the key of the command line.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn service_key(&self, name: &str) -> Result<Key> {
        self.cli_key()?;
        self.ensure(name, &format!("service:{name}"))
    }

    /// The key of the command line, which may sign for everybody.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn cli_key(&self) -> Result<Key> {
        self.ensure(CLI, "*")
    }

    fn ensure(&self, name: &str, subject: &str) -> Result<Key> {
        let path = self.0.join(format!("{name}.key.pem"));
        let is_new = !path.exists();
        let key = Key::ensure(&path)?;
        let trusted = self.trusted().join(format!("{name}.json"));
        // Only a first start writes the trusted file: an operator who removed
        // it has withdrawn the trust, and a restart must not give it back.
        if is_new {
            let entry = serde_json::to_vec_pretty(&TrustedKey::of(&key, subject))?;
            create_once(&trusted, &entry, 0o644)?;
        }
        Ok(key)
    }

    pub(super) fn trusted(&self) -> PathBuf {
        self.0.join("trusted")
    }

    pub(super) fn revoked(&self) -> PathBuf {
        self.0.join("revoked.json")
    }

    pub(super) fn issued(&self) -> PathBuf {
        self.0.join("issued.jsonl")
    }

    /// Holds off other writers of this folder until dropped.
    pub(super) fn lock(&self) -> Result<File> {
        let path = self.0.join(".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        file.lock()
            .with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(file)
    }
}

/// Writes a file that must appear whole and only once: whoever comes second
/// leaves the first one's bytes alone.
pub(super) fn create_once(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let draft = draft(path, bytes, mode)?;
    let linked = fs::hard_link(&draft, path);
    let removed = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        outcome => outcome.with_context(|| format!("cannot write {}", path.display()))?,
    }
    removed.with_context(|| format!("cannot remove {}", draft.display()))
}

/// Replaces a file in one step: readers see the old bytes or the new ones.
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let draft = draft(path, bytes, mode)?;
    fs::rename(&draft, path).with_context(|| format!("cannot write {}", path.display()))
}

fn draft(path: &Path, bytes: &[u8], mode: u32) -> Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", Uuid::now_v7()));
    let draft = PathBuf::from(name);
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(mode)
        .open(&draft)
        .with_context(|| format!("cannot write {}", draft.display()))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write {}", draft.display()))?;
    Ok(draft)
}
