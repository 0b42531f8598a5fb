//! What a member changes of itself, and what it sees after a merger.

use kit::service::Service as _;
use lienminh_local::{ServiceName, TestBed};
use lienminh_proto::registry::v1 as pb;
use registry::Registry;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::house::{self, Desk, House};
use crate::samples::{cooperative, director, fields, mask, reason, request_id};

const MISSING: &str = "organisations/0190a5c4-7b1e-7cc0-8f00-000000000001";

/// What each refused field is told as.
fn reasons(status: &Status) -> Vec<(String, String)> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let violations = status.get_details_bad_request().unwrap().field_violations;
    violations
        .into_iter()
        .map(|each| (each.field, each.reason))
        .collect()
}

/// Every field of an organisation that callers write, with a value of somebody who would
/// be another one, or know of another one.
fn takeover(own: &pb::Organisation, other: &pb::Organisation) -> pb::Organisation {
    pb::Organisation {
        name: own.name.clone(),
        kind: pb::OrganisationKind::Alliance.into(),
        display_name: "Liên minh Hợp tác xã tỉnh".to_owned(),
        short_name: "LMHTX".to_owned(),
        tax_code: other.tax_code.clone(),
        tax_code_override_reason: "giấy tờ ghi như vậy".to_owned(),
        registration_number: "68A-001".to_owned(),
        roster_code: other.roster_code.clone(),
        province_code: "67".to_owned(),
        locality: "Đắk Nia".to_owned(),
        cluster: "Gia Nghĩa".to_owned(),
        parent: other.name.clone(),
        status: pb::OrganisationStatus::Merged.into(),
        successor: other.name.clone(),
        ..own.clone()
    }
}

/// What a caller writes, less what is a member's own.
fn officers_fields() -> Vec<String> {
    const OTHERS: [&str; 5] = ["name", "membership", "create_time", "update_time", "etag"];
    let pool = kit::descriptors::pool();
    let organisation = pool
        .get_message_by_name("lienminh.registry.v1.Organisation")
        .unwrap();
    let own = "lienminh.auth.v1.own";
    let fields = organisation.fields();
    let fields = fields.filter(|field| !kit::descriptors::is_marked(field, own));
    let names = fields.map(|field| field.name().to_owned());
    names
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect()
}

async fn two(officer: &mut Desk) -> (pb::Organisation, pb::Organisation) {
    let own = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    let other = pb::Organisation {
        tax_code: "0100233488".to_owned(),
        roster_code: "B-1".to_owned(),
        ..cooperative("Hợp tác xã Ba")
    };
    let other = officer.enter(other).await.unwrap();
    (own, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_changes_its_address_and_nothing_that_decides_who_it_is() {
    let house = house::open().await;
    let mut officer = house.officer();
    let (own, other) = two(&mut officer).await;
    let mut bound = house.bound_to(&own.name);
    let wanted = takeover(&own, &other);
    let officers = officers_fields();
    for field in &officers {
        let refused = bound.change(wanted.clone(), &[field]).await.unwrap_err();
        let expected = (format!("organisation.{field}"), "OFFICERS_ONLY".to_owned());
        assert_eq!(reasons(&refused), [expected]);
    }
    // Without a mask, or under `*`, all of them are named at once.
    for paths in [&[][..], &["*"][..]] {
        let refused = bound.change(wanted.clone(), paths).await.unwrap_err();
        assert_eq!(reasons(&refused).len(), officers.len());
    }
    assert_eq!(officer.get(&own.name).await.unwrap(), own);
    // What stays as it is may stand beside the address.
    let moved = pb::Organisation {
        address: "Thôn 1".to_owned(),
        ..own.clone()
    };
    let moved = bound.change(moved, &[]).await.unwrap();
    assert_eq!(moved.address, "Thôn 1");
    // Officers write everything else.
    let named = pb::Organisation {
        roster_code: "A-1".to_owned(),
        ..moved
    };
    officer.change(named, &["roster_code"]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_learns_from_no_field_what_exists() {
    let house = house::open().await;
    let mut officer = house.officer();
    let (own, other) = two(&mut officer).await;
    let mut bound = house.bound_to(&own.name);
    let told = |status: Status| (reasons(&status), status.message().to_owned());
    for (field, taken, free) in [
        ("successor", other.name.as_str(), MISSING),
        ("parent", other.name.as_str(), MISSING),
        ("tax_code", "0100233488", "0312687878"),
        ("roster_code", "B-1", "B-2"),
    ] {
        let mut answers = Vec::new();
        for value in [taken, free] {
            let mut wanted = own.clone();
            let place = match field {
                "successor" => &mut wanted.successor,
                "parent" => &mut wanted.parent,
                "tax_code" => &mut wanted.tax_code,
                _ => &mut wanted.roster_code,
            };
            value.clone_into(place);
            answers.push(told(bound.change(wanted, &[field]).await.unwrap_err()));
        }
        assert_eq!(answers[0], answers[1], "{field}");
    }
}

/// The officer merges one organisation into another.
async fn merge(officer: &mut Desk, own: &str, successor: &str) {
    let merged = pb::Organisation {
        name: own.to_owned(),
        status: pb::OrganisationStatus::Merged.into(),
        successor: successor.to_owned(),
        ..Default::default()
    };
    officer
        .change(merged, &["status", "successor"])
        .await
        .unwrap();
}

async fn reach(desk: &mut Desk, asked: &[&str]) -> Vec<pb::Reachability> {
    let request = pb::BatchGetContactsRequest {
        organisations: asked.iter().map(|name| (*name).to_owned()).collect(),
    };
    let answer = desk.contacts.batch_get_contacts(request).await.unwrap();
    answer.into_inner().organisations
}

/// Two organisations with a director each; the first was merged into the second.
async fn merged(house: &House) -> (String, String, pb::Contact) {
    let mut officer = house.officer();
    let (own, other) = two(&mut officer).await;
    let theirs = director("Trần Thị Bình", "binh@example.vn", "0590000002");
    officer.add(&other.name, theirs).await.unwrap();
    let ours = director("Lê Văn An", "an@example.vn", "0590000001");
    let ours = officer.add(&own.name, ours).await.unwrap();
    merge(&mut officer, &own.name, &other.name).await;
    (own.name, other.name, ours)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_successors_people_are_told_to_the_house_and_not_to_whom_it_took_in() {
    let house = house::open().await;
    let (own, other, ours) = merged(&house).await;
    let found = reach(&mut house.officer(), &[&own]).await;
    assert_eq!(found[0].effective_organisation, other);
    assert_eq!(found[0].contacts[0].email, "binh@example.vn");
    let found = reach(&mut house.bound_to(&own), &[&own, &other]).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].effective_organisation, own);
    assert_eq!(found[0].display_name, "Hợp tác xã An");
    assert_eq!(found[0].contacts, [ours]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_bound_to_a_merged_organisation_changes_nothing_any_more() {
    let house = house::open().await;
    let (own, _, ours) = merged(&house).await;
    let mut bound = house.bound_to(&own);
    let moved = pb::Organisation {
        name: own.clone(),
        address: "Thôn 1".to_owned(),
        ..Default::default()
    };
    let person = director("Lê Văn Ba", "ba@example.vn", "");
    let update = pb::UpdateContactRequest {
        contact: Some(pb::Contact {
            email: "khac@example.vn".to_owned(),
            ..ours.clone()
        }),
        update_mask: mask(&["email"]),
        request_id: request_id(),
        validate_only: false,
    };
    let consent = pb::RecordConsentRequest {
        name: ours.name.clone(),
        consent: Some(pb::Consent {
            purpose: pb::ConsentPurpose::Advert.into(),
            granted: true,
            evidence: "phiếu".to_owned(),
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let end = pb::EndContactRequest {
        name: ours.name.clone(),
        request_id: request_id(),
        ..Default::default()
    };
    let refusals = [
        bound.contacts.end_contact(end).await.unwrap_err(),
        bound.change(moved, &["address"]).await.unwrap_err(),
        bound.add(&own, person).await.unwrap_err(),
        bound.contacts.update_contact(update).await.unwrap_err(),
        bound.contacts.record_consent(consent).await.unwrap_err(),
    ];
    for refused in refusals {
        assert_eq!(reason(&refused), "ORGANISATION_MERGED");
    }
    let get = pb::GetContactRequest {
        name: ours.name.clone(),
    };
    let kept = bound.contacts.get_contact(get).await.unwrap();
    assert_eq!(kept.into_inner(), ours);
}

fn row(code: &str, name: &str) -> pb::RosterRow {
    pb::RosterRow {
        line: 2,
        roster_code: code.to_owned(),
        kind: "HTX".to_owned(),
        display_name: name.to_owned(),
        position: "Giám đốc".to_owned(),
        person_name: "Nguyễn Văn Mới".to_owned(),
        phone: "0590000009".to_owned(),
        ..Default::default()
    }
}

async fn import(desk: &mut Desk, row: pb::RosterRow, confirmations: &[String]) -> pb::RowReport {
    let request = pb::ImportRosterRequest {
        rows: vec![row],
        mode: pb::ImportMode::AllOrNothing.into(),
        request_id: request_id(),
        confirmations: confirmations.to_vec(),
        ..Default::default()
    };
    let answer = desk.organisations.import_roster(request).await.unwrap();
    answer.into_inner().reports.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_merged_with_nobody_who_took_its_code_until_a_person_says_yes() {
    let house = house::open().await;
    let mut officer = house.officer();
    let (own, _) = two(&mut officer).await;
    let mut bound = house.bound_to(&own.name);
    let taken = pb::Organisation {
        roster_code: "N-1".to_owned(),
        ..own.clone()
    };
    let refused = bound.change(taken.clone(), &["roster_code"]).await;
    assert_eq!(fields(&refused.unwrap_err()), ["organisation.roster_code"]);
    let newcomer = import(&mut officer, row("N-1", "Hợp tác xã Mới"), &[]).await;
    assert_eq!(newcomer.outcome(), pb::RowOutcome::Created);
    assert_ne!(newcomer.organisation, own.name);

    // As if it had been written before members could not.
    let taken = pb::Organisation {
        roster_code: "N-2".to_owned(),
        ..taken
    };
    officer.change(taken, &["roster_code"]).await.unwrap();
    let marked = "with o as (update organisation set codes_by_member = true
                  where roster_code = 'N-2' returning 1) select count(*) from o";
    assert_eq!(house.count(marked).await, 1);
    let same_name = row("N-2", "Hợp tác xã An");
    let waits = import(&mut officer, same_name.clone(), &[]).await;
    assert_eq!(waits.outcome(), pb::RowOutcome::Waiting);
    assert_eq!(
        (waits.fields, waits.organisation),
        (vec!["roster_code".to_owned()], String::new())
    );
    assert_eq!(
        house
            .count("select count(*) from contact where phone like '%009'")
            .await,
        1
    );
    let taken = import(&mut officer, same_name.clone(), &[waits.confirmation]).await;
    assert_eq!(
        (taken.outcome(), &taken.organisation),
        (pb::RowOutcome::Updated, &own.name)
    );
    let again = import(&mut officer, same_name, &[]).await;
    assert_eq!(
        again.outcome(),
        pb::RowOutcome::Unchanged,
        "confirmed for good"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renaming_row_is_written_when_a_person_confirms_what_it_saw() {
    let house = house::open().await;
    let mut officer = house.officer();
    let (_, other) = two(&mut officer).await;
    let renaming = row("B-1", "Hợp tác xã Ba Mới");
    let waits = import(&mut officer, renaming.clone(), &[]).await;
    assert_eq!(waits.outcome(), pb::RowOutcome::Waiting);
    assert_eq!(waits.fields, ["display_name"]);
    assert!(
        waits.remarks[0].contains("Hợp tác xã Ba\""),
        "{:?}",
        waits.remarks
    );
    let yes = [waits.confirmation];
    // What was seen is not there any more.
    let moved = pb::Organisation {
        name: other.name.clone(),
        address: "Thôn 1".to_owned(),
        ..Default::default()
    };
    officer.change(moved, &["address"]).await.unwrap();
    let waits = import(&mut officer, renaming.clone(), &yes).await;
    assert_eq!(waits.outcome(), pb::RowOutcome::Waiting);
    let yes = [waits.confirmation];
    let taken = import(&mut officer, renaming, &yes).await;
    assert_eq!(
        (taken.outcome(), &taken.organisation),
        (pb::RowOutcome::Updated, &other.name)
    );
    let renamed = officer.get(&other.name).await.unwrap();
    assert_eq!(renamed.display_name, "Hợp tác xã Ba Mới");
}

/// Three organisations with codes: a member changed the first, an officer the second, a
/// member the third, which has no code.
const BEFORE: &str = "
    insert into organisation (id, kind, display_name, short_name, roster_code, status, sort_key,
                              search_name, search_terms, created_at, updated_at, version)
    select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'cooperative', 'HTX ' || n, 'HTX',
           case when n < 3 then 'A-' || n end, 'active', '', '', '', now(), now(), 1
    from generate_series(1, 3) n;
    insert into audit (subject, organisation, method, resource, request_id, request_hash)
    select 'system:portal', case when n <> 2 then 'organisations/' || o.id end,
           'lienminh.registry.v1.OrganisationService/UpdateOrganisation',
           'organisations/' || o.id, o.id, sha256('')
    from organisation o, generate_series(1, 3) n
    where o.id = ('00000000-0000-0000-0000-00000000000' || n)::uuid";

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_members_wrote_before_they_could_not_are_found_in_the_audit() {
    let bed = TestBed::open().await.unwrap();
    let database = bed.database(ServiceName::Registry).await.unwrap();
    let url = &database.owner_url;
    let before = &Registry::migrations()[..4];
    kit::migrate::run(url, before, None).await.unwrap();
    let owner = lienminh_local::postgres::connect(url).await.unwrap();
    owner.batch_execute(BEFORE).await.unwrap();
    kit::migrate::run(url, Registry::migrations(), None)
        .await
        .unwrap();
    let marked = "select roster_code from organisation where codes_by_member";
    let rows = owner.query(marked, &[]).await.unwrap();
    let codes: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(codes, ["A-1"]);
}
