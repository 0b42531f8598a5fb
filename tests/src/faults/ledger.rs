//! Funding aborts within the steps of its ledger; an answered programme is there
//! once, and the books balance.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use anyhow::{Context, ensure};
use indicatif::ProgressBar;
use lienminh_cli::load::fresh_request_id;
use lienminh_local::ServiceName;
use lienminh_proto::funding::v1::{
    CreateProgrammeRequest, Programme, ProgrammeKind, VerifyLedgerRequest,
};

use super::ground::insist;
use super::{Ground, Outcome, Plan};

const NAME: &str = "ledger";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(60);

/// A programme is booked within this time.
const REACHED: Duration = Duration::from_secs(30);

/// `abort()` ends a process by this signal.
const SIGABRT: i32 = 6;

/// The steps of a transfer, and the ends of the transaction around them.
pub const PLACES: [&str; 4] = [
    "ledger.transfer_inserted",
    "ledger.entries_inserted",
    "mutation.before_commit",
    "mutation.after_commit",
];

/// Plays it: each place in each round, whose number is the pass at which funding
/// dies: the first, the second and so on, and in each the last of what is booked.
///
/// # Errors
/// When funding does not come back, or its books do not balance.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::shared(plan).await?;
    // The oracle wants to see that the rest of the house went on meanwhile.
    ground.invite_all().await?;
    let mut booked = 0;
    for pass in 1..=plan.rounds {
        for name in PLACES {
            strike(&ground, name, pass).await?;
            booked += i64::from(pass);
            verify(&ground, booked).await?;
            progress.inc(1);
        }
    }
    Outcome::of(NAME, plan, &ground, REST).await
}

async fn strike(ground: &Ground, name: &str, pass: u32) -> anyhow::Result<()> {
    let fault = format!("funding aborts at {name}:{pass}");
    ground.plan(&fault);
    ground.note(&fault);
    let suite = ground.stage.suite();
    suite.change(ServiceName::Funding, |settings| {
        settings.set("failpoint", format!("{name}:{pass}"));
    });
    suite.kill(ServiceName::Funding).await?;
    ground.revive(ServiceName::Funding).await?;
    let death = async {
        let ended = suite.wait_for_end(ServiceName::Funding, REACHED).await;
        suite.change(ServiceName::Funding, |settings| {
            settings.unset("failpoint");
        });
        ground.revive(ServiceName::Funding).await?;
        anyhow::Ok(ended)
    };
    let bookings = async {
        for _ in 0..pass {
            book(ground).await?;
        }
        anyhow::Ok(())
    };
    let (ended, booked) = tokio::join!(death, bookings);
    booked?;
    if let Ok(status) = ended? {
        ground.bite(&fault, u64::from(status.signal() == Some(SIGABRT)));
    }
    Ok(())
}

/// Books one budget, repeated under one request_id until it is answered.
async fn book(ground: &Ground) -> anyhow::Result<()> {
    let (organiser, lead_unit) = ground.house();
    let request = CreateProgrammeRequest {
        programme: Some(Programme {
            title: "Hỗ trợ máy móc năm 2024".to_owned(),
            kind: ProgrammeKind::Grant.into(),
            budget_vnd: 100_000_000,
            organiser: organiser.to_owned(),
            lead_unit: lead_unit.to_owned(),
            ..Default::default()
        }),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    insist("a programme", || async {
        ground
            .clients
            .funding()
            .create_programme(request.clone())
            .await
    })
    .await?;
    Ok(())
}

/// As many programmes as were answered, and books that balance.
async fn verify(ground: &Ground, booked: i64) -> anyhow::Result<()> {
    let verified = insist("the ledger", || async {
        let answer = ground
            .clients
            .funding()
            .verify_ledger(VerifyLedgerRequest {})
            .await?;
        Ok(answer.into_inner())
    })
    .await?;
    ensure!(
        verified.differences.is_empty(),
        "the books do not balance: {:?}",
        verified.differences
    );
    let session = ground.stage.look_into(ServiceName::Funding).await?;
    let row = session
        .query_one("select count(*) from programme", &[])
        .await?;
    let programmes: i64 = row.try_get(0).context("a count")?;
    ensure!(
        programmes == booked,
        "{booked} programmes were answered, {programmes} are there"
    );
    Ok(())
}
