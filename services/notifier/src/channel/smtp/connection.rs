//! Words out, answers in, each within its time.

use std::future::Future;
use std::io;

use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, timeout_at};

use super::dialogue::{Fault, Refusal, Step, expected};
use super::reply::{self, Answer};
use super::server::{Security, SmtpServer};
use super::wire::{self, Wire};

/// A connection to a server.
pub(super) struct Connection {
    stream: Wire,
    /// All steps until the first mail share one patience.
    ready_by: Option<Instant>,
}

impl Connection {
    /// Connects, within TLS from its first byte where the address says so.
    pub(super) async fn open(server: &SmtpServer) -> Result<Self, Refusal> {
        let ready_by = Instant::now() + Step::Connect.patience();
        let connecting = within(ready_by, wire::connect(&server.host, server.port));
        let stream = connecting.await.map_err(|fault| {
            let fault = if fault == Fault::Lost {
                Fault::Unreachable
            } else {
                fault
            };
            Refusal::fault(&fault, Step::Connect)
        })?;
        let connection = Self::over(stream, ready_by);
        match &server.security {
            Security::Implicit(_) => connection.encrypt(server).await,
            Security::None | Security::StartTls(_) => Ok(connection),
        }
    }

    /// Over what is connected already; it is ready by then or given up.
    pub(super) const fn over(stream: Wire, ready_by: Instant) -> Self {
        Self {
            stream,
            ready_by: Some(ready_by),
        }
    }

    /// Goes on within TLS.
    pub(super) async fn encrypt(self, server: &SmtpServer) -> Result<Self, Refusal> {
        let (Security::StartTls(trust) | Security::Implicit(trust)) = &server.security else {
            return Ok(self);
        };
        let ends = self.ends(Step::Handshake);
        // Whatever was said in clear and not yet read would count as said within
        // (CVE-2011-0411).
        self.nothing_unasked(Step::Handshake)?;
        let encrypting = wire::encrypt(self.stream, &server.host, trust);
        let encrypted = within(ends, encrypting).await;
        Ok(Self {
            stream: encrypted.map_err(|fault| Refusal::fault(&fault, Step::Handshake))?,
            ready_by: self.ready_by,
        })
    }

    /// From here on each step has its own patience.
    pub(super) fn is_ready(&mut self) {
        self.ready_by = None;
    }

    /// Says something and reads the answer.
    pub(super) async fn ask(&mut self, step: Step, words: &str) -> Result<Answer, Refusal> {
        self.nothing_unasked(step)?;
        let ends = self.ends(step);
        let asking = within(ends, self.say(words));
        asking.await.map_err(|fault| Refusal::fault(&fault, step))?;
        self.answer_by(ends, step).await
    }

    /// Reads the answer to what was said before.
    pub(super) async fn answer(&mut self, step: Step) -> Result<Answer, Refusal> {
        self.answer_by(self.ends(step), step).await
    }

    /// Writes a body with its dot, and reads the answer. Between the two halves of a
    /// body and before its answer a test may cut the power.
    pub(super) async fn body(&mut self, body: &str) -> Result<Answer, Refusal> {
        // A reply before the body: nothing was sent.
        self.nothing_unasked(Step::Data)?;
        let ends = self.ends(Step::Dot);
        let (first, second) = body.as_bytes().split_at(body.len().div_ceil(2));
        let writing = async {
            self.stream.write_all(first).await?;
            self.stream.flush().await?;
            kit::failpoint::hit("smtp.mid_body");
            self.stream.write_all(second).await?;
            self.stream.flush().await
        };
        let written = within(ends, writing).await;
        written.map_err(|fault| Refusal::fault(&fault, Step::Dot))?;
        kit::failpoint::hit("smtp.after_dot");
        self.answer_by(ends, Step::Dot).await
    }

    async fn say(&mut self, words: &str) -> io::Result<()> {
        self.stream.write_all(words.as_bytes()).await?;
        self.stream.flush().await
    }

    async fn answer_by(&mut self, ends: Instant, step: Step) -> Result<Answer, Refusal> {
        let answer = timeout_at(ends, reply::read(&mut self.stream)).await;
        let answer = answer
            .unwrap_or(Err(Fault::Late))
            .map_err(|fault| Refusal::fault(&fault, step))?;
        expected(answer, step)
    }

    fn nothing_unasked(&self, step: Step) -> Result<(), Refusal> {
        if self.stream.buffer().is_empty() {
            Ok(())
        } else {
            Err(Refusal::fault(&Fault::Unasked, step))
        }
    }

    fn ends(&self, step: Step) -> Instant {
        self.ready_by
            .unwrap_or_else(|| Instant::now() + step.patience())
    }
}

/// A future that is dropped at its deadline leaves the dialogue out of step: its
/// connection is given up.
async fn within<T>(ends: Instant, doing: impl Future<Output = io::Result<T>>) -> Result<T, Fault> {
    match timeout_at(ends, doing).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(kit::tls::cause(&error).map_or(Fault::Lost, Fault::Untrusted)),
        Err(_) => Err(Fault::Late),
    }
}
