//! The ways out: SMTP for emails, HTTP gateways for SMS.

pub mod gate;
pub mod lanes;
pub mod mode;
pub mod probe;
pub mod sms;
pub mod smtp;

use kit::config::ExposeSecret as _;

use crate::config::{Channels, DeliveryMode, SmsAdapter};
use crate::render::Sender;
use mode::Mode;
use sms::{Account, Esms, Generic, SmsGateway};
use smtp::SmtpServer;

/// The ways out as the settings describe them.
#[derive(Clone, Debug)]
pub struct Ways {
    /// Where mail is handed over.
    pub smtp: SmtpServer,
    /// Connections to it.
    pub lanes: usize,
    /// Whose name mail carries.
    pub sender: Sender,
    /// Where SMS are handed over.
    pub sms: SmsGateway,
    /// The unguessable part of the path where gateways report.
    pub receipt_token: String,
    /// Who may receive.
    pub mode: Mode,
}

impl Ways {
    /// Reads the settings; `token` is the unguessable part of the path where
    /// gateways report.
    ///
    /// # Errors
    /// A sentence for each that is wrong, without secrets.
    pub fn read(channels: &Channels, token: String) -> Result<Self, Vec<String>> {
        let smtp = relay(channels);
        let sender = Sender::new(&channels.mail_from, &channels.mail_domain)
            .map_err(|error| error.to_string());
        let sms = gateway(channels, &token);
        match (smtp, sender, sms, mode(channels)) {
            (Ok(smtp), Ok(sender), Ok(sms), Ok(mode)) => Ok(Self {
                smtp,
                lanes: usize::from(channels.smtp_lanes),
                sender,
                sms,
                receipt_token: token,
                mode,
            }),
            (smtp, sender, sms, mode) => Err([smtp.err(), sender.err()]
                .into_iter()
                .flatten()
                .chain(sms.err().unwrap_or_default())
                .chain(mode.err().unwrap_or_default())
                .collect()),
        }
    }
}

/// The relay that is on this machine where none is named.
const OWN_RELAY: &str = "smtp://127.0.0.1:25";

fn relay(channels: &Channels) -> Result<SmtpServer, String> {
    let url = channels.smtp_url.read();
    let url = url.map_err(|error| format!("{error:#}"))?;
    let url = url.as_ref().map_or(OWN_RELAY, |url| url.expose_secret());
    SmtpServer::parse(url, &channels.mail_domain, channels.smtp_ca.as_deref())
}

/// The list is read in live mode too: it is needed again on the day of a trial.
fn mode(channels: &Channels) -> Result<Mode, Vec<String>> {
    let trial = Mode::trial(&channels.trial_allow)?;
    Ok(match channels.delivery_mode {
        DeliveryMode::Live => Mode::Live,
        DeliveryMode::Trial => trial,
    })
}

fn gateway(channels: &Channels, token: &str) -> Result<SmsGateway, Vec<String>> {
    let Some(url) = channels.sms_url.as_ref() else {
        return Ok(SmsGateway::None);
    };
    let callback_url = callback_url(channels, token);
    let made = match channels.sms_adapter {
        SmsAdapter::Generic => Generic::new(url.as_str(), callback_url).map(SmsGateway::Generic),
        SmsAdapter::Esms => {
            Esms::new(url.as_str(), account(channels)?, callback_url).map(SmsGateway::Esms)
        }
    };
    made.map_err(|problem| vec![problem])
}

fn account(channels: &Channels) -> Result<Account, Vec<String>> {
    let secrets = (
        channels.sms_api_key.require(),
        channels.sms_secret_key.require(),
    );
    match secrets {
        (Ok(api_key), Ok(secret_key)) => Ok(Account {
            api_key,
            secret_key,
            brandname: channels.sms_brandname.clone(),
        }),
        (api_key, secret_key) => Err([api_key.err(), secret_key.err()]
            .into_iter()
            .flatten()
            .map(|error| format!("{error:#}"))
            .collect()),
    }
}

/// Where a gateway is asked to report; empty when it is not asked to.
fn callback_url(channels: &Channels, token: &str) -> String {
    channels
        .receipts_url
        .as_ref()
        .map(|base| format!("{base}/receipts/esms/{token}"))
        .unwrap_or_default()
}
