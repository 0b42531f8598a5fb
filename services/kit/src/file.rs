//! Files that somebody names: no more of one is read than such a file can be.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Larger is no key, no certificate chain and no URL, but some other file.
const LARGEST: usize = 4 << 20;

/// The bytes of a small file: a key, certificates, a URL, a token.
///
/// # Errors
/// It cannot be read, or is larger than 4 MiB.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    within(path, LARGEST)
}

/// The bytes of a file of at most `largest` bytes.
///
/// # Errors
/// It cannot be read, or is larger: [`ErrorKind::FileTooLarge`].
pub fn within(path: &Path, largest: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(bound).read_to_end(&mut bytes)?;
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
    fn a_file_that_never_ends_is_refused() {
        let refused = text(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::FileTooLarge);
        assert_eq!(text(Path::new("/dev/null")).unwrap(), "");
    }
}
