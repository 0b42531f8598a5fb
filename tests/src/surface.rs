//! What callers, readers and operators meet, recorded as text: whoever changes it sees each
//! line that changes, and somebody reviews it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use similar::TextDiff;

/// `record`: writes what is met in place of comparing it (`make surface`).
const MODE: &str = "LIENMINH_SURFACE";

/// A difference of more lines than this is looked at with git, after recording anew.
const SHOWN: usize = 400;

/// A folder of recordings, and whether it is written or held against today.
#[derive(Clone, Debug)]
pub struct Surface {
    folder: PathBuf,
    records: bool,
}

impl Surface {
    /// The recordings of this repository.
    #[must_use]
    pub fn committed() -> Self {
        Self {
            folder: Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/surface")).to_owned(),
            records: std::env::var(MODE).is_ok_and(|mode| mode == "record"),
        }
    }

    /// Recordings to hold against today.
    #[must_use]
    pub fn against(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            records: false,
        }
    }

    /// Recordings to write.
    #[must_use]
    pub fn recording(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            records: true,
        }
    }

    /// Where they are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether recordings are written.
    #[must_use]
    pub fn records(&self) -> bool {
        self.records
    }

    /// A recording as it is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, name: &str) -> anyhow::Result<String> {
        let path = self.folder.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("{} is not recorded", name))
    }

    /// Writes a recording, or compares it.
    ///
    /// # Errors
    /// When today differs: the error shows each line. When a file cannot be written.
    pub fn hold(&self, name: &str, today: &str) -> anyhow::Result<()> {
        if self.records {
            return self.write(name, today);
        }
        let recorded = self.read(name).unwrap_or_default();
        match difference(name, &recorded, today) {
            Some(difference) => bail!("{difference}"),
            None => Ok(()),
        }
    }

    /// The same for all the recordings of a folder: one that is not met any more is a difference.
    ///
    /// # Errors
    /// As [`Surface::hold`]; every difference is in the error.
    pub fn hold_all(&self, under: &str, today: &[(String, String)]) -> anyhow::Result<()> {
        let met: BTreeSet<&str> = today.iter().map(|(name, _)| name.as_str()).collect();
        let folder = self.folder.join(under);
        let mut differences = Vec::new();
        for name in names(&folder)? {
            if met.contains(name.as_str()) {
                continue;
            }
            if self.records {
                std::fs::remove_file(folder.join(&name))?;
            } else {
                let name = format!("{under}/{name}");
                differences.extend(difference(&name, &self.read(&name)?, ""));
            }
        }
        for (name, text) in today {
            let held = self.hold(&format!("{under}/{name}"), text);
            differences.extend(held.err().map(|error| format!("{error:#}")));
        }
        anyhow::ensure!(differences.is_empty(), "{}", differences.join("\n"));
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Fails the test that met something else than this repository has recorded.
///
/// # Panics
/// With each line that differs.
pub fn is_as_recorded(name: &str, today: &str) {
    if let Err(difference) = Surface::committed().hold(name, today) {
        panic!("{difference:#}");
    }
}

/// Lines in the order of the alphabet, each once.
#[must_use]
pub fn sorted(lines: impl IntoIterator<Item = String>) -> String {
    let lines: BTreeSet<String> = lines.into_iter().collect();
    lines.into_iter().map(|line| line + "\n").collect()
}

/// The files of a folder, none where it is not there.
fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Line by line, as `diff -u` shows it, and what to do about it.
fn difference(name: &str, recorded: &str, today: &str) -> Option<String> {
    if recorded == today {
        return None;
    }
    let diff = TextDiff::from_lines(recorded, today);
    let unified = diff
        .unified_diff()
        .context_radius(0)
        .header(&format!("recorded/{name}"), &format!("today/{name}"))
        .to_string();
    let mut lines: Vec<&str> = unified.lines().take(SHOWN).collect();
    let hidden = unified.lines().count() - lines.len();
    let more = format!("... and {hidden} lines more");
    if hidden > 0 {
        lines.push(&more);
    }
    Some(format!(
        "{}\nWhere this is meant: record anew with `make surface`, and have each line reviewed.",
        lines.join("\n")
    ))
}

#[cfg(test)]
mod tests;
