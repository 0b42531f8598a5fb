//! Opening a file that a person wrote: no more of it is read than such a file can be,
//! and what is no text at all is told by its name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{BadFile, Problem};

/// Reads a text file of at most `largest` bytes, without the mark at its beginning that
/// some programs write.
///
/// # Errors
/// It cannot be read, is larger, or is no UTF-8 text.
pub(super) fn text(path: &Path, largest: usize) -> anyhow::Result<Vec<u8>> {
    let name = path.display().to_string();
    let file = File::open(path);
    let file = file.map_err(|error| anyhow::anyhow!("{name} cannot be read: {error}"))?;
    let mut bytes = Vec::new();
    let bound = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    file.take(bound)
        .read_to_end(&mut bytes)
        .map_err(|error| anyhow::anyhow!("{name} cannot be read: {error}"))?;
    let wrong = if bytes.len() > largest {
        Some(format!("is larger than {} KiB", largest / 1024))
    } else {
        stranger(&bytes).map(ToOwned::to_owned)
    };
    if let Some(reason) = wrong {
        let problems = vec![Problem {
            line: 1,
            field: String::new(),
            reason,
        }];
        return Err(BadFile {
            file: name,
            problems,
        }
        .into());
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}

/// What a file is that is no UTF-8 text.
fn stranger(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x03\x04") {
        Some("is a workbook and no text: save it as CSV (UTF-8)")
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some("is packed: unpack it first")
    } else if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        Some("is UTF-16 text: save it as UTF-8")
    } else if bytes.contains(&0) {
        Some("holds bytes that no text has (NUL)")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write as _;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        text(file.path(), 1024).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_is_read_up_to_its_bound_and_no_further() {
        assert_eq!(read(&[b'x'; 1024]).unwrap().len(), 1024);
        assert!(
            read(&[b'x'; 1025])
                .unwrap_err()
                .contains("larger than 1 KiB")
        );
        // It does not end: only the bound does.
        let endless = text(Path::new("/dev/zero"), 1024).unwrap_err();
        assert!(endless.to_string().contains("larger than 1 KiB"));
    }

    #[test]
    fn what_is_no_text_is_told_by_its_name() {
        for (bytes, name) in [
            (b"PK\x03\x04rest".as_slice(), "workbook"),
            (b"\x1f\x8b\x08", "packed"),
            (b"\xff\xfer\0o\0", "UTF-16"),
            (b"\xfe\xff\0r\0o", "UTF-16"),
            (b"roster\0code", "NUL"),
        ] {
            assert!(read(bytes).unwrap_err().contains(name), "{name}");
        }
        assert_eq!(read(b"\xef\xbb\xbfkind").unwrap(), b"kind");
    }
}
