//! Mails without an answer: the end accepts and hangs up after the dot, or loses
//! the message and hangs up. What happens then depends on the class: a legal
//! deadline is sent once more, the identical bytes; everything else waits for a
//! person and is never sent again by itself.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use lienminh_cli::load::fresh_request_id;
use lienminh_local::chance::Mix;
use lienminh_local::smtp::{AcceptedMail, Behaviour};
use lienminh_local::{ServiceName, wait};
use lienminh_proto::events::v1::ClaimSubmissionRequest;

use super::ground::{BusinessClock, Ends, Rows, insist, options};
use super::oracle::come_to_rest;
use super::{Ground, Outcome, Plan};

const NAME: &str = "classes";

/// How long the rest may take.
const REST: Duration = Duration::from_secs(60);

/// Claims by members, each of which asks the unit in charge: messages of care.
const CLAIMS: usize = 6;

/// One mail in two is answered as it should be.
const MIX: [(u64, Behaviour); 3] = [
    // Slowly, so that rows are in hand when the notifier dies.
    (50, Behaviour::DelayAfterDot(Duration::from_millis(200))),
    (30, Behaviour::AcceptThenDrop),
    (20, Behaviour::LoseThenDrop),
];

/// The faults, each of which must bite.
const DROPPED: &str = "connections dropped after the dot";
const KILLED: &str = "rows in hand at a kill -9";
const RESENT: &str = "legal deadlines sent once more";
const TWICE: &str = "legal deadlines accepted twice, byte for byte";
const PARKED: [(&str, &str); 3] = [
    (
        "LEGAL_DEADLINE",
        "legal deadlines parked after the second silence",
    ),
    ("INVITATION", "invitations parked"),
    ("CARE", "messages of care parked"),
];

/// Plays it: in each round a report and a ceremony to all, some claims, and a kill.
///
/// # Errors
/// When a service does not come back.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let stage = lienminh_local::Stage::start(&options()?).await?;
    let ground = Ground::with(stage, plan, BusinessClock::still()?, Ends::Orderly).await?;
    for fault in [DROPPED, KILLED, RESENT, TWICE] {
        ground.plan(fault);
    }
    for (_, fault) in PARKED {
        ground.plan(fault);
    }
    let rules = ground.stage.smtp().rules();
    rules.set_mix(Mix::new(plan.seed, MIX));
    for _ in 0..plan.rounds {
        let deadline = ground.demand_reports(plan.parties).await?;
        ground.invite_all().await?;
        claim(&ground, &deadline).await?;
        ground.under_way(10).await;
        kill(&ground).await?;
        progress.inc(1);
    }
    // What is not at rest by then is found again, and told, by the oracle.
    come_to_rest(&ground, REST).await;
    judge(&ground).await?;
    Outcome::of(NAME, plan, &ground, REST).await
}

/// Some members say that they have sent their report.
async fn claim(ground: &Ground, deadline: &str) -> anyhow::Result<()> {
    for organisation in ground.parties().iter().take(CLAIMS) {
        let request = ClaimSubmissionRequest {
            parent: deadline.to_owned(),
            organisation: organisation.clone(),
            request_id: fresh_request_id(),
        };
        insist("a claim", || async {
            ground
                .clients
                .deadlines()
                .claim_submission(request.clone())
                .await
        })
        .await?;
    }
    Ok(())
}

async fn kill(ground: &Ground) -> anyhow::Result<()> {
    let pause = ground
        .dice
        .between(Duration::ZERO, Duration::from_millis(200));
    tokio::time::sleep(pause).await;
    wait::until("rows are in hand", REST, || async {
        Ok(ground.rows_where(Rows::InHand).await > Some(0))
    })
    .await?;
    ground.note("kill -9 of the notifier");
    ground.stage.suite().kill(ServiceName::Notifier).await?;
    let in_hand = ground.rows_where(Rows::InHand).await.unwrap_or_default();
    ground.bite(KILLED, u64::try_from(in_hand)?);
    ground.revive(ServiceName::Notifier).await
}

/// A row as the notifier keeps it.
struct Row {
    class: String,
    state: String,
    resends: i32,
}

const ROWS: &str = "
    select d.id::text, d.class, d.state, d.resends from delivery d where d.channel = 'email'";

async fn judge(ground: &Ground) -> anyhow::Result<()> {
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let found = session.query(ROWS, &[]).await?;
    let rows: BTreeMap<String, Row> = found
        .iter()
        .map(|row| {
            let (class, state, resends) = (row.get(1), row.get(2), row.get(3));
            let row_of = Row {
                class,
                state,
                resends,
            };
            (row.get(0), row_of)
        })
        .collect();
    let mails = ground.stage.smtp().accepted();
    let dropped = ground.stage.smtp().counters().dropped_after_dot;
    ground.bite(DROPPED, dropped);
    let resent: u64 = rows.values().map(|row| u64::from(row.resends > 0)).sum();
    ground.bite(RESENT, resent);
    for (class, fault) in PARKED {
        let parked = rows
            .values()
            .filter(|row| row.class == class && row.state == "PARKED");
        ground.bite(fault, parked.count() as u64);
    }
    copies(ground, &rows, &mails)?;
    for (id, row) in &rows {
        if row.resends > i32::from(row.class == "LEGAL_DEADLINE") {
            ground.complain(format_args!(
                "{id} ({}) was resent {}",
                row.class, row.resends
            ));
        }
    }
    Ok(())
}

/// How often each message was accepted: once, or twice byte for byte where its
/// class says so.
fn copies(
    ground: &Ground,
    rows: &BTreeMap<String, Row>,
    mails: &[AcceptedMail],
) -> anyhow::Result<()> {
    let mut copies: BTreeMap<String, Vec<&AcceptedMail>> = BTreeMap::new();
    for mail in mails {
        let reference = mail.message_id.trim_matches(['<', '>']);
        let (id, _) = reference.split_once('@').context("a Message-ID of ours")?;
        copies.entry(id.to_owned()).or_default().push(mail);
    }
    for (id, copies) in copies {
        let class = rows.get(&id).map_or("none", |row| row.class.as_str());
        match copies.as_slice() {
            [_] => {}
            [first, second] if class == "LEGAL_DEADLINE" => {
                if first.message == second.message {
                    ground.bite(TWICE, 1);
                } else {
                    ground.complain(format_args!("{id}: the second copy differs"));
                }
            }
            many => ground.complain(format_args!("{id} ({class}) came {} times", many.len())),
        }
    }
    Ok(())
}
