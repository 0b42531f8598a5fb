//! Replies as they come off the wire: bounded in line, lines and bytes.
//!
//! How long a reply may take is the dialogue's to say.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

use super::dialogue::Fault;

/// RFC 5321 section 4.5.3.1.5 allows 512 octets; servers that explain themselves with
/// addresses of web pages write more.
const LONGEST_LINE: usize = 4 * 1024;

/// The longest replies, lists of extensions, have some thirty lines.
const MOST_LINES: usize = 128;

/// Of one reply in all.
const LARGEST: usize = 64 * 1024;

/// A reply, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// "250".
    pub code: u16,
    /// Its lines without the code.
    pub lines: Vec<String>,
}

impl Answer {
    /// The server's own words: lines joined, a repeated enhanced code once.
    pub(super) fn text(&self) -> String {
        let Some((first, others)) = self.lines.split_first() else {
            return String::new();
        };
        let repeated = first.split(' ').next().filter(|word| word.contains('.'));
        let mut text = first.clone();
        for line in others {
            let line = repeated
                .and_then(|code| line.strip_prefix(code)?.strip_prefix(' '))
                .unwrap_or(line);
            text.push(' ');
            text.push_str(line.trim());
        }
        text
    }
}

/// Reads one reply.
///
/// # Errors
/// The connection is lost, or what comes has no end or is no reply.
pub(super) async fn read(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<Answer, Fault> {
    let mut lines = Vec::new();
    let mut left = LARGEST;
    let mut code = None;
    while lines.len() < MOST_LINES {
        let line = line(reader, left.min(LONGEST_LINE)).await?;
        left -= line.len();
        let (own, goes_on, text) = parse(&line).ok_or(Fault::Unreadable)?;
        if *code.get_or_insert(own) != own {
            return Err(Fault::Unreadable);
        }
        lines.push(text);
        if !goes_on {
            return Ok(Answer { code: own, lines });
        }
    }
    Err(Fault::Endless)
}

async fn line(reader: &mut (impl AsyncBufRead + Unpin), longest: usize) -> Result<Vec<u8>, Fault> {
    let mut line = Vec::new();
    let reading = reader
        .take(longest as u64)
        .read_until(b'\n', &mut line)
        .await;
    match reading {
        Ok(_) if line.ends_with(b"\n") => Ok(line),
        Ok(read) if read == longest => Err(Fault::Endless),
        Ok(_) => Err(Fault::Lost),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Fault::Unreadable),
        Err(_) => Err(Fault::Lost),
    }
}

/// Code, whether another line follows, and the text. Servers write Latin-1 and
/// worse: what is no UTF-8 is replaced, for only the code decides.
fn parse(line: &[u8]) -> Option<(u16, bool, String)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let code = digits
        .parse()
        .ok()
        .filter(|code| (200..600).contains(code))?;
    let (goes_on, text) = match rest {
        [b'-', text @ ..] => (true, text),
        [b' ', text @ ..] | text @ ([b'\r', b'\n'] | [b'\n']) => (false, text),
        _ => return None,
    };
    let text = String::from_utf8_lossy(text);
    Some((code, goes_on, text.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn answer(bytes: &[u8]) -> Result<Answer, Fault> {
        read(&mut &bytes[..]).await
    }

    #[tokio::test]
    async fn a_reply_has_one_code_and_as_many_lines_as_it_likes() {
        let one = answer(b"250 2.0.0 Ok: queued as 4F\r\n").await.unwrap();
        assert_eq!(
            (one.code, one.text().as_str()),
            (250, "2.0.0 Ok: queued as 4F")
        );
        let many = answer(b"550-5.7.1 blocked,\r\n550-5.7.1 see\r\n550 5.7.1 the page\n").await;
        assert_eq!(many.unwrap().text(), "5.7.1 blocked, see the page");
        assert_eq!(answer(b"354\r\n").await.unwrap().code, 354);
    }

    #[tokio::test]
    async fn a_foreign_alphabet_is_replaced_and_decides_nothing() {
        let latin = answer(b"250 2.0.0 Message accept\xe9 et gard\xe9\r\n")
            .await
            .unwrap();
        assert_eq!(
            (latin.code, latin.text().as_str()),
            (250, "2.0.0 Message accept\u{fffd} et gard\u{fffd}")
        );
        let vietnamese = answer("250 2.0.0 Đã nhận thư\r\n".as_bytes())
            .await
            .unwrap();
        assert_eq!(vietnamese.text(), "2.0.0 Đã nhận thư");
    }

    #[tokio::test]
    async fn what_has_no_end_is_not_waited_for() {
        let mut line = b"250 ".to_vec();
        line.resize(LONGEST_LINE + 1, b'x');
        assert_eq!(answer(&line).await, Err(Fault::Endless));
        assert_eq!(
            answer(&b"250-x\r\n".repeat(1_000_000)).await,
            Err(Fault::Endless)
        );
        let long = [b"250-", &[b'x'; 4_000][..], b"\r\n"].concat();
        assert_eq!(answer(&long.repeat(100)).await, Err(Fault::Endless));
        let longest = [b"250-", &[b'x'; 2_000][..], b"\r\n250 ok\r\n"].concat();
        assert_eq!(answer(&longest).await.unwrap().code, 250);
    }

    #[tokio::test]
    async fn what_is_no_reply_is_not_believed() {
        for odd in [
            &b"2.0.0 ok\r\n"[..],
            b"250-ok\r\n550 no\r\n",
            b"25\xe9 ok\r\n",
            b"250ok\r\n",
            b"999 ok\r\n",
            b"ok\r\n",
            b"\r\n",
        ] {
            assert_eq!(answer(odd).await, Err(Fault::Unreadable), "{odd:?}");
        }
        assert_eq!(answer(b"250 o").await, Err(Fault::Lost));
        assert_eq!(answer(b"").await, Err(Fault::Lost));
    }
}
