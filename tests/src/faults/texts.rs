//! An SMS gateway that answers late, never, twice, or that an order is known
//! already, and whose receipts come early, twice, for strangers or not at all.
//! Each kind of trouble has members of its own, so that each outcome is judged.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::ProgressBar;
use lienminh_local::ServiceName;
use lienminh_local::sms::{Answer, Receipt, SmsRules, Treatment};

use super::ground::{BusinessClock, Ends, options};
use super::oracle::come_to_rest;
use super::{Ground, Outcome, Plan};

const NAME: &str = "texts";

/// How long the rest may take: the gateway's silence is waited for.
const REST: Duration = Duration::from_secs(90);

/// The notifier waits thirty seconds for an answer.
const SILENCE: Duration = Duration::from_secs(33);

/// One member in three has no mailbox.
const EVERY: usize = 3;

/// A kind of trouble, and the state in which it must end.
struct Trouble {
    name: &'static str,
    treatment: Treatment,
    /// The gateway does not find the order when it is asked.
    hidden: bool,
    ends: &'static str,
}

const fn trouble(
    name: &'static str,
    answer: Answer,
    receipt: Receipt,
    ends: &'static str,
) -> Trouble {
    Trouble {
        name,
        treatment: Treatment { answer, receipt },
        hidden: false,
        ends,
    }
}

const SHORTLY: Duration = Duration::from_millis(300);

const TROUBLES: [Trouble; 13] = [
    trouble("none", Answer::Accept, Receipt::Delivered, "DELIVERED"),
    trouble(
        "a slow answer",
        Answer::Slow(SHORTLY),
        Receipt::Delivered,
        "DELIVERED",
    ),
    trouble(
        "silence after accepting, then a receipt",
        Answer::AcceptThenSilence(SHORTLY),
        Receipt::Late(Duration::from_secs(2)),
        "DELIVERED",
    ),
    trouble(
        "silence after accepting, no receipt",
        Answer::AcceptThenSilence(SHORTLY),
        Receipt::Never,
        "SENT",
    ),
    Trouble {
        hidden: true,
        ..trouble(
            "order accepted, silent, not found, answered as duplicate",
            Answer::AcceptThenSilence(SHORTLY),
            Receipt::Never,
            "SENT",
        )
    },
    trouble(
        "receipt before the answer",
        Answer::Slow(SHORTLY),
        Receipt::BeforeAnswer,
        "DELIVERED",
    ),
    trouble("receipt twice", Answer::Accept, Receipt::Twice, "DELIVERED"),
    trouble(
        "receipt for an unknown id",
        Answer::Accept,
        Receipt::UnknownIdFirst,
        "DELIVERED",
    ),
    trouble(
        "receipt: waiting, then delivered",
        Answer::Accept,
        Receipt::WaitingFirst,
        "DELIVERED",
    ),
    trouble(
        "receipt: failed",
        Answer::Accept,
        Receipt::Failed,
        "BOUNCED",
    ),
    trouble("no receipt", Answer::Accept, Receipt::Never, "SENT"),
    trouble(
        "number refused",
        Answer::Refuse(99),
        Receipt::Never,
        "FAILED",
    ),
    // The last one: it makes the run wait for its thirty seconds.
    trouble(
        "no answer in time",
        Answer::AcceptThenSilence(SILENCE),
        Receipt::Never,
        "SENT",
    ),
];

/// Plays it: each member without a mailbox meets its kind of trouble in each round.
///
/// # Errors
/// When the stage does not come up.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let stage = lienminh_local::Stage::start(&options()?).await?;
    let ground = Ground::with(stage, plan, BusinessClock::still()?, Ends::Orderly).await?;
    let troubles = if plan.short {
        &TROUBLES[..TROUBLES.len() - 1]
    } else {
        &TROUBLES[..]
    };
    for trouble in troubles {
        ground.plan(trouble.name);
    }
    ground.plan("answered as duplicate");
    let numbers = arrange(ground.stage.sms().rules(), troubles, plan.parties);
    for _ in 0..plan.rounds {
        ground.invite_all().await?;
        progress.inc(1);
    }
    // What is not at rest by then is found again, and told, by the oracle.
    come_to_rest(&ground, REST).await;
    all_receipts(&ground).await?;
    judge(&ground, troubles, &numbers).await?;
    Outcome::of(NAME, plan, &ground, REST).await
}

/// A late receipt refines what is final already.
async fn all_receipts(ground: &Ground) -> anyhow::Result<()> {
    let gateway = ground.stage.sms();
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    lienminh_local::wait::until("every receipt is taken in", REST, || async {
        let row = session
            .query_one("select count(*) from receipt", &[])
            .await?;
        let taken = u64::try_from(row.try_get::<_, i64>(0)?)?;
        Ok(gateway.outstanding_callbacks() == 0 && taken >= gateway.counters().receipts)
    })
    .await
}

/// Gives each member without a mailbox its kind of trouble, in turn.
fn arrange(rules: &SmsRules, troubles: &[Trouble], parties: usize) -> BTreeMap<String, usize> {
    let with_mobile_only = (1..=parties).filter(|number| number.is_multiple_of(EVERY));
    with_mobile_only
        .enumerate()
        .map(|(turn, number)| {
            let kind = turn % troubles.len();
            let mobile = format!("059{number:07}");
            rules.set(&mobile, troubles[kind].treatment);
            if troubles[kind].hidden {
                rules.hide(&mobile);
            }
            (mobile, kind)
        })
        .collect()
}

const ROWS: &str = "
    select d.address, d.state, d.reason, d.id::text
    from delivery d where d.channel = 'sms'";

async fn judge(
    ground: &Ground,
    troubles: &[Trouble],
    numbers: &BTreeMap<String, usize>,
) -> anyhow::Result<()> {
    let mut accepted: BTreeMap<String, usize> = BTreeMap::new();
    for sms in ground.stage.sms().accepted() {
        *accepted.entry(sms.request_id).or_default() += 1;
    }
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    for row in session.query(ROWS, &[]).await? {
        let (address, state): (String, String) = (row.get(0), row.get(1));
        let (reason, id): (String, String) = (row.get(2), row.get(3));
        let mobile = address.replace("+84", "0");
        let Some(kind) = numbers.get(&mobile) else {
            ground.complain(format_args!("{id}: nobody has the number"));
            continue;
        };
        let trouble = &troubles[*kind];
        ground.bite(trouble.name, 1);
        if state != trouble.ends {
            let (name, ends) = (trouble.name, trouble.ends);
            ground.complain(format_args!(
                "{name}: {state} {reason} instead of {ends}, {id}"
            ));
        }
        let wanted = usize::from(trouble.ends != "FAILED");
        let copies = accepted.get(&id).copied().unwrap_or_default();
        if copies != wanted {
            ground.complain(format_args!(
                "{}: accepted {copies} times, {id}",
                trouble.name
            ));
        }
    }
    let counters = ground.stage.sms().counters();
    ground.bite("answered as duplicate", counters.duplicates);
    Ok(())
}
