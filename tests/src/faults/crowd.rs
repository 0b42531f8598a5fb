//! A mailing to a crowd, due at one instant, with a crash when half of it is out:
//! what is urgent does not wait behind it, and the notifier's memory stays flat:
//! audience, rows, texts, orders and jobs pass in batches of a fixed size.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use indicatif::ProgressBar;
use lienminh_local::{ServiceName, Stage};
use tokio_postgres::Client;

use super::ground::{BusinessClock, Ends, options};
use super::{Ground, Outcome, Plan};
use crate::bench::process::usage;

const NAME: &str = "crowd";

/// How long nothing may move.
const REST: Duration = Duration::from_secs(90);

/// The whole mailing is out within this time, also on a busy machine.
const OUT: Duration = Duration::from_secs(1_800);

/// A mailing beside which the crowd's memory is measured.
const FEW: usize = 1_000;

/// What may be kept of each further party until all are written, in megabytes: that it is
/// (17 bytes) and which row carries the message to each of its two addresses (33 bytes
/// each), in tables that are half empty when they have just grown.
const MEMORY_A_PARTY: f64 = 0.000_2;

/// What all batches under way at once may need beside a single one, in megabytes: buffers
/// of connections, orders and letters in flight, and what the allocator makes of them.
const FULL_RATE: f64 = 10.0;

/// An urgent mailing goes to so many.
const URGENT: usize = 5;

/// It is out within this time, however large the crowd ...
const SECONDS: Duration = Duration::from_secs(10);

/// ... or, on a machine that is slow today, within so many times what it takes when
/// nothing else is sent.
const TIMES: u32 = 5;

/// How often rows are counted: counting them must not be what slows them down.
const LOOK: Duration = Duration::from_millis(100);

/// The faults, each of which must bite.
const CRASH: &str = "kill -9 with half of the rows final";
const BULK: &str = "rows that travelled in bulk";
const BESIDE: &str = "urgent mailings accepted while the crowd was being written to";

/// Plays it. The rounds are urgent mailings in each half.
///
/// # Errors
/// When the mailing does not come to its end.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let stage = Stage::start(&options()?).await?;
    let ground = Ground::with(stage, plan, BusinessClock::still()?, Ends::Orderly).await?;
    for fault in [CRASH, BULK, BESIDE] {
        ground.plan(fault);
    }
    let few = memory_of_few(&ground).await?;
    let idle = urgent(&ground).await?;
    ground.note(format_args!(
        "an urgent mailing takes {idle:.1?} when nothing else is sent"
    ));
    ground.stage.suite().restart(ServiceName::Notifier).await?;
    ground.invite_all().await?;
    let crowd = Crowd {
        seconds: SECONDS.max(idle * TIMES),
        ..Crowd::of(&ground).await?
    };
    let before = crowd.half(plan, progress, 0).await?;
    crash(&ground).await?;
    let after = crowd.half(plan, progress, 1).await?;
    crowd.wait_for(crowd.rows, OUT).await?;
    let most = before.max(after).max(peak(&ground).await?);
    ground.note(format_args!(
        "memory of the notifier: {few:.0} MB for {FEW} parties, {most:.0} MB for {}",
        plan.parties
    ));
    let further = u32::try_from(plan.parties.saturating_sub(FEW))?;
    if most > few + FULL_RATE + f64::from(further) * MEMORY_A_PARTY {
        ground.complain(format_args!(
            "{most:.0} MB for the crowd, {few:.0} MB for the few"
        ));
    }
    ground.bite(BULK, crowd.bulk().await?);
    Outcome::of(NAME, plan, &ground, REST).await
}

/// What a fresh notifier needs for a mailing to the few.
async fn memory_of_few(ground: &Ground) -> anyhow::Result<f64> {
    ground.stage.suite().restart(ServiceName::Notifier).await?;
    ground.invite(FEW).await?;
    let few = Crowd::of(ground).await?;
    few.wait_for(few.rows, OUT).await?;
    peak(ground).await
}

/// The largest resident memory of the present notifier so far, in megabytes.
async fn peak(ground: &Ground) -> anyhow::Result<f64> {
    let notifier = ground.stage.suite().id(ServiceName::Notifier).await;
    Ok(usage(notifier.context("the notifier runs")?)?.peak_mb)
}

async fn crash(ground: &Ground) -> anyhow::Result<()> {
    ground.note(CRASH);
    ground.stage.suite().kill(ServiceName::Notifier).await?;
    ground.bite(CRASH, 1);
    ground.revive(ServiceName::Notifier).await
}

/// Announces something urgent to some members; answers how long it took until
/// they all had it.
async fn urgent(ground: &Ground) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    ground.invite(URGENT).await?;
    let urgent = Crowd::of(ground).await?;
    urgent.wait_for(urgent.rows, SECONDS * 12).await?;
    Ok(begun.elapsed())
}

/// One mailing under way.
struct Crowd<'g> {
    ground: &'g Ground,
    session: Client,
    obligation: String,
    rows: i64,
    /// What is urgent is out within this time beside it.
    seconds: Duration,
}

const DONE: &str = "
    select count(*) filter (where d.next_action_at is null),
           count(*) filter (where d.bulk)
    from delivery d join obligation o on o.id = d.obligation_id
    where o.name = $1";

impl<'g> Crowd<'g> {
    /// The latest mailing.
    async fn of(ground: &'g Ground) -> anyhow::Result<Self> {
        let mailings = ground.read().mailings;
        let latest = mailings.last().context("a mailing was announced")?;
        Ok(Self {
            ground,
            session: ground.stage.look_into(ServiceName::Notifier).await?,
            obligation: latest.obligation.clone(),
            rows: i64::try_from(latest.invited.len())?,
            seconds: SECONDS,
        })
    }

    /// Rows that are final.
    async fn done(&self) -> anyhow::Result<i64> {
        Ok(self.counts().await?.0)
    }

    async fn bulk(&self) -> anyhow::Result<u64> {
        Ok(u64::try_from(self.counts().await?.1)?)
    }

    async fn counts(&self) -> anyhow::Result<(i64, i64)> {
        let row = self.session.query_one(DONE, &[&self.obligation]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// Sees a half of the mailing go out, with urgent ones beside it; answers the
    /// notifier's peak memory.
    async fn half(&self, plan: &Plan, progress: &ProgressBar, half: i64) -> anyhow::Result<f64> {
        let rounds = i64::from(plan.rounds);
        for round in 0..rounds {
            let share = self.rows * (half * rounds + round) / (2 * rounds);
            self.wait_for(share, OUT).await?;
            let took = urgent(self.ground).await?;
            let done = self.done().await?;
            self.ground.note(format_args!(
                "an urgent mailing took {took:.1?}, the crowd stands at {done} of {}",
                self.rows
            ));
            if took > self.seconds {
                self.ground
                    .complain(format_args!("something urgent took {took:.1?}"));
            }
            if done < self.rows {
                self.ground.bite(BESIDE, 1);
            }
            progress.inc(1);
        }
        self.wait_for(self.rows * (half + 1) / 2, OUT).await?;
        peak(self.ground).await
    }

    async fn wait_for(&self, rows: i64, limit: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        while self.done().await? < rows {
            ensure!(begun.elapsed() < limit, "{rows} rows are not final in time");
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}
