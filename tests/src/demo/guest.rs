//! The same play as a guest: against a suite that somebody else runs, such as the
//! containers of docker-compose.yml, with only the ends our own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use lienminh_cli::args::Connection;
use lienminh_local::ServiceName;
use lienminh_local::sms::{SmsGateway, SmsOptions};
use lienminh_local::smtp::{SmtpOptions, SmtpSink};

use super::play;
use super::report::Report;
use super::venue::Venue;

/// What a guest must be told. The suite must be empty and its stepped clock stand
/// at the beginning of the script.
#[derive(Args, Clone, Debug)]
pub struct Guest {
    /// Where the reply pages are
    #[arg(long)]
    pages: String,
    /// The folder of keys that the suite trusts
    #[arg(long)]
    auth_dir: PathBuf,
    /// Where our SMTP end listens, for the notifier's --smtp-url
    #[arg(long)]
    smtp_listen: SocketAddr,
    /// Where our SMS gateway listens, for the notifier's --sms-url
    #[arg(long)]
    sms_listen: SocketAddr,
    /// File with the key that the notifier presents to the gateway
    #[arg(long)]
    sms_api_key_file: PathBuf,
    /// File with the secret that belongs to it
    #[arg(long)]
    sms_secret_key_file: PathBuf,
    /// Where messages and report are left
    #[arg(long)]
    output: PathBuf,
}

impl Guest {
    /// Plays the whole demonstration.
    ///
    /// # Errors
    /// When an end cannot listen, or as [`play::play`].
    pub async fn play(&self, connection: &Connection) -> anyhow::Result<Report> {
        let started = Instant::now();
        let script = play::script()?;
        play::prepare(&self.output)?;
        let smtp = SmtpSink::start(SmtpOptions {
            mail_folder: Some(self.output.join("mail")),
            listen: self.smtp_listen,
            ..SmtpOptions::in_folder(&self.output)
        })
        .await?;
        let sms = SmsGateway::start(SmsOptions {
            listen: self.sms_listen,
            credentials: (
                secret(&self.sms_api_key_file)?,
                secret(&self.sms_secret_key_file)?,
            ),
            ..SmsOptions::in_folder(&self.output)
        })
        .await?;
        let venue = Venue {
            urls: [
                (ServiceName::Registry, connection.registry_url.clone()),
                (ServiceName::Events, connection.events_url.clone()),
                (ServiceName::Funding, connection.funding_url.clone()),
                (ServiceName::Notifier, connection.notifier_url.clone()),
            ]
            .into(),
            pages: self.pages.clone(),
            auth_folder: self.auth_dir.clone(),
            smtp: Some(&smtp),
            sms: Some(&sms),
            start: vietnam::instant(script.start),
        };
        play::at(&venue, &script, &self.output, started).await
    }
}

fn secret(path: &Path) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim().to_owned())
}
