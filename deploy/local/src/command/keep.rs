//! Keeps the logs of a failed run: the folder they were in goes with the stage.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Copies every log under `from` into `target/stage-logs/<name of from>`; answers where.
///
/// # Errors
/// When a file cannot be copied.
pub(super) fn keep_logs(from: &Path, project: &Path) -> anyhow::Result<PathBuf> {
    let name = from.file_name().context("a folder without a name")?;
    let to = project.join("target/stage-logs").join(name);
    copy(from, &to)?;
    Ok(to)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let entries =
        std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    // Folders of the servers' own, which belong to others, hold no logs.
    for entry in entries.flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() && !path.join("PG_VERSION").exists() {
            // One that may not be read is PostgreSQL's.
            let _ = copy(&path, &target);
        } else if path.extension().is_some_and(|extension| extension == "log") {
            std::fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
            std::fs::copy(&path, &target)
                .with_context(|| format!("cannot copy {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn logs_are_kept_in_their_folders_and_nothing_else_is() {
        let (stage, project) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let test = stage.path().join("t_1_a");
        std::fs::create_dir(&test).unwrap();
        std::fs::write(test.join("notifier.log"), "one").unwrap();
        std::fs::write(test.join("cli.key.pem"), "secret").unwrap();
        let kept = keep_logs(stage.path(), project.path()).unwrap();
        assert_eq!(
            std::fs::read_to_string(kept.join("t_1_a/notifier.log")).unwrap(),
            "one"
        );
        assert!(!kept.join("t_1_a/cli.key.pem").exists());
    }
}
