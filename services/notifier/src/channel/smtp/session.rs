//! One connection to the server, used for mail after mail.

use std::future::Future;

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use vietnam::text::reference;

use super::dialogue::{Refusal, deadline, expected, stuffed};
use super::server::SmtpServer;
use super::wire::{Stage, Wire};
use crate::domain::outcome::Phase;

/// Mails per connection: some servers count, and a fresh connection finds a
/// moved relay.
const MAILS_PER_CONNECTION: u32 = 1_000;

/// An idle connection older than this may be half-open: a fresh one costs less
/// than a lost mail.
const IDLE_LIMIT: std::time::Duration = std::time::Duration::from_secs(30);

/// A connection that has said EHLO.
pub struct Session {
    connection: AsyncSmtpConnection,
    pipelining: bool,
    stage: Stage,
    mails: u32,
    last_used: Instant,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Session")
            .field("mails", &self.mails)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Connects, greets, encrypts and authenticates as the address says.
    ///
    /// # Errors
    /// [`Refusal`]; nothing was sent.
    pub async fn connect(server: &SmtpServer) -> Result<Self, Refusal> {
        let stage = Stage::default();
        let making = async {
            let stream = TcpStream::connect((server.host.as_str(), server.port))
                .await
                .map_err(|_| Refusal::silence(Phase::Connect, "connect_failed"))?;
            // Small writes must not wait for each other's acknowledgements.
            stream
                .set_nodelay(true)
                .map_err(|_| Refusal::silence(Phase::Connect, "connect_failed"))?;
            let wire = Box::new(Wire::new(stream, stage.clone()));
            let connection = AsyncSmtpConnection::connect_with_transport(wire, &server.hello)
                .await
                .map_err(|error| Refusal::of(&error, Phase::Connect))?;
            let mut connection = prepare(server, connection).await?;
            let pipelining = offers_pipelining(server, &mut connection).await?;
            Ok((connection, pipelining))
        };
        let (connection, pipelining) = timeout(deadline(Phase::Connect), making)
            .await
            .map_err(|_| Refusal::silence(Phase::Connect, "timeout"))??;
        Ok(Self {
            connection,
            pipelining,
            stage,
            mails: 0,
            last_used: Instant::now(),
        })
    }

    /// Whether it may carry another mail.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.mails < MAILS_PER_CONNECTION && self.last_used.elapsed() < IDLE_LIMIT
    }

    /// MAIL and RCPT: a refusal here means that nothing was sent.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn envelope(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        self.mails += 1;
        let mut parameters = Vec::new();
        if !AsRef::<str>::as_ref(to).is_ascii() {
            if !self
                .connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Err(unspeakable());
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let mail = Mail::new(Some(from.clone()), parameters);
        let recipient = Rcpt::new(to.clone(), Vec::new());
        if self.pipelining {
            return self.both(&mail, &recipient).await;
        }
        answer(Phase::Mail, self.connection.command(mail)).await?;
        answer(Phase::Rcpt, self.connection.command(recipient)).await?;
        Ok(())
    }

    /// Both commands in one write (RFC 2920): each has its answer, also where the
    /// first is refused.
    async fn both(&mut self, mail: &Mail, recipient: &Rcpt) -> Result<(), Refusal> {
        let commands = self.connection.command(format!("{mail}{recipient}"));
        let first = answer(Phase::Mail, commands).await;
        if matches!(&first, Err(refusal) if !refusal.connection_stands) {
            return first.map(drop);
        }
        let second = answer(Phase::Rcpt, self.connection.read_response()).await;
        let Err(mut refusal) = first else {
            return second.map(drop);
        };
        refusal.connection_stands =
            second.map_or_else(|refusal| refusal.connection_stands, |_| true);
        Err(refusal)
    }

    /// DATA, the body and the dot; answers the text of the 250, which often
    /// holds the server's own name for the mail.
    ///
    /// # Errors
    /// [`Refusal`]: until 354 nothing was sent, after it only a reply decides.
    pub async fn data(&mut self, message: &[u8]) -> Result<String, Refusal> {
        let body = std::str::from_utf8(message).map_err(|_| unwritable())?;
        let data = self.connection.command(Data);
        answer(Phase::Data, data).await?;
        self.stage.body_begins();
        let body = self.connection.command(stuffed(body));
        let response = answer(Phase::Dot, body).await?;
        self.last_used = Instant::now();
        Ok(reference(response.first_line().unwrap_or_default()))
    }

    /// Takes a refused or withdrawn mail back, so that the connection is free
    /// for the next; `false` when it is lost.
    pub async fn reset(&mut self) -> bool {
        self.last_used = Instant::now();
        let reset = self.connection.command(Rset);
        answer(Phase::Mail, reset).await.is_ok()
    }

    /// Says goodbye, without waiting long for the answer.
    pub async fn quit(mut self) {
        let quit = self.connection.command(Quit);
        let _ = timeout(std::time::Duration::from_secs(2), quit).await;
    }
}

async fn prepare(
    server: &SmtpServer,
    mut connection: AsyncSmtpConnection,
) -> Result<AsyncSmtpConnection, Refusal> {
    if server.starttls {
        let tls = TlsParameters::new(server.host.clone())
            .map_err(|error| Refusal::of(&error, Phase::Connect))?;
        connection
            .starttls(tls, &server.hello)
            .await
            .map_err(|error| Refusal::of(&error, Phase::Connect))?;
    }
    if let Some(credentials) = &server.credentials {
        connection
            .auth(DEFAULT_MECHANISMS, credentials)
            .await
            .map_err(|error| Refusal::of(&error, Phase::Connect))?;
    }
    Ok(connection)
}

/// The greeting again, with all lines of the answer: what lettre has read it keeps
/// to itself, and after STARTTLS or AUTH a server may offer something else.
async fn offers_pipelining(
    server: &SmtpServer,
    connection: &mut AsyncSmtpConnection,
) -> Result<bool, Refusal> {
    let hello = connection.command(Ehlo::new(server.hello.clone()));
    let offers = answer(Phase::Connect, hello).await?;
    Ok(offers
        .message()
        .any(|line| line.trim().eq_ignore_ascii_case("PIPELINING")))
}

/// Waits for an answer as long as the phase allows. A future that is dropped at
/// its deadline leaves the dialogue out of step: its connection is given up.
async fn answer(
    phase: Phase,
    asking: impl Future<Output = Result<Response, SmtpError>>,
) -> Result<Response, Refusal> {
    let response = timeout(deadline(phase), asking)
        .await
        .map_err(|_| Refusal::silence(phase, "timeout"))?
        .map_err(|error| Refusal::of(&error, phase))?;
    expected(&response, phase)?;
    Ok(response)
}

/// RFC 6531 section 3.2: such an address goes only to servers that offer it.
fn unspeakable() -> Refusal {
    Refusal {
        verdict: crate::domain::outcome::Verdict::Failed {
            reason: "address_needs_smtputf8".to_owned(),
            suppress: false,
        },
        code: String::new(),
        detail: "the server does not offer SMTPUTF8".to_owned(),
        connection_stands: true,
    }
}

/// Messages are built from ASCII only, so this would be our own fault.
fn unwritable() -> Refusal {
    Refusal {
        verdict: crate::domain::outcome::Verdict::Failed {
            reason: "message_unwritable".to_owned(),
            suppress: false,
        },
        code: String::new(),
        detail: "the message is not text".to_owned(),
        connection_stands: true,
    }
}
