//! Files that somebody names: no more of one is read than such a file can be, and nothing
//! at all of what is no file. A pipe makes its reader wait, a device may never end.

use std::fs::{self, File};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Larger is no key, no certificate chain and no URL, but some other file.
const LARGEST: usize = 4 << 20;

/// Opens a file to read it.
///
/// # Errors
/// It cannot be opened, or is a pipe, a device or a folder: [`ErrorKind::InvalidInput`].
pub fn open(path: &Path) -> Result<File> {
    if !fs::metadata(path)?.is_file() {
        let reason = "a pipe, a device or a folder, and no file";
        return Err(Error::new(ErrorKind::InvalidInput, reason));
    }
    File::open(path)
}

/// The bytes of a small file: a key, certificates, a URL, a token.
///
/// # Errors
/// As [`open()`], or it is larger than 4 MiB.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    within(path, LARGEST)
}

/// The bytes of a file of at most `largest` bytes.
///
/// # Errors
/// As [`open()`], or it is larger: [`ErrorKind::FileTooLarge`].
pub fn within(path: &Path, largest: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    open(path)?.take(bound).read_to_end(&mut bytes)?;
    if bytes.len() > largest {
        let most = largest / 1024;
        let reason = format!("larger than {most} KiB");
        return Err(Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(bytes)
}

/// The text of a small file.
///
/// # Errors
/// As [`read()`], or it is not UTF-8.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_refused_and_nobody_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for path in [&pipe, folder.path(), Path::new("/dev/zero")] {
            let refused = text(path).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{path:?}");
            assert_eq!(open(path).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, [b'x'; 9]).unwrap();
        assert_eq!(within(&file, 9).unwrap().len(), 9);
        let refused = within(&file, 8).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::FileTooLarge);
    }
}
