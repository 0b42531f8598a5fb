//! Reading what a gateway answers, or whoever stands between it and us: never more
//! than an answer can be, and what cannot be read has a name.

use serde::de::DeserializeOwned;

/// The documented answers have some hundred bytes; this leaves room for texts that
/// nobody documented.
const LONGEST: usize = 64 * 1024;

/// The documented answers are objects of plain values.
const DEEPEST: usize = 8;

/// Why an answer cannot be read. What became of the order nobody knows then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It does not end.
    TooLong,
    /// Brackets in brackets.
    TooDeep,
    /// Packed, which nobody asked for.
    Packed,
    /// No JSON, or not the object that is documented.
    NotJson,
    /// It did not come to its end in time.
    Timeout,
    /// The connection ended before it did.
    Lost,
}

impl Unreadable {
    /// The stable word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::TooLong => "answer_too_long",
            Self::TooDeep => "answer_too_deep",
            Self::Packed => "answer_packed",
            Self::NotJson => "answer_not_json",
            Self::Timeout => "timeout",
            Self::Lost => "connection_lost",
        }
    }
}

impl From<reqwest::Error> for Unreadable {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Lost
        }
    }
}

/// Reads an answer; bytes that are no UTF-8 are replaced, for codes and ids are ASCII.
pub(super) async fn json<T: DeserializeOwned>(
    response: reqwest::Response,
) -> Result<T, Unreadable> {
    if is_packed(&response) {
        return Err(Unreadable::Packed);
    }
    let bytes = bounded(response).await?;
    if depth(&bytes) > DEEPEST {
        return Err(Unreadable::TooDeep);
    }
    serde_json::from_str(&String::from_utf8_lossy(&bytes)).or(Err(Unreadable::NotJson))
}

fn is_packed(response: &reqwest::Response) -> bool {
    let encoding = response.headers().get("content-encoding");
    encoding.is_some_and(|how| !how.as_bytes().eq_ignore_ascii_case(b"identity"))
}

async fn bounded(mut response: reqwest::Response) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > LONGEST {
            return Err(Unreadable::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// How many brackets are open at once, outside texts.
fn depth(bytes: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => open += 1,
            b'}' | b']' if !in_text => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use serde_json::Value;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::channel::sms::client;

    /// Reads the answer of a server that says `first` and then `rest` for ever.
    async fn heard(first: &str, rest: &'static [u8]) -> Result<Value, Unreadable> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let first = first.to_owned();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            let mut open = stream.write_all(first.as_bytes()).await.is_ok();
            while open {
                open = stream.write_all(rest).await.is_ok();
                if rest.is_empty() {
                    std::future::pending::<()>().await;
                }
            }
        });
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = client(Duration::from_millis(500)).unwrap();
        json(client.get(url).send().await.unwrap()).await
    }

    fn whole(body: &str) -> String {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    #[test]
    fn brackets_count_outside_texts_only() {
        assert_eq!(depth(br#"{"a":[{"b":1}],"c":[]}"#), 3);
        assert_eq!(depth(br#"{"a":"[[[[\"[[[["}"#), 1);
        assert_eq!(depth(b"]]]]"), 0);
    }

    #[tokio::test]
    async fn an_answer_that_does_not_end_is_left_at_its_bound() {
        const ENDLESS: &str = "HTTP/1.1 200 OK\r\n\r\n{\"CodeResult\":\"100\",\"Note\":\"";
        assert_eq!(
            heard(ENDLESS, &[b'x'; 4096]).await,
            Err(Unreadable::TooLong)
        );
    }

    #[tokio::test]
    async fn an_answer_that_comes_to_no_end_in_time_is_not_waited_for() {
        const STUCK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"CodeResult\":";
        assert_eq!(heard(STUCK, b"").await, Err(Unreadable::Timeout));
    }

    #[tokio::test]
    async fn brackets_in_brackets_pages_and_packed_answers_have_names() {
        let deep = whole(&format!("{}{}", "[".repeat(9), "]".repeat(9)));
        assert_eq!(heard(&deep, b"").await, Err(Unreadable::TooDeep));
        let page = whole("<html>");
        assert_eq!(heard(&page, b"").await, Err(Unreadable::NotJson));
        let packed = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(heard(packed, b"").await, Err(Unreadable::Packed));
        let sound = whole(r#"{"CodeResult":"100"}"#);
        assert!(heard(&sound, b"").await.is_ok());
    }
}
