//! One connection: the dialogue of RFC 5321, and the misbehaviour asked for.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::behaviour::{Behaviour, Oddity, Place};
use super::counters::count;
use super::line::Line;
use super::login;
use super::reader::{self, Body};
use super::sink::Shared;

/// Larger than any mail with a calendar entry and an attached document.
const LARGEST: usize = 25 * 1024 * 1024;

/// A client that says nothing for so long is gone (RFC 5321 4.5.3.2.7).
const SILENCE: Duration = Duration::from_secs(300);

pub(super) struct Session {
    envelope: Envelope,
    number: u64,
    line: Option<Line>,
    encrypted: bool,
    logged_in: bool,
    shared: Arc<Shared>,
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
        Self {
            envelope: Envelope::default(),
            number,
            line: Some(BufReader::new(Box::new(stream))),
            encrypted: false,
            logged_in: false,
            shared,
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
        self.forget();
        shared.tally.open.fetch_sub(1, Ordering::Relaxed);
    }

    async fn dialogue(&mut self) -> io::Result<()> {
        if self.shared.tls.as_ref().is_some_and(|tls| tls.implicit) {
            self.encrypt().await?;
        }
        let most = self.shared.rules.manner().most_connections;
        if most.is_some_and(|most| self.shared.tally.read().open > most) {
            count(&self.shared.tally.too_many);
            let text = "421 4.7.0 stage.example.com Error: too many connections from 127.0.0.1";
            self.say(Place::Greeting, text).await?;
            return self.line()?.shutdown().await;
        }
        self.say(Place::Greeting, "220 stage.example.com ESMTP")
            .await?;
        loop {
            let read = tokio::time::timeout(SILENCE, reader::command(self.line()?)).await;
            let Some(command) = read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? else {
                return Ok(());
            };
            if matches!(self.answer(&command).await?, Next::Close) {
                return self.line()?.shutdown().await;
            }
        }
    }

    /// Missing only while it is being encrypted, or when that has failed.
    fn line(&mut self) -> io::Result<&mut Line> {
        self.line
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    async fn encrypt(&mut self) -> io::Result<()> {
        if let (Some(tls), Some(line)) = (self.shared.tls.clone(), self.line.take()) {
            self.line = Some(tls.accept(line).await?);
            self.encrypted = true;
        }
        Ok(())
    }

    async fn answer(&mut self, command: &str) -> io::Result<Next> {
        let verb = command
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                self.forget();
                let offers = self.offers();
                self.say(Place::Ehlo, &offers).await?;
            }
            "HELO" => {
                self.forget();
                self.say(Place::Ehlo, "250 stage.example.com").await?;
            }
            "STARTTLS" if !self.encrypted && self.shared.tls.is_some() => {
                self.say(Place::StartTls, "220 2.0.0 Ready to start TLS")
                    .await?;
                self.encrypt().await?;
            }
            "AUTH" if self.encrypted => self.login(command).await?,
            "MAIL" => self.mail(command).await?,
            "RCPT" => return self.recipient(command).await,
            "DATA" => return self.data().await,
            "RSET" => {
                self.forget();
                self.say(Place::Rset, "250 2.0.0 Reset").await?;
            }
            "NOOP" => self.reply("250 2.0.0 Fine").await?,
            "VRFY" => self.reply("252 2.5.0 Try it").await?,
            "QUIT" => {
                self.say(Place::Quit, "221 2.0.0 Goodbye").await?;
                return Ok(Next::Close);
            }
            _ => self.violation("502 5.5.1 Unknown command").await?,
        }
        Ok(Next::Stay)
    }

    fn offers(&self) -> String {
        let mut offers = format!(
            "250-stage.example.com\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n"
        );
        if self.encrypted {
            offers.push_str("250-AUTH PLAIN LOGIN\r\n");
        } else if self.shared.tls.is_some() {
            offers.push_str("250-STARTTLS\r\n");
        }
        offers.push_str("250 ENHANCEDSTATUSCODES");
        offers
    }

    /// The message under way, if any, is given up.
    fn forget(&mut self) {
        let envelope = std::mem::take(&mut self.envelope);
        if envelope.from.is_some() {
            self.shared.under_way.fetch_sub(1, Ordering::Relaxed);
        }
    }

    async fn login(&mut self, command: &str) -> io::Result<()> {
        let account = self.shared.rules.manner().account;
        let given = login::read(self.line()?, command).await?;
        if account.is_some() && given == account {
            count(&self.shared.tally.logins);
            self.logged_in = true;
            return self.say(Place::Auth, "235 2.7.0 Accepted").await;
        }
        self.say(Place::Auth, "535 5.7.8 Username and Password not accepted")
            .await
    }

    async fn mail(&mut self, command: &str) -> io::Result<()> {
        let Some(from) = reader::path(command, "MAIL FROM:") else {
            return self.violation("501 5.5.4 No address").await;
        };
        if self.envelope.from.is_some() {
            return self.violation("503 5.5.1 One sender is enough").await;
        }
        let manner = self.shared.rules.manner();
        let locked = manner.account.is_some() && !self.logged_in;
        let refusal = manner
            .to_mail
            .or(locked.then_some("530 5.7.0 Authentication Required"));
        if let Some(refusal) = refusal {
            count(&self.shared.tally.refused_senders);
            return self.say(Place::Mail, refusal).await;
        }
        let under_way = self.shared.under_way.fetch_add(1, Ordering::Relaxed);
        if manner.most_senders.is_some_and(|most| under_way >= most) {
            self.shared.under_way.fetch_sub(1, Ordering::Relaxed);
            count(&self.shared.tally.too_many);
            let text = "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded";
            return self.say(Place::Mail, text).await;
        }
        self.envelope.from = Some(from.to_owned());
        self.say(Place::Mail, "250 2.1.0 Sender taken").await
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
            Behaviour::Says(Place::Rcpt, text) => {
                count(&self.shared.tally.refused_recipients);
                self.say(Place::Rcpt, text).await?;
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
            | Behaviour::Says(..)
            | Behaviour::Slow(_)
            | Behaviour::DropBeforeData
            | Behaviour::DropInBody
            | Behaviour::AcceptThenDrop
            | Behaviour::LoseThenDrop
            | Behaviour::DelayAfterDot(_) => {
                self.envelope.to.push((to.to_owned(), behaviour));
                self.pause_if_slow(behaviour).await;
                self.say(Place::Rcpt, "250 2.1.5 Recipient taken").await?;
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
            self.forget();
            self.refuse(code, "3.0", "Not now").await?;
            return Ok(Next::Stay);
        }
        if let Behaviour::Says(Place::Data, text) = behaviour {
            count(&self.shared.tally.refused_messages);
            self.forget();
            self.say(Place::Data, text).await?;
            return Ok(Next::Stay);
        }
        if behaviour == Behaviour::DropBeforeData {
            count(&self.shared.tally.dropped_before_dot);
            return Ok(Next::Close);
        }
        self.say(Place::Data, "354 End with a single dot").await?;
        if behaviour == Behaviour::DropInBody {
            reader::command(self.line()?).await?;
            count(&self.shared.tally.dropped_before_dot);
            return Ok(Next::Close);
        }
        match reader::body(self.line()?, LARGEST).await? {
            Body::CutShort => Ok(Next::Close),
            Body::TooLarge => {
                self.forget();
                self.reply("552 5.3.4 Too large").await?;
                Ok(Next::Stay)
            }
            Body::Whole(message) => self.after_dot(behaviour, message).await,
        }
    }

    async fn after_dot(&mut self, behaviour: Behaviour, message: Vec<u8>) -> io::Result<Next> {
        let from = self.envelope.from.clone().unwrap_or_default();
        let to = std::mem::take(&mut self.envelope.to);
        self.pause_if_slow(behaviour).await;
        if let Behaviour::RefuseMessage(code) = behaviour {
            count(&self.shared.tally.refused_messages);
            self.forget();
            self.refuse(code, "7.1", "Message refused").await?;
            return Ok(Next::Stay);
        }
        if let Behaviour::Says(Place::Dot, text) = behaviour {
            count(&self.shared.tally.refused_messages);
            self.forget();
            self.say(Place::Dot, text).await?;
            return Ok(Next::Stay);
        }
        if behaviour == Behaviour::LoseThenDrop {
            count(&self.shared.tally.dropped_after_dot);
            return Ok(Next::Close);
        }
        let to = to.into_iter().map(|(to, _)| to).collect();
        let accepted = self.shared.accept(self.number, from, to, message).await;
        self.forget();
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
        self.say(Place::Dot, &format!("250 2.0.0 Ok: queued as {queued_as}"))
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

    /// The reply of a place, or what is said there instead.
    async fn say(&mut self, place: Place, text: &str) -> io::Result<()> {
        let code = text.get(..3).unwrap_or_default();
        match self.shared.rules.odd(place) {
            None => self.reply(text).await,
            Some(Oddity::EndlessLine) => {
                self.write(format!("{code} ").as_bytes()).await?;
                self.endless(&[b'x'; 16 * 1024]).await
            }
            Some(Oddity::EndlessLines) => {
                self.endless(format!("{code}-and so on\r\n").repeat(1_000).as_bytes())
                    .await
            }
            Some(Oddity::Latin1) => {
                self.write(text.as_bytes()).await?;
                self.write(b" re\xe7u \xe0 l'heure\r\n").await
            }
            Some(Oddity::Twice) => self.reply(&format!("{text}\r\n{text}")).await,
        }
    }

    /// Until the client closes the connection.
    async fn endless(&mut self, bytes: &[u8]) -> io::Result<()> {
        loop {
            self.write(bytes).await?;
            let taken = bytes.len() as u64;
            let tally = &self.shared.tally.endless_bytes;
            tally.fetch_add(taken, Ordering::Relaxed);
        }
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        self.write(format!("{text}\r\n").as_bytes()).await
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let line = self.line()?;
        line.write_all(bytes).await?;
        line.flush().await
    }
}
