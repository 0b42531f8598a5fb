//! Support money: three people, one ledger that the database keeps.

mod books;

use lienminh_cli::connect::Clients;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::date;
use lienminh_local::suite::Token;
use lienminh_proto::funding::v1 as funding;
use lienminh_proto::funding::v1::{ApplicationState, ProgrammeKind};
use tonic::Code;
use tonic_types::StatusExt;

use crate::house::{House, NOW, UNIT_MAILBOX, day, wall};
use crate::member::{AN_BINH, DONG_TAM};

pub(crate) const MILLION: i64 = 1_000_000;

/// Those who decide about support money, with a programme to decide about.
pub(crate) struct Office {
    pub(crate) house: House,
    appraiser: Clients,
    approver: Clients,
    disburser: Clients,
    programme: String,
}

impl Office {
    pub(crate) async fn open(budget_vnd: i64) -> Self {
        Self::of(House::open(&[AN_BINH, DONG_TAM]).await, budget_vnd).await
    }

    pub(crate) async fn of(house: House, budget_vnd: i64) -> Self {
        let person = |subject: &str| house.caller(&Token::new(subject, "funding.*"));
        let (appraiser, approver, disburser) = (
            person("person:tham-dinh"),
            person("person:phe-duyet"),
            person("person:ke-toan"),
        );
        let programme = funding::Programme {
            title: "Hỗ trợ máy móc năm 2024".to_owned(),
            kind: ProgrammeKind::Grant.into(),
            budget_vnd,
            organiser: house.alliance.clone(),
            lead_unit: house.unit.clone(),
            ..Default::default()
        };
        let request = funding::CreateProgrammeRequest {
            programme: Some(programme),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let made = house
            .officer
            .funding()
            .create_programme(request)
            .await
            .unwrap();
        Self {
            appraiser,
            approver,
            disburser,
            programme: made.into_inner().name,
            house,
        }
    }

    async fn submit(&self, code: &str, requested_vnd: i64) -> String {
        let application = funding::Application {
            programme: self.programme.clone(),
            applicant: self.house.member(code),
            purpose: "Mua máy sấy".to_owned(),
            requested_vnd,
            ..Default::default()
        };
        let request = funding::SubmitApplicationRequest {
            application: Some(application),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let taken = self
            .house
            .officer
            .funding()
            .submit_application(request)
            .await;
        taken.unwrap().into_inner().name
    }

    async fn appraise(&self, name: &str) {
        let request = funding::AppraiseApplicationRequest {
            name: name.to_owned(),
            opinion: "Đủ điều kiện".to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.appraiser
            .funding()
            .appraise_application(request)
            .await
            .unwrap();
    }

    /// An application as its applicant reads it: by name, and in the list.
    async fn applicant_reads(&self, code: &str, name: &str) -> [funding::Application; 2] {
        let token = Token::new("system:portal", "funding.*");
        let member = self.house.caller(&token.bound_to(&self.house.member(code)));
        let request = funding::GetApplicationRequest {
            name: name.to_owned(),
        };
        let one = member.funding().get_application(request).await;
        let request = funding::ListApplicationsRequest::default();
        let list = member.funding().list_applications(request).await;
        let mut list = list.unwrap().into_inner().applications;
        [one.unwrap().into_inner(), list.remove(0)]
    }

    /// An application that was approved as asked for.
    pub(crate) async fn approved(&self, code: &str, vnd: i64) -> String {
        let name = self.submit(code, vnd).await;
        self.appraise(&name).await;
        let request = approve(&name, vnd);
        let approved = self.approver.funding().approve_application(request).await;
        approved.unwrap().into_inner().name
    }

    async fn pay(&self, name: &str, vnd: i64, reference: &str) -> funding::Transfer {
        let request = disburse(name, vnd, reference);
        let paid = self.disburser.funding().disburse_application(request).await;
        paid.unwrap().into_inner()
    }

    async fn figures(&self) -> funding::Programme {
        let request = funding::GetProgrammeRequest {
            name: self.programme.clone(),
        };
        let answer = self.house.officer.funding().get_programme(request).await;
        answer.unwrap().into_inner()
    }

    async fn verify(&self) -> funding::VerifyLedgerResponse {
        let request = funding::VerifyLedgerRequest {};
        let answer = self.house.officer.funding().verify_ledger(request).await;
        answer.unwrap().into_inner()
    }

    async fn ledger_holds(&self) {
        let verified = self.verify().await;
        assert_eq!(verified.differences, []);
        assert!(verified.entries >= 2 * verified.transfers && verified.transfers > 0);
    }
}

fn approve(name: &str, approved_vnd: i64) -> funding::ApproveApplicationRequest {
    funding::ApproveApplicationRequest {
        name: name.to_owned(),
        approved_vnd,
        decision_number: "15/QĐ-LMHTX".to_owned(),
        disbursement_date: Some(date(day("2024-03-20"))),
        request_id: fresh_request_id(),
        ..Default::default()
    }
}

fn disburse(name: &str, amount_vnd: i64, reference: &str) -> funding::DisburseApplicationRequest {
    funding::DisburseApplicationRequest {
        name: name.to_owned(),
        amount_vnd,
        bank_reference: reference.to_owned(),
        effective_date: Some(date(wall(NOW).date())),
        request_id: fresh_request_id(),
        ..Default::default()
    }
}

fn assert_is_same_person(refused: &tonic::Status) {
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let info = refused.get_details_error_info().unwrap();
    assert_eq!(info.reason, "SAME_PERSON");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_goes_from_the_dossier_to_the_bank_through_three_people() {
    let mut office = Office::open(500 * MILLION).await;
    let name = office.submit("M1", 195 * MILLION).await;
    let request = funding::RequestSupplementRequest {
        name: name.clone(),
        missing_papers: vec!["Báo cáo tài chính năm 2023".to_owned()],
        supplement_date: Some(date(day("2024-03-12"))),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    office
        .appraiser
        .funding()
        .request_supplement(request)
        .await
        .unwrap();
    office.house.settle().await;
    let letter = office.house.letter("anbinh@example.com");
    assert!(letter.says("Báo cáo tài chính năm 2023"), "{}", letter.text);
    assert!(letter.says("12/3/2024"), "{}", letter.text);
    let named = letter.subject.to_lowercase().matches("hồ sơ").count();
    assert_eq!(named, 1, "the step is named once: {}", letter.subject);
    office.house.to("2024-03-07T08:00").await;
    assert_eq!(
        office.house.letters("anbinh@example.com").len(),
        2,
        "three working days before"
    );
    let request = funding::SupplyPapersRequest {
        name: name.clone(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    office
        .house
        .officer
        .funding()
        .supply_papers(request)
        .await
        .unwrap();
    office.appraise(&name).await;
    office.house.to("2024-03-11T12:00").await;
    assert_eq!(
        office.house.letters("anbinh@example.com").len(),
        2,
        "the papers are there"
    );

    // The appraiser may not approve, the approver not pay, however they write themselves.
    for spelling in ["person:tham-dinh", "Person:Tham-Dinh", "person:tham.dinh"] {
        let own = office.house.caller(&Token::new(spelling, "funding.*"));
        let request = approve(&name, 195 * MILLION);
        let refused = own.funding().approve_application(request).await;
        assert_is_same_person(&refused.unwrap_err());
    }
    let approved = office
        .approver
        .funding()
        .approve_application(approve(&name, 195 * MILLION))
        .await;
    let approved = approved.unwrap().into_inner();
    assert_eq!(approved.state(), ApplicationState::Approved);
    let who = |told: funding::Application| (told.appraiser, told.approver);
    let officers = ("person:tham-dinh".to_owned(), "person:phe-duyet".to_owned());
    assert_eq!(who(approved), officers);
    for told in office.applicant_reads("M1", &name).await {
        assert_eq!(
            who(told),
            Default::default(),
            "officers stay among themselves"
        );
    }
    let figures = office.figures().await;
    assert_eq!(
        (figures.committed_vnd, figures.available_vnd),
        (195 * MILLION, 305 * MILLION)
    );
    office.house.to("2024-03-19T08:00").await;
    assert!(
        office.house.letters("anbinh@example.com").len() > 2,
        "of the disbursement"
    );
    assert!(!office.house.letters(UNIT_MAILBOX).is_empty());

    for spelling in ["person:phe-duyet", "Person:PheDuyet", "person:Tham_dinh"] {
        let own = office.house.caller(&Token::new(spelling, "funding.*"));
        let request = disburse(&name, 195 * MILLION, "FT1");
        let refused = own.funding().disburse_application(request).await;
        assert_is_same_person(&refused.unwrap_err());
    }
    let mut desk = office.disburser.funding();
    let mut request = disburse(&name, 195 * MILLION, "FT24080001");
    for (said, reason) in [
        ("2024-03-20", "IN_THE_FUTURE"),
        ("2024-03-10", "BEFORE_APPROVAL"),
        ("1901-01-01", "BEFORE_APPROVAL"),
        ("2199-12-31", "IN_THE_FUTURE"),
    ] {
        request.effective_date = Some(date(day(said)));
        let refused = desk.disburse_application(request.clone()).await;
        let wrong = refused.unwrap_err().get_details_bad_request().unwrap();
        assert_eq!(wrong.field_violations[0].field, "effective_date");
        assert_eq!(wrong.field_violations[0].reason, reason, "{said}");
    }
    request.effective_date = Some(date(day("2024-03-19")));
    let paid = desk
        .disburse_application(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        paid.entries
            .iter()
            .map(|entry| entry.amount_vnd)
            .sum::<i64>(),
        0
    );
    let again = desk
        .disburse_application(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(again, paid, "the same request once more pays nothing more");
    let figures = office.figures().await;
    assert_eq!(
        (
            figures.committed_vnd,
            figures.disbursed_vnd,
            figures.available_vnd
        ),
        (0, 195 * MILLION, 305 * MILLION)
    );
    office.ledger_holds().await;
    let mails = office.house.letters("anbinh@example.com").len();
    office.house.to("2024-04-05T12:00").await;
    assert_eq!(
        office.house.letters("anbinh@example.com").len(),
        mails,
        "paid: nothing more"
    );
    office.house.nothing_is_lost_or_doubled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_steps_on_one_application_at_once_one_is_taken_and_the_other_told_why() {
    const ROUNDS: i64 = 6;
    let office = Office::open(500 * MILLION).await;
    let second = office
        .house
        .caller(&Token::new("person:phe-duyet-2", "funding.*"));
    for _ in 0..ROUNDS {
        let name = office.submit("M1", MILLION).await;
        office.appraise(&name).await;
        let reject = funding::RejectApplicationRequest {
            name: name.clone(),
            reason: "Hết vốn".to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let (mut here, mut there) = (office.approver.funding(), second.funding());
        let (approved, rejected) = tokio::join!(
            here.approve_application(approve(&name, MILLION)),
            there.reject_application(reject),
        );
        let (taken, refused) = match (approved, rejected) {
            (Ok(taken), Err(refused)) | (Err(refused), Ok(taken)) => (taken.into_inner(), refused),
            both => panic!("{both:?}"),
        };
        let told = refused.get_details_localized_message().unwrap().message;
        let codes = [Code::FailedPrecondition, Code::Aborted];
        assert!(codes.contains(&refused.code()), "{refused:?}");
        assert!(!told.is_empty() && !refused.get_details_error_info().unwrap().reason.is_empty());
        let request = funding::GetApplicationRequest { name };
        let present = office
            .house
            .officer
            .funding()
            .get_application(request)
            .await;
        assert_eq!(present.unwrap().into_inner(), taken);
    }
    office.ledger_holds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_approve_the_last_money_at_once_one_is_told_the_figures() {
    let office = Office::open(500 * MILLION).await;
    let (one, other) = (
        office.submit("M1", 500 * MILLION).await,
        office.submit("M4", 500 * MILLION).await,
    );
    office.appraise(&one).await;
    office.appraise(&other).await;
    let second = office
        .house
        .caller(&Token::new("person:phe-duyet-2", "funding.*"));
    let (mut here, mut there) = (office.approver.funding(), second.funding());
    let (here, there) = tokio::join!(
        here.approve_application(approve(&one, 500 * MILLION)),
        there.approve_application(approve(&other, 500 * MILLION)),
    );
    let outcomes = [here, there];
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    let refused = outcomes.into_iter().find_map(Result::err).unwrap();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let info = refused.get_details_error_info().unwrap();
    assert_eq!(info.metadata["available_vnd"], "0");
    assert_eq!(info.metadata["committed_vnd"], "500000000");
    assert_eq!(info.metadata["asked_vnd"], "500000000");
    assert_eq!(office.figures().await.available_vnd, 0);
    office.ledger_holds().await;
}
