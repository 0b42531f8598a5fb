//! `make faults`: kills, cuts, freezes and wipes, and proves that no reminder is
//! lost, doubled, invented or forgotten. `make faults ARGS="kills --seed 7"` plays
//! one scenario with one seed.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use lienminh_tests::ending::end;
use lienminh_tests::faults::{
    Outcome, Plan, alarm, broker, classes, clocks, crowd, disk, failpoints, kills, ledger, links,
    outcome, poison, pool, postgres, stop, texts, unroutable, workers,
};

/// Kills of the notifier in the long form.
const MANY_KILLS: u32 = 1_000;

#[derive(Parser)]
#[command(about = "Breaks the suite in every planned way and judges it from outside")]
struct Arguments {
    /// Which scenarios; all when none is named.
    scenarios: Vec<Scenario>,
    /// Repeats the random choices of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
    /// Members of the alliance.
    #[arg(long, default_value_t = 600)]
    parties: usize,
    /// Kills of the notifier.
    #[arg(long, default_value_t = 50)]
    kills: u32,
    /// Kills of the broker, and as many restarts.
    #[arg(long, default_value_t = 20)]
    broker_rounds: u32,
    /// Members of the crowd.
    #[arg(long, default_value_t = 20_000)]
    crowd: usize,
    /// The long form: 1000 kills of the notifier.
    #[arg(long)]
    long: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// kill -9 of every service at random moments
    Kills,
    /// The broker killed and restarted, with the waits of production
    Broker,
    /// The broker's data directory deleted, with the waits of production
    Wipe,
    /// The broker short of memory for five minutes
    Alarm,
    /// Bindings and queues removed
    Unroutable,
    /// A hundred poison messages among good ones
    Poison,
    /// Two of every service on one mailing, killed in turn
    Workers,
    /// Aborts at every named place
    Failpoints,
    /// Aborts within the ledger's steps
    Ledger,
    /// PostgreSQL restarted, killed, sessions ended
    Postgres,
    /// The disk of PostgreSQL's tables full, with a kill meanwhile (mounts, as root)
    Disk,
    /// The same of its write-ahead log: the server gives up
    DiskLog,
    /// Links delayed, sliced, half-opened, cut
    Links,
    /// Notifier, broker and a PostgreSQL backend frozen for up to a minute
    Stop,
    /// Connections to PostgreSQL exhausted
    Pool,
    /// Mails without an answer, by class
    Classes,
    /// An SMS gateway that answers late, twice, never
    Texts,
    /// The clock of the notifier's process jumps
    Clocks,
    /// The stepped business clock jumps
    Steps,
    /// A mailing to 20,000 with a crash at half
    Crowd,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    end("faults", play(&arguments))
}

async fn play(arguments: &Arguments) -> anyhow::Result<bool> {
    let scenarios = match arguments.scenarios.as_slice() {
        [] => Scenario::value_variants(),
        some => some,
    };
    let seed = arguments.seed.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(1, |since| since.as_secs())
    });
    println!("seed {seed}, results in {}", outcome::folder()?.display());
    let (begun, mut all_hold) = (Instant::now(), true);
    for scenario in scenarios {
        let at = Instant::now();
        match one(*scenario, seed, arguments).await {
            Ok(outcome) => {
                println!("{}", outcome.in_words());
                all_hold &= outcome.holds;
            }
            // The others can still tell something.
            Err(error) => {
                println!("{scenario:?} FAILED: {error:#}");
                all_hold = false;
            }
        }
        println!("{scenario:?} took {:.0} s", at.elapsed().as_secs_f64());
    }
    println!("all took {:.0} s", begun.elapsed().as_secs_f64());
    Ok(all_hold)
}

async fn one(scenario: Scenario, seed: u64, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let plan = |rounds: u32, parties: usize| Plan {
        seed,
        parties,
        rounds,
        short: false,
    };
    let parties = arguments.parties;
    match scenario {
        Scenario::Kills => {
            let kills = if arguments.long {
                MANY_KILLS
            } else {
                arguments.kills
            };
            let plan = plan(kills, parties);
            Box::pin(kills::run(&plan, &bar("kills", u64::from(plan.rounds)))).await
        }
        Scenario::Broker => {
            let plan = plan(arguments.broker_rounds, parties.min(60));
            let bar = bar("broker", 2 * u64::from(plan.rounds));
            Box::pin(broker::run(&plan, &bar)).await
        }
        Scenario::Wipe => {
            let plan = plan(2, parties);
            Box::pin(broker::run_wipes(&plan, &bar("wipe", 2))).await
        }
        Scenario::Alarm => {
            let plan = plan(1, parties.min(300));
            Box::pin(alarm::run(&plan, &bar("alarm", 300))).await
        }
        Scenario::Unroutable => {
            let plan = plan(2, parties.min(300));
            Box::pin(unroutable::run(&plan, &bar("unroutable", 6))).await
        }
        Scenario::Poison => {
            let plan = plan(1, parties.min(300));
            Box::pin(poison::run(&plan, &bar("poison", 5))).await
        }
        Scenario::Workers => {
            let plan = plan(10, parties);
            Box::pin(workers::run(&plan, &bar("workers", 10))).await
        }
        Scenario::Failpoints => {
            let places = failpoints::all();
            let plan = plan(1, parties.min(80));
            let bar = bar("failpoints", places.len() as u64);
            Box::pin(failpoints::run(&plan, &places, &bar)).await
        }
        Scenario::Ledger => {
            let plan = plan(3, parties.min(20));
            let bar = bar("ledger", 3 * ledger::PLACES.len() as u64);
            Box::pin(ledger::run(&plan, &bar)).await
        }
        Scenario::Postgres => {
            let plan = plan(8, parties);
            Box::pin(postgres::run(&plan, &bar("postgres", 8))).await
        }
        Scenario::Disk => {
            let plan = plan(2, parties.min(320));
            Box::pin(disk::run(&plan, &bar("disk", 2))).await
        }
        Scenario::DiskLog => {
            let plan = plan(2, parties.min(320));
            Box::pin(disk::run_log(&plan, &bar("disk-log", 2))).await
        }
        Scenario::Links => {
            let plan = plan(6, parties.min(300));
            Box::pin(links::run(&plan, &bar("links", 18))).await
        }
        Scenario::Stop => {
            let plan = plan(4, parties);
            Box::pin(stop::run(&plan, &bar("stop", 12))).await
        }
        Scenario::Pool => {
            let plan = plan(2, parties.min(300));
            Box::pin(pool::run(&plan, &bar("pool", 4))).await
        }
        Scenario::Classes => {
            let plan = plan(3, parties.min(150));
            Box::pin(classes::run(&plan, &bar("classes", 3))).await
        }
        Scenario::Texts => {
            let plan = plan(2, parties.min(120));
            Box::pin(texts::run(&plan, &bar("texts", 2))).await
        }
        Scenario::Clocks => {
            let plan = plan(1, parties.min(120));
            Box::pin(clocks::run(&plan, &bar("clocks", 4))).await
        }
        Scenario::Steps => {
            let plan = plan(3, parties.min(300));
            Box::pin(clocks::run_stepped(&plan, &bar("steps", 6))).await
        }
        Scenario::Crowd => {
            let plan = plan(4, arguments.crowd);
            Box::pin(crowd::run(&plan, &bar("crowd", 8))).await
        }
    }
}

fn bar(name: &'static str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length).with_prefix(name);
    if let Ok(style) =
        ProgressStyle::with_template("{prefix:10} {elapsed_precise} [{bar:30}] {pos}/{len} {msg}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
