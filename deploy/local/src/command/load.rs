//! Loads the demonstration's rosters and plans with the command line, as people would.

use std::process::Stdio;

use anyhow::{Context, bail};

use crate::folder::project_root;
use crate::service::ServiceName;
use crate::stage::Stage;
use crate::suite::{Token, program};

/// The alliance and its units first: plans name them.
const ROSTERS: [&str; 4] = ["units", "roster-office", "roster-clusters", "roster-fund"];

/// Each after the plan it follows.
const PLANS: [&str; 4] = [
    "46-vca-2024",
    "70-vca-2024",
    "123-dak-nong-2024",
    "133-thua-thien-hue-2021",
];

/// The plan that the alliance itself has issued.
const OWN_PLAN: &str = "123-dak-nong-2024";

/// Loads everything; rosters lose their bad rows, as each row's report tells.
///
/// # Errors
/// When a file cannot be loaded.
pub(super) async fn load(stage: &Stage) -> anyhow::Result<()> {
    let demo = project_root()?.join("deploy/demo");
    for roster in ROSTERS {
        let file = demo.join(format!("{roster}.csv")).display().to_string();
        run(stage, &["organisation", "import", "--good-rows", &file]).await?;
    }
    for plan in PLANS {
        let file = demo
            .join(format!("plans/{plan}.toml"))
            .display()
            .to_string();
        let mut arguments = vec!["plan", "load", &file];
        // The alliance's own plan is told; what came from elsewhere stays a draft.
        arguments.extend((plan == OWN_PLAN).then_some("--announce"));
        run(stage, &arguments).await?;
    }
    Ok(())
}

async fn run(stage: &Stage, arguments: &[&str]) -> anyhow::Result<()> {
    let token = stage.suite().token(&Token::new("user:developer", "*"))?;
    let mut command = tokio::process::Command::new(program("lienminh")?);
    command
        .args(arguments)
        .env("LIENMINH_TOKEN", token)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    for service in ServiceName::ALL {
        command.env(
            format!("LIENMINH_{}_URL", service.as_str().to_uppercase()),
            stage.suite().url(service),
        );
    }
    let output = command.output().await.context("cannot run lienminh")?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!(
            "lienminh {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&said).trim()
        );
    }
    Ok(())
}
