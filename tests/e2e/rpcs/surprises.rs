//! What breaks inside is told to nobody outside (S22).

use lienminh_local::{ServiceName, Stage};
use prost::Message as _;
use prost_reflect::DynamicMessage;
use tonic::{Code, Status};

use super::rpc::Rpc;

/// Words of databases, of sources, of stacks and of machines.
const INSIDE: [&str; 20] = [
    "select ",
    "insert ",
    "update ",
    "relation",
    "column",
    "constraint",
    "sqlstate",
    "42p01",
    "postgres",
    "public.",
    "hidden",
    "tokio",
    "connection",
    "127.0.0.1",
    "src/",
    ".rs",
    "/home",
    "panicked",
    "backtrace",
    "0.1.0",
];

/// Every rpc is called after its tables were taken away, and again without any database.
pub(super) async fn leak_nothing(stage: &Stage, token: &str, good: &[(Rpc, DynamicMessage)]) {
    for service in ServiceName::ALL {
        let database = stage.look_into(service).await.unwrap();
        database.batch_execute(HIDE).await.unwrap();
    }
    let broken = call_all(token, good, Code::Internal).await;
    assert!(
        broken > good.len() / 2,
        "{broken} of {} met a missing table",
        good.len()
    );

    for service in ServiceName::ALL {
        let name = &stage.database(service).name;
        let server = stage.postgres().connect("postgres").await.unwrap();
        // The name is the stage's own.
        let close = format!("alter database \"{name}\" allow_connections false");
        server.batch_execute(&close).await.unwrap();
        server.execute(CUT, &[name]).await.unwrap();
    }
    let broken = call_all(token, good, Code::Unavailable).await;
    assert!(
        broken > good.len() / 2,
        "{broken} of {} met no database",
        good.len()
    );
}

const HIDE: &str = "
    do $$
    declare
        each record;
    begin
        for each in select c.oid::regclass as name, c.relname from pg_class c
            where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
            -- Without it nothing is lent out any more: that is another surprise.
            and c.relname <> 'migration'
        loop
            execute format('alter table %s rename to %I', each.name, 'hidden_' || left(each.relname, 50));
        end loop;
    end
    $$";

const CUT: &str = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";

/// How many answered with this code; none told anything of the inside.
async fn call_all(token: &str, good: &[(Rpc, DynamicMessage)], code: Code) -> usize {
    let mut broken = 0;
    for (rpc, body) in good {
        let answer = rpc
            .call(Some(token), "vi", body.encode_to_vec().into())
            .await;
        let Err(status) = answer else { continue };
        broken += usize::from(status.code() == code);
        let said = everything(&status);
        // What was asked for may be named in the answer.
        let asked = body.to_string();
        let leaked = INSIDE
            .iter()
            .find(|word| said.contains(*word) && !asked.contains(*word));
        assert_eq!(leaked, None, "{}: {said}", rpc.name());
    }
    broken
}

/// All the words of an answer, those in the details included.
fn everything(status: &Status) -> String {
    let details = String::from_utf8_lossy(status.details()).into_owned();
    let metadata = format!("{:?}", status.metadata());
    format!("{} {details} {metadata}", status.message()).to_lowercase()
}
