//! PostgreSQL refuses to run as root: then it runs as the distribution's own user.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// Who runs the server's programs.
#[derive(Clone, Debug)]
pub(super) enum Account {
    /// Whoever runs us.
    Ourselves,
    /// The distribution's user, because we are root.
    Server { user: u32, group: u32 },
}

/// The user that Debian's PostgreSQL packages make.
const USER: &str = "postgres";

impl Account {
    pub(super) fn choose() -> anyhow::Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ourselves);
        }
        Ok(Self::Server {
            user: id("-u")?,
            group: id("-g")?,
        })
    }

    /// The program, to be run by this account. The process id stays that of the program.
    pub(super) fn command(&self, program: &Path) -> Command {
        match self {
            Self::Ourselves => Command::new(program),
            Self::Server { user, group } => {
                let mut command = Command::new("setpriv");
                command
                    .arg(format!("--reuid={user}"))
                    .arg(format!("--regid={group}"))
                    .args(["--clear-groups", "--"])
                    .arg(program)
                    .env("HOME", "/");
                command
            }
        }
    }

    /// A folder of its own under `parent`, or where it cannot enter that, a fresh one in the
    /// system's place for longer-lived temporary files; the second value tells which.
    pub(super) fn folder(&self, parent: &Path) -> anyhow::Result<(PathBuf, bool)> {
        let wanted = self.make(&parent.join("postgres"))?;
        if self.can_write(&wanted)? {
            return Ok((wanted, false));
        }
        std::fs::remove_dir(&wanted)
            .with_context(|| format!("cannot remove {}", wanted.display()))?;
        let elsewhere = self
            .make(&Path::new("/var/tmp").join(format!("lienminh-{}", crate::folder::short_id())))?;
        if !self.can_write(&elsewhere)? {
            bail!(
                "the user {USER} can write neither under {} nor in /var/tmp",
                parent.display()
            );
        }
        Ok((elsewhere, true))
    }

    fn make(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        use std::os::unix::fs::PermissionsExt;

        std::fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot close {} to others", folder.display()))?;
        self.give(folder)?;
        Ok(folder.to_owned())
    }

    /// Hands a file or folder over.
    pub(super) fn give(&self, path: &Path) -> anyhow::Result<()> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Server { user, group } => {
                std::os::unix::fs::chown(path, Some(*user), Some(*group))
                    .with_context(|| format!("cannot give {} to {USER}", path.display()))
            }
        }
    }

    /// A copy of a file that nobody else reads, as the server insists for its key.
    pub(super) fn private_copy(&self, from: &Path, to: &Path) -> anyhow::Result<()> {
        use std::os::unix::fs::PermissionsExt;

        std::fs::copy(from, to).with_context(|| format!("cannot write {}", to.display()))?;
        std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o600))
            .with_context(|| format!("cannot close {} to others", to.display()))?;
        self.give(to)
    }

    fn can_write(&self, folder: &Path) -> anyhow::Result<bool> {
        let status = self
            .command(Path::new("test"))
            .arg("-w")
            .arg(folder)
            .current_dir("/")
            .status()
            .context("cannot run `test` as the server's user")?;
        Ok(status.success())
    }
}

fn id(flag: &str) -> anyhow::Result<u32> {
    let output = Command::new("id")
        .args([flag, USER])
        .output()
        .context("cannot run `id`")?;
    if !output.status.success() {
        bail!(
            "there is no user `{USER}`: install the distribution's PostgreSQL package (make setup)"
        );
    }
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .context("`id` did not print a number")
}
