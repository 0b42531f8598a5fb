//! A small file system of its own for a server's files: a disk that can be full.

use std::ffi::CString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

use super::account::Account;
use crate::folder::short_id;
use crate::guard::Guard;

/// What takes all that is left.
const BALLAST: &str = "ballast";

/// Sizes by which the ballast grows until nothing fits any more, the last that of a page.
const STEPS: [u64; 3] = [1024 * 1024, 64 * 1024, 4 * 1024];

/// A mounted file system, whose root belongs to the account that runs PostgreSQL. It
/// goes with the value, or with the guard.
#[derive(Debug)]
pub struct Volume {
    path: PathBuf,
    // The file system must not outlive its guard.
    _guard: Arc<Guard>,
}

impl Volume {
    /// Mounts an empty one of so many megabytes.
    ///
    /// # Errors
    /// Where mounting is not allowed: it takes root.
    pub fn mount(guard: Arc<Guard>, megabytes: u32) -> anyhow::Result<Self> {
        let Account::Server { user, group } = Account::choose()? else {
            bail!("a small file system can only be mounted by root");
        };
        let path = Path::new("/var/tmp").join(format!("lienminh-volume-{}", short_id()));
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        guard.unmount_at_end(&path);
        let options = format!("size={megabytes}m,mode=0700,uid={user},gid={group}");
        let options = CString::new(options).context("options with a NUL")?;
        let flags = MountFlags::NODEV | MountFlags::NOSUID;
        let mounted = mount("tmpfs", &path, "tmpfs", flags, options.as_c_str());
        let volume = Self {
            path,
            _guard: guard,
        };
        mounted.context("a small file system cannot be mounted here")?;
        Ok(volume)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes all that is left of it; tells how many bytes that were.
    ///
    /// # Errors
    /// When the system refuses for another reason than that it is full.
    pub fn fill(&self) -> anyhow::Result<u64> {
        let ballast = File::create(self.path.join(BALLAST)).context("no file for the ballast")?;
        let mut taken = 0;
        for step in STEPS {
            loop {
                match fallocate(&ballast, FallocateFlags::empty(), taken, step) {
                    Ok(()) => taken += step,
                    Err(Errno::NOSPC) => break,
                    Err(error) => return Err(error).context("the volume cannot be filled"),
                }
            }
        }
        Ok(taken)
    }

    /// Gives back what [`Volume::fill`] took.
    ///
    /// # Errors
    /// When it was not filled.
    pub fn free(&self) -> anyhow::Result<()> {
        std::fs::remove_file(self.path.join(BALLAST)).context("the volume was not filled")
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        // What somebody still holds open goes when it is let go; the guard does the same.
        let _ = unmount(&self.path, UnmountFlags::DETACH);
        let _ = std::fs::remove_dir(&self.path);
    }
}
