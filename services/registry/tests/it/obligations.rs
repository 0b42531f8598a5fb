use lienminh_proto::obligation::v1 as obligation;
use lienminh_proto::registry::v1 as pb;
use tonic::Code;

use crate::house;
use crate::rounds::{audience, batch, close, obligation_of, open, round, standing};
use crate::samples::reason;

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_makes_applicants_and_an_obligation_that_waits_for_them() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    let opened = open(&mut officer, batch(&round)).await.unwrap();
    assert_eq!(opened.state(), pb::AdmissionBatchState::Open);
    assert_eq!(
        opened.issued_document.as_ref().unwrap().number,
        "123/KH-LMHTX"
    );
    let read = officer
        .admissions
        .get_admission_batch(pb::GetAdmissionBatchRequest {
            name: opened.name.clone(),
        })
        .await;
    assert_eq!(read.unwrap().into_inner(), opened);
    let applicant = officer
        .get(&round.applicants[0])
        .await
        .unwrap()
        .membership
        .unwrap();
    assert_eq!(applicant.state(), pb::MembershipState::Applicant);
    let (told, parties) = audience(&mut officer, &obligation_of(&opened)).await;
    assert_eq!(
        (told.kind.as_str(), told.class()),
        (
            "admission_batch",
            obligation::ObligationClass::LegalDeadline
        )
    );
    assert_eq!(
        (told.status(), told.sequence, told.anchor_version),
        (obligation::ObligationStatus::Scheduled, 1, 1)
    );
    assert_eq!(
        (&told.lead_unit, &told.organiser, &told.subject),
        (&round.unit, &round.alliance, &opened.name)
    );
    assert_eq!(parties.len(), 3);
    assert!(
        parties
            .iter()
            .all(|party| party.state() == obligation::PartyState::Concerned)
    );
    assert!(parties.is_sorted_by_key(|party| party.organisation.clone()));
    let lead = parties
        .iter()
        .find(|party| party.organisation == round.unit)
        .unwrap();
    assert_eq!(
        lead.positions,
        [
            obligation::Position::Head as i32,
            obligation::Position::Officer as i32,
            obligation::Position::Office as i32
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admitted_are_done_and_the_last_one_closes_the_batch() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    let opened = open(&mut officer, batch(&round)).await.unwrap();
    let obligation = obligation_of(&opened);
    house.at("2024-03-01T01:00:00Z");
    let member = officer.admit(&round.applicants[0]).await.unwrap();
    let membership = member.membership.unwrap();
    assert_eq!(
        (membership.state(), membership.batch.as_str()),
        (pb::MembershipState::Admitted, "1/2024")
    );
    let request = obligation::CheckPartiesRequest {
        obligation: obligation.clone(),
        organisations: vec![round.applicants[0].clone(), round.alliance.clone()],
    };
    let checked = officer
        .obligations
        .check_parties(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(checked.parties.len(), 1, "the organiser is no party");
    assert_eq!(checked.parties[0].state(), obligation::PartyState::Done);
    assert_eq!(checked.parties[0].reason, "đã kết nạp ngày 01/3/2024");
    assert_eq!(
        checked.obligation.unwrap().status(),
        obligation::ObligationStatus::Scheduled
    );
    let (_, parties) = audience(&mut officer, &obligation).await;
    assert_eq!(
        standing(&parties, &round.applicants[1]),
        obligation::PartyState::Concerned
    );

    officer.admit(&round.applicants[1]).await.unwrap();
    let (told, parties) = audience(&mut officer, &obligation).await;
    assert_eq!(
        (told.status(), told.sequence),
        (obligation::ObligationStatus::Satisfied, 2)
    );
    assert_eq!(
        standing(&parties, &round.unit),
        obligation::PartyState::Done
    );
    let again = close(&mut officer, &opened.name, "").await.unwrap();
    assert_eq!(again.state(), pb::AdmissionBatchState::Completed);
    let keys = house.keys().await;
    let obligations: Vec<_> = keys
        .iter()
        .filter(|key| key.contains("obligation"))
        .collect();
    assert_eq!(
        obligations,
        [
            "registry.v1.obligation.scheduled",
            "registry.v1.obligation.satisfied"
        ]
    );
    assert_eq!(
        keys.iter()
            .filter(|key| *key == "registry.v1.membership.admitted")
            .count(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_batch_needs_nobody_and_a_stale_etag_does_not_close_it() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    let opened = open(&mut officer, batch(&round)).await.unwrap();
    let stale = close(&mut officer, &opened.name, "W/\"old\"")
        .await
        .unwrap_err();
    assert_eq!(reason(&stale), "ETAG_STALE");
    let closed = close(&mut officer, &opened.name, &opened.etag)
        .await
        .unwrap();
    assert_eq!(closed.state(), pb::AdmissionBatchState::Completed);
    let (_, parties) = audience(&mut officer, &obligation_of(&opened)).await;
    assert!(
        parties
            .iter()
            .all(|party| party.state() == obligation::PartyState::Done)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_listed_newest_first_and_obligations_by_their_change() {
    let house = house::open().await;
    let mut officer = house.officer();
    let round = round(&mut officer).await;
    let mut names = Vec::new();
    for number in 1..=3 {
        house.at(&format!("2024-03-0{number}T01:00:00Z"));
        let batch = pb::AdmissionBatch {
            batch: format!("{number}/2024"),
            ..batch(&round)
        };
        names.push(open(&mut officer, batch).await.unwrap().name);
    }
    let taken = open(
        &mut officer,
        pb::AdmissionBatch {
            batch: "1/2024".to_owned(),
            ..batch(&round)
        },
    )
    .await
    .unwrap_err();
    assert_eq!(
        (taken.code(), reason(&taken).as_str()),
        (Code::AlreadyExists, "BATCH_EXISTS")
    );
    house.at("2024-03-05T01:00:00Z");
    close(&mut officer, &names[0], "").await.unwrap();

    let mut request = pb::ListAdmissionBatchesRequest {
        page_size: 2,
        page_token: String::new(),
    };
    let page = officer
        .admissions
        .list_admission_batches(request.clone())
        .await
        .unwrap()
        .into_inner();
    let listed: Vec<_> = page
        .admission_batches
        .iter()
        .map(|each| &each.name)
        .collect();
    assert_eq!(listed, [&names[2], &names[1]]);
    request.page_token = page.next_page_token;
    let page = officer
        .admissions
        .list_admission_batches(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (
            &page.admission_batches[0].name,
            page.next_page_token.as_str()
        ),
        (&names[0], "")
    );

    let mut request = obligation::ListObligationsRequest {
        updated_after_time: Some(prost_types::Timestamp {
            seconds: 1_709_341_200,
            // Cut to what the database keeps: the change at this very instant counts.
            nanos: 999,
        }),
        page_size: 2,
        page_token: String::new(),
    };
    let page = officer
        .obligations
        .list_obligations(request.clone())
        .await
        .unwrap()
        .into_inner();
    let told: Vec<_> = page
        .obligations
        .iter()
        .map(|each| each.subject.as_str())
        .collect();
    assert_eq!(
        told,
        [names[1].as_str(), names[2].as_str()],
        "at or after 2 March, oldest change first"
    );
    request.page_token = page.next_page_token;
    let page = officer
        .obligations
        .list_obligations(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(page.obligations.len(), 1);
    assert_eq!(
        page.obligations[0].status(),
        obligation::ObligationStatus::Satisfied
    );
    assert!(page.next_page_token.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_obligation_is_not_found_and_a_foreign_name_refused() {
    let house = house::open().await;
    let mut officer = house.officer();
    let unknown = "registry/obligations/admission_batch-0190a5c4-7b1e-7cc0-8f00-000000000001";
    for (name, code) in [
        (unknown, Code::NotFound),
        ("events/obligations/event-1", Code::InvalidArgument),
        ("", Code::InvalidArgument),
    ] {
        let request = obligation::StreamAudienceRequest {
            obligation: name.to_owned(),
        };
        assert_eq!(
            officer
                .obligations
                .stream_audience(request)
                .await
                .unwrap_err()
                .code(),
            code,
            "{name}"
        );
        let request = obligation::CheckPartiesRequest {
            obligation: name.to_owned(),
            organisations: Vec::new(),
        };
        assert_eq!(
            officer
                .obligations
                .check_parties(request)
                .await
                .unwrap_err()
                .code(),
            code,
            "{name}"
        );
    }
}
