//! Reading one member, as the portal and the document registry do all day.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use lienminh_local::ServiceName;
use lienminh_proto::registry::v1::GetOrganisationRequest;

use super::ceiling::h2load::{Load, Loaded};
use super::ceiling::nginx::Nginx;
use super::ceiling::pgbench::Pgbench;
use super::figure::Bound;
use super::line::framed;
use super::registry::Registry;
use super::{Figure, Report, Round, alternate, roll};

/// A large provincial alliance.
const MEMBERS: i64 = 1_000;

/// The one that everybody asks for: neither first nor last.
const WANTED: i64 = 617;

const CONNECTIONS: usize = 4;
const STREAMS: usize = 4;
const ROUNDS: usize = 3;

/// What a round takes for each of the three.
const TIME: Duration = Duration::from_secs(3);

/// Enough to fill caches and to guess how many calls fit into a round.
const WARM_UP: u64 = 5_000;

const SHARE: f64 = 0.80;

/// Measures it.
///
/// # Errors
/// When the registry or a ceiling does not work.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let registry = Registry::with(MEMBERS).await?;
    let name = roll::find(&registry.database, WANTED).await?.name;
    let size = framed(&registry.get(&name).await?).len();
    let folder = registry.stage.folder();
    let load = load(&registry, &name, folder)?;
    let select = select(&registry).await?;
    let id = name.trim_start_matches("organisations/").to_owned();
    let guard = registry.stage.bed().context("no test bed")?.guard()?;
    let nginx = Nginx::answering(size, folder, &guard).await?;
    let bare = |calls| counted(&load, nginx.url().to_owned(), calls, size);
    let ours = |calls| counted(&load, registry.url(), calls, size);
    let (bare_calls, our_calls) = (
        calls(bare(WARM_UP).await?.rate),
        calls(ours(WARM_UP).await?.rate),
    );
    let medians = alternate(
        ROUNDS,
        async |round| {
            eprintln!("  round {}: pgbench, nginx, the registry", round + 1);
            let rows = select.run(TIME, &[("id", &id)]).await?;
            let answers = bare(bare_calls).await?.rate;
            eprintln!("    {rows:.0} selects/s, {answers:.0} answers/s");
            Ok(1.0 / (1.0 / rows + 1.0 / answers))
        },
        async |_| {
            let before = registry.usage().await?;
            let loaded = ours(our_calls).await?;
            let after = registry.usage().await?;
            eprintln!("    {:.0} calls/s", loaded.rate);
            Ok(Round {
                value: loaded.rate,
                cpu_ms_each: Some((after.cpu_ms - before.cpu_ms) / our_calls as f64),
                rss_mb: Some(after.peak_mb),
            })
        },
    )
    .await?;
    let mut figure = Figure::of(&medians, "calls/s").asking("ratio", Bound::AtLeast(SHARE));
    figure.remark = Some(
        "beside pgbench's select and nginx's bare answer of the same size, one after the other; \
         all ask for the same member, and calls that meet share a select"
            .to_owned(),
    );
    report.add("member_get_16", figure)
}

/// All calls must have brought the whole answer: a refusal has no body.
async fn counted(load: &Load, base: String, calls: u64, size: usize) -> anyhow::Result<Loaded> {
    let loaded = load.run(&base, calls).await?;
    let expected = calls as f64 * size as f64;
    ensure!(
        (loaded.data - expected).abs() < 0.5,
        "{base} answered {} bytes in place of {expected}",
        loaded.data
    );
    Ok(loaded)
}

fn calls(rate: f64) -> u64 {
    (rate * TIME.as_secs_f64()).max(1.0) as u64
}

fn load(registry: &Registry, name: &str, folder: &Path) -> anyhow::Result<Load> {
    let body: PathBuf = folder.join("get.request");
    let request = GetOrganisationRequest {
        name: name.to_owned(),
    };
    std::fs::write(&body, framed(&request)).context("cannot write the request")?;
    Ok(Load {
        path: "/lienminh.registry.v1.OrganisationService/GetOrganisation".to_owned(),
        authorization: registry.bearer.clone(),
        body,
        connections: CONNECTIONS,
        streams: STREAMS,
    })
}

/// The statement that the registry has just run, as the server saw it, for one id.
async fn select(registry: &Registry) -> anyhow::Result<Pgbench> {
    const LAST: &str = "select a.query from pg_stat_activity a where a.datname = current_database() \
        and a.application_name = 'registry' and a.query like 'select o.id,%where o.id = any($1)' limit 1";
    let row = registry.database.query_one(LAST, &[]).await;
    let statement: String = row
        .context("the registry's select is not to be seen")?
        .get(0);
    let server = registry.stage.postgres();
    let url = &registry.stage.database(ServiceName::Registry).runtime_url;
    Pgbench::of(
        &format!("{};\n", statement.replace("any($1)", ":id")),
        registry.stage.folder(),
        server,
        url,
        CONNECTIONS * STREAMS,
    )
}
