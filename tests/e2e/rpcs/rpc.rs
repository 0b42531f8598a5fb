//! Every rpc of the descriptors, and how to call it with any bytes.

use bytes::Bytes;
use http::uri::PathAndQuery;
use lienminh_local::{ServiceName, Stage};
use prost_reflect::{DescriptorPool, MessageDescriptor, MethodDescriptor};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use super::raw::Raw;

/// An rpc and a service that serves it.
pub(crate) struct Rpc {
    pub(super) method: MethodDescriptor,
    pub(super) path: PathAndQuery,
    pub(super) permission: String,
    pub(super) channel: Channel,
    server: ServiceName,
}

impl Rpc {
    pub(crate) fn name(&self) -> &str {
        self.path.as_str()
    }

    /// Without package and service.
    pub(crate) fn own_name(&self) -> &str {
        self.method.name()
    }

    pub(crate) fn server(&self) -> ServiceName {
        self.server
    }

    pub(crate) fn input(&self) -> MessageDescriptor {
        self.method.input()
    }

    /// Whoever changes something says which request it is; only the clock of demonstrations,
    /// which no production service has, is set without.
    pub(crate) fn changes_something(&self) -> bool {
        self.input().get_field_by_name("request_id").is_some()
    }

    /// The development clock's own rpc, which changes no row.
    pub(crate) fn sets_the_clock(&self) -> bool {
        self.name() == "/lienminh.clock.v1.ClockService/SetTime"
    }

    pub(crate) async fn call(
        &self,
        token: Option<&str>,
        language: &str,
        body: Bytes,
    ) -> Result<Bytes, Status> {
        let mut client = tonic::client::Grpc::new(self.channel.clone());
        client.ready().await.unwrap();
        let mut request = Request::new(body);
        let metadata = request.metadata_mut();
        metadata.insert("accept-language", language.parse().unwrap());
        if let Some(token) = token {
            metadata.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        // One request and any number of answers fit unary calls and streams alike.
        let answers = client
            .server_streaming(request, self.path.clone(), Raw)
            .await?;
        let mut answers = answers.into_inner();
        Ok(answers.message().await?.unwrap_or_default())
    }
}

/// Every rpc of every package at every service that serves it.
pub(crate) fn every_rpc(stage: &Stage) -> Vec<Rpc> {
    let pool = DescriptorPool::decode(lienminh_proto::DESCRIPTORS).unwrap();
    let permission = pool
        .get_extension_by_name("lienminh.auth.v1.permission")
        .unwrap();
    let mut rpcs = Vec::new();
    for service in pool.services() {
        for method in service.methods() {
            let path = format!("/{}/{}", service.full_name(), method.name());
            let options = method.options();
            let needed = options
                .get_extension(&permission)
                .as_str()
                .unwrap()
                .to_owned();
            assert!(!needed.is_empty(), "{path} names no permission");
            for server in servers_of(service.package_name()) {
                let url = stage.suite().url(server);
                rpcs.push(Rpc {
                    method: method.clone(),
                    path: path.parse().unwrap(),
                    permission: needed.clone(),
                    channel: Endpoint::from_shared(url).unwrap().connect_lazy(),
                    server,
                });
            }
        }
    }
    assert!(rpcs.len() > 60, "{} rpcs", rpcs.len());
    rpcs
}

pub(super) fn servers_of(package: &str) -> Vec<ServiceName> {
    use ServiceName::{Events, Funding, Notifier, Registry};
    match package {
        "lienminh.registry.v1" => vec![Registry],
        "lienminh.events.v1" => vec![Events],
        "lienminh.funding.v1" => vec![Funding],
        "lienminh.notifier.v1" => vec![Notifier],
        "lienminh.obligation.v1" => vec![Registry, Events, Funding],
        "lienminh.clock.v1" => ServiceName::ALL.to_vec(),
        other => panic!("no service is known to serve {other}"),
    }
}
