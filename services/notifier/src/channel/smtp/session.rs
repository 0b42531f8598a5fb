//! One connection to the server, used for mail after mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit::config::ExposeSecret as _;
use lettre::Address;
use tokio::time::Instant;

use super::connection::Connection;
use super::dialogue::{Fault, Refusal, Step, stuffed};
use super::reply::Answer;
use super::server::{Login, Security, SmtpServer};

/// Mails per connection: some servers count, and a fresh connection finds a
/// moved relay.
const MAILS_PER_CONNECTION: u32 = 1_000;

/// An idle connection older than this may be half-open: a fresh one costs less
/// than a lost mail.
const IDLE_LIMIT: std::time::Duration = std::time::Duration::from_secs(30);

/// What a server offers (RFC 5321 section 4.1.1.1).
#[derive(Clone, Debug, Default)]
struct Offers(Vec<String>);

impl Offers {
    fn of(answer: &Answer) -> Self {
        // The first line is its name.
        let lines = answer.lines.iter().skip(1);
        Self(lines.map(|line| line.to_ascii_uppercase()).collect())
    }

    fn has(&self, keyword: &str) -> bool {
        let mut lines = self.0.iter();
        lines.any(|line| line.split(' ').next() == Some(keyword))
    }

    fn mechanism(&self, name: &str) -> bool {
        let mut words = self
            .0
            .iter()
            .filter_map(|line| line.strip_prefix("AUTH ").or(line.strip_prefix("AUTH=")))
            .flat_map(str::split_whitespace);
        words.any(|word| word == name)
    }
}

/// A connection that has said EHLO.
pub struct Session {
    connection: Connection,
    offers: Offers,
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
        Self::over(Connection::open(server).await?, server).await
    }

    /// The same over a connection.
    pub(super) async fn over(
        mut connection: Connection,
        server: &SmtpServer,
    ) -> Result<Self, Refusal> {
        connection.answer(Step::Greeting).await?;
        let mut offers = greet(&mut connection, server).await?;
        if let Security::StartTls(_) = server.security {
            if !offers.has("STARTTLS") {
                return Err(Refusal::fault(&Fault::NoEncryption, Step::StartTls));
            }
            connection.ask(Step::StartTls, "STARTTLS\r\n").await?;
            connection = connection.encrypt(server).await?;
            // What was offered in clear does not count (RFC 3207 section 4.2).
            offers = greet(&mut connection, server).await?;
        }
        if let Some(login) = &server.login {
            authenticate(&mut connection, &offers, login).await?;
        }
        connection.is_ready();
        Ok(Self {
            connection,
            offers,
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
        let mut parameters = "";
        if !AsRef::<str>::as_ref(to).is_ascii() {
            // RFC 6531 section 3.2: such an address goes only to servers that offer it.
            if !self.offers.has("SMTPUTF8") {
                let detail = "the server does not offer SMTPUTF8";
                return Err(Refusal::unfit("address_needs_smtputf8", detail));
            }
            parameters = " SMTPUTF8";
        }
        let mail = format!("MAIL FROM:<{from}>{parameters}\r\n");
        let recipient = format!("RCPT TO:<{to}>\r\n");
        if self.offers.has("PIPELINING") {
            return self.both(&mail, &recipient).await;
        }
        self.connection.ask(Step::Mail, &mail).await?;
        self.connection.ask(Step::Rcpt, &recipient).await?;
        Ok(())
    }

    /// Both commands in one write (RFC 2920): each has its answer, also where the
    /// first is refused.
    async fn both(&mut self, mail: &str, recipient: &str) -> Result<(), Refusal> {
        let commands = format!("{mail}{recipient}");
        let first = self.connection.ask(Step::Mail, &commands).await;
        if matches!(&first, Err(refusal) if !refusal.connection_stands) {
            return first.map(drop);
        }
        let second = self.connection.answer(Step::Rcpt).await;
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
        // Messages are built from ASCII only, so this would be our own fault.
        let body = std::str::from_utf8(message)
            .map_err(|_| Refusal::unfit("message_unwritable", "the message is not text"))?;
        self.connection.ask(Step::Data, "DATA\r\n").await?;
        let answer = self.connection.body(&stuffed(body)).await?;
        self.last_used = Instant::now();
        Ok(answer.text())
    }

    /// Takes a refused or withdrawn mail back, so that the connection is free
    /// for the next; `false` when it is lost.
    pub async fn reset(&mut self) -> bool {
        self.last_used = Instant::now();
        self.connection.ask(Step::Rset, "RSET\r\n").await.is_ok()
    }

    /// Says goodbye, without waiting long for the answer.
    pub async fn quit(mut self) {
        let _ = self.connection.ask(Step::Quit, "QUIT\r\n").await;
    }
}

async fn greet(connection: &mut Connection, server: &SmtpServer) -> Result<Offers, Refusal> {
    let hello = format!("EHLO {}\r\n", server.hello);
    let answer = connection.ask(Step::Ehlo, &hello).await?;
    Ok(Offers::of(&answer))
}

/// RFC 4954; the password is within TLS.
async fn authenticate(
    connection: &mut Connection,
    offers: &Offers,
    login: &Login,
) -> Result<(), Refusal> {
    let mut say = async |words: String| connection.ask(Step::Auth, &format!("{words}\r\n")).await;
    let password = login.password.expose_secret();
    let answer = if offers.mechanism("PLAIN") {
        say(format!("AUTH PLAIN {}", STANDARD.encode(login.plain()))).await?
    } else if offers.mechanism("LOGIN") {
        say("AUTH LOGIN".to_owned()).await?;
        say(STANDARD.encode(&login.user)).await?;
        say(STANDARD.encode(password)).await?
    } else {
        return Err(Refusal::fault(&Fault::NoMechanism, Step::Auth));
    };
    if answer.code / 100 == 2 {
        Ok(())
    } else {
        Err(Refusal::of(&answer, Step::Auth))
    }
}
