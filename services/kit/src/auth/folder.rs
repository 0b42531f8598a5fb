//! The folder of keys: `{name}.key.pem`, `trusted/{name}.json`, `made/{name}`,
//! `revoked.json`, `issued.jsonl`.
//!
//! A key is made once, at the first start of whoever has it, and `made/{name}` says
//! so from then on. What is missing later was taken away by somebody: it is neither
//! trusted again nor made anew.

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
        for part in [folder.trusted(), folder.0.join("made")] {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(part)
                .with_context(|| format!("cannot make the key folder {}", folder.0.display()))?;
        }
        Ok(folder)
    }

    /// The folder at `path`, where a service has made the key of the command line in it.
    /// Nothing is written: whoever names another folder by mistake leaves no keys there.
    #[must_use]
    pub fn of_services(path: impl Into<PathBuf>) -> Option<Self> {
        let folder = Self(path.into());
        folder.made(CLI).is_file().then_some(folder)
    }

    /// The key of a service, bound to `service:{name}`. Whichever service is the
    /// first of all also makes the key of the command line.
    ///
    /// # Errors
    /// A file cannot be read or written, or the key was taken away.
    pub fn service_key(&self, name: &str) -> Result<Key> {
        self.make(CLI, "*")?;
        self.key(name, &format!("service:{name}"))
    }

    /// The key of the command line, which may sign for everybody.
    ///
    /// # Errors
    /// As for [`AuthFolder::service_key`].
    pub fn cli_key(&self) -> Result<Key> {
        self.key(CLI, "*")
    }

    fn key(&self, name: &str, subject: &str) -> Result<Key> {
        self.make(name, subject)?;
        let path = self.private(name);
        anyhow::ensure!(
            path.exists(),
            "the key {} was made at an earlier start and is gone: put it back from a backup; or, \
             if it is lost for good, remove {} and {} to have a new one made, which ends whatever \
             the old one has signed",
            path.display(),
            self.made(name).display(),
            self.public(name).display(),
        );
        Key::read(&path)
    }

    /// Makes a key unless one was made before. The mark comes last, so that a start
    /// which was cut off is completed by the next.
    fn make(&self, name: &str, subject: &str) -> Result<()> {
        let made = self.made(name);
        if made.exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        let path = self.private(name);
        let trusted = self.public(name);
        // Trust without a key was brought here from another folder, to verify only.
        let is_theirs = trusted.exists() && !path.exists();
        if !made.exists() && !is_theirs {
            create_once(&self.revoked(), b"[]", 0o644)?;
            let entry = TrustedKey::of(&Key::ensure(&path)?, subject);
            create_once(&trusted, &serde_json::to_vec_pretty(&entry)?, 0o644)?;
            create_once(&made, b"", 0o644)?;
        }
        Ok(())
    }

    /// Whether a key was made here, and a list of revoked tokens with it.
    pub(super) fn is_in_use(&self) -> bool {
        fs::read_dir(self.0.join("made")).is_ok_and(|mut made| made.next().is_some())
    }

    fn private(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.key.pem"))
    }

    fn public(&self, name: &str) -> PathBuf {
        self.trusted().join(format!("{name}.json"))
    }

    fn made(&self, name: &str) -> PathBuf {
        self.0.join("made").join(name)
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
