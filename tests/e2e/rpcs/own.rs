//! What a member updates: what the contracts mark as its own, and no other field.
// Of the many kinds of fields a few matter here.
#![allow(clippy::wildcard_enum_match_arm)]

use lienminh_local::suite::Token;
use lienminh_proto::is_marked;
use lienminh_proto::registry::v1::ListContactsRequest;
use prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value};
use tonic::{Code, Status};

use super::judge::violated;
use super::rpc::{Rpc, every_rpc};
use super::updates::{Update, get};
use crate::api::violations;
use crate::house::{House, at, through};
use crate::member::AN_BINH;

/// A field, and whatever the answer to an update of it alone was.
type Told = (FieldDescriptor, Option<Status>);

#[tokio::test(flavor = "multi_thread")]
async fn a_member_updates_what_the_contracts_call_its_own_and_no_other_field() {
    let house = House::open(&[AN_BINH]).await;
    let names = resources(&house).await;
    let token = Token::new("system:portal", "*").bound_to(&names[0]);
    let token = house.stage.suite().token(&token).unwrap();
    let rpcs = every_rpc(&house.stage);
    let (mut faults, mut open) = (Vec::new(), 0);
    for rpc in rpcs
        .iter()
        .filter(|rpc| rpc.input().get_field_by_name("update_mask").is_some())
    {
        let update = prepare(rpc, &rpcs, &token, &names).await;
        let before = update.read().await;
        let told = one_by_one(&update).await;
        faults.extend(told.iter().filter_map(|told| fault(&update, told)));
        faults.extend(all_at_once(&update, &told).await);
        open += usize::from(told.iter().any(|(field, _)| is_own(field)));
        assert_eq!(update.read().await, before, "{}", rpc.name());
    }
    assert!(open >= 2, "{open} rpcs update what is a member's");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// One of each kind that the member has or takes part in, itself first.
async fn resources(house: &House) -> Vec<String> {
    let start = Some(at("2024-03-29T07:30"));
    let event = house
        .announce("ceremony", "Lễ phát động", start, &["M1"])
        .await;
    let deadline = house
        .demand("Báo cáo", through("2024-03-28"), &["M1"])
        .await;
    let request = ListContactsRequest {
        parent: house.member("M1"),
        ..Default::default()
    };
    let contacts = house.officer.contacts().list_contacts(request).await;
    let contact = contacts.unwrap().into_inner().contacts.remove(0);
    vec![house.member("M1"), contact.name, event.name, deadline.name]
}

async fn prepare<'g>(
    rpc: &'g Rpc,
    rpcs: &'g [Rpc],
    token: &'g str,
    names: &[String],
) -> Update<'g> {
    let output = rpc.method.output();
    let reads = |each: &&Rpc| each.own_name().starts_with("Get") && each.method.output() == output;
    let reader = rpcs.iter().find(reads).unwrap();
    for name in names {
        if let Ok(found) = get(reader, token, name).await {
            let present = DynamicMessage::decode(output, found).unwrap();
            return Update::of(rpc, reader, token, present);
        }
    }
    panic!("{}: the member has nothing of the kind", rpc.name());
}

fn is_own(field: &FieldDescriptor) -> bool {
    is_marked(field, "lienminh.auth.v1.own")
}

fn is_denied(status: Option<&Status>) -> bool {
    status.is_some_and(|status| status.code() == Code::PermissionDenied)
}

/// Each field with another value, under a mask that names it. What may be taken is only rehearsed.
async fn one_by_one(update: &Update<'_>) -> Vec<Told> {
    let mut told = Vec::new();
    for field in update.present.descriptor().fields() {
        let mut request = update.request(&[field.name().to_owned()], is_own(&field));
        change(&mut request, update, &field);
        let answer = update.call("en", request.encode_to_vec().into()).await;
        told.push((field, answer.err()));
    }
    told
}

/// A refusal that names the field.
fn is_refused(update: &Update<'_>, (field, status): &Told) -> bool {
    let path = path(update, field);
    let found = status.iter().flat_map(violations);
    let is_named = found.into_iter().any(|each| {
        (each.field == path && each.reason == "OFFICERS_ONLY")
            || (each.field == "update_mask" && each.description.contains(field.name()))
    });
    is_named || is_denied(status.as_ref())
}

/// What is wrong with the answer to the update of one field.
fn fault(update: &Update<'_>, told: &Told) -> Option<String> {
    let (field, status) = told;
    let fits = is_refused(update, told) != is_own(field);
    (!fits).then(|| format!("{}: {status:?}", path(update, field)))
}

fn path(update: &Update<'_>, field: &FieldDescriptor) -> String {
    format!("{}.{}", update.resource.name(), field.name())
}

/// Everything changed under `*` and under no mask: all that officers write is named.
async fn all_at_once(update: &Update<'_>, told: &[Told]) -> Vec<String> {
    let officers: Vec<_> = told
        .iter()
        .filter(|(_, status)| {
            names(status.as_ref())
                .iter()
                .all(|name| name != "update_mask")
        })
        .map(|(field, _)| field)
        .filter(|field| !is_own(field))
        .collect();
    let mut faults = Vec::new();
    for mask in [vec!["*".to_owned()], Vec::new()] {
        let mut request = update.request(&mask, false);
        for field in &officers {
            change(&mut request, update, field);
        }
        let answer = update.call("en", request.encode_to_vec().into()).await;
        let named = names(answer.as_ref().err());
        let is_denied = is_denied(answer.as_ref().err());
        let missing = officers.iter().map(|field| path(update, field));
        let missing = missing.filter(|path| !is_denied && !named.contains(path));
        faults.extend(missing.map(|path| format!("{path} is not named under {mask:?}")));
    }
    faults
}

fn names(status: Option<&Status>) -> Vec<String> {
    status.map(violated).unwrap_or_default()
}

/// Gives a field another value; the name says what is updated and stays.
fn change(request: &mut DynamicMessage, update: &Update<'_>, field: &FieldDescriptor) {
    if field.name() == "name" {
        return;
    }
    let Value::Message(mut resource) = request.get_field(&update.resource).into_owned() else {
        return;
    };
    let other = other(field, resource.get_field(field).into_owned());
    if matches!(field.kind(), Kind::Message(_)) && resource.has_field(field) {
        resource.clear_field(field);
    } else {
        resource.set_field(field, other);
    }
    request.set_field(&update.resource, Value::Message(resource));
}

fn other(field: &FieldDescriptor, present: Value) -> Value {
    match (present, field.kind()) {
        (Value::String(text), _) => Value::String(format!("{text}x")),
        (Value::Bool(is), _) => Value::Bool(!is),
        (Value::EnumNumber(number), _) => Value::EnumNumber(number + 1),
        (Value::List(mut values), Kind::Message(inner)) => {
            values.push(Value::Message(DynamicMessage::new(inner)));
            Value::List(values)
        }
        (Value::List(mut values), _) => {
            values.push(Value::String("x".to_owned()));
            Value::List(values)
        }
        (present, _) => present,
    }
}
