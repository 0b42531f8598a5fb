//! Entering members, each with its fact in the outbox, its answer kept and its audit row.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use lienminh_cli::load::fresh_request_id;
use lienminh_local::postgres::ServiceDatabase;
use lienminh_local::{ServiceName, wait};
use lienminh_proto::registry::v1::{CreateOrganisationRequest, Organisation, OrganisationKind};
use tokio::task::JoinSet;

use super::ceiling::pgbench::Pgbench;
use super::ceiling::replay;
use super::figure::Bound;
use super::line::Line;
use super::registry::{Registry, caller};
use super::{Figure, Report, Round, alternate};

/// Members that are there before.
const MEMBERS: i64 = 1_000;

const METHOD: &str = "/lienminh.registry.v1.OrganisationService/CreateOrganisation";

const CONNECTIONS: usize = 4;
const IN_FLIGHT: usize = 16;
const ROUNDS: usize = 3;

/// What a round takes for each of the two.
const TIME: Duration = Duration::from_secs(4);

/// Connections are made and statements prepared.
const WARM_UP: Duration = Duration::from_secs(1);

const SHARE: f64 = 0.70;

/// Everything that was entered is with the broker by then.
const TOLD: Duration = Duration::from_secs(60);

/// Measures it.
///
/// # Errors
/// When the registry or pgbench does not work, or something entered is not there afterwards.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let registry = Registry::with_copy(MEMBERS).await?;
    let pgbench = ceiling(&registry).await?;
    let entered = Arc::new(AtomicU64::new(0));
    crowd(&registry, WARM_UP, &entered).await?;
    let medians = alternate(
        ROUNDS,
        async |round| {
            eprintln!("  round {}: pgbench, the registry", round + 1);
            let first = (round * 1_000_000_000).to_string();
            let rate = pgbench.run(TIME, &[("k", &first)]).await?;
            eprintln!("    {rate:.0} transactions/s");
            Ok(rate)
        },
        async |_| {
            let before = registry.usage().await?;
            let (calls, rate) = crowd(&registry, TIME, &entered).await?;
            let after = registry.usage().await?;
            eprintln!("    {rate:.0} calls/s");
            let used = after.cpu_ms - before.cpu_ms;
            // The relay ends its work here, so that the next round of the ceiling is alone.
            told(&registry, &entered).await?;
            Ok(Round {
                value: rate,
                cpu_ms_each: Some(used / calls as f64),
                rss_mb: Some(after.peak_mb),
            })
        },
    )
    .await?;
    complete(&registry, entered.load(Ordering::Relaxed)).await?;
    registry.drop_copy().await?;
    let mut figure = Figure::of(&medians, "calls/s").asking("ratio", Bound::AtLeast(SHARE));
    figure.remark = Some(
        "beside pgbench with the statements of one call; pgbench enters where nobody publishes, \
         the registry also tells the broker of each member meanwhile"
            .to_owned(),
    );
    report.add("member_create_16", figure)
}

/// The statements of one call, by the server's own log, in a database of their own:
/// what pgbench enters there nobody has to publish.
async fn ceiling(registry: &Registry) -> anyhow::Result<Pgbench> {
    const LOGGED: &str = "insert into organisation";
    let server = registry.stage.postgres();
    let name = &registry.stage.database(ServiceName::Registry).name;
    let log_all = |on_off: &str| format!("alter database {name} {on_off}");
    let admin = server.connect("postgres").await?;
    admin
        .batch_execute(&log_all("set log_statement = 'all'"))
        .await?;
    // Another process: the one that is measured does not log.
    let another = registry.start_another().await?;
    let mut client = caller(&format!("http://{}", another.address().grpc)).await?;
    client
        .create_organisation(registry.request(request(replay::MARK))?)
        .await?;
    drop(another);
    admin.batch_execute(&log_all("reset log_statement")).await?;
    let log = registry.server_log()?;
    let script = replay::script(&log, LOGGED)?;
    let database: &ServiceDatabase = registry.copy.as_ref().context("no copy was made")?;
    let folder: &Path = registry.stage.folder();
    Pgbench::of(&script, folder, server, &database.runtime_url, IN_FLIGHT)
}

/// Callers on one thread of their own, so that they take less of the processors from the
/// registry than callers who hand their work from thread to thread.
async fn crowd(
    registry: &Registry,
    time: Duration,
    entered: &Arc<AtomicU64>,
) -> anyhow::Result<(u64, f64)> {
    let (url, bearer, entered) = (registry.url(), registry.bearer.clone(), Arc::clone(entered));
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let callers = callers(&url, &bearer).await?;
            enter(callers, time, &entered).await
        })
    })
    .await?
}

async fn callers(url: &str, bearer: &str) -> anyhow::Result<Vec<Line>> {
    let mut callers = Vec::with_capacity(IN_FLIGHT);
    for _ in 0..CONNECTIONS {
        let line = Line::to(url, METHOD, bearer).await?;
        callers.extend(std::iter::repeat_n(line, IN_FLIGHT / CONNECTIONS));
    }
    Ok(callers)
}

/// Everybody enters members, one after the other, until the time is over; how many that
/// were, and how many a second.
async fn enter(
    callers: Vec<Line>,
    time: Duration,
    entered: &Arc<AtomicU64>,
) -> anyhow::Result<(u64, f64)> {
    let begun = Instant::now();
    let before = entered.load(Ordering::Relaxed);
    let mut all = JoinSet::new();
    for mut line in callers {
        let entered = Arc::clone(entered);
        all.spawn(async move {
            while begun.elapsed() < time {
                let number = entered.fetch_add(1, Ordering::Relaxed);
                let number = format!("{:016}", 2_000_000_000_000_000 + number);
                line.call(&request(&number)).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(one) = all.join_next().await {
        one.context("a caller broke off")??;
    }
    let calls = entered.load(Ordering::Relaxed) - before;
    Ok((calls, calls as f64 / begun.elapsed().as_secs_f64()))
}

fn request(number: &str) -> CreateOrganisationRequest {
    CreateOrganisationRequest {
        organisation: Some(member(number)),
        request_id: fresh_request_id(),
        validate_only: false,
    }
}

/// A cooperative that no other has the names and codes of.
fn member(number: &str) -> Organisation {
    Organisation {
        kind: OrganisationKind::Cooperative.into(),
        display_name: format!("Hợp tác xã Nông nghiệp Hoà Bình {number}"),
        roster_code: format!("M{number}"),
        address: "Thôn 3, xã Đắk Nia, tỉnh Đắk Nông".to_owned(),
        province_code: "67".to_owned(),
        locality: "Đắk Nia".to_owned(),
        cluster: "Gia Nghĩa".to_owned(),
        ..Default::default()
    }
}

/// Waits until the broker has confirmed the facts of all that was entered.
async fn told(registry: &Registry, entered: &AtomicU64) -> anyhow::Result<()> {
    const PUBLISHED: &str = "select coalesce(sum(messages), 0)::bigint from published where stream = 'facts:organisation'";
    let wanted = i64::try_from(entered.load(Ordering::Relaxed))?;
    wait::until("every fact is published", TOLD, || async {
        let row = registry.database.query_one(PUBLISHED, &[]).await?;
        // One more was entered for the log.
        Ok(row.get::<_, i64>(0) > wanted)
    })
    .await
}

/// Each call has left its row, its answer and its audit row.
async fn complete(registry: &Registry, entered: u64) -> anyhow::Result<()> {
    const ROWS: &str = "select (select count(*) from organisation where roster_code like 'M2%' \
            and char_length(roster_code) = 17), \
        (select count(*) from request), (select count(*) from audit), (select count(*) from outbox)";
    let row = registry.database.query_one(ROWS, &[]).await?;
    let found: [i64; 4] = [row.get(0), row.get(1), row.get(2), row.get(3)];
    let entered = i64::try_from(entered)?;
    ensure!(
        found == [entered, entered + 1, entered + 1, 0],
        "{entered} entered; organisations, answers, audit rows, facts that wait: {found:?}"
    );
    Ok(())
}
