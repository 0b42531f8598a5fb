//! What the deployment promises of every container, read out of docker-compose.yml.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use lienminh_local::ServiceName;
use yaml_rust2::Yaml;

use crate::yaml::{entries, read, words};
use crate::{flags_of, root};

/// Their images write where they like.
const WRITING: [&str; 2] = ["postgres", "rabbitmq"];

/// They keep every secret but the servers' own keys, and go to the databases only.
const KEEPERS: [&str; 2] = ["cut", "backup"];

/// The door, and what fetches its certificate from outside.
const FRONT: [&str; 2] = ["front", "certificate"];

fn compose() -> Yaml {
    read(&root().join("docker-compose.yml"))
}

fn services(file: &Yaml) -> Vec<(&str, &Yaml)> {
    let services = entries(&file["services"]);
    assert!(!services.is_empty());
    services
}

fn is_on(service: &Yaml, network: &str) -> bool {
    words(&service["networks"]).contains(&network)
}

#[test]
fn every_container_runs_without_root_without_rights_and_within_limits() {
    for (name, service) in services(&compose()) {
        let user = service["user"].as_str().unwrap_or_default();
        assert!(
            !user.is_empty() && !user.starts_with('0') && user != "root",
            "{name}: {user}"
        );
        assert_eq!(words(&service["cap_drop"]), ["ALL"], "{name}");
        assert!(service["cap_add"].is_badvalue(), "{name}");
        assert!(service["privileged"].is_badvalue(), "{name}");
        let options = words(&service["security_opt"]);
        assert_eq!(options, ["no-new-privileges:true"], "{name}");
        let written = WRITING.contains(&name);
        assert_eq!(
            service["read_only"].as_bool(),
            (!written).then_some(true),
            "{name}"
        );
        for limit in ["mem_limit", "cpus", "pids_limit"] {
            assert!(!service[limit].is_badvalue(), "{name} has no {limit}");
        }
        for cap in ["max-size", "max-file"] {
            let logs = &service["logging"]["options"][cap];
            assert!(logs.as_str().is_some(), "{name}: no {cap} for its log");
        }
    }
}

#[test]
fn whatever_keeps_running_is_asked_whether_it_is_well() {
    for (name, service) in services(&compose()) {
        let stays = service["restart"].as_str() == Some("unless-stopped");
        let asked = !words(&service["healthcheck"]["test"]).is_empty();
        assert_eq!(stays, asked, "{name}");
    }
}

#[test]
fn only_the_front_is_published_and_only_the_notifier_goes_out() {
    let file = compose();
    for (name, network) in entries(&file["networks"]) {
        let outside = ["edge", "egress"].contains(&name);
        assert_eq!(
            network["internal"].as_bool(),
            (!outside).then_some(true),
            "{name}"
        );
    }
    for (name, service) in services(&file) {
        assert!(
            !words(&service["networks"]).is_empty(),
            "{name} is on the default network"
        );
        assert!(service["network_mode"].is_badvalue(), "{name}");
        assert_eq!(is_on(service, "edge"), FRONT.contains(&name), "{name}");
        assert_eq!(is_on(service, "egress"), name == "notifier", "{name}");
        assert_eq!(
            words(&service["ports"]).is_empty(),
            name != "front",
            "{name}"
        );
        assert!(
            name != "front" || !is_on(service, "mesh"),
            "the front sees gRPC"
        );
    }
    for port in words(&file["services"]["front"]["ports"]) {
        assert!(port.starts_with("${LIENMINH_BIND:-127.0.0.1}:"), "{port}");
    }
}

#[test]
fn who_is_not_asked_does_not_see_the_servers() {
    for (name, service) in services(&compose()) {
        let secrets = words(&service["secrets"]);
        let knows = |what: &str| secrets.iter().any(|each| each.ends_with(what));
        let database = name == "postgres" || knows("_owner_url") || knows("_runtime_url");
        assert_eq!(is_on(service, "db"), database, "{name}");
        assert_eq!(
            is_on(service, "mq"),
            name == "rabbitmq" || (knows("_broker_url") && !KEEPERS.contains(&name)),
            "{name}"
        );
    }
}

#[test]
fn before_each_migration_everything_that_a_new_host_needs_is_kept() {
    let file = compose();
    let migrations: Vec<_> = services(&file)
        .into_iter()
        .filter(|(name, _)| name.ends_with("-migrate"))
        .collect();
    assert_eq!(migrations.len(), ServiceName::ALL.len());
    for (name, migration) in migrations {
        let waits = &migration["depends_on"]["cut"]["condition"];
        assert_eq!(
            waits.as_str(),
            Some("service_completed_successfully"),
            "{name}"
        );
    }
    let cut = &file["services"]["cut"];
    assert_eq!(words(&cut["command"]).last(), Some(&"before-migration"));
    assert!(cut["profiles"].is_badvalue());
    let text = std::fs::read_to_string(root().join("docker-compose.yml")).unwrap();
    let settings: BTreeSet<String> = names_after(&text, "${LIENMINH_")
        .into_iter()
        .map(|name| format!("LIENMINH_{name}"))
        .collect();
    // A new host makes itself an authority and certificates of the servers.
    let renewed = |secret: &str| secret.starts_with("rabbitmq_") || secret.starts_with("postgres_");
    let secrets: BTreeSet<&str> = words(&file["secrets"])
        .into_iter()
        .filter(|secret| !renewed(secret) || secret.ends_with("_password"))
        .collect();
    for name in KEEPERS {
        let keeper = &file["services"][name];
        let told = words(&keeper["environment"]).into_iter();
        let told: BTreeSet<String> = told
            .filter(|variable| variable.starts_with("LIENMINH_"))
            .map(ToOwned::to_owned)
            .collect();
        assert_eq!(told, settings, "{name}");
        let kept: BTreeSet<&str> = words(&keeper["secrets"]).into_iter().collect();
        assert_eq!(kept, secrets, "{name}");
        let folders = words(&keeper["volumes"]);
        assert!(
            folders.contains(&"auth:/var/lib/lienminh/auth"),
            "{name}: {folders:?}"
        );
        assert_eq!(words(&keeper["networks"]), ["db"], "{name}");
    }
}

#[test]
fn all_that_goes_to_the_servers_is_encrypted_and_verified() {
    let authority = Some("/run/secrets/authority");
    for (name, service) in services(&compose()) {
        let set = &service["environment"];
        for (place, trust) in [
            ("LIENMINH_DATABASE_URL_FILE", "LIENMINH_DATABASE_CA"),
            (
                "LIENMINH_MIGRATION_DATABASE_URL_FILE",
                "LIENMINH_DATABASE_CA",
            ),
            ("LIENMINH_BROKER_URL_FILE", "LIENMINH_BROKER_CA"),
        ] {
            if !set[place].is_badvalue() {
                assert_eq!(set[trust].as_str(), authority, "{name}");
            }
        }
        let knows = words(&service["secrets"]);
        let keys = knows.iter().filter(|each| each.ends_with("_key"));
        let own = format!("{name}_key");
        assert!(
            KEEPERS.contains(&name)
                || keys
                    .clone()
                    .all(|key| **key == own || key.starts_with("sms_")),
            "{name} knows {knows:?}"
        );
    }
}

/// Runs the script that makes the secrets, in a copy of its folder.
fn make_secrets(folder: &Path) -> String {
    let output = Command::new("sh")
        .arg(folder.join("secrets.sh"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_secrets_name_encrypted_places_and_certificates_are_renewed_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    for script in ["secrets.sh", "certificates.sh"] {
        let from = root().join("deploy/compose").join(script);
        std::fs::copy(from, folder.path().join(script)).unwrap();
    }
    make_secrets(folder.path());
    let secret = |name: &str| folder.path().join("secrets").join(name);
    let text = |name: &str| std::fs::read_to_string(secret(name)).unwrap();
    for service in ServiceName::ALL {
        for role in ["owner", "runtime"] {
            let url = text(&format!("{service}_{role}_url"));
            assert!(url.trim_end().ends_with("?sslmode=require"), "{url}");
            let address =
                kit::database::Address::read(url.trim_end(), Some(&secret("authority.pem")));
            assert_eq!(address.unwrap().remark(), None);
        }
        let url = text(&format!("{service}_broker_url"));
        assert!(url.starts_with("amqps://"), "{url}");
    }
    assert_eq!(make_secrets(folder.path()), "", "nothing is made twice");

    // An expired one stands for one that has less than a year to live.
    let expired = root().join("services/kit/tests/ground/tls/expired.pem");
    let (authority, before) = (text("authority.pem"), text("rabbitmq.pem"));
    std::fs::remove_file(secret("postgres.pem")).unwrap();
    std::fs::copy(expired, secret("postgres.pem")).unwrap();
    let made = make_secrets(folder.path());
    assert!(
        made.contains("postgres.pem") && made.lines().count() == 1,
        "{made}"
    );
    assert_eq!(
        (text("authority.pem"), text("rabbitmq.pem")),
        (authority, before)
    );
    kit::tls::fit(&secret("postgres.pem"), &secret("postgres.key")).unwrap();
}

#[test]
fn pages_are_reached_through_the_front_alone_and_believe_it_alone() {
    let file = compose();
    let address = file["services"]["front"]["networks"]["pages"]["ipv4_address"].as_str();
    for (name, service) in services(&file) {
        let listens = !service["environment"]["LIENMINH_PUBLIC_LISTEN"].is_badvalue();
        assert_eq!(
            is_on(service, "pages"),
            listens || name == "front",
            "{name}"
        );
        let believed = service["environment"]["LIENMINH_TRUSTED_PROXY"].as_str();
        assert_eq!(believed, listens.then_some(address).flatten(), "{name}");
    }
}

#[test]
fn what_is_bound_from_the_machine_is_read_only_and_labelled() {
    let file = compose();
    let volumes = words(&file["volumes"]);
    for (name, service) in services(&file) {
        for mount in words(&service["volumes"]) {
            let source = mount.split(':').next().unwrap();
            assert!(
                volumes.contains(&source) || mount.ends_with(":ro,z"),
                "{name}: {mount}"
            );
        }
    }
}

#[test]
fn systems_of_the_house_are_let_in_on_this_machine_only() {
    let inside = read(&root().join("deploy/compose/inside.yml"));
    for (name, service) in services(&inside) {
        assert_eq!(words(&service["networks"]), ["inside"], "{name}");
        for port in words(&service["ports"]) {
            let inside = port.starts_with("127.0.0.1:71") || port.starts_with("127.0.0.1:72");
            assert!(inside, "{name}: {port}");
        }
    }
    let masked = &inside["networks"]["inside"]["driver_opts"]["com.docker.network.bridge.enable_ip_masquerade"];
    assert_eq!(masked.as_str(), Some("false"));
}

#[test]
fn the_compose_file_sets_only_what_the_service_knows() {
    let file = compose();
    for service in ServiceName::ALL {
        let known: Vec<String> = flags_of(service)
            .into_values()
            .flat_map(|flag| [format!("{}_FILE", flag.variable), flag.variable])
            .collect();
        let set = words(&file["services"][service.as_str()]["environment"]);
        assert!(set.len() >= 4, "{service}: {set:?}");
        for name in set {
            assert!(known.iter().any(|each| each == name), "{service}: {name}");
        }
    }
}

/// The names after `mark` and before the next sign that no name holds.
pub(crate) fn names_after<'t>(text: &'t str, mark: &str) -> BTreeSet<&'t str> {
    let rests = text.split(mark).skip(1);
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    rests
        .map(|rest| &rest[..rest.find(|sign| !is_name(sign)).unwrap_or(rest.len())])
        .collect()
}

#[test]
fn the_example_of_the_settings_names_what_the_compose_file_reads_and_no_more() {
    let compose = std::fs::read_to_string(root().join("docker-compose.yml")).unwrap();
    let example = root().join("deploy/compose/env.example");
    let example = std::fs::read_to_string(example).unwrap();
    let told = names_after(&example, "\n#LIENMINH_");
    let read = names_after(&compose, "${LIENMINH_");
    assert_eq!(told, read);
    let dollars = example.lines().filter(|line| line.contains("$@"));
    for line in dollars {
        assert!(line.contains("='") && line.ends_with('\''), "{line}");
    }
}

#[test]
fn the_compose_file_is_valid_for_the_tool_at_hand() {
    let old = ("docker-compose", vec!["config", "-q"]);
    let new = ("docker", vec!["compose", "config", "-q"]);
    let present = |program: &str, arguments: &[&str]| {
        let version = [&arguments[..arguments.len() - 2], &["version"]].concat();
        let output = Command::new(program).args(version).output();
        output.is_ok_and(|output| output.status.success())
    };
    let tools: Vec<_> = [old, new]
        .into_iter()
        .filter(|(program, arguments)| present(program, arguments))
        .collect();
    if tools.is_empty() {
        eprintln!("skipped: neither docker-compose nor the compose plugin is installed");
    }
    let alone: &[&str] = &["--file", "docker-compose.yml"];
    let inside: &[&str] = &[alone, &["--file", "deploy/compose/inside.yml"]].concat();
    let played: &[&str] = &[alone, &["--file", "deploy/image/compose.yml"]].concat();
    let each = tools
        .iter()
        .flat_map(|tool| [(tool, alone), (tool, inside), (tool, played)]);
    for ((program, arguments), files) in each {
        let (command, question) = arguments.split_at(arguments.len() - 2);
        let arguments = [command, files, question].concat();
        let output = Command::new(program)
            .args(&arguments)
            .env("DEMO_START", "2024-02-27T01:00:00Z")
            .env("DEMO_CHECKOUT", root())
            .env("DEMO_PROGRAM", "/programs/demo")
            .env("DEMO_PROGRAMS", "/programs")
            .env("DEMO_OUTPUT", "/output")
            .current_dir(root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
    }
}
