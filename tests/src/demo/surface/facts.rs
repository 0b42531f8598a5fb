//! Facts and audit rows, from the databases of the demonstration.

use std::collections::BTreeMap;

use kit::outbox::FACTS;
use lienminh_local::ServiceName;
use lienminh_local::stage::Stage;
use lienminh_proto::pool;
use prost_reflect::DynamicMessage;
use serde_json::Value;
use tokio_postgres::Row;

use super::masked::{Mask, hash};

/// Keeps a copy of whatever enters an outbox: the relay deletes what it has published.
const TAP: &str = "
    create schema surface;
    create table surface.told as select exchange, routing_key, type, payload from public.outbox with no data;
    create function surface.tap() returns trigger language plpgsql security definer as $$
    begin
        insert into surface.told values (new.exchange, new.routing_key, new.type, new.payload);
        return null;
    end $$;
    create trigger surface_tap after insert on public.outbox
        for each row execute function surface.tap()";

const TOLD: &str = "select exchange, routing_key, type, payload from surface.told";

const AUDITED: &str = "
    select method, subject, regexp_replace(coalesce(resource, ''), '[0-9a-f]{8}-[0-9a-f-]{27}', '{}', 'g'),
           count(*)
    from audit group by 1, 2, 3 order by 1, 2, 3";

/// Plants the copying into the databases of a started suite.
///
/// # Errors
/// What a database says.
pub async fn tap(stage: &Stage) -> anyhow::Result<()> {
    for service in ServiceName::ALL {
        stage.look_into(service).await?.batch_execute(TAP).await?;
    }
    Ok(())
}

/// A line for each kind of message, and one for each of its fields with what stands there.
pub(super) async fn told(stage: &Stage) -> anyhow::Result<String> {
    let mut text = String::new();
    for service in ServiceName::ALL {
        let rows = stage.look_into(service).await?.query(TOLD, &[]).await?;
        let mut kinds: BTreeMap<String, (usize, Fields)> = BTreeMap::new();
        for row in &rows {
            let (count, fields) = kinds.entry(kind(row)).or_default();
            *count += 1;
            note(fields, "", &content(row));
        }
        for (kind, (count, fields)) in kinds {
            // Orders are given again where one is late: how often is luck.
            if !kind.starts_with(FACTS) {
                text += &format!("{service} {kind}\n");
                continue;
            }
            text += &format!("{service} {kind} {count}\n");
            for (path, values) in fields {
                text += &format!("{service} {kind} {path} {}\n", said(values));
            }
        }
    }
    Ok(text)
}

/// What stands in a field, in all messages.
type Fields = BTreeMap<String, Vec<String>>;

fn kind(row: &Row) -> String {
    let part = |column| row.get::<_, String>(column);
    format!("{} {} {}", part(0), part(1), part(2))
}

fn content(row: &Row) -> Value {
    let (kind, payload): (String, Vec<u8>) = (row.get(2), row.get(3));
    let descriptor = pool().get_message_by_name(&kind);
    let message = descriptor.and_then(|kind| DynamicMessage::decode(kind, payload.as_slice()).ok());
    message
        .and_then(|message| serde_json::to_value(&message).ok())
        .unwrap_or_default()
}

fn note(fields: &mut Fields, path: &str, value: &Value) {
    match value {
        Value::Object(inner) => {
            for (name, value) in inner {
                note(
                    fields,
                    format!("{path}.{name}").trim_start_matches('.'),
                    value,
                );
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| note(fields, &format!("{path}[]"), value)),
        // Made of the id, which is another in every run.
        Value::String(_) if path == "etag" => note(fields, path, &Value::Bool(true)),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let value = Mask::default().over(value.to_string().trim_matches('"'));
            fields.entry(path.to_owned()).or_default().push(value);
        }
    }
}

/// A few short values one by one, with how often each is said; many, or long ones, as a count and
/// a hash.
fn said(mut values: Vec<String>) -> String {
    values.sort();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    values
        .iter()
        .for_each(|value| *counts.entry(value).or_default() += 1);
    let length: usize = counts.keys().map(|value| value.len()).sum();
    if counts.len() > FEW || length > SHORT {
        let all = hash(&values.join("\n"));
        return format!("{} {all}", values.len());
    }
    let counts = counts
        .into_iter()
        .map(|(value, count)| format!("{value} x{count}"));
    counts.collect::<Vec<_>>().join(", ")
}

const FEW: usize = 8;
const SHORT: usize = 160;

/// Who did what to which kind of thing, and how often.
pub(super) async fn audited(stage: &Stage) -> anyhow::Result<String> {
    let mut text = String::new();
    for service in ServiceName::ALL {
        for row in stage.look_into(service).await?.query(AUDITED, &[]).await? {
            let part = |column| row.get::<_, String>(column);
            let count: i64 = row.get(3);
            text += &format!("{service} {} {} {} {count}\n", part(0), part(1), part(2));
        }
    }
    Ok(text)
}
