//! Growth: what fan-out and sending take for each item while the tables grow from
//! a thousand rows to a million.

use std::collections::BTreeMap;

use tokio_postgres::Client;

use super::desk::Desk;
use super::growth::SIZES;
use super::postfix::Sink;
use super::rounds::median;
use super::{Growth, Report, emails, fanout};

/// Parties of a fan-out.
const PARTIES: usize = 600;

/// Emails of a round.
const EMAILS: usize = 2_000;

/// Measurements at each size.
const TURNS: usize = 3;

// Ends of last year's work: obligations that are over, an occurrence and a
// delivery of each, written as if they had gone their way.
const OBLIGATIONS: &str = "
    insert into obligation (id, name, source, kind, class, title, anchor_version, status, fixed,
                            sequence, body, updated_at)
    select gen_random_uuid(), 'events/obligations/event-past-' || n, o.source, o.kind, o.class,
           o.title, 1, 'SATISFIED', true, 1, o.body, now() - interval '1 year'
    from generate_series($1::bigint + 1, $2::bigint) as n
    cross join (select * from obligation where name not like '%past%' limit 1) as o";

const OCCURRENCES: &str = "
    insert into occurrence (id, obligation_id, anchor_version, step, repetition, audience, tells,
                            state, nominal_at, due_at, useful_until)
    select gen_random_uuid(), o.id, 1, 'issue', 0, 'concerned', true, 'FANNED_OUT',
           o.updated_at, o.updated_at, o.updated_at
    from obligation o
    where o.name like 'events/obligations/event-past-%'
      and not exists (select 1 from occurrence c where c.obligation_id = o.id)";

const DELIVERIES: &str = "
    insert into delivery (id, occurrence_id, obligation_id, anchor_version, organisation_id,
                          organisation_name, channel, address, class, bulk, outlives_obligation,
                          party, state, asked_at, useful_until, state_at)
    select gen_random_uuid(), c.id, c.obligation_id, 1, gen_random_uuid(), d.organisation_name,
           'email', 'past@example.com', d.class, false, false, d.party, 'SENT', c.due_at,
           c.useful_until, c.due_at
    from occurrence c
    cross join (select * from delivery where channel = 'email' limit 1) as d
    where c.useful_until < now() - interval '300 days'
      and not exists (select 1 from delivery x where x.occurrence_id = c.id)";

/// Measures it.
///
/// # Errors
/// When the suite does not come up, or something is not sent.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::open(&emails::options(), PARTIES).await?;
    let (model, _) = emails::model(&desk).await?;
    let sink = Sink::start().await?;
    emails::turn_to(&desk, &sink.url()).await?;
    let (mut fanned, mut sent) = (BTreeMap::new(), BTreeMap::new());
    let mut there = 0;
    for size in SIZES {
        eprintln!("  with {size} rows ...");
        fill(&desk.rows, there, size).await?;
        there = size;
        let (mut parties, mut mails) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let round = fanned.len() * TURNS + parties.len();
            parties.push(1e6 / fanout::once(&desk, round, PARTIES).await?.value);
            desk.rest(fanout::PATIENCE).await?;
            mails.push(1e6 / emails::round(&desk, model, EMAILS).await?.value);
        }
        fanned.insert(size, median(parties.into_iter()).unwrap_or_default());
        sent.insert(size, median(mails.into_iter()).unwrap_or_default());
    }
    report.grow("fanout", Growth::of(fanned, "µs a party"))?;
    let mut claim = Growth::of(sent, "µs each");
    claim.remark = Some("of an email from QUEUED to SENT: claim, commit_send, finish".to_owned());
    report.grow("claim", claim)
}

async fn fill(rows: &Client, there: i64, size: i64) -> anyhow::Result<()> {
    rows.execute(OBLIGATIONS, &[&there, &size]).await?;
    rows.execute(OCCURRENCES, &[]).await?;
    rows.execute(DELIVERIES, &[]).await?;
    rows.batch_execute("analyze obligation, occurrence, delivery")
        .await?;
    Ok(())
}
