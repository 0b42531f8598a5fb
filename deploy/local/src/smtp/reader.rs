//! Lines and bodies off the wire (RFC 5321 2.3.8, 4.5.2, 4.5.3.1).

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// Longer than any command line we answer (RFC 5321 4.5.3.1.4 asks for 512, extensions for more).
const LONGEST_LINE: u64 = 8 * 1024;

/// A body line may be 1,000 octets; ours never are, a stranger's might be longer.
const LONGEST_BODY_LINE: u64 = 1024 * 1024;

/// A command without its line end; `None` when the client has gone.
pub(super) async fn command<R: AsyncRead + Unpin>(
    reader: &mut BufReader<R>,
) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    reader
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .await?;
    if line.is_empty() {
        return Ok(None);
    }
    if !line.ends_with(b"\n") {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a command without an end",
        ));
    }
    Ok(Some(
        String::from_utf8_lossy(&line)
            .trim_end_matches(['\r', '\n'])
            .to_owned(),
    ))
}

/// What became of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Up to the final dot, transparency undone.
    Whole(Vec<u8>),
    /// Up to the final dot, but larger than allowed.
    TooLarge,
    /// The client went away before the dot.
    CutShort,
}

/// Reads up to the line with the single dot.
pub(super) async fn body<R: AsyncRead + Unpin>(
    reader: &mut BufReader<R>,
    largest: usize,
) -> io::Result<Body> {
    let mut text = Vec::new();
    let mut too_large = false;
    loop {
        let start = text.len();
        reader
            .take(LONGEST_BODY_LINE)
            .read_until(b'\n', &mut text)
            .await?;
        let line = text.get(start..).unwrap_or_default();
        if !line.ends_with(b"\n") {
            return Ok(Body::CutShort);
        }
        if line == b".\r\n" {
            text.truncate(start);
            return Ok(if too_large {
                Body::TooLarge
            } else {
                Body::Whole(text)
            });
        }
        if line.starts_with(b".") {
            text.remove(start);
        }
        if text.len() > largest {
            too_large = true;
            text.clear();
        }
    }
}

/// The address between the angle brackets after `MAIL FROM:` or `RCPT TO:`, without parameters.
pub(super) fn path<'a>(command: &'a str, keyword: &str) -> Option<&'a str> {
    let head = command.get(..keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = command
        .get(keyword.len()..)?
        .trim_start()
        .strip_prefix('<')?;
    rest.split_once('>').map(|(address, _)| address)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_body_ends_at_the_dot_and_leading_dots_are_restored() {
        let mut reader =
            BufReader::new(&b"Subject: x\r\n\r\n..hidden\r\nline.\r\n.\r\nQUIT\r\n"[..]);
        let read = body(&mut reader, 1_000).await.unwrap();
        assert_eq!(
            read,
            Body::Whole(b"Subject: x\r\n\r\n.hidden\r\nline.\r\n".to_vec())
        );
        assert_eq!(command(&mut reader).await.unwrap().unwrap(), "QUIT");
        assert_eq!(command(&mut reader).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_body_without_a_dot_is_cut_short_and_a_large_one_is_read_to_its_end() {
        assert_eq!(
            body(&mut BufReader::new(&b"half\r\nof a li"[..]), 100)
                .await
                .unwrap(),
            Body::CutShort
        );
        let mut reader = BufReader::new(&b"0123456789\r\n0123456789\r\n.\r\nRSET\r\n"[..]);
        assert_eq!(body(&mut reader, 15).await.unwrap(), Body::TooLarge);
        assert_eq!(command(&mut reader).await.unwrap().unwrap(), "RSET");
    }

    #[test]
    fn a_path_stands_between_angle_brackets() {
        assert_eq!(
            path("mail from:<b+1@example.com> BODY=8BITMIME", "MAIL FROM:"),
            Some("b+1@example.com")
        );
        assert_eq!(
            path("RCPT TO: <a@example.com>", "RCPT TO:"),
            Some("a@example.com")
        );
        assert_eq!(path("MAIL FROM:<>", "MAIL FROM:"), Some(""));
        assert_eq!(path("RCPT TO:a@example.com", "RCPT TO:"), None);
    }
}
