//! The relay: from rows in an outbox until all are with the broker and deleted,
//! beside plain publishing with confirms to the same queue.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lapin::options::{
    BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions,
    QueuePurgeOptions,
};
use lapin::types::{AMQPValue, FieldTable, LongString};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};
use lienminh_local::{ServiceName, Stage, StageOptions};

use super::desk::measure;
use super::figure::Bound;
use super::{Figure, Report, Round, alternate};

/// Messages of a round: some seconds' worth.
const MESSAGES: usize = 60_000;

/// Bytes of each.
const SIZE: usize = 1_024;

/// Of the ceiling: messages that are not yet confirmed.
const IN_FLIGHT: usize = 1_000;

const ROUNDS: usize = 3;

const LIMIT: Duration = Duration::from_secs(120);

const EXCHANGE: &str = "lienminh.facts";
const KEY: &str = "registry.v1.bench.told";
const QUEUE: &str = "bench.relay";

const FILL: &str = "
    insert into outbox (id, exchange, routing_key, stream, mandatory, type, aggregate,
                        aggregate_sequence, occurred_at, traceparent, payload)
    select gen_random_uuid(), $1, $2, 'facts:bench', true, 'lienminh.registry.v1.Organisation',
           'organisations/' || gen_random_uuid(), n, now(),
           '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', $3
    from generate_series(1, $4::int) as n";

// By the key: walking the table over what was deleted would take from the relay's
// own time, look by look.
const WAITING: &str = "
    select exists (select from (select o.seq from outbox o order by o.seq limit 1) as head)";

/// Measures it.
///
/// # Errors
/// When the suite does not come up, or a message is not confirmed.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let stage = Stage::start(&StageOptions::default()).await?;
    let medians = against_publishing(&stage).await?;
    let mut figure = Figure::new(medians.value, "messages/s").beside(medians.ceiling);
    figure.cpu_ms_each = medians.cpu_ms_each;
    figure.rss_mb = medians.rss_mb;
    figure.remark = Some(format!(
        "{MESSAGES} rows of {SIZE} bytes a round until published, confirmed and deleted; ceiling: \
         publishing with confirms to the same quorum queue, {IN_FLIGHT} in flight"
    ));
    report.add("relay", figure.asking("ratio", Bound::AtLeast(0.80)))
}

/// The rounds themselves.
async fn against_publishing(stage: &Stage) -> anyhow::Result<super::rounds::Medians> {
    let (connection, channel) = open(stage).await?;
    let medians = alternate(
        ROUNDS,
        |round| {
            eprintln!("  round {} of {ROUNDS} ...", round + 1);
            publish_plainly(&channel)
        },
        |_| relay(stage, &channel),
    )
    .await?;
    connection.close(200, "done".into()).await?;
    Ok(medians)
}

/// The bench's own way to the broker, with its queue.
pub(super) async fn open(stage: &Stage) -> anyhow::Result<(Connection, Channel)> {
    let url = stage.rabbitmq().administrator_url(stage.vhost());
    let connection = Connection::connect(&url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await?;
    declare(&channel).await?;
    Ok((connection, channel))
}

async fn declare(channel: &Channel) -> anyhow::Result<()> {
    let mut arguments = FieldTable::default();
    arguments.insert(
        "x-queue-type".into(),
        AMQPValue::LongString(LongString::from("quorum")),
    );
    let durable = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    channel
        .queue_declare(QUEUE.into(), durable, arguments)
        .await?;
    channel
        .queue_bind(
            QUEUE.into(),
            EXCHANGE.into(),
            KEY.into(),
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await?;
    Ok(())
}

async fn empty(channel: &Channel) -> anyhow::Result<u32> {
    Ok(channel
        .queue_purge(QUEUE.into(), QueuePurgeOptions::default())
        .await?)
}

async fn publish_plainly(channel: &Channel) -> anyhow::Result<f64> {
    let payload = vec![b'x'; SIZE];
    let begun = Instant::now();
    let mut flying = FuturesUnordered::new();
    for _ in 0..MESSAGES {
        if flying.len() == IN_FLIGHT {
            confirmed(flying.next().await)?;
        }
        flying.push(publish(channel, &payload));
    }
    while !flying.is_empty() {
        confirmed(flying.next().await)?;
    }
    let took = begun.elapsed();
    empty(channel).await?;
    Ok(MESSAGES as f64 / took.as_secs_f64())
}

async fn publish(channel: &Channel, payload: &[u8]) -> lapin::Result<Confirmation> {
    let options = BasicPublishOptions {
        mandatory: true,
        ..BasicPublishOptions::default()
    };
    let properties = BasicProperties::default().with_delivery_mode(2);
    channel
        .basic_publish(EXCHANGE.into(), KEY.into(), options, payload, properties)
        .await?
        .await
}

fn confirmed(answer: Option<lapin::Result<Confirmation>>) -> anyhow::Result<()> {
    let confirmation = answer.context("nothing was in flight")??;
    ensure!(
        matches!(confirmation, Confirmation::Ack(None)),
        "the broker did not take a message"
    );
    Ok(())
}

/// Lets the registry's relay carry a round of messages.
pub(super) async fn relay(stage: &Stage, channel: &Channel) -> anyhow::Result<Round> {
    let session = stage.look_into(ServiceName::Registry).await?;
    let payload = vec![b'x'; SIZE];
    let put = async {
        let messages = i32::try_from(MESSAGES)?;
        session
            .execute(FILL, &[&EXCHANGE, &KEY, &payload, &messages])
            .await?;
        Ok(())
    };
    let is_done = async || {
        let row = session.query_one(WAITING, &[]).await?;
        Ok(!row.get::<_, bool>(0))
    };
    let measured = measure(stage, ServiceName::Registry, put, is_done, LIMIT).await?;
    let arrived = empty(channel).await?;
    ensure!(
        usize::try_from(arrived)? == MESSAGES,
        "{arrived} of {MESSAGES} arrived"
    );
    let round = Round {
        value: MESSAGES as f64 / measured.took.as_secs_f64(),
        cpu_ms_each: Some(measured.used.cpu_ms / MESSAGES as f64),
        rss_mb: Some(measured.used.peak_mb),
    };
    eprintln!("    {:.0} messages/s", round.value);
    Ok(round)
}
