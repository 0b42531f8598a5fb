//! The process that holds the suite of `stage up`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::signal::unix::{SignalKind, signal};

use super::advance::clock_file;
use super::load::load;
use crate::backup::{Cut, trial_file};
use crate::folder::{Play, Refused, project_root};
use crate::postgres::PostgresOptions;
use crate::servers::Servers;
use crate::service::ServiceName;
use crate::stage::{Stage, StageOptions};
use crate::suite::{Delivery, Token};

/// Where the demonstration's plans begin: 27 February 2024, 07:00 in Vietnam.
const START: &str = "2024-02-27T07:00:00+07:00";

/// Holds a suite until it is told to end.
#[derive(Args, Clone, Debug)]
pub struct Hold {
    /// Follow the system's clock in place of one that is stepped from the day the plans begin.
    #[arg(long)]
    pub system_clock: bool,
    /// Begin with empty databases in place of the demonstration's rosters and plans.
    #[arg(long)]
    pub empty: bool,
    /// Addresses that receive for real; everything else is shown as SUPPRESSED(trial).
    #[arg(long, value_delimiter = ',')]
    pub trial_allow: Vec<String>,
    /// Begin with what this cut of `make backup` holds, and send nothing yet.
    #[arg(long, requires = "identity", conflicts_with_all = ["empty", "system_clock", "trial_allow"])]
    pub restore: Option<PathBuf>,
    /// The age key that opens the cut.
    #[arg(long)]
    pub identity: Option<PathBuf>,
}

/// What a held suite tells whoever wants to use it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Held {
    /// The process that holds it.
    pub process: u32,
    /// gRPC and HTTP addresses by service.
    pub services: Vec<(ServiceName, String, String)>,
    /// PostgreSQL as its superuser, without a database name.
    pub postgres: String,
    /// RabbitMQ's management pages.
    pub rabbitmq: String,
    /// Our SMTP end and SMS gateway.
    pub ends: (String, String),
    /// The shell file that sets the variables of the command line.
    pub environment: PathBuf,
    /// Where accepted messages are.
    pub mail: PathBuf,
}

impl Hold {
    /// Sets the stage, tells so in `ready.json`, waits for a signal, clears the stage.
    ///
    /// # Errors
    /// When something does not come up.
    pub async fn perform(mut self) -> Result<ExitCode, Refused> {
        let started = Instant::now();
        let mut start = (!self.system_clock).then(|| START.to_owned());
        let cut = self.cut();
        if let Some(cut) = &cut {
            let settings = cut.settings()?;
            let set = |name| settings.get(name).cloned();
            start = set("LIENMINH_LOGICAL_CLOCK");
            let allowed = set("LIENMINH_TRIAL_ALLOW").unwrap_or_default();
            let allowed = allowed.split(',').filter(|each| !each.is_empty());
            self.trial_allow = allowed.map(ToOwned::to_owned).collect();
        }
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
        println!("starting a private PostgreSQL and RabbitMQ ...");
        let servers =
            Servers::start(&project_root()?, Play::Up, PostgresOptions::default()).await?;
        if let Some(outside) = servers.postgres().outside() {
            println!(
                "PostgreSQL's user cannot enter this folder; its data is in {} until the end",
                outside.display()
            );
        }
        println!("starting registry, events, funding, notifier ...");
        let stage = Stage::on(servers, &self.options(start.as_deref())?)
            .await
            .context("cannot set the stage")?;
        if let Some(cut) = &cut {
            println!("restoring {} ...", cut.file.display());
            cut.restore_to(&stage)?;
        }
        tokio::select! {
            outcome = stage.suite().start() => outcome?,
            _ = interrupt.recv() => return Ok(ExitCode::FAILURE),
            _ = terminate.recv() => return Ok(ExitCode::FAILURE),
        }
        if !self.empty && cut.is_none() {
            println!("loading the rosters and plans of deploy/demo ...");
            if let Err(error) = load(&stage).await {
                // The suite is useful without them, and its state tells what went wrong.
                println!("not everything could be loaded: {error:#}");
            }
        }
        if let Some(start) = start {
            std::fs::write(clock_file(stage.folder()), start).context("cannot keep the clock")?;
        }
        stage.write_secrets()?;
        std::fs::write(trial_file(stage.folder()), self.trial_allow.join(","))
            .context("cannot keep who receives")?;
        announce(&stage)?;
        println!("ready after {:.1} s", started.elapsed().as_secs_f64());
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        println!("stopping");
        Ok(ExitCode::SUCCESS)
    }

    fn cut(&self) -> Option<Cut> {
        let (file, identity) = self.restore.clone().zip(self.identity.clone())?;
        Some(Cut { file, identity })
    }

    fn options(&self, start: Option<&str>) -> anyhow::Result<StageOptions> {
        let start = start.map(str::parse::<Timestamp>).transpose();
        Ok(StageOptions {
            clock: start.context("the clock is no instant")?,
            delivery: Delivery::Trial(self.trial_allow.clone()),
            mail_folder: Some(project_root()?.join(".stage/up/mail")),
            ..StageOptions::default()
        })
    }
}

fn announce(stage: &Stage) -> anyhow::Result<()> {
    let folder = stage.folder();
    let token = stage.suite().token(&Token::new("user:developer", "*"))?;
    let environment = folder.join("env");
    let mut text = format!("export LIENMINH_TOKEN={token}\n");
    text.push_str(&format!(
        "export LIENMINH_AUTH_DIR='{}'\n",
        stage.suite().auth_folder().display()
    ));
    text.push_str(&format!(
        "export LIENMINH_CLOCK_FILE='{}'\n",
        clock_file(folder).display()
    ));
    for service in ServiceName::ALL {
        let name = service.as_str().to_uppercase();
        text.push_str(&format!(
            "export LIENMINH_{name}_URL={}\n",
            stage.suite().url(service)
        ));
    }
    write_private(&environment, &text)?;
    let addresses = ServiceName::ALL.map(|service| {
        let address = stage.suite().address(service);
        (
            service,
            address.grpc.to_string(),
            format!("http://{}", address.http),
        )
    });
    let held = Held {
        process: std::process::id(),
        services: addresses.to_vec(),
        postgres: stage.postgres().url(""),
        rabbitmq: format!(
            "http://127.0.0.1:{} (stage / {})",
            stage.rabbitmq().management_port,
            stage.rabbitmq().password
        ),
        ends: (stage.smtp().url(), stage.sms().url()),
        environment,
        mail: folder.join("mail"),
    };
    let text = serde_json::to_string_pretty(&held).context("a description that is no JSON")?;
    // Renamed into place: whoever waits for it never sees half of it.
    let fresh = folder.join("ready.json.new");
    write_private(&fresh, &text)?;
    std::fs::rename(&fresh, folder.join("ready.json"))
        .context("cannot tell that the suite is ready")
}

fn write_private(path: &std::path::Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))
}
