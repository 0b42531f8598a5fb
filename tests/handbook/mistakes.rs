//! What the programs say to a configuration that is wrong.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use kit::config::KNOWN_VARIABLES;
use lienminh_local::ServiceName;
use lienminh_local::suite::program;

use crate::compose::names_after;
use crate::root;

/// Read by the suite's own tools and tests, and in no help.
const TOOLS: [&str; 4] = ["BIN_DIR", "FAILPOINT", "STAGE_MARK", "TEST_STAGE"];

/// Places and keys that are fine, though nobody is there.
const FINE: [(&str, &str); 2] = [
    ("DATABASE_URL", "postgres://n:hunter2@127.0.0.1:1/n"),
    ("BROKER_URL", "amqp://n:hunter2@127.0.0.1:1/n"),
];

fn run(subcommand: &str, variables: &[(&str, &str)]) -> Output {
    run_service("notifier", subcommand, variables)
}

fn run_service(service: &str, subcommand: &str, variables: &[(&str, &str)]) -> Output {
    let variables = variables
        .iter()
        .map(|(name, value)| (format!("LIENMINH_{name}"), value));
    Command::new(program(service).unwrap())
        .arg(subcommand)
        .env_clear()
        .envs(variables)
        .output()
        .unwrap()
}

/// What `check-config` says; `serve` must refuse with the same words.
fn told(variables: &[(&str, &str)]) -> Vec<String> {
    let lines = |subcommand: &str| -> Vec<String> {
        let output = run(subcommand, variables);
        assert_eq!(output.status.code(), Some(2), "{subcommand}: {output:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
        text.lines()
            .filter(|line| !line.starts_with("remark: "))
            .map(ToOwned::to_owned)
            .collect()
    };
    let checked = lines("check-config");
    assert_eq!(lines("serve"), checked);
    checked
}

#[test]
fn every_mistake_is_told_at_once_and_serve_refuses_with_the_same_list() {
    let told = told(&[
        ("DATABASE_URL", "postgres//x"),
        (
            "MIGRATION_DATABASE_URL",
            "postgres://o:hunter2@h/d?sslmode=prefer",
        ),
        ("BROKER_URL", "http://a:hunter2@b"),
        ("SMS_URL", "ftp://a"),
        ("REPLY_URL", "lienminh.example"),
        ("REGISTRY_URL", "https://registry:7101"),
        ("EVENTS_URL", "http://events:7102/r"),
        ("DELIVERY_MOD", "live"),
        ("SETTLE_DELAY", "ten"),
        ("SMTP_LANES", "many"),
        ("SMS_ADAPTER", "smpp"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_DOMAIN", "lien_minh"),
        ("TLS_CERT", "/nowhere.pem"),
        ("DATABASE_POOL_SIZE", "0"),
    ]);
    for each in [
        "--database-url: it must begin with postgres://",
        "--migration-database-url: sslmode=prefer",
        "--broker-url: it must begin with amqp:// or amqps://",
        "--sms-url (LIENMINH_SMS_URL): \"ftp://a\": it must begin with http",
        "--reply-url (LIENMINH_REPLY_URL): \"lienminh.example\": it must begin",
        "--registry-url is https: --tls-ca is needed",
        "--events-url (LIENMINH_EVENTS_URL): \"http://events:7102/r\": it must end with the host",
        "LIENMINH_DELIVERY_MOD is a variable that nothing in the suite reads; LIENMINH_DELIVERY_MODE may",
        "--settle-delay (LIENMINH_SETTLE_DELAY): \"ten\"",
        "--smtp-lanes (LIENMINH_SMTP_LANES): \"many\"",
        "--sms-adapter (LIENMINH_SMS_ADAPTER): \"smpp\": it is none of esms, generic",
        "--mail-from (LIENMINH_MAIL_FROM): \"nobody\": it must look like",
        "--mail-domain (LIENMINH_MAIL_DOMAIN): \"lien_minh\": it must be a domain",
        "--tls-cert and --tls-key: one is nothing without the other",
        "--database-pool-size must lie between",
    ] {
        let times = told.iter().filter(|line| line.starts_with(each)).count();
        assert_eq!(times, 1, "{each} in\n{}", told.join("\n"));
    }
    assert_eq!(told.len(), 15, "{}", told.join("\n"));
}

#[test]
fn nothing_goes_to_everybody_from_an_example_or_by_a_relay_that_is_this_machine() {
    let live: Vec<_> = [
        &FINE[..],
        &[
            ("DELIVERY_MODE", "live"),
            ("REPLY_URL", "https://example.org"),
        ],
    ]
    .concat();
    let told = told(&live);
    for flag in [
        "--mail-from lienminh.example",
        "--mail-domain lienminh.example",
        "--smtp-url 127.0.0.1",
        "--reply-url example.org",
    ] {
        let words = format!("--delivery-mode live with {flag}: it is ");
        assert!(told.iter().any(|line| line.starts_with(&words)), "{told:?}");
    }
    assert_eq!(told.len(), 4, "{told:?}");

    // In trial mode, in development, and with names that are somebody's, all is well.
    let somebody = [
        ("MAIL_FROM", "Liên minh <nhacviec@lienminhhtx.vn>"),
        ("MAIL_DOMAIN", "lienminhhtx.vn"),
        ("SMTP_URL", "smtp+starttls://mail.lienminhhtx.vn"),
        ("REPLY_URL", "https://nhacviec.lienminhhtx.vn"),
    ];
    for fine in [
        FINE.to_vec(),
        [&live[..], &[("ENVIRONMENT", "development")]].concat(),
        [&live[..], &somebody].concat(),
    ] {
        let output = run("check-config", &fine);
        assert!(output.status.success(), "{fine:?}: {output:?}");
    }
}

#[test]
fn members_are_not_sent_to_an_address_where_everybody_on_the_way_reads_along() {
    let somebody = [
        ("DELIVERY_MODE", "live"),
        ("MAIL_FROM", "Liên minh <nhacviec@lienminhhtx.vn>"),
        ("MAIL_DOMAIN", "lienminhhtx.vn"),
        ("SMTP_URL", "smtp+starttls://mail.lienminhhtx.vn"),
        ("REPLY_URL", "http://nhacviec.lienminhhtx.vn"),
        ("RECEIPTS_URL", "http://10.1.2.3:7304"),
    ];
    let told = told(&[&FINE[..], &somebody].concat());
    for flag in [
        "--reply-url http://nhacviec.lienminhhtx.vn",
        "--receipts-url http://10.1.2.3:7304",
    ] {
        let words = format!("--delivery-mode live with {flag}: ");
        let line = told.iter().find(|line| line.starts_with(&words));
        assert!(
            line.is_some_and(|line| line.contains("https://")),
            "{told:?}"
        );
    }
    assert_eq!(told.len(), 2, "{told:?}");

    // Of the service that serves the pages: it knows no trial, but where it runs.
    let check = |url: &str, environment: &str| {
        let variables = [("PUBLIC_URL", url), ("ENVIRONMENT", environment)];
        run_service("events", "check-config", &[&FINE[..], &variables].concat())
    };
    let refused = check("http://nhacviec.lienminhhtx.vn", "production");
    let text = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{text}");
    assert!(
        text.starts_with("--public-url http://nhacviec.lienminhhtx.vn: "),
        "{text}"
    );
    for (url, environment) in [
        ("http://nhacviec.lienminhhtx.vn", "development"),
        ("https://nhacviec.lienminhhtx.vn", "production"),
        ("http://127.0.0.1:7301", "production"),
    ] {
        let fine = check(url, environment);
        assert!(fine.status.success(), "{url}: {fine:?}");
    }
}

/// What `check-config` remarks on with these places.
fn remarks(service: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let output = run_service(service, "check-config", variables);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let remarks = text
        .lines()
        .filter_map(|line| line.strip_prefix("remark: "));
    remarks.map(ToOwned::to_owned).collect()
}

#[test]
fn what_crosses_a_network_in_clear_is_remarked_on_and_what_stays_here_is_not() {
    let away = [
        ("DATABASE_URL", "postgres://n:hunter2@db.lienminhhtx.vn/n"),
        ("BROKER_URL", "amqp://n:hunter2@mq.lienminhhtx.vn/n"),
    ];
    for service in ServiceName::ALL {
        let told = remarks(service.as_str(), &away);
        assert_eq!(told.len(), 2, "{service}: {told:?}");
        for (what, host) in [
            ("database", "db.lienminhhtx.vn"),
            ("broker", "mq.lienminhhtx.vn"),
        ] {
            let words = format!("all that goes to the {what} on {host} and back crosses");
            let line = told.iter().find(|line| line.contains(&words));
            assert!(
                line.is_some_and(|line| line.contains("in clear")),
                "{told:?}"
            );
        }
        assert_eq!(remarks(service.as_str(), &FINE), [""; 0], "{service}");
    }
}

#[test]
fn a_trial_whose_pages_are_no_https_is_told_that_messages_carry_no_links() {
    let told = |url: &str| remarks("notifier", &[&FINE[..], &[("REPLY_URL", url)]].concat());
    for in_clear in [
        "http://nhacviec.lienminhhtx.vn",
        "http://localhost.lienminhhtx.vn",
    ] {
        let told = told(in_clear);
        assert_eq!(told.len(), 1, "{in_clear}: {told:?}");
        assert!(
            told[0].contains("--reply-url is no https:// address"),
            "{told:?}"
        );
        assert!(told[0].contains("no links"), "{told:?}");
    }
    for fine in ["https://nhacviec.lienminhhtx.vn", "http://localhost:7301"] {
        assert_eq!(told(fine), [""; 0], "{fine}");
    }
}

#[test]
fn what_cannot_be_reached_is_told_when_it_is_asked_for() {
    let output = Command::new(program("registry").unwrap())
        .args(["check-config", "--connect"])
        .env_clear()
        .envs(FINE.map(|(name, value)| (format!("LIENMINH_{name}"), value)))
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    for flag in ["--database-url: ", "--broker-url: "] {
        let line = told.lines().find(|line| line.starts_with(flag));
        assert!(line.is_some_and(|line| line.contains("refused")), "{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

/// The variables in the help of a program.
fn variables_of(name: &str, arguments: &[&str]) -> Vec<String> {
    let output = Command::new(program(name).unwrap())
        .args(arguments)
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success(), "{name} {arguments:?}");
    // Narrow help breaks its lines within the brackets.
    let help = String::from_utf8(output.stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let names = names_after(&help, "[env: LIENMINH_");
    names.into_iter().map(ToOwned::to_owned).collect()
}

#[test]
fn the_known_variables_are_those_of_all_programs_and_of_the_compose_file() {
    let mut real: BTreeSet<String> = TOOLS.map(ToOwned::to_owned).into();
    for service in ServiceName::ALL {
        for subcommand in ["serve", "check-config", "migrate", "audit", "probe"] {
            real.extend(variables_of(service.as_str(), &[subcommand, "--help"]));
        }
    }
    real.extend(variables_of("lienminh", &["--language=en", "--help"]));
    let compose = std::fs::read_to_string(root().join("docker-compose.yml")).unwrap();
    real.extend(
        names_after(&compose, "${LIENMINH_")
            .into_iter()
            .map(ToOwned::to_owned),
    );
    let known: BTreeSet<String> = KNOWN_VARIABLES.iter().map(ToString::to_string).collect();
    assert_eq!(known, real);
    assert_eq!(known.len(), KNOWN_VARIABLES.len(), "one is there twice");
}
