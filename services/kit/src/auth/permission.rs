//! The table of rpcs and their permissions, read from the descriptors.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::shape::{Shape, Shapes};

/// The option that names an rpc's permission.
const OPTION: &str = "lienminh.auth.v1.permission";

/// The option of rpcs that find people, or what was told to one of them only.
const LOOKUP: &str = "lienminh.auth.v1.lookup";

/// What the server must know of an rpc before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Full service name, `lienminh.events.v1.EventService`.
    pub service: String,
    /// Method name, `GetEvent`.
    pub name: String,
    /// The permission a caller needs; `None` for health and reflection.
    pub permission: Option<String>,
    /// The answer is a stream.
    pub streams: bool,
    /// The request is a stream as well.
    pub listens: bool,
    /// The lists of a request.
    pub request: Arc<Shape>,
    /// It finds people, so a caller has only so many in a second.
    pub lookup: bool,
}

/// Every rpc this server answers, by its path `/{service}/{method}`.
#[derive(Clone, Debug, Default)]
pub struct Permissions(HashMap<String, Method>);

impl Permissions {
    /// Reads the rpcs of `services`.
    ///
    /// # Errors
    /// A service is unknown, or one of its rpcs names no permission: such a
    /// server must not start.
    pub fn read(pool: &DescriptorPool, services: &[&str]) -> Result<Self> {
        let option = pool
            .get_extension_by_name(OPTION)
            .with_context(|| format!("the descriptors lack the option {OPTION}"))?;
        let lookup = pool
            .get_extension_by_name(LOOKUP)
            .with_context(|| format!("the descriptors lack the option {LOOKUP}"))?;
        let mut shapes = Shapes::new(pool)?;
        let mut methods = HashMap::new();
        for name in services {
            let service = pool
                .get_service_by_name(name)
                .with_context(|| format!("the descriptors lack the service {name}"))?;
            for method in service.methods() {
                let permission = permission(&method, &option).with_context(|| {
                    format!("the rpc {} names no permission", method.full_name())
                })?;
                methods.insert(
                    format!("/{name}/{}", method.name()),
                    Method {
                        service: (*name).to_owned(),
                        name: method.name().to_owned(),
                        permission: Some(permission),
                        streams: method.is_server_streaming(),
                        listens: method.is_client_streaming(),
                        request: shapes.of(&method.input())?,
                        lookup: method.options().get_extension(&lookup).as_bool() == Some(true),
                    },
                );
            }
        }
        Ok(Self(methods))
    }

    /// Adds an rpc that needs no token; its answer may be a stream.
    pub fn open(&mut self, service: &str, method: &str, streams: bool) {
        self.add_open(service, method, streams, false);
    }

    /// Adds an rpc that needs no token, with a stream of requests and one of answers.
    pub fn open_dialogue(&mut self, service: &str, method: &str) {
        self.add_open(service, method, true, true);
    }

    fn add_open(&mut self, service: &str, method: &str, streams: bool, listens: bool) {
        self.0.insert(
            format!("/{service}/{method}"),
            Method {
                service: service.to_owned(),
                name: method.to_owned(),
                permission: None,
                streams,
                listens,
                request: Arc::default(),
                lookup: false,
            },
        );
    }

    /// The rpc at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Method> {
        self.0.get(path)
    }

    /// Every permission of the table, sorted.
    #[must_use]
    pub fn permissions(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self
            .0
            .values()
            .filter_map(|method| method.permission.as_deref())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl IntoIterator for Permissions {
    type Item = (String, Method);
    type IntoIter = std::collections::hash_map::IntoIter<String, Method>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Every permission that an rpc of the contracts asks for, sorted.
#[must_use]
pub fn known_permissions() -> Vec<String> {
    let pool = crate::descriptors::pool();
    let Some(option) = pool.get_extension_by_name(OPTION) else {
        return Vec::new();
    };
    let mut all: Vec<String> = pool
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .filter_map(|method| permission(&method, &option))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn permission(
    method: &MethodDescriptor,
    option: &prost_reflect::ExtensionDescriptor,
) -> Option<String> {
    let options = method.options();
    if !options.has_extension(option) {
        return None;
    }
    let value = options.get_extension(option);
    let text = value.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::facts::holds_marked;

    #[test]
    fn every_rpc_of_every_contract_names_its_permission() {
        let pool = crate::descriptors::pool();
        let names: Vec<String> = pool
            .services()
            .map(|service| service.full_name().to_owned())
            .filter(|name| name.starts_with("lienminh."))
            .collect();
        assert!(!names.is_empty());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let permissions = Permissions::read(pool, &names).unwrap();
        for permission in permissions.permissions() {
            let parts: Vec<&str> = permission.split('.').collect();
            let plain = parts.iter().all(|part| {
                part.starts_with(|first: char| first.is_ascii_lowercase())
                    && part.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
            assert!(parts.len() >= 2 && plain, "{permission}");
        }
    }

    #[test]
    fn every_read_that_answers_with_what_is_personal_or_restricted_is_a_look_up() {
        let pool = crate::descriptors::pool();
        let lookup = pool.get_extension_by_name(LOOKUP).unwrap();
        let methods = pool.services().flat_map(|service| {
            let methods: Vec<_> = service.methods().collect();
            methods
        });
        let mut found = 0;
        for method in methods {
            let changes = method.input().get_field_by_name("request_id").is_some();
            if changes || !holds_marked(&method.output()) {
                continue;
            }
            found += 1;
            let marked = method.options().get_extension(&lookup).as_bool();
            assert_eq!(marked, Some(true), "{}", method.full_name());
        }
        assert!(found > 5, "{found} reads answer with such fields");
    }

    #[test]
    fn an_rpc_without_a_permission_keeps_the_server_from_starting() {
        let mut pool = crate::descriptors::pool().clone();
        pool.decode_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .unwrap();
        let error = Permissions::read(&pool, &["grpc.health.v1.Health"]).unwrap_err();
        assert!(error.to_string().contains("names no permission"), "{error}");
        assert!(Permissions::read(&pool, &["lienminh.no.v1.Service"]).is_err());
    }
}
