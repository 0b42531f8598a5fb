//! Opening a file that a person wrote: no more of it is read than such a file can be,
//! and what is no text at all is told by its name.

use std::fmt;
use std::io;
use std::path::Path;

use super::{BadFile, Problem};
use crate::failure;
use crate::language::phrase;

/// Why a file is not read, to stand behind its name.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The system does not let us.
    Unreadable(io::Error),
    /// It is something else than was asked for.
    Other(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => {
                let why = failure::words(error);
                f.write_str(&phrase!("không đọc được: {why}", "cannot be read: {why}"))
            }
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::InvalidInput {
            Self::Other(phrase!(
                "là đường ống, thiết bị hoặc thư mục, không phải tệp",
                "is a pipe, a device or a folder, and no file"
            ))
        } else {
            Self::Unreadable(error)
        }
    }
}

/// Reads a text file of at most `largest` bytes, without the mark at its beginning that
/// some programs write.
///
/// # Errors
/// It cannot be read, is larger, or is no text.
pub(crate) fn bounded(path: &Path, largest: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = kit::file::within(path, largest).map_err(|error| {
        if error.kind() == io::ErrorKind::FileTooLarge {
            let most = largest / 1024;
            Refused::Other(phrase!("lớn hơn {most} KiB", "is larger than {most} KiB"))
        } else {
            Refused::from(error)
        }
    })?;
    if let Some(reason) = stranger(&bytes) {
        return Err(Refused::Other(reason));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}

/// The same, and what is wrong with the file is told of its first line.
pub(super) fn text(path: &Path, largest: usize) -> anyhow::Result<Vec<u8>> {
    bounded(path, largest).map_err(|refused| match refused {
        Refused::Unreadable(_) => anyhow::anyhow!("{} {refused}", path.display()),
        Refused::Other(reason) => BadFile::new(path, vec![Problem::new(1, "", reason)]).into(),
    })
}

/// What a file is that is no UTF-8 text.
fn stranger(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(b"PK\x03\x04") {
        Some(phrase!(
            "là tệp bảng tính, không phải tệp chữ: hãy lưu thành CSV (UTF-8)",
            "is a workbook and no text: save it as CSV (UTF-8)"
        ))
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some(phrase!(
            "là tệp nén: hãy giải nén trước",
            "is packed: unpack it first"
        ))
    } else if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        Some(phrase!(
            "là chữ UTF-16: hãy lưu thành UTF-8",
            "is UTF-16 text: save it as UTF-8"
        ))
    } else if bytes.contains(&0) {
        Some(phrase!(
            "có byte không phải chữ (NUL)",
            "holds bytes that no text has (NUL)"
        ))
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
        assert!(read(&[b'x'; 1025]).unwrap_err().contains("lớn hơn 1 KiB"));
        let endless = text(Path::new("/dev/zero"), 1024).unwrap_err();
        assert!(endless.to_string().contains("không phải tệp"));
    }

    #[test]
    fn what_is_no_text_is_told_by_its_name() {
        for (bytes, name) in [
            (b"PK\x03\x04rest".as_slice(), "bảng tính"),
            (b"\x1f\x8b\x08", "tệp nén"),
            (b"\xff\xfer\0o\0", "UTF-16"),
            (b"\xfe\xff\0r\0o", "UTF-16"),
            (b"roster\0code", "NUL"),
        ] {
            assert!(read(bytes).unwrap_err().contains(name), "{name}");
        }
        assert_eq!(read(b"\xef\xbb\xbfkind").unwrap(), b"kind");
    }
}
