use lienminh_proto::registry::v1 as pb;
use tokio::task::JoinSet;
use tonic::Code;

use crate::house;
use crate::samples::{cooperative, fields, mask, of_kind, reason, request_id, sentence};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_is_read_back_composed_and_complete() {
    let house = house::open().await;
    let mut officer = house.officer();
    let entered = officer
        .enter(pb::Organisation {
            tax_code: "0100233488".to_owned(),
            roster_code: "DN-017".to_owned(),
            province_code: "67".to_owned(),
            cluster: "Cụm 1".to_owned(),
            ..cooperative("  Hợp ta\u{301}c xã  Bi\u{300}nh Minh ")
        })
        .await
        .unwrap();
    assert_eq!(entered.display_name, "Hợp tác xã Bình Minh");
    assert_eq!(entered.short_name, "HTX Bình Minh");
    assert_eq!(entered.status(), pb::OrganisationStatus::Active);
    assert_eq!(
        entered.create_time.unwrap().seconds,
        house.clock.now().as_second()
    );
    assert!(entered.membership.is_none() && !entered.etag.is_empty());
    assert_eq!(officer.get(&entered.name).await.unwrap(), entered);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_fields_are_all_named_in_the_language_asked_and_nothing_is_written() {
    let house = house::open().await;
    let wrong = pb::Organisation {
        display_name: "HTX ".repeat(100),
        tax_code: "0100233489".to_owned(),
        province_code: "x".to_owned(),
        status: 99,
        ..pb::Organisation::default()
    };
    let refused = house.officer().enter(wrong.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(
        fields(&refused),
        [
            "organisation.kind",
            "organisation.display_name",
            "organisation.tax_code",
            "organisation.province_code",
            "organisation.status"
        ]
    );
    // What cannot be shown as it is meant is told before anything else is read.
    let unfit = pb::Organisation {
        display_name: "HTX\u{202e} A".to_owned(),
        short_name: "HTX \u{410}".to_owned(),
        ..wrong.clone()
    };
    let refused = house.officer().enter(unfit).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        ["organisation.display_name", "organisation.short_name"]
    );
    let vietnamese = house
        .desk("user:lan", "*", None, "vi")
        .enter(wrong)
        .await
        .unwrap_err();
    assert!(
        sentence(&vietnamese).contains("chưa đúng"),
        "{}",
        sentence(&vietnamese)
    );
    for table in [
        "select count(*) from organisation",
        "select count(*) from outbox",
        "select count(*) from request",
    ] {
        assert_eq!(house.count(table).await, 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_check_digit_is_accepted_with_its_reason_only() {
    let house = house::open().await;
    let mut officer = house.officer();
    let odd = pb::Organisation {
        tax_code: "0100233489".to_owned(),
        ..cooperative("Hợp tác xã An")
    };
    assert_eq!(
        fields(&officer.enter(odd.clone()).await.unwrap_err()),
        ["organisation.tax_code"]
    );
    let reasoned = pb::Organisation {
        tax_code_override_reason: "Giấy chứng nhận ghi đúng như vậy".to_owned(),
        ..odd
    };
    assert_eq!(
        officer.enter(reasoned).await.unwrap().tax_code,
        "0100233489"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_belongs_to_one_organisation() {
    let house = house::open().await;
    let mut officer = house.officer();
    let first = pb::Organisation {
        tax_code: "0100233488".to_owned(),
        roster_code: "A".to_owned(),
        ..cooperative("Hợp tác xã An")
    };
    officer.enter(first).await.unwrap();
    let tax = pb::Organisation {
        tax_code: "01.0023.3488".to_owned(),
        ..cooperative("Hợp tác xã Ba")
    };
    let refused = officer.enter(tax).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::AlreadyExists, "TAX_CODE_TAKEN")
    );
    let roster = pb::Organisation {
        roster_code: "A".to_owned(),
        ..cooperative("Hợp tác xã Ba")
    };
    assert_eq!(
        reason(&officer.enter(roster).await.unwrap_err()),
        "ROSTER_CODE_TAKEN"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_or_successor_must_exist_and_stand() {
    let house = house::open().await;
    let mut officer = house.officer();
    let nobody = format!("organisations/{}", uuid::Uuid::now_v7());
    let orphan = pb::Organisation {
        parent: nobody.clone(),
        ..of_kind(pb::OrganisationKind::Unit, "Ban Chính sách")
    };
    let refused = officer.enter(orphan).await.unwrap_err();
    assert_eq!(
        (fields(&refused), reason(&refused).as_str()),
        (
            vec!["organisation.parent".to_owned()],
            "UNKNOWN_ORGANISATION"
        )
    );
    let a = officer.enter(cooperative("Hợp tác xã A")).await.unwrap();
    let b = officer.enter(cooperative("Hợp tác xã B")).await.unwrap();
    let c = officer.enter(cooperative("Hợp tác xã C")).await.unwrap();
    let merge = |from: &pb::Organisation, into: &str| pb::Organisation {
        status: pb::OrganisationStatus::Merged.into(),
        successor: into.to_owned(),
        etag: String::new(),
        ..from.clone()
    };
    let paths = ["status", "successor"];
    let refused = officer
        .change(merge(&a, &nobody), &paths)
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["organisation.successor"]);
    officer.change(merge(&a, &b.name), &paths).await.unwrap();
    let circle = officer
        .change(merge(&b, &a.name), &paths)
        .await
        .unwrap_err();
    assert_eq!(reason(&circle), "SUCCESSOR_MERGED");
    officer.change(merge(&b, &c.name), &paths).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn case_58_fifty_copies_of_a_request_have_one_effect_and_one_answer() {
    let house = house::open().await;
    let officer = house.officer();
    let request = pb::CreateOrganisationRequest {
        organisation: Some(cooperative("Hợp tác xã Bình Minh")),
        request_id: request_id(),
        validate_only: false,
    };
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let (mut desk, request) = (officer.clone(), request.clone());
        calls.spawn(async move {
            desk.organisations
                .create_organisation(request)
                .await
                .unwrap()
                .into_inner()
        });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.len(), 50);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(house.count("select count(*) from organisation").await, 1);
    assert_eq!(house.count("select count(*) from audit").await, 1);
    let other = pb::CreateOrganisationRequest {
        organisation: Some(cooperative("Hợp tác xã Khác")),
        ..request
    };
    let refused = officer
        .clone()
        .organisations
        .create_organisation(other)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), fields(&refused)),
        (Code::InvalidArgument, vec!["request_id".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn validate_only_answers_and_writes_nothing() {
    let house = house::open().await;
    let mut officer = house.officer();
    let request = pb::CreateOrganisationRequest {
        organisation: Some(cooperative("Hợp tác xã Bình Minh")),
        request_id: request_id(),
        validate_only: true,
    };
    officer
        .organisations
        .create_organisation(request)
        .await
        .unwrap();
    assert_eq!(house.count("select count(*) from organisation").await, 0);
    assert_eq!(house.count("select count(*) from outbox").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn case_59_an_update_writes_the_fields_of_its_mask_and_clears_what_it_leaves_empty() {
    let house = house::open().await;
    let mut officer = house.officer();
    let known = officer
        .enter(pb::Organisation {
            address: "Thôn 1".to_owned(),
            cluster: "Cụm 1".to_owned(),
            ..cooperative("Hợp tác xã An")
        })
        .await
        .unwrap();
    house.at("2024-02-28T01:00:00Z");
    let change = pb::Organisation {
        name: known.name.clone(),
        display_name: "Hợp tác xã An Bình".to_owned(),
        cluster: "Cụm 9".to_owned(),
        ..pb::Organisation::default()
    };
    let changed = officer
        .change(change.clone(), &["display_name", "address"])
        .await
        .unwrap();
    assert_eq!(changed.display_name, "Hợp tác xã An Bình");
    assert_eq!(
        (changed.address.as_str(), changed.cluster.as_str()),
        ("", "Cụm 1")
    );
    assert_eq!(
        changed.short_name, "HTX An Bình",
        "a derived short name follows the name"
    );
    assert_ne!(changed.etag, known.etag);
    assert!(changed.update_time.unwrap().seconds > known.update_time.unwrap().seconds);
    assert_eq!(officer.get(&known.name).await.unwrap(), changed);
    let filled = officer.change(change, &[]).await.unwrap();
    assert_eq!(
        filled.cluster, "Cụm 9",
        "without a mask, what is filled is written"
    );
    for (path, refusal) in [
        ("colour", "UNKNOWN_FIELD"),
        ("membership", "FIELD_NOT_UPDATABLE"),
        ("etag", "FIELD_NOT_UPDATABLE"),
    ] {
        let refused = officer.change(changed.clone(), &[path]).await.unwrap_err();
        assert_eq!(
            (fields(&refused), reason(&refused)),
            (vec!["update_mask".to_owned()], refusal.to_owned())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_changes_nothing_tells_nobody() {
    let house = house::open().await;
    let mut officer = house.officer();
    let known = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    let same = officer
        .change(known.clone(), &["display_name"])
        .await
        .unwrap();
    assert_eq!(same, known);
    assert_eq!(house.keys().await, ["registry.v1.organisation.created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_updates_under_one_etag_one_is_refused() {
    let house = house::open().await;
    let mut officer = house.officer();
    let known = officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    let mut calls = JoinSet::new();
    for number in 0..8 {
        let mut desk = officer.clone();
        let change = pb::Organisation {
            address: format!("Thôn {number}"),
            ..known.clone()
        };
        calls.spawn(async move { desk.change(change, &["address"]).await });
    }
    let (done, refused): (Vec<_>, Vec<_>) =
        calls.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 7));
    for refusal in refused {
        let status = refusal.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Aborted, "ETAG_STALE")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_another_form_and_unknown_ones_are_told_apart() {
    let house = house::open().await;
    let mut officer = house.officer();
    for name in [
        "",
        "organisations/7",
        "members/0190a5c4-7b1e-7cc0-8f00-000000000001",
    ] {
        let refused = officer.get(name).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec!["name".to_owned()]),
            "{name}"
        );
    }
    let missing = officer
        .get("organisations/0190a5c4-7b1e-7cc0-8f00-000000000001")
        .await
        .unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_the_permission_is_denied() {
    let house = house::open().await;
    let mut reader = house.desk("user:reader", "registry.organisations.get", None, "en");
    assert_eq!(
        reader
            .enter(cooperative("Hợp tác xã An"))
            .await
            .unwrap_err()
            .code(),
        Code::PermissionDenied
    );
    let request = pb::UpdateOrganisationRequest {
        update_mask: mask(&["address"]),
        ..Default::default()
    };
    let denied = reader
        .organisations
        .update_organisation(request)
        .await
        .unwrap_err();
    assert_eq!(
        denied.code(),
        Code::PermissionDenied,
        "before the request is looked at"
    );
}
