//! Messages that nobody can handle among good ones: exactly those are parked, with
//! a reason, and a person can put them away.

mod kinds;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::ensure;
use indicatif::ProgressBar;
use lienminh_cli::load::fresh_request_id;
use lienminh_local::{ServiceName, wait};
use lienminh_proto::notifier::v1::{
    DiscardParkedMessageRequest, ListParkedMessagesRequest, ParkedMessage,
};

use self::kinds::{Kind, QUEUES};
use super::ground::insist;
use super::{Ground, Outcome, Plan};

const NAME: &str = "poison";

/// Poison messages in a run.
const MESSAGES: usize = 100;

/// How long the rest may take.
const REST: Duration = Duration::from_secs(90);

/// All poison is parked within this time of the last good message.
const PARKED: Duration = Duration::from_secs(60);

/// A mailing is announced after so many poison messages.
const PER_MAILING: usize = 20;

/// Plays it.
///
/// # Errors
/// When the broker does not take the poison or a call is refused.
pub async fn run(plan: &Plan, progress: &ProgressBar) -> anyhow::Result<Outcome> {
    let ground = Ground::shared(plan).await?;
    let mut planted = Planted::default();
    for number in 0..MESSAGES {
        if number % PER_MAILING == 0 {
            // Small mailings travel with the urgent ones, large ones in bulk.
            ground.invite_all().await?;
            ground.invite(plan.parties / 6 + 1).await?;
            progress.inc(1);
        }
        plant(&ground, number, &mut planted).await?;
    }
    ground.note(format_args!(
        "{MESSAGES} poison messages are among the good ones"
    ));
    judge(&ground, &planted).await?;
    put_away(&ground).await?;
    Outcome::of(NAME, plan, &ground, REST).await
}

/// How often each payload was put into each queue, and what kind it is.
#[derive(Default)]
struct Planted(BTreeMap<(String, Vec<u8>), (usize, &'static str)>);

async fn plant(ground: &Ground, number: usize, planted: &mut Planted) -> anyhow::Result<()> {
    let queue = QUEUES[number % QUEUES.len()];
    let kinds = Kind::of(queue);
    let kind = kinds[(number / QUEUES.len()) % kinds.len()];
    let poison = kind.brew(queue, number);
    ground.plan(&fault(kind.name()));
    let routed = ground
        .stage
        .rabbitmq()
        .publish_bytes(
            ground.stage.vhost(),
            queue.exchange,
            queue.routing_key,
            poison.properties,
            &poison.payload,
        )
        .await?;
    ensure!(routed, "{} took no poison", queue.name);
    let key = (queue.name.to_owned(), poison.payload);
    planted.0.entry(key).or_insert((0, kind.name())).0 += 1;
    Ok(())
}

fn fault(kind: &str) -> String {
    format!("parked: {kind}")
}

/// Exactly the poison is parked, each with a reason that is more than the broker's.
async fn judge(ground: &Ground, planted: &Planted) -> anyhow::Result<()> {
    let waited = wait::until("all poison is parked", PARKED, || async {
        Ok(parked(ground).await?.len() >= MESSAGES)
    });
    // Too few are told one by one below.
    let _ = waited.await;
    let mut left: BTreeMap<_, _> = planted.0.clone();
    for row in parked(ground).await? {
        match left.get_mut(&(row.queue.clone(), row.payload)) {
            Some((expected, kind)) if *expected > 0 => {
                *expected -= 1;
                ground.bite(&fault(kind), 1);
                ground.demand(!row.reason.is_empty(), || {
                    format!("a parked message of {} has no reason", row.queue)
                });
            }
            Some(_) | None => ground.demand(false, || {
                format!("a good message of {} was parked: {}", row.queue, row.reason)
            }),
        }
    }
    for ((queue, _), (missing, kind)) in left.into_iter().filter(|(_, (count, _))| *count > 0) {
        ground.demand(false, || {
            format!("{missing} of {kind} in {queue} were not parked")
        });
    }
    Ok(())
}

struct Parked {
    queue: String,
    payload: Vec<u8>,
    reason: String,
}

async fn parked(ground: &Ground) -> anyhow::Result<Vec<Parked>> {
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let rows = session
        .query("select queue, payload, reason from parked_message", &[])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Parked {
                queue: row.try_get(0)?,
                payload: row.try_get(1)?,
                reason: row.try_get(2)?,
            })
        })
        .collect()
}

/// A person lists them and discards each.
async fn put_away(ground: &Ground) -> anyhow::Result<()> {
    let mut listed = 0;
    loop {
        let some = list(ground).await?;
        if some.is_empty() {
            break;
        }
        listed += some.len();
        for message in some {
            discard(ground, message).await?;
        }
    }
    ground.demand(listed == MESSAGES, || {
        format!("{listed} of {MESSAGES} parked messages were listed")
    });
    ground.note(format_args!("{listed} are discarded"));
    Ok(())
}

async fn list(ground: &Ground) -> anyhow::Result<Vec<ParkedMessage>> {
    insist("the list of parked messages", || async {
        let request = ListParkedMessagesRequest {
            page_size: 50,
            ..Default::default()
        };
        let answer = ground
            .clients
            .parking()
            .list_parked_messages(request)
            .await?;
        Ok(answer.into_inner().parked_messages)
    })
    .await
}

async fn discard(ground: &Ground, message: ParkedMessage) -> anyhow::Result<()> {
    let request = DiscardParkedMessageRequest {
        name: message.name,
        reason: "không đọc được".to_owned(),
        request_id: fresh_request_id(),
    };
    let state = insist("discarding a parked message", || async {
        let answer = ground
            .clients
            .parking()
            .discard_parked_message(request.clone())
            .await?;
        Ok(answer.into_inner().state)
    })
    .await?;
    ensure!(state == "discarded", "a discarded message is {state}");
    Ok(())
}
