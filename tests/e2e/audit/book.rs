//! What the audit of every service says after each call.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use lienminh_cli::load::fresh_request_id;
use lienminh_local::ServiceName;
use lienminh_local::suite::Token;
use prost::Message;
use prost_reflect::{DynamicMessage, Kind, Value};
use tokio_postgres::Client;

use crate::house::House;
use crate::rpcs::{Rpc, every_rpc};

/// Who acts.
#[derive(Clone)]
pub(super) struct Actor {
    pub(super) token: String,
    subject: String,
    organisation: Option<String>,
}

/// A row of the audit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) service: ServiceName,
    pub(super) method: String,
    pub(super) subject: String,
    pub(super) organisation: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) request_id: String,
}

/// The audits of all services, read up to the last call.
pub(super) struct Book<'h> {
    pub(super) house: &'h House,
    pub(super) officer: Actor,
    /// Every rpc that changes something, by its own name.
    changing: BTreeMap<String, Rpc>,
    audits: Vec<(ServiceName, Client, i64)>,
    powerless: String,
    seen: BTreeSet<String>,
    faults: Vec<String>,
}

impl Book<'_> {
    pub(super) async fn open(house: &House) -> Book<'_> {
        let mut audits = Vec::new();
        for service in ServiceName::ALL {
            audits.push((service, house.stage.look_into(service).await.unwrap(), 0));
        }
        let changing = every_rpc(&house.stage).into_iter();
        let changing = changing
            .filter(Rpc::changes_something)
            .map(|rpc| (rpc.own_name().to_owned(), rpc));
        let mut book = Book {
            house,
            officer: actor(house, &Token::new("user:lan", "*")),
            changing: changing.collect(),
            audits,
            powerless: actor(house, &Token::new("user:khach", "clock.get")).token,
            seen: BTreeSet::new(),
            faults: Vec::new(),
        };
        book.news().await;
        book
    }

    /// Somebody else.
    pub(super) fn actor(&self, token: &Token) -> Actor {
        actor(self.house, token)
    }

    /// The officer does it; see [`Book::does_as`].
    pub(super) async fn does<Q, R>(
        &mut self,
        rpc: &str,
        request: Q,
        about: impl Fn(&R) -> String,
    ) -> R
    where
        Q: Message,
        R: Message + Default,
    {
        let officer = self.officer.clone();
        self.does_as(&officer, rpc, request, about).await
    }

    /// Somebody does it: refusals and rehearsals leave nothing, the deed leaves one row, and
    /// asking again leaves none. `about` finds in the answer what the row must be about.
    pub(super) async fn does_as<Q, R>(
        &mut self,
        actor: &Actor,
        rpc: &str,
        request: Q,
        about: impl Fn(&R) -> String,
    ) -> R
    where
        Q: Message,
        R: Message + Default,
    {
        let rpc = self
            .changing
            .remove(rpc)
            .unwrap_or_else(|| panic!("{rpc}?"));
        let body = DynamicMessage::decode(rpc.input(), request.encode_to_vec().as_slice());
        let body = with(
            body.unwrap(),
            "request_id",
            Value::String(fresh_request_id()),
        );

        self.is_refused_without_trace(&rpc, actor, &body).await;
        self.is_rehearsed_without_trace(&rpc, actor, &body).await;

        let first = self.call(&rpc, Some(&actor.token), &body).await;
        let first = first.unwrap_or_else(|status| panic!("{}: {status:?}", rpc.name()));
        let answer = R::decode(first.clone()).unwrap();
        let expected = Row {
            service: rpc.server(),
            method: rpc.name().trim_start_matches('/').to_owned(),
            subject: actor.subject.clone(),
            organisation: actor.organisation.clone(),
            resource: Some(about(&answer)),
            request_id: text(&body, "request_id"),
        };
        let found = self.news().await;
        if found != [expected] {
            self.faults.push(format!("{}: {found:#?}", rpc.name()));
        }

        for _ in 0..2 {
            let again = self.call(&rpc, Some(&actor.token), &body).await;
            assert_eq!(again.ok(), Some(first.clone()), "{} again", rpc.name());
        }
        self.nothing_new(&rpc, "asked again").await;

        self.seen.insert(rpc.own_name().to_owned());
        self.changing.insert(rpc.own_name().to_owned(), rpc);
        answer
    }

    async fn is_refused_without_trace(&mut self, rpc: &Rpc, actor: &Actor, body: &DynamicMessage) {
        let mut wrong = vec![
            ("without a token", None, body.clone()),
            (
                "without its permission",
                Some(self.powerless.clone()),
                body.clone(),
            ),
        ];
        let mut add = |what, body| wrong.push((what, Some(actor.token.clone()), body));
        let fresh = with(
            body.clone(),
            "request_id",
            Value::String(fresh_request_id()),
        );
        add(
            "without request_id",
            with(body.clone(), "request_id", Value::String(String::new())),
        );
        if let Some(stale) = altered(&fresh, "etag", &|_| "stale".to_owned()) {
            add("with a stale etag", stale);
        }
        if let Some(missing) = altered(&fresh, "name", &|name| another(name))
            .or_else(|| altered(&fresh, "parent", &|name| another(name)))
        {
            add("of what does not exist", missing);
        }
        for (what, token, body) in wrong {
            let answer = self.call(rpc, token.as_deref(), &body).await;
            assert!(answer.is_err(), "{} {what}", rpc.name());
            self.nothing_new(rpc, what).await;
        }
    }

    async fn is_rehearsed_without_trace(
        &mut self,
        rpc: &Rpc,
        actor: &Actor,
        body: &DynamicMessage,
    ) {
        if rpc.input().get_field_by_name("validate_only").is_none() {
            return;
        }
        let rehearsal = with(body.clone(), "validate_only", Value::Bool(true));
        let answer = self.call(rpc, Some(&actor.token), &rehearsal).await;
        assert!(
            answer.is_ok(),
            "{} with validate_only: {answer:?}",
            rpc.name()
        );
        self.nothing_new(rpc, "with validate_only").await;
    }

    async fn call(
        &self,
        rpc: &Rpc,
        token: Option<&str>,
        body: &DynamicMessage,
    ) -> Result<Bytes, tonic::Status> {
        rpc.call(token, "vi", body.encode_to_vec().into()).await
    }

    async fn nothing_new(&mut self, rpc: &Rpc, what: &str) {
        let found = self.news().await;
        if !found.is_empty() {
            self.faults
                .push(format!("{} {what}: {found:#?}", rpc.name()));
        }
    }

    /// The rows written since this was asked before.
    pub(super) async fn news(&mut self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (service, database, last) in &mut self.audits {
            for row in database.query(NEWS, &[last]).await.unwrap() {
                *last = row.get(0);
                rows.push(Row {
                    service: *service,
                    method: row.get(1),
                    subject: row.get(2),
                    organisation: row.get(3),
                    resource: row.get(4),
                    request_id: row.get(5),
                });
            }
        }
        rows
    }

    /// Every rpc that changes something was among the deeds, and each was written down.
    pub(super) fn is_complete(&self) {
        let missing: Vec<_> = self
            .changing
            .keys()
            .filter(|name| !self.seen.contains(*name))
            .collect();
        assert!(
            missing.is_empty(),
            "tell tests/e2e/audit how these are called well: {missing:?}"
        );
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}

const NEWS: &str = "
    select a.seq, a.method, a.subject, a.organisation, a.resource, a.request_id::text
    from audit a
    where a.seq > $1
    order by a.seq";

fn actor(house: &House, token: &Token) -> Actor {
    Actor {
        token: house.stage.suite().token(token).unwrap(),
        subject: token.subject.clone(),
        organisation: token.organisation.clone(),
    }
}

fn with(mut message: DynamicMessage, field: &str, value: Value) -> DynamicMessage {
    message.set_field_by_name(field, value);
    message
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field).unwrap();
    value.as_str().unwrap_or_default().to_owned()
}

/// The same with another text in a field of the request or of the resource that it updates.
fn altered(
    message: &DynamicMessage,
    field: &str,
    alter: &dyn Fn(&str) -> String,
) -> Option<DynamicMessage> {
    let descriptor = prost_reflect::ReflectMessage::descriptor(message);
    if descriptor.get_field_by_name(field).is_some() {
        let value = alter(&text(message, field));
        return Some(with(message.clone(), field, Value::String(value)));
    }
    descriptor.get_field_by_name("update_mask")?;
    let resource = descriptor
        .fields()
        .find(|each| matches!(each.kind(), Kind::Message(_)) && each.name() != "update_mask")?;
    let present = message.get_field(&resource);
    let inner = altered(present.as_message()?, field, alter)?;
    Some(with(
        message.clone(),
        resource.name(),
        Value::Message(inner),
    ))
}

/// A name of the same kind that nothing has.
fn another(name: &str) -> String {
    let (kind, _) = name.rsplit_once('/').unwrap();
    format!("{kind}/{}", fresh_request_id())
}
