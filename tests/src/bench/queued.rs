//! Emails that wait for a worker: copies of one that has really gone out.

use anyhow::Context;
use tokio_postgres::Transaction;
use uuid::Uuid;

/// Recipients of one mailing; above 200 it would count as bulk, which leaves half
/// of the connections to the urgent.
const PARTIES: usize = 200;

const OCCURRENCES: &str = "
    insert into occurrence (id, obligation_id, anchor_version, step, repetition, audience, tells,
                            state, nominal_at, due_at, useful_until)
    select n.id, c.obligation_id, c.anchor_version, c.step,
           (select max(x.repetition) from occurrence x where x.obligation_id = c.obligation_id) + n.number,
           c.audience, c.tells, c.state, c.nominal_at, c.due_at, c.useful_until
    from unnest($2::uuid[]) with ordinality as n (id, number)
    cross join delivery d join occurrence c on c.id = d.occurrence_id
    where d.id = $1";

const LETTERS: &str = "
    insert into occurrence_letter (occurrence_id, letter)
    select n.id, l.letter
    from unnest($2::uuid[]) as n (id)
    cross join delivery d join occurrence_letter l on l.occurrence_id = d.occurrence_id
    where d.id = $1";

const DELIVERIES: &str = "
    insert into delivery (id, occurrence_id, obligation_id, anchor_version, organisation_id,
                          organisation_name, channel, address, class, bulk, outlives_obligation,
                          party, state, asked_at, useful_until, state_at, next_action_at)
    select n.id, ($3::uuid[])[(1 + (n.number - 1) / $4::bigint)::int], d.obligation_id, d.anchor_version,
           gen_random_uuid(), d.organisation_name, d.channel,
           'm' || n.number || '@example.com', d.class, false, d.outlives_obligation, d.party,
           'QUEUED', now(), d.useful_until, now(), now() + interval '2 minutes'
    from unnest($2::uuid[]) with ordinality as n (id, number)
    cross join delivery d
    where d.id = $1";

// The order {delivery id, generation 1} in the encoding of its message.
const ORDERS: &str = r"
    insert into outbox (id, exchange, routing_key, stream, mandatory, type, payload)
    select gen_random_uuid(), 'lienminh.deliveries', 'email', 'deliveries', true,
           'lienminh.notifier.internal.DeliveryOrder',
           '\x0a10'::bytea || uuid_send(n.id) || '\x1001'::bytea
    from unnest($1::uuid[]) as n (id)";

/// Queues so many copies of a delivery, in mailings of two hundred, each with its
/// order to the workers, as fan-out would.
///
/// # Errors
/// What the database says.
pub async fn queue(tx: &Transaction<'_>, model: Uuid, emails: usize) -> anyhow::Result<()> {
    let occurrences = ids(emails.div_ceil(PARTIES));
    let deliveries = ids(emails);
    let parties = i64::try_from(PARTIES)?;
    tx.execute(OCCURRENCES, &[&model, &occurrences])
        .await
        .context("occurrences")?;
    tx.execute(LETTERS, &[&model, &occurrences])
        .await
        .context("letters")?;
    tx.execute(DELIVERIES, &[&model, &deliveries, &occurrences, &parties])
        .await
        .context("deliveries")?;
    tx.execute(ORDERS, &[&deliveries]).await.context("orders")?;
    Ok(())
}

fn ids(number: usize) -> Vec<Uuid> {
    (0..number).map(|_| Uuid::now_v7()).collect()
}
