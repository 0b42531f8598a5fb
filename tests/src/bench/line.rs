//! Calls with nothing but HTTP/2 between the message and the wire: on the same two
//! processors, what a client library adds would be taken from the service that is measured,
//! while pgbench and h2load, which stand beside it, add next to nothing.

use anyhow::{Context, ensure};
use bytes::{BufMut, Bytes, BytesMut};
use h2::client::SendRequest;
use http::{HeaderValue, Request, Uri};
use prost::Message;
use tokio::net::TcpStream;

/// One byte that says "not compressed", four of length.
const HEAD: usize = 5;

/// A connection to one method of a service; clones share it.
#[derive(Clone, Debug)]
pub struct Line {
    requests: SendRequest<Bytes>,
    method: Uri,
    authorization: HeaderValue,
}

impl Line {
    /// Connects. `url` is that of the service, `path` that of the method, `authorization` the
    /// value of the header.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn to(url: &str, path: &str, authorization: &str) -> anyhow::Result<Self> {
        let method: Uri = format!("{url}{path}").parse()?;
        let authority = method.authority().context("a url without an authority")?;
        let stream = TcpStream::connect(authority.as_str()).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = h2::client::handshake(stream).await?;
        // It ends with the last of those who call over it.
        tokio::spawn(connection);
        Ok(Self {
            requests,
            authorization: authorization.parse()?,
            method,
        })
    }

    /// Calls, and reads the answer to its end.
    ///
    /// # Errors
    /// When the call is not answered with OK and a message.
    pub async fn call(&mut self, message: &impl Message) -> anyhow::Result<()> {
        let request = Request::post(&self.method)
            .header(http::header::CONTENT_TYPE, "application/grpc")
            .header(http::header::TE, "trailers")
            .header(http::header::AUTHORIZATION, &self.authorization)
            .body(())?;
        futures_util::future::poll_fn(|context| self.requests.poll_ready(context)).await?;
        let (answer, mut sending) = self.requests.send_request(request, false)?;
        sending.send_data(framed(message), true)?;
        let mut answer = answer.await?.into_body();
        let mut length = 0;
        while let Some(data) = answer.data().await {
            let data = data?;
            length += data.len();
            answer.flow_control().release_capacity(data.len())?;
        }
        let trailers = answer.trailers().await?;
        let status = trailers.as_ref().and_then(|all| all.get("grpc-status"));
        ensure!(
            length > HEAD && status.is_some_and(|status| status == "0"),
            "{} answered {length} bytes and {trailers:?}",
            self.method.path()
        );
        Ok(())
    }
}

/// A message as gRPC carries it.
pub fn framed(message: &impl Message) -> Bytes {
    let length = message.encoded_len();
    let mut frame = BytesMut::with_capacity(HEAD + length);
    frame.put_u8(0);
    // Ours are a few hundred bytes.
    frame.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    frame.put_slice(&message.encode_to_vec());
    frame.freeze()
}
