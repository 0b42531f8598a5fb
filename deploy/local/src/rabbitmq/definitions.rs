//! The definitions file of `deploy/rabbitmq`, with what a private node adds to it.
//!
//! The file in the repository lets nobody in: its users have no password. A deployment sets them;
//! here every user gets one, and an administrator joins them.

use anyhow::{Context, bail};
use serde_json::{Value, json};

const DEFINITIONS: &str = include_str!("../../../rabbitmq/definitions.json");

/// A service's user of the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerUser(pub &'static str);

/// The users of the definitions file, one per service.
pub const USERS: [BrokerUser; 4] = [
    BrokerUser("registry"),
    BrokerUser("events"),
    BrokerUser("funding"),
    BrokerUser("notifier"),
];

/// The node's own administrator.
pub(super) const ADMINISTRATOR: &str = "stage";

/// What the node loads at every boot: our topology, with passwords.
pub(super) fn for_boot(password: &str) -> anyhow::Result<String> {
    let mut definitions = parse()?;
    let users = array(&mut definitions, "users")?;
    for user in users.iter_mut() {
        let fields = user.as_object_mut().context("a user that is no object")?;
        fields.remove("password_hash");
        fields.remove("hashing_algorithm");
        fields.insert("password".to_owned(), json!(password));
    }
    users.push(json!({ "name": ADMINISTRATOR, "password": password, "tags": "administrator" }));
    let vhosts = array(&mut definitions, "vhosts")?.clone();
    let permissions = array(&mut definitions, "permissions")?;
    for vhost in vhosts {
        permissions.push(json!({
            "user": ADMINISTRATOR, "vhost": vhost["name"], "configure": ".*", "write": ".*", "read": ".*",
        }));
    }
    serde_json::to_string_pretty(&definitions).context("definitions that are no JSON")
}

/// The topology for another virtual host, in the form that the management API imports, and the
/// permissions of each user in it.
pub(super) fn for_vhost() -> anyhow::Result<(Value, Vec<(String, Value)>)> {
    let mut definitions = parse()?;
    let mut topology = serde_json::Map::new();
    for part in ["exchanges", "queues", "bindings", "policies"] {
        let mut items = array(&mut definitions, part)?.clone();
        for item in &mut items {
            item.as_object_mut()
                .context("an item that is no object")?
                .remove("vhost");
        }
        topology.insert(part.to_owned(), Value::Array(items));
    }
    let mut permissions = Vec::new();
    for permission in array(&mut definitions, "permissions")? {
        let user = permission["user"]
            .as_str()
            .context("a permission without a user")?
            .to_owned();
        let rights = json!({
            "configure": permission["configure"], "write": permission["write"], "read": permission["read"],
        });
        permissions.push((user, rights));
    }
    permissions.push((
        ADMINISTRATOR.to_owned(),
        json!({ "configure": ".*", "write": ".*", "read": ".*" }),
    ));
    Ok((Value::Object(topology), permissions))
}

fn parse() -> anyhow::Result<Value> {
    serde_json::from_str(DEFINITIONS).context("deploy/rabbitmq/definitions.json is not JSON")
}

fn array<'a>(definitions: &'a mut Value, part: &str) -> anyhow::Result<&'a mut Vec<Value>> {
    match definitions.get_mut(part).and_then(Value::as_array_mut) {
        Some(items) => Ok(items),
        None => bail!("deploy/rabbitmq/definitions.json has no list `{part}`"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(part: &str) -> Vec<String> {
        array(&mut parse().unwrap(), part)
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_file_in_the_repository_lets_nobody_in() {
        for user in array(&mut parse().unwrap(), "users").unwrap() {
            assert_eq!(user["password_hash"], "", "{user}");
            assert!(user.get("password").is_none(), "{user}");
        }
    }

    #[test]
    fn every_service_has_its_user() {
        assert_eq!(names("users"), USERS.map(|user| user.0));
    }

    #[test]
    fn every_queue_is_bound_and_is_a_quorum_queue_whose_limits_stand_in_a_policy() {
        let mut definitions = parse().unwrap();
        let bound: Vec<Value> = array(&mut definitions, "bindings")
            .unwrap()
            .iter()
            .map(|binding| binding["destination"].clone())
            .collect();
        for queue in array(&mut definitions, "queues").unwrap() {
            assert!(bound.contains(&queue["name"]), "{queue}");
            assert_eq!(
                queue["arguments"],
                json!({ "x-queue-type": "quorum" }),
                "{queue}"
            );
        }
    }

    #[test]
    fn nothing_dead_letters_out_of_the_parking_queue() {
        let mut definitions = parse().unwrap();
        let policies = array(&mut definitions, "policies").unwrap();
        let parking = policies
            .iter()
            .find(|policy| policy["name"] == "parking")
            .unwrap();
        assert!(parking["definition"].get("dead-letter-exchange").is_none());
        // Without a limit of its own RabbitMQ 4 would drop a message after twenty deliveries.
        assert!(parking["definition"]["delivery-limit"].as_u64().unwrap() > 1_000_000);
    }
}
