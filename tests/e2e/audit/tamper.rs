//! Somebody with every right in a database rewrites what was written.

use lienminh_local::ServiceName;
use lienminh_local::suite::program;
use tokio::process::Command;

use crate::house::{House, until};
use crate::member::{AN_BINH, BINH_MINH};

/// What the command that ops use says about the chain of a service.
struct Walk {
    holds: bool,
    out: String,
    complaint: String,
}

impl Walk {
    async fn of(house: &House, service: ServiceName, anchor: Option<&str>) -> Self {
        let mut command = Command::new(program(service.as_str()).unwrap());
        // As the service itself: reading takes no more rights than serving.
        command.arg("audit").env(
            "LIENMINH_DATABASE_URL",
            &house.stage.database(service).runtime_url,
        );
        if let Some(anchor) = anchor {
            command.args(["--anchor", anchor]);
        }
        let output = command.output().await.unwrap();
        Self {
            holds: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            complaint: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn anchor(&self) -> &str {
        let line = self
            .out
            .lines()
            .find_map(|line| line.strip_prefix("anchor "));
        line.unwrap_or_else(|| panic!("no anchor in {}", self.out))
    }
}

/// Waits until every row of the registry has its seal.
async fn sealed(house: &House) -> Walk {
    until("everything is sealed", || async {
        let walk = Walk::of(house, ServiceName::Registry, None).await;
        walk.out.contains(", 0 waiting for their seal")
    })
    .await;
    Walk::of(house, ServiceName::Registry, None).await
}

/// Adds a seal: one more change of the registry.
async fn change(house: &House, title: &str) {
    let organisation = lienminh_proto::registry::v1::Organisation {
        kind: lienminh_proto::registry::v1::OrganisationKind::Cooperative.into(),
        display_name: title.to_owned(),
        ..Default::default()
    };
    let request = lienminh_proto::registry::v1::CreateOrganisationRequest {
        organisation: Some(organisation),
        request_id: lienminh_cli::load::fresh_request_id(),
        validate_only: false,
    };
    let mut desk = house.officer.organisations();
    desk.create_organisation(request).await.unwrap();
}

/// Nobody but a superuser gets past the triggers, and even he is found out.
async fn tamper(house: &House, sql: &str) {
    let database = house.stage.look_into(ServiceName::Registry).await.unwrap();
    let quietly = format!("set session_replication_role = replica; {sql}");
    database.batch_execute(&quietly).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_command_names_what_was_edited_removed_put_in_or_cut_off() {
    let house = House::open(&[AN_BINH, BINH_MINH]).await;
    for number in 0..3 {
        change(&house, &format!("Hợp tác xã số {number}")).await;
    }
    let before = sealed(&house).await;
    assert!(before.holds, "{}", before.complaint);
    assert!(before.out.starts_with("4 entries sealed"), "{}", before.out);
    change(&house, "Hợp tác xã số 4").await;
    let after = sealed(&house).await;
    let kept = Walk::of(&house, ServiceName::Registry, Some(before.anchor())).await;
    assert!(kept.holds, "the chain has only grown: {}", kept.complaint);

    tamper(
        &house,
        "update audit set subject = 'user:minh' where seq = 1",
    )
    .await;
    tamper(&house, "delete from audit where seq = 2").await;
    tamper(
        &house,
        "insert into audit (subject, method, request_id, request_hash)
         values ('user:lan', 'x', gen_random_uuid(), sha256(''))",
    )
    .await;
    let walk = Walk::of(&house, ServiceName::Registry, None).await;
    assert!(!walk.holds);
    for told in ["row 1 was edited", "row 2 was removed", "row 6 was put in"] {
        assert!(walk.complaint.contains(told), "{told}: {}", walk.complaint);
    }
    assert_eq!(walk.complaint.lines().count(), 3, "{}", walk.complaint);

    // Whoever may write everything can cut the tail off and mend the head with it. The anchor that
    // was kept elsewhere tells.
    tamper(
        &house,
        "with last as (delete from audit_seal where number = (select max(number) from audit_seal)
                       returning seqs),
              gone as (delete from audit where seq = any (array(select unnest(l.seqs) from last l)))
         update audit_head h set number = s.number, hash = s.hash
         from audit_seal s where s.number = h.number - 1",
    )
    .await;
    let cut = Walk::of(&house, ServiceName::Registry, Some(after.anchor())).await;
    assert!(!cut.holds);
    assert!(cut.complaint.contains("kept outside"), "{}", cut.complaint);

    // The others' books are their own.
    for service in [
        ServiceName::Events,
        ServiceName::Funding,
        ServiceName::Notifier,
    ] {
        let walk = Walk::of(&house, service, None).await;
        assert!(walk.holds, "{service}: {}", walk.complaint);
    }
}
