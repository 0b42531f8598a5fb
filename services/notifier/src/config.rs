//! The notifier's own settings.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use kit::config::{Environment, Optional, PublicPort, Registry, WebBase, WebOrigin, is_example};
use kit::config::{Settings as Common, is_this_machine};
use lettre::Address;
use lettre::message::Mailbox;

/// Settings beside those that every service has.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sources")]
pub struct Settings {
    /// The registry, for contacts.
    #[command(flatten)]
    pub registry: Registry,

    /// gRPC address of the events service.
    #[arg(
        long,
        env = "LIENMINH_EVENTS_URL",
        default_value = "http://127.0.0.1:7102"
    )]
    pub events_url: WebOrigin,

    /// gRPC address of the funding service.
    #[arg(
        long,
        env = "LIENMINH_FUNDING_URL",
        default_value = "http://127.0.0.1:7103"
    )]
    pub funding_url: WebOrigin,

    /// Base of the reply pages, which the events service serves to the world; empty:
    /// messages carry a code to tell, but no link.
    #[arg(long, env = "LIENMINH_REPLY_URL", default_value = "")]
    pub reply_url: Optional<WebBase>,

    /// How long a change settles before people are told, so that a second change
    /// is told with it. In the worst hour it is one minute at most.
    #[arg(
        long,
        env = "LIENMINH_SETTLE_DELAY",
        default_value = "10m",
        help_heading = "Delivery"
    )]
    pub settle_delay: SignedDuration,

    /// Where messages are handed over, and how.
    #[command(flatten)]
    pub channels: Channels,

    /// The port where gateways report.
    #[command(flatten)]
    pub public: PublicPort,
}

/// Settings of the channels.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Email")]
pub struct Channels {
    /// The mail relay.
    #[command(flatten)]
    pub smtp_url: SmtpUrl,

    /// Authorities whose certificates the mail relay may show, PEM; without it those
    /// that this machine trusts.
    #[arg(long, env = "LIENMINH_SMTP_CA", value_name = "PATH")]
    pub smtp_ca: Option<PathBuf>,

    /// Connections to the mail relay that send at the same time, opened as they are
    /// needed; a relay that grants fewer is heeded. More of them hide how long relay
    /// and disk take for each mail; Postfix grants a client fifty.
    #[arg(long, env = "LIENMINH_SMTP_LANES", default_value_t = 48)]
    pub smtp_lanes: u16,

    /// Sender of all mail, as it stands in From.
    #[arg(
        long,
        env = "LIENMINH_MAIL_FROM",
        value_parser = mailbox,
        default_value = "Liên minh Hợp tác xã <nhacviec@lienminh.example>"
    )]
    pub mail_from: String,

    /// Domain of Message-IDs and calendar UIDs; never changes.
    #[arg(
        long,
        env = "LIENMINH_MAIL_DOMAIN",
        value_parser = domain,
        default_value = "lienminh.example"
    )]
    pub mail_domain: String,

    /// Which API the SMS gateway speaks.
    #[arg(long, env = "LIENMINH_SMS_ADAPTER", value_enum, default_value_t = SmsAdapter::Esms, help_heading = "SMS")]
    pub sms_adapter: SmsAdapter,

    /// Base URL of the SMS gateway; empty: no SMS is sent.
    #[arg(
        long,
        env = "LIENMINH_SMS_URL",
        default_value = "",
        help_heading = "SMS"
    )]
    pub sms_url: Optional<WebBase>,

    /// Key at the SMS gateway.
    #[command(flatten)]
    pub sms_api_key: SmsApiKey,

    /// Secret at the SMS gateway.
    #[command(flatten)]
    pub sms_secret_key: SmsSecretKey,

    /// The registered sender of SMS, at most eleven characters.
    #[arg(
        long,
        env = "LIENMINH_SMS_BRANDNAME",
        default_value = "",
        help_heading = "SMS"
    )]
    pub sms_brandname: String,

    /// Public base of this service's pages for the world, where gateways report;
    /// empty: they are not asked to.
    #[arg(
        long,
        env = "LIENMINH_RECEIPTS_URL",
        default_value = "",
        help_heading = "SMS"
    )]
    pub receipts_url: Optional<WebBase>,

    /// Whether reminders leave the house.
    #[arg(long, env = "LIENMINH_DELIVERY_MODE", value_enum, default_value_t = DeliveryMode::Trial, help_heading = "Delivery")]
    pub delivery_mode: DeliveryMode,

    /// Who receives in trial mode, separated by commas: mailboxes, whole domains
    /// (`@htx.example`), telephones in any usual form.
    #[arg(
        long,
        env = "LIENMINH_TRIAL_ALLOW",
        value_delimiter = ',',
        help_heading = "Delivery"
    )]
    pub trial_allow: Vec<String>,
}

kit::secret! {
    /// The mail relay: smtp://host:port, by default on this machine; encrypted and with an account smtp+starttls://user:password@host:port or smtps://user:password@host:port, signs such as @ in them written %40.
    SmtpUrl, "smtp-url", "LIENMINH_SMTP_URL", "Email"
}

kit::secret! {
    /// Key at the SMS gateway.
    SmsApiKey, "sms-api-key", "LIENMINH_SMS_API_KEY", "SMS"
}

kit::secret! {
    /// Secret at the SMS gateway.
    SmsSecretKey, "sms-secret-key", "LIENMINH_SMS_SECRET_KEY", "SMS"
}

/// A brand name is at most this long (eSMS, and the networks behind it).
const BRANDNAME: usize = 11;

/// A worst-hour correction must still settle within a minute, a usual one within a day.
const LONGEST_SETTLE: SignedDuration = SignedDuration::from_hours(24);

impl Settings {
    /// Everything that is wrong, one sentence each.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.settle_delay.is_negative() || self.settle_delay > LONGEST_SETTLE {
            problems.push("--settle-delay must lie between 0 and 24h".to_owned());
        }
        if !(1..=256).contains(&self.channels.smtp_lanes) {
            problems.push("--smtp-lanes must lie between 1 and 256".to_owned());
        }
        if self.channels.sms_brandname.chars().count() > BRANDNAME {
            problems.push(format!(
                "--sms-brandname is longer than {BRANDNAME} characters"
            ));
        }
        problems
    }

    /// The addresses that ask for an authority which is not there.
    pub(crate) fn untrusted(&self, common: &Common) -> Vec<String> {
        common.tls.untrusted(&[
            ("--registry-url", &self.registry.registry_url),
            ("--events-url", &self.events_url),
            ("--funding-url", &self.funding_url),
        ])
    }

    /// What must not be when messages go to everybody: they would come from nobody, or
    /// stay in the house. Development is left alone, where the world is played.
    pub(crate) fn unfit_for_live(&self, environment: Environment, relay: &str) -> Vec<String> {
        let channels = &self.channels;
        if channels.delivery_mode != DeliveryMode::Live || environment == Environment::Development {
            return Vec::new();
        }
        let host = |url: &Option<WebBase>| url.as_ref().map(|url| url.host().to_owned());
        let (from, reply) = (domain_of(&channels.mail_from), host(&self.reply_url));
        let receipts = host(&channels.receipts_url);
        let examples = [
            ("--mail-from", Some(from)),
            ("--mail-domain", Some(channels.mail_domain.clone())),
            ("--smtp-url", Some(relay.to_owned())),
            ("--reply-url", reply.clone()),
            ("--receipts-url", receipts.clone()),
        ]
        .map(|(flag, host)| {
            unfit(
                flag,
                host,
                is_example,
                "is a name for examples, and nobody's",
            )
        });
        let loopbacks = [
            ("--smtp-url", Some(relay.to_owned())),
            ("--reply-url", reply),
            ("--receipts-url", receipts),
        ]
        .map(|(flag, host)| unfit(flag, host, is_this_machine, "is reached by nobody else"));
        let unfit = examples.into_iter().chain(loopbacks).flatten();
        unfit.chain(self.pages_in_clear()).collect()
    }

    /// Pages that are reached over networks where everybody reads along.
    fn pages_in_clear(&self) -> impl Iterator<Item = String> {
        let public = [
            ("--reply-url", &self.reply_url),
            ("--receipts-url", &self.channels.receipts_url),
        ];
        let urls = public
            .into_iter()
            .filter_map(|(flag, url)| Some((flag, url.as_ref()?)));
        let in_clear = urls.filter(|(_, url)| url.crosses_in_clear());
        in_clear.map(|(flag, url)| {
            format!(
                "--delivery-mode live with {flag} {url}: what is written there would cross the \
                 network in clear, say https://"
            )
        })
    }

    /// What is not wrong, but should be known to whoever set this up.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let gateway = self.channels.sms_url.as_ref();
        let in_clear = gateway.filter(|url| url.crosses_in_clear());
        let in_clear = in_clear.map(|url| {
            format!(
                "--sms-url: keys and telephones cross the network to {} in clear: say https://",
                url.host()
            )
        });
        let pages = self.reply_url.as_ref();
        let no_link = pages.filter(|url| !crate::render::is_link(url.as_str()));
        let no_link = no_link.map(|_| {
            "--reply-url is no https:// address: messages carry codes and no links".to_owned()
        });
        [in_clear, no_link].into_iter().flatten().collect()
    }
}

fn unfit(
    flag: &str,
    host: Option<String>,
    is_unfit: impl Fn(&str) -> bool,
    why: &str,
) -> Option<String> {
    let host = host.filter(|host| is_unfit(host))?;
    Some(format!("--delivery-mode live with {flag} {host}: it {why}"))
}

fn domain_of(mailbox: &str) -> String {
    let read: Option<Mailbox> = mailbox.parse().ok();
    read.map(|mailbox| mailbox.email.domain().to_owned())
        .unwrap_or_default()
}

fn mailbox(text: &str) -> Result<String, &'static str> {
    match text.parse::<Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("it must look like Liên minh Hợp tác xã <nhacviec@example.com>"),
    }
}

/// Message-IDs are made with it: the right side of an address, and a name with a dot.
fn domain(text: &str) -> Result<String, &'static str> {
    let is_name = text.split('.').count() > 1
        && text.split('.').all(|label| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !label.is_empty() && label.bytes().all(plain)
        });
    if is_name && Address::new("id", text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err("it must be a domain like example.com")
    }
}

/// APIs of SMS gateways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SmsAdapter {
    /// The eSMS V4 JSON API.
    Esms,
    /// A plain HTTP API.
    Generic,
}

/// Whether reminders leave the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeliveryMode {
    /// To the addresses of the trial list only.
    Trial,
    /// To everybody.
    Live,
}
