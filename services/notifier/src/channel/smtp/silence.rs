//! Servers that fall silent, or drip a byte now and then: every step ends.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use lettre::Address;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::connection::Connection;
use super::dialogue::{Refusal, Step};
use super::server::{Login, Security, SmtpServer};
use super::session::Session;
use super::wire;
use crate::domain::outcome::{Phase, Verdict, no_reply};

/// Smaller than the body below: a server that reads no further stops its writer.
const IN_FLIGHT: usize = 1024;

/// No step has so much patience.
const FOR_EVER: Duration = Duration::from_secs(24 * 60 * 60);

/// How a server goes on from the place where it stops to answer.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Silent,
    /// A byte each second of a line that does not end.
    Dripping,
}

/// What the server hears when it stops to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Halt {
    Connected,
    Verb(&'static str),
    /// It has agreed to encrypt.
    Handshake,
    /// It has asked for the body and does not read it.
    Body,
    Dot,
}

async fn stall(mut stream: BufReader<DuplexStream>, manner: Manner) {
    let mut said = b"250-".iter().chain(std::iter::repeat(&b'x'));
    while let (Manner::Dripping, Some(byte)) = (manner, said.next()) {
        sleep(Duration::from_secs(1)).await;
        if stream.write_all(&[*byte]).await.is_err() {
            return;
        }
    }
    sleep(FOR_EVER).await;
}

/// The verb of what is said; of a body, its dot.
async fn heard(stream: &mut BufReader<DuplexStream>, in_body: bool) -> Option<String> {
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if !in_body || line == ".\r\n" {
            let verb = line.trim_end().split(' ').next();
            return verb.map(str::to_owned);
        }
    }
}

/// Answers as a server would, up to the place.
async fn serve(stream: DuplexStream, place: Halt, manner: Manner) {
    let mut stream = BufReader::new(stream);
    if place == Halt::Connected {
        return stall(stream, manner).await;
    }
    let mut reply = "220 relay.example.com";
    let (mut in_body, mut in_clear) = (false, true);
    loop {
        if stream.write_all(reply.as_bytes()).await.is_err()
            || stream.write_all(b"\r\n").await.is_err()
        {
            return;
        }
        if !in_clear || (in_body && place == Halt::Body) {
            return stall(stream, manner).await;
        }
        let Some(verb) = heard(&mut stream, in_body).await else {
            return;
        };
        let is_there = match place {
            Halt::Verb(name) => verb == name,
            Halt::Dot => in_body,
            Halt::Connected | Halt::Handshake | Halt::Body => false,
        };
        if is_there {
            return stall(stream, manner).await;
        }
        in_body = verb == "DATA";
        in_clear = verb != "STARTTLS";
        reply = match verb.as_str() {
            "EHLO" => "250-relay.example.com\r\n250-AUTH PLAIN\r\n250 STARTTLS",
            "AUTH" => "235 2.7.0 Accepted",
            "DATA" => "354 End with a single dot",
            _ => "250 2.0.0 Fine",
        };
    }
}

fn server(encrypted: bool) -> SmtpServer {
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/relay/tls/authority.pem");
    let url = "smtp+starttls://localhost:25";
    let server = SmtpServer::parse(url, "lienminh.example", Some(authority.as_ref())).unwrap();
    if encrypted {
        return server;
    }
    SmtpServer {
        security: Security::None,
        login: Some(Login {
            user: "nhacviec".to_owned(),
            password: "mat".to_owned().into(),
        }),
        ..server
    }
}

/// A session with such a server, and the server.
async fn begin(place: Halt, manner: Manner) -> (Result<Session, Refusal>, JoinHandle<()>) {
    let (ours, theirs) = duplex(IN_FLIGHT);
    let serving = tokio::spawn(serve(theirs, place, manner));
    let ready_by = Instant::now() + Step::Connect.patience();
    let connection = Connection::over(wire::buffered(Box::new(ours)), ready_by);
    let encrypted = matches!(place, Halt::Verb("STARTTLS") | Halt::Handshake);
    (Session::over(connection, &server(encrypted)).await, serving)
}

/// Sends one mail, as far as it gets.
async fn mail(place: Halt, manner: Manner) -> Result<(), Refusal> {
    let address = |text: &str| text.parse::<Address>().unwrap();
    let (from, to) = (address("b@lienminh.example"), address("htx@example.com"));
    let mut session = begin(place, manner).await.0?;
    session.envelope(&from, &to).await?;
    let body = format!("Subject: x\r\n\r\n{}", "text\r\n".repeat(IN_FLIGHT));
    session.data(body.as_bytes()).await.map(drop)
}

/// Before the dot a mail is tried again; what became of it after, nobody knows.
fn is_right(verdict: &Verdict, phase: Phase) -> bool {
    match phase {
        Phase::Connect => matches!(verdict, Verdict::Away { .. }),
        Phase::Mail | Phase::Rcpt | Phase::Data => matches!(verdict, Verdict::Retry { .. }),
        Phase::Dot => matches!(verdict, Verdict::Unknown { .. }),
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_or_drips_is_left_at_every_place_and_means_what_its_place_means()
{
    let places = [
        (Halt::Connected, Step::Greeting, 60),
        (Halt::Verb("EHLO"), Step::Ehlo, 60),
        (Halt::Verb("STARTTLS"), Step::StartTls, 60),
        (Halt::Verb("AUTH"), Step::Auth, 60),
        (Halt::Verb("MAIL"), Step::Mail, 300),
        (Halt::Verb("RCPT"), Step::Rcpt, 300),
        (Halt::Verb("DATA"), Step::Data, 120),
        (Halt::Body, Step::Dot, 600),
        (Halt::Dot, Step::Dot, 600),
    ];
    for manner in [Manner::Silent, Manner::Dripping] {
        for (place, step, patience) in places {
            let told = format!("{manner:?} at {place:?}");
            let began = Instant::now();
            let attempt = timeout(FOR_EVER, mail(place, manner)).await;
            let refusal = attempt.expect(&told).expect_err(&told);
            assert_eq!(began.elapsed().as_secs(), patience, "{told}");
            assert_eq!(refusal.detail, format!("timeout at {step}"), "{told}");
            let phase = step.phase();
            assert_eq!(refusal.verdict, no_reply(phase, "timeout"), "{told}");
            assert!(is_right(&refusal.verdict, phase), "{told}");
            assert!(!refusal.connection_stands, "{told}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_is_not_answered_ends() {
    let (session, _) = timeout(FOR_EVER, begin(Halt::Handshake, Manner::Silent))
        .await
        .unwrap();
    assert_eq!(session.unwrap_err().detail, "timeout at TLS");
}

#[tokio::test(start_paused = true)]
async fn neither_a_reset_nor_a_farewell_waits_for_long() {
    for manner in [Manner::Silent, Manner::Dripping] {
        let (session, serving) = begin(Halt::Verb("RSET"), manner).await;
        let reset = timeout(FOR_EVER, async { session.unwrap().reset().await }).await;
        assert!(!reset.unwrap(), "{manner:?}");
        serving.abort();
        let (session, serving) = begin(Halt::Verb("QUIT"), manner).await;
        let began = Instant::now();
        timeout(FOR_EVER, session.unwrap().quit()).await.unwrap();
        assert_eq!(began.elapsed().as_secs(), 2, "{manner:?}");
        serving.abort();
    }
}
