//! AUTH PLAIN and AUTH LOGIN (RFC 4954, RFC 4616).

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncWriteExt as _;

use super::line::Line;
use super::reader;

/// User and password that a client gives; `None` where they cannot be read.
pub(super) async fn read(line: &mut Line, command: &str) -> io::Result<Option<(String, String)>> {
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        [_, mechanism, given] if mechanism.eq_ignore_ascii_case("PLAIN") => {
            Ok(decoded(given).and_then(|given| plain(&given)))
        }
        [_, mechanism] if mechanism.eq_ignore_ascii_case("LOGIN") => {
            let user = ask(line, "Username:").await?;
            let password = ask(line, "Password:").await?;
            Ok(user.zip(password))
        }
        _ => Ok(None),
    }
}

fn plain(given: &str) -> Option<(String, String)> {
    let mut parts = given.split('\0').skip(1);
    let account = (parts.next()?.to_owned(), parts.next()?.to_owned());
    parts.next().is_none().then_some(account)
}

async fn ask(line: &mut Line, what: &str) -> io::Result<Option<String>> {
    let question = format!("334 {}\r\n", STANDARD.encode(what));
    line.write_all(question.as_bytes()).await?;
    line.flush().await?;
    let answer = reader::command(line).await?;
    Ok(answer.and_then(|answer| decoded(&answer)))
}

fn decoded(given: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(given).ok()?).ok()
}
