//! One connection: the dialogue of RFC 5321, and the misbehaviour asked for.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::behaviour::Behaviour;
use super::counters::count;
use super::reader::{self, Body};
use super::sink::Shared;

/// Larger than any mail with a calendar entry and an attached document.
const LARGEST: usize = 25 * 1024 * 1024;

/// A client that says nothing for so long is gone (RFC 5321 4.5.3.2.7).
const SILENCE: Duration = Duration::from_secs(300);

pub(super) struct Session {
    envelope: Envelope,
    number: u64,
    reader: BufReader<OwnedReadHalf>,
    shared: Arc<Shared>,
    writer: OwnedWriteHalf,
}

#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<(String, Behaviour)>,
}

/// Whether the connection goes on.
enum Next {
    Stay,
    Close,
}

impl Session {
    pub(super) fn new(stream: TcpStream, number: u64, shared: Arc<Shared>) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            envelope: Envelope::default(),
            number,
            reader: BufReader::new(reader),
            shared,
            writer,
        }
    }

    /// Serves the connection until one side closes it.
    pub(super) async fn run(mut self) {
        let tally = &self.shared.tally;
        count(&tally.connections);
        count(&tally.open);
        let shared = self.shared.clone();
        // A client that breaks the connection is what many tests are about: nothing to report.
        let _ = self.dialogue().await;
        shared.tally.open.fetch_sub(1, Ordering::Relaxed);
    }

    async fn dialogue(&mut self) -> io::Result<()> {
        self.reply("220 stage.example.com ESMTP").await?;
        loop {
            let read = tokio::time::timeout(SILENCE, reader::command(&mut self.reader)).await;
            let Some(command) = read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? else {
                return Ok(());
            };
            if matches!(self.answer(&command).await?, Next::Close) {
                return self.writer.shutdown().await;
            }
        }
    }

    async fn answer(&mut self, command: &str) -> io::Result<Next> {
        let verb = command
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                self.envelope = Envelope::default();
                let size = format!(
                    "250-stage.example.com\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES"
                );
                self.reply(&size).await?;
            }
            "HELO" => {
                self.envelope = Envelope::default();
                self.reply("250 stage.example.com").await?;
            }
            "MAIL" => self.mail(command).await?,
            "RCPT" => return self.recipient(command).await,
            "DATA" => return self.data().await,
            "RSET" => {
                self.envelope = Envelope::default();
                self.reply("250 2.0.0 Reset").await?;
            }
            "NOOP" => self.reply("250 2.0.0 Fine").await?,
            "VRFY" => self.reply("252 2.5.0 Try it").await?,
            "QUIT" => {
                self.reply("221 2.0.0 Goodbye").await?;
                return Ok(Next::Close);
            }
            _ => self.violation("502 5.5.1 Unknown command").await?,
        }
        Ok(Next::Stay)
    }

    async fn mail(&mut self, command: &str) -> io::Result<()> {
        match reader::path(command, "MAIL FROM:") {
            Some(_) if self.envelope.from.is_some() => {
                self.violation("503 5.5.1 One sender is enough").await
            }
            Some(from) => {
                self.envelope.from = Some(from.to_owned());
                self.reply("250 2.1.0 Sender taken").await
            }
            None => self.violation("501 5.5.4 No address").await,
        }
    }

    async fn recipient(&mut self, command: &str) -> io::Result<Next> {
        let Some(to) = reader::path(command, "RCPT TO:").filter(|to| !to.is_empty()) else {
            self.violation("501 5.5.4 No address").await?;
            return Ok(Next::Stay);
        };
        if self.envelope.from.is_none() {
            self.violation("503 5.5.1 MAIL first").await?;
            return Ok(Next::Stay);
        }
        let behaviour = self.shared.rules.next(to);
        match behaviour {
            Behaviour::RefuseRecipient(code) => {
                count(&self.shared.tally.refused_recipients);
                self.refuse(code, "1.1", "No mail for this recipient")
                    .await?;
            }
            Behaviour::Greylist => {
                count(&self.shared.tally.greylisted);
                self.reply("450 4.7.1 Greylisted, please try again later")
                    .await?;
            }
            Behaviour::Busy => {
                count(&self.shared.tally.busy);
                self.reply("421 4.3.2 Busy, closing the connection").await?;
                return Ok(Next::Close);
            }
            Behaviour::Accept
            | Behaviour::RefuseData(_)
            | Behaviour::RefuseMessage(_)
            | Behaviour::Slow(_)
            | Behaviour::DropBeforeData
            | Behaviour::DropInBody
            | Behaviour::AcceptThenDrop
            | Behaviour::LoseThenDrop
            | Behaviour::DelayAfterDot(_) => {
                self.envelope.to.push((to.to_owned(), behaviour));
                self.pause_if_slow(behaviour).await;
                self.reply("250 2.1.5 Recipient taken").await?;
            }
        }
        Ok(Next::Stay)
    }

    async fn data(&mut self) -> io::Result<Next> {
        // One recipient decides: our sender never puts two into one envelope.
        let Some(&(_, behaviour)) = self.envelope.to.first() else {
            self.violation("503 5.5.1 RCPT first").await?;
            return Ok(Next::Stay);
        };
        self.pause_if_slow(behaviour).await;
        if let Behaviour::RefuseData(code) = behaviour {
            count(&self.shared.tally.refused_messages);
            self.envelope = Envelope::default();
            self.refuse(code, "3.0", "Not now").await?;
            return Ok(Next::Stay);
        }
        if behaviour == Behaviour::DropBeforeData {
            count(&self.shared.tally.dropped_before_dot);
            return Ok(Next::Close);
        }
        self.reply("354 End with a single dot").await?;
        if behaviour == Behaviour::DropInBody {
            reader::command(&mut self.reader).await?;
            count(&self.shared.tally.dropped_before_dot);
            return Ok(Next::Close);
        }
        match reader::body(&mut self.reader, LARGEST).await? {
            Body::CutShort => Ok(Next::Close),
            Body::TooLarge => {
                self.envelope = Envelope::default();
                self.reply("552 5.3.4 Too large").await?;
                Ok(Next::Stay)
            }
            Body::Whole(message) => self.after_dot(behaviour, message).await,
        }
    }

    async fn after_dot(&mut self, behaviour: Behaviour, message: Vec<u8>) -> io::Result<Next> {
        let envelope = std::mem::take(&mut self.envelope);
        self.pause_if_slow(behaviour).await;
        if let Behaviour::RefuseMessage(code) = behaviour {
            count(&self.shared.tally.refused_messages);
            self.refuse(code, "7.1", "Message refused").await?;
            return Ok(Next::Stay);
        }
        if behaviour == Behaviour::LoseThenDrop {
            count(&self.shared.tally.dropped_after_dot);
            return Ok(Next::Close);
        }
        let to = envelope.to.into_iter().map(|(to, _)| to).collect();
        let accepted = self
            .shared
            .accept(self.number, envelope.from.unwrap_or_default(), to, message)
            .await;
        let Ok(queued_as) = accepted else {
            self.reply("451 4.3.0 Could not store the message").await?;
            return Ok(Next::Stay);
        };
        if behaviour == Behaviour::AcceptThenDrop {
            count(&self.shared.tally.dropped_after_dot);
            return Ok(Next::Close);
        }
        if let Behaviour::DelayAfterDot(delay) = behaviour {
            count(&self.shared.tally.delayed);
            tokio::time::sleep(delay).await;
        }
        self.reply(&format!("250 2.0.0 Ok: queued as {queued_as}"))
            .await?;
        Ok(Next::Stay)
    }

    async fn pause_if_slow(&self, behaviour: Behaviour) {
        if let Behaviour::Slow(delay) = behaviour {
            count(&self.shared.tally.delayed);
            tokio::time::sleep(delay).await;
        }
    }

    /// The class of the enhanced status code (RFC 3463) is the first digit of the reply's.
    async fn refuse(&mut self, code: u16, detail: &str, text: &str) -> io::Result<()> {
        self.reply(&format!("{code} {}.{detail} {text}", code / 100))
            .await
    }

    async fn violation(&mut self, reply: &str) -> io::Result<()> {
        count(&self.shared.tally.violations);
        self.reply(reply).await
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        self.writer
            .write_all(format!("{text}\r\n").as_bytes())
            .await
    }
}
