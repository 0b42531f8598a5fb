//! Reaching a node, and making virtual hosts in it through its management API.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::definitions::{self, ADMINISTRATOR};

/// The virtual host of the definitions file.
pub const VHOST: &str = "lienminh";

/// A wiped node on a busy machine takes some seconds for a virtual host with seven queues.
const API_LIMIT: Duration = Duration::from_secs(60);

/// How to reach a private node as its administrator and as the services.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct BrokerAddress {
    /// AMQP, on 127.0.0.1.
    pub amqp_port: u16,
    /// The same under TLS.
    pub amqps_port: u16,
    /// The authority that signed the node's certificate, which is for 127.0.0.1.
    pub authority: PathBuf,
    /// Management API, on 127.0.0.1.
    pub management_port: u16,
    /// Of the administrator `stage` and of every service's user.
    pub password: String,
}

impl BrokerAddress {
    /// The AMQP URL of a service's user (or of `stage`) for a virtual host.
    #[must_use]
    pub fn url(&self, user: &str, vhost: &str) -> String {
        self.url_through(self.amqp_port, user, vhost)
    }

    /// The same, by way of another port: that of a proxy.
    #[must_use]
    pub fn url_through(&self, port: u16, user: &str, vhost: &str) -> String {
        format!("amqp://{user}:{}@127.0.0.1:{port}/{vhost}", self.password)
    }

    /// The same under TLS.
    #[must_use]
    pub fn encrypted_url(&self, port: u16, user: &str, vhost: &str) -> String {
        let plain = self.url_through(port, user, vhost);
        plain.replacen("amqp://", "amqps://", 1)
    }

    /// The administrator's AMQP URL.
    #[must_use]
    pub fn administrator_url(&self, vhost: &str) -> String {
        self.url(ADMINISTRATOR, vhost)
    }

    /// Makes a virtual host with the topology, policies and permissions of the definitions file.
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn create_vhost(&self, vhost: &str) -> anyhow::Result<()> {
        let given = definitions::for_vhost()?;
        self.call(Method::PUT, &format!("vhosts/{vhost}"), Some(json!({})))
            .await?;
        for (user, rights) in given.permissions {
            let path = format!("permissions/{vhost}/{user}");
            self.call(Method::PUT, &path, Some(rights)).await?;
        }
        let path = format!("definitions/{vhost}");
        self.call(Method::POST, &path, Some(given.topology)).await?;
        for (user, rights) in given.topic_permissions {
            let path = format!("topic-permissions/{vhost}/{user}");
            self.call(Method::PUT, &path, Some(rights)).await?;
        }
        Ok(())
    }

    /// Sets a policy for the queues of a pattern that goes before those of the definitions file;
    /// `None` takes it away.
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn set_policy(
        &self,
        vhost: &str,
        pattern: &str,
        definition: Option<Value>,
    ) -> anyhow::Result<()> {
        let path = format!("policies/{vhost}/test");
        let Some(definition) = definition else {
            return self.call(Method::DELETE, &path, None).await.map(drop);
        };
        let policy = json!({
            "pattern": pattern, "definition": definition, "priority": 99, "apply-to": "queues",
        });
        self.call(Method::PUT, &path, Some(policy)).await.map(drop)
    }

    /// Removes a virtual host, closing every connection to it.
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn delete_vhost(&self, vhost: &str) -> anyhow::Result<()> {
        self.call(Method::DELETE, &format!("vhosts/{vhost}"), None)
            .await
            .map(drop)
    }

    /// The names of all virtual hosts.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn vhosts(&self) -> anyhow::Result<Vec<String>> {
        let answer = self.call(Method::GET, "vhosts", None).await?;
        let names = answer
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|vhost| vhost["name"].as_str());
        Ok(names.map(ToOwned::to_owned).collect())
    }

    /// The names of the queues of a virtual host.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn queues(&self, vhost: &str) -> anyhow::Result<Vec<String>> {
        let answer = self
            .call(
                Method::GET,
                &format!("queues/{vhost}?disable_stats=true&enable_queue_totals=true"),
                None,
            )
            .await?;
        let names = answer
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|queue| queue["name"].as_str());
        Ok(names.map(ToOwned::to_owned).collect())
    }

    /// How many messages a queue holds, ready and unacknowledged, by the node's own count, which
    /// follows the truth half a second late.
    ///
    /// # Errors
    /// When there is no such queue.
    pub async fn messages(&self, vhost: &str, queue: &str) -> anyhow::Result<u64> {
        let path = format!("queues/{vhost}?disable_stats=true&enable_queue_totals=true");
        let answer = self.call(Method::GET, &path, None).await?;
        let found = answer
            .as_array()
            .into_iter()
            .flatten()
            .find(|candidate| candidate["name"] == queue);
        found
            .and_then(|queue| queue["messages"].as_u64())
            .with_context(|| format!("no queue {queue} in {vhost}"))
    }

    /// Publishes a message as the administrator; answers whether it was routed.
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn publish(
        &self,
        vhost: &str,
        exchange: &str,
        routing_key: &str,
        body: &str,
    ) -> anyhow::Result<bool> {
        self.publish_bytes(vhost, exchange, routing_key, json!({}), body.as_bytes())
            .await
    }

    /// The same with any bytes and with these properties (`type`, `message_id`, `headers`).
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn publish_bytes(
        &self,
        vhost: &str,
        exchange: &str,
        routing_key: &str,
        mut properties: Value,
        body: &[u8],
    ) -> anyhow::Result<bool> {
        properties["delivery_mode"] = json!(2);
        let message = json!({
            "properties": properties,
            "routing_key": routing_key,
            "payload": BASE64_STANDARD.encode(body),
            "payload_encoding": "base64",
        });
        let answer = self
            .call(
                Method::POST,
                &format!("exchanges/{vhost}/{exchange}/publish"),
                Some(message),
            )
            .await?;
        answer["routed"]
            .as_bool()
            .context("the node did not say whether it routed the message")
    }

    /// Removes a queue with all it holds, as an operator's slip would;
    /// [`BrokerAddress::create_vhost`] makes it again.
    ///
    /// # Errors
    /// When there is none.
    pub async fn delete_queue(&self, vhost: &str, queue: &str) -> anyhow::Result<()> {
        self.call(Method::DELETE, &format!("queues/{vhost}/{queue}"), None)
            .await
            .map(drop)
    }

    /// Removes a binding of a queue, as an operator's slip would.
    ///
    /// # Errors
    /// When there is none.
    pub async fn unbind(
        &self,
        vhost: &str,
        exchange: &str,
        queue: &str,
        routing_key: &str,
    ) -> anyhow::Result<()> {
        let path = format!(
            "bindings/{vhost}/e/{exchange}/q/{queue}/{}",
            routing_key.replace('#', "%23")
        );
        self.call(Method::DELETE, &path, None).await.map(drop)
    }

    /// Binds it again.
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn bind(
        &self,
        vhost: &str,
        exchange: &str,
        queue: &str,
        routing_key: &str,
    ) -> anyhow::Result<()> {
        let path = format!("bindings/{vhost}/e/{exchange}/q/{queue}");
        self.call(
            Method::POST,
            &path,
            Some(json!({ "routing_key": routing_key })),
        )
        .await
        .map(drop)
    }

    /// Closes every client connection of a virtual host; answers how many. The node lists a
    /// connection only some seconds after it was opened.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn close_connections(&self, vhost: &str) -> anyhow::Result<usize> {
        let answer = self
            .call(Method::GET, &format!("vhosts/{vhost}/connections"), None)
            .await?;
        let names: Vec<&str> = answer
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|connection| connection["name"].as_str())
            .collect();
        for name in &names {
            let path = format!(
                "connections/{}",
                name.replace(' ', "%20").replace('>', "%3E")
            );
            self.call(Method::DELETE, &path, None).await?;
        }
        Ok(names.len())
    }

    /// Whether clients are let in and the topology of the definitions file is there.
    pub async fn answers(&self) -> bool {
        let limit = Duration::from_secs(5);
        let amqp = tokio::time::timeout(limit, greets(self.amqp_port));
        let ready = matches!(amqp.await, Ok(Ok(())));
        ready
            && matches!(tokio::time::timeout(limit, self.queues(VHOST)).await, Ok(Ok(queues)) if !queues.is_empty())
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let url = format!("http://127.0.0.1:{}/api/{path}", self.management_port);
        let mut request = crate::http::client(API_LIMIT)?
            .request(method.clone(), &url)
            .basic_auth(ADMINISTRATOR, Some(&self.password));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("RabbitMQ does not answer {method} {path}"))?;
        let status = answer.status();
        let text = answer
            .text()
            .await
            .context("RabbitMQ broke off its answer")?;
        if !status.is_success() {
            bail!("RabbitMQ answers {status} to {method} {path}: {text}");
        }
        if status == StatusCode::NO_CONTENT || text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text)
            .with_context(|| format!("RabbitMQ answers {method} {path} with no JSON"))
    }
}

/// A listener that only accepts is not a broker that serves: it must answer the protocol header.
async fn greets(port: u16) -> anyhow::Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(b"AMQP\x00\x00\x09\x01").await?;
    // The first frame is connection.start, a method frame on channel 0.
    let mut kind = [0_u8; 1];
    stream.read_exact(&mut kind).await?;
    if kind[0] != 1 {
        bail!("not a method frame");
    }
    Ok(())
}
