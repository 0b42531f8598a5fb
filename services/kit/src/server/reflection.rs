//! Health and reflection beside a service's own rpcs.

use anyhow::{Context as _, Result};
use tonic::service::Routes;

use crate::auth::Permissions;

/// Full names of the reflection services, for tools old and new.
const V1: &str = "grpc.reflection.v1.ServerReflection";
const V1_ALPHA: &str = "grpc.reflection.v1alpha.ServerReflection";

/// Serves the descriptors of `services` by reflection; others are not advertised.
pub(crate) fn add_reflection(
    routes: Routes,
    permissions: &mut Permissions,
    services: &[&'static str],
) -> Result<Routes> {
    let builder = || {
        services.iter().fold(
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(lienminh_proto::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
                .with_service_name("grpc.health.v1.Health"),
            |builder, service| builder.with_service_name(*service),
        )
    };
    let v1 = builder().build_v1().context("the descriptors do not fit")?;
    let v1_alpha = builder()
        .build_v1alpha()
        .context("the descriptors do not fit")?;
    permissions.open_dialogue(V1, "ServerReflectionInfo");
    permissions.open_dialogue(V1_ALPHA, "ServerReflectionInfo");
    Ok(routes.add_service(v1).add_service(v1_alpha))
}
