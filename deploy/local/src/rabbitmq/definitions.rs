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

/// What another virtual host has, in the forms that the management API takes.
pub(super) struct ForVhost {
    /// Exchanges, queues, bindings, policies.
    pub(super) topology: Value,
    /// Each user's permissions.
    pub(super) permissions: Vec<(String, Value)>,
    /// Who may publish which keys to which topic exchange.
    pub(super) topic_permissions: Vec<(String, Value)>,
}

/// What the file says, for another virtual host.
pub(super) fn for_vhost() -> anyhow::Result<ForVhost> {
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
    let rights = ["configure", "write", "read"];
    let mut permissions = of_users(&mut definitions, "permissions", &rights)?;
    permissions.push((
        ADMINISTRATOR.to_owned(),
        json!({ "configure": ".*", "write": ".*", "read": ".*" }),
    ));
    let rights = ["exchange", "write", "read"];
    let topic_permissions = of_users(&mut definitions, "topic_permissions", &rights)?;
    Ok(ForVhost {
        topology: Value::Object(topology),
        permissions,
        topic_permissions,
    })
}

/// The rights that a list of the file gives to each user.
fn of_users(
    definitions: &mut Value,
    part: &str,
    rights: &[&str],
) -> anyhow::Result<Vec<(String, Value)>> {
    array(definitions, part)?
        .iter()
        .map(|given| {
            let user = given["user"].as_str().context("rights without a user")?;
            let kept = rights
                .iter()
                .map(|right| ((*right).to_owned(), given[*right].clone()));
            Ok((user.to_owned(), Value::Object(kept.collect())))
        })
        .collect()
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
    fn who_may_publish_facts_may_publish_its_own_only() {
        let mut definitions = parse().unwrap();
        let given = array(&mut definitions, "topic_permissions")
            .unwrap()
            .clone();
        let mut writers = 0;
        for permission in array(&mut definitions, "permissions").unwrap() {
            let may = permission["write"].as_str().unwrap();
            if !may.contains("facts") {
                continue;
            }
            writers += 1;
            let user = permission["user"].as_str().unwrap();
            let own = given
                .iter()
                .find(|topic| topic["user"] == user && topic["exchange"] == "lienminh.facts");
            let expected = format!("^{user}\\.v1\\.");
            assert_eq!(own.unwrap()["write"], expected, "{user}");
        }
        assert_eq!(writers, 3, "the notifier tells no facts");
    }

    #[test]
    fn no_queue_can_fill_the_disk_and_a_full_one_says_so_to_its_publisher() {
        let mut definitions = parse().unwrap();
        for policy in array(&mut definitions, "policies").unwrap() {
            let definition = &policy["definition"];
            assert_eq!(definition["overflow"], "reject-publish", "{policy}");
            // A national mailing has 200,000 orders; each has some hundred bytes.
            assert!(
                definition["max-length"].as_u64().unwrap() >= 100_000,
                "{policy}"
            );
            // Seven queues: four gigabytes at most.
            let bytes = definition["max-length-bytes"].as_u64().unwrap();
            assert!(bytes <= 512 * 1024 * 1024, "{policy}");
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
