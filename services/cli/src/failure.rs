//! What failed, in the language of this run: also what the system said in English.

use std::error::Error;
use std::io::{self, ErrorKind};

use crate::language::phrase;

/// An error with its causes, the outermost first.
#[must_use]
pub fn in_words(error: &anyhow::Error) -> String {
    let causes = error.chain().map(words);
    causes.collect::<Vec<_>>().join(": ")
}

/// One cause; what the system says is said by its kind.
#[must_use]
pub fn words(cause: &(dyn Error + 'static)) -> String {
    cause
        .downcast_ref::<io::Error>()
        .map_or_else(|| cause.to_string(), of_system)
}

/// What people meet of what a system may refuse.
// Of the many kinds these are what people meet.
#[allow(clippy::wildcard_enum_match_arm)]
fn of_system(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => phrase!(
            "không có tệp hay thư mục này; xin xem lại tên và đường dẫn",
            "there is no such file or folder; please look at its name and path"
        ),
        ErrorKind::PermissionDenied => phrase!(
            "tài khoản máy tính này không được phép mở",
            "this account of the computer may not open it"
        ),
        ErrorKind::IsADirectory => {
            phrase!("là thư mục, không phải tệp", "is a folder and no file")
        }
        ErrorKind::NotADirectory => phrase!(
            "một phần của đường dẫn là tệp, không phải thư mục",
            "a part of the path is a file and no folder"
        ),
        ErrorKind::AlreadyExists => phrase!("đã có", "is there already"),
        ErrorKind::FileTooLarge => phrase!("lớn quá mức cho phép", "is larger than it may be"),
        ErrorKind::StorageFull => phrase!("ổ đĩa đã đầy", "the disk is full"),
        ErrorKind::InvalidData => {
            phrase!("không phải chữ UTF-8 hợp lệ", "is not valid UTF-8 text")
        }
        ErrorKind::ConnectionRefused => {
            phrase!("không có ai nhận kết nối ở đó", "nothing listens there")
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            phrase!("kết nối bị cắt", "the connection was cut")
        }
        ErrorKind::TimedOut => phrase!("chờ quá lâu", "it took too long"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => phrase!(
            "mạng không tới được máy này",
            "the network does not reach that machine"
        ),
        _ if error.to_string().contains("lookup") => phrase!(
            "không có máy nào mang tên này",
            "there is no machine of that name"
        ),
        _ => phrase!("hệ thống báo: {error}", "the system says: {error}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use anyhow::Context as _;

    use super::*;

    #[test]
    fn what_the_system_refuses_is_said_without_its_english() {
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::PermissionDenied,
            ErrorKind::IsADirectory,
            ErrorKind::ConnectionRefused,
        ] {
            let refused: Result<(), _> = Err(io::Error::from(kind));
            let told = refused.context("tệp a.csv").unwrap_err();
            let told = in_words(&told);
            assert!(told.starts_with("tệp a.csv: "), "{told}");
            let english = format!("{}", io::Error::from(kind));
            assert!(!told.contains(&english), "{told}");
        }
        let lookup = io::Error::other("failed to lookup address information: Name or service");
        assert_eq!(words(&lookup), "không có máy nào mang tên này");
    }
}
