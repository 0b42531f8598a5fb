//! The SMTP end, spoken to over the wire.

use std::time::{Duration, Instant};

use lienminh_local::acceptance::AcceptanceLog;
use lienminh_local::chance::Mix;
use lienminh_local::smtp::{AcceptedMail, Behaviour, SmtpOptions, SmtpSink};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    async fn connect(sink: &SmtpSink) -> Self {
        let stream = TcpStream::connect(sink.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Self {
            stream: BufReader::new(stream),
        };
        assert_eq!(client.reply().await, 220);
        assert_eq!(client.say("EHLO client.example.com").await, 250);
        client
    }

    /// The code of the next reply; 0 when the end has closed the connection.
    async fn reply(&mut self) -> u16 {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await.unwrap_or_default() == 0 {
                return 0;
            }
            if line.as_bytes()[3] == b' ' {
                return line[..3].parse().unwrap();
            }
        }
    }

    async fn say(&mut self, command: &str) -> u16 {
        if self
            .stream
            .get_mut()
            .write_all(format!("{command}\r\n").as_bytes())
            .await
            .is_err()
        {
            return 0;
        }
        self.reply().await
    }

    /// The code of each step until one is not the wanted one.
    async fn send(&mut self, to: &str, id: &str) -> Vec<u16> {
        let mut codes = vec![self.say("MAIL FROM:<b@example.com> BODY=8BITMIME").await];
        codes.push(self.say(&format!("RCPT TO:<{to}>")).await);
        if *codes.last().unwrap() != 250 {
            return codes;
        }
        codes.push(self.say("DATA").await);
        if *codes.last().unwrap() != 354 {
            return codes;
        }
        codes.push(
            self.say(&format!(
                "Message-ID: <{id}@example.com>\r\nSubject: x\r\n\r\nKính gửi\r\n."
            ))
            .await,
        );
        codes
    }
}

async fn sink() -> (tempfile::TempDir, SmtpSink) {
    let folder = tempfile::tempdir().unwrap();
    let mut options = SmtpOptions::in_folder(folder.path());
    options.mail_folder = Some(folder.path().join("mail"));
    let sink = SmtpSink::start(options).await.unwrap();
    (folder, sink)
}

#[tokio::test]
async fn an_accepted_message_is_in_the_log_before_its_250() {
    let (_folder, sink) = sink().await;
    let mut client = Client::connect(&sink).await;
    assert_eq!(
        client.send("a@example.com", "1").await,
        [250, 250, 354, 250]
    );
    let logged: Vec<AcceptedMail> = AcceptanceLog::read(sink.log()).unwrap();
    assert_eq!(logged.len(), 1);
    assert_eq!(logged[0].message_id, "<1@example.com>");
    assert_eq!(logged[0].to, ["a@example.com"]);
    assert_eq!(logged[0].from, "b@example.com");
    let stored = std::fs::read(logged[0].file.as_ref().unwrap()).unwrap();
    assert_eq!(stored, sink.accepted()[0].message);
    assert!(stored.ends_with("Kính gửi\r\n".as_bytes()));
    assert_eq!(client.say("RSET").await, 250);
    assert_eq!(client.say("NOOP").await, 250);
    assert_eq!(client.say("QUIT").await, 221);
}

#[tokio::test]
async fn each_misbehaviour_bites_where_it_should_and_is_counted() {
    let (_folder, sink) = sink().await;
    let rules = sink.rules();
    let one = Duration::from_millis(50);
    let cases: [(&str, Behaviour, &[u16], bool); 11] = [
        (
            "unknown",
            Behaviour::RefuseRecipient(550),
            &[250, 550],
            false,
        ),
        ("grey", Behaviour::Greylist, &[250, 450], false),
        ("data", Behaviour::RefuseData(451), &[250, 250, 451], false),
        (
            "policy",
            Behaviour::RefuseMessage(554),
            &[250, 250, 354, 554],
            false,
        ),
        ("busy", Behaviour::Busy, &[250, 421], false),
        ("before", Behaviour::DropBeforeData, &[250, 250, 0], false),
        ("body", Behaviour::DropInBody, &[250, 250, 354, 0], false),
        (
            "after",
            Behaviour::AcceptThenDrop,
            &[250, 250, 354, 0],
            true,
        ),
        ("lost", Behaviour::LoseThenDrop, &[250, 250, 354, 0], false),
        (
            "late",
            Behaviour::DelayAfterDot(one),
            &[250, 250, 354, 250],
            true,
        ),
        ("slow", Behaviour::Slow(one), &[250, 250, 354, 250], true),
    ];
    for (name, behaviour, codes, accepted) in cases {
        let to = format!("{name}@example.com");
        rules.set(&to, behaviour);
        let mut client = Client::connect(&sink).await;
        let started = Instant::now();
        assert_eq!(client.send(&to, name).await, codes, "{name}");
        assert_eq!(
            sink.accepted_for(&to).len(),
            usize::from(accepted),
            "{name}"
        );
        if matches!(behaviour, Behaviour::Slow(_) | Behaviour::DelayAfterDot(_)) {
            assert!(started.elapsed() >= one, "{name}");
        }
    }
    let counters = sink.counters();
    assert_eq!(
        (
            counters.refused_recipients,
            counters.greylisted,
            counters.refused_messages
        ),
        (1, 1, 2)
    );
    assert_eq!(
        (
            counters.busy,
            counters.dropped_before_dot,
            counters.dropped_after_dot
        ),
        (1, 2, 2)
    );
    assert_eq!(
        (counters.connections, counters.accepted, counters.delayed),
        (11, 3, 4)
    );

    let mut client = Client::connect(&sink).await;
    assert_eq!(
        client.send("grey@example.com", "again").await,
        [250, 250, 354, 250]
    );
}

#[tokio::test]
async fn a_refused_recipient_leaves_the_connection_usable() {
    let (_folder, sink) = sink().await;
    sink.rules()
        .set("gone@example.com", Behaviour::RefuseRecipient(550));
    let mut client = Client::connect(&sink).await;
    for number in 0..20 {
        assert_eq!(client.send("gone@example.com", "x").await, [250, 550]);
        assert_eq!(client.say("RSET").await, 250);
        assert_eq!(
            client.send("here@example.com", &number.to_string()).await,
            [250, 250, 354, 250]
        );
    }
    assert_eq!(sink.counters().connections, 1);
    assert_eq!(sink.accepted().len(), 20);
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let (_folder, sink) = sink().await;
    let mut client = Client::connect(&sink).await;
    assert_eq!(client.say("DATA").await, 503);
    assert_eq!(client.say("RCPT TO:<a@example.com>").await, 503);
    assert_eq!(client.say("MAIL FROM:b@example.com").await, 501);
    assert_eq!(client.say("HELP").await, 502);
    assert_eq!(sink.counters().violations, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mix_with_the_same_seed_treats_everybody_the_same_in_any_order() {
    let shares = [
        (60, Behaviour::Accept),
        (20, Behaviour::RefuseMessage(451)),
        (20, Behaviour::AcceptThenDrop),
    ];
    let mut outcomes = Vec::new();
    for reverse in [false, true] {
        let (_folder, sink) = sink().await;
        sink.rules().set_mix(Mix::new(42, shares));
        let mut order: Vec<u32> = (0..40).collect();
        if reverse {
            order.reverse();
        }
        let mut seen = Vec::new();
        for number in order {
            let to = format!("m{number}@example.com");
            let codes = Client::connect(&sink).await.send(&to, "mix").await;
            seen.push((number, codes));
        }
        seen.sort();
        outcomes.push(seen);
    }
    assert_eq!(outcomes[0], outcomes[1]);
    assert!(
        outcomes[0]
            .iter()
            .any(|(_, codes)| codes.last() == Some(&0))
    );
    assert!(
        outcomes[0]
            .iter()
            .any(|(_, codes)| codes.last() == Some(&451))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_share_a_flush() {
    let (_folder, sink) = sink().await;
    let started = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for connection in 0..20 {
        let mut client = Client::connect(&sink).await;
        clients.spawn(async move {
            for number in 0..25 {
                let codes = client
                    .send("a@example.com", &format!("{connection}-{number}"))
                    .await;
                assert_eq!(codes, [250, 250, 354, 250]);
            }
        });
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    sink.wait_for(500, Duration::from_secs(5)).await.unwrap();
    let mut ids: Vec<_> = sink
        .accepted()
        .into_iter()
        .map(|mail| mail.message_id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 500);
    println!("{:.0} mails/s", 500.0 / started.elapsed().as_secs_f64());
}
