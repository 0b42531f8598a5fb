//! Support money: three people, one ledger that the database keeps.

use lienminh_cli::connect::Clients;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::date;
use lienminh_local::ServiceName;
use lienminh_local::suite::Token;
use lienminh_proto::funding::v1 as funding;
use lienminh_proto::funding::v1::{ApplicationState, ProgrammeKind};
use tokio_postgres::NoTls;
use tonic::Code;
use tonic_types::StatusExt;

use crate::house::{House, UNIT_MAILBOX, day};
use crate::member::{AN_BINH, DONG_TAM};

const MILLION: i64 = 1_000_000;

struct Office {
    house: House,
    appraiser: Clients,
    approver: Clients,
    disburser: Clients,
    programme: String,
}

impl Office {
    async fn open(budget_vnd: i64) -> Self {
        let house = House::open(&[AN_BINH, DONG_TAM]).await;
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

    async fn figures(&self) -> funding::Programme {
        let request = funding::GetProgrammeRequest {
            name: self.programme.clone(),
        };
        let answer = self.house.officer.funding().get_programme(request).await;
        answer.unwrap().into_inner()
    }

    async fn ledger_holds(&self) {
        let request = funding::VerifyLedgerRequest {};
        let answer = self.house.officer.funding().verify_ledger(request).await;
        let verified = answer.unwrap().into_inner();
        assert_eq!(verified.differences, Vec::<String>::new());
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
        effective_date: Some(date(day("2024-03-20"))),
        request_id: fresh_request_id(),
        ..Default::default()
    }
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

    // The appraiser may not approve, the approver not pay.
    let own = office
        .appraiser
        .funding()
        .approve_application(approve(&name, 195 * MILLION))
        .await;
    assert_eq!(own.unwrap_err().code(), Code::FailedPrecondition);
    let approved = office
        .approver
        .funding()
        .approve_application(approve(&name, 195 * MILLION))
        .await;
    assert_eq!(
        approved.unwrap().into_inner().state(),
        ApplicationState::Approved
    );
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

    let own = office
        .approver
        .funding()
        .disburse_application(disburse(&name, 195 * MILLION, "FT1"))
        .await;
    let refused = own.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(
        refused.get_details_error_info().unwrap().reason,
        "SAME_PERSON"
    );
    let request = disburse(&name, 195 * MILLION, "FT24080001");
    let mut desk = office.disburser.funding();
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

/// Whatever a program does, the database keeps the books: the same statements that a faulty
/// service or a tired administrator might issue.
#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_what_would_falsify_the_books() {
    let office = Office::open(500 * MILLION).await;
    let name = office.submit("M1", 100 * MILLION).await;
    office.appraise(&name).await;
    office
        .approver
        .funding()
        .approve_application(approve(&name, 100 * MILLION))
        .await
        .unwrap();
    let request = disburse(&name, 40 * MILLION, "FT24080001");
    office
        .disburser
        .funding()
        .disburse_application(request)
        .await
        .unwrap();
    let second = disburse(&name, 40 * MILLION, "FT24080001");
    let refused = office
        .disburser
        .funding()
        .disburse_application(second)
        .await
        .unwrap_err();
    assert!(
        matches!(
            refused.code(),
            Code::AlreadyExists | Code::FailedPrecondition | Code::InvalidArgument
        ),
        "a bank reference is used once: {refused:?}"
    );

    // Each as the owner, who may do more than the service.
    let cases = [
        ("transfer_balances", "
            with t as (insert into transfer (id, kind, programme_id, application_id, bank_reference,
                                             effective_on, posted_at, posted_by)
                       select gen_random_uuid(), 'disbursement', programme_id, id, 'FT9', now(), now(), 'person:x'
                       from application returning id, programme_id)
            insert into entry (transfer_id, line, programme_id, account, amount_vnd, account_version, balance_after_vnd)
            select t.id, 1, t.programme_id, a.kind, 5, a.version + 1, a.balance_vnd + 5
            from t join account a on a.programme_id = t.programme_id and a.kind = 'disbursed'"),
        ("posted_stays_posted", "update transfer set posted_by = 'person:y'"),
        ("posted_stays_posted", "update entry set amount_vnd = amount_vnd + 1"),
        ("posted_stays_posted", "delete from entry"),
        ("posted_stays_posted", "truncate entry"),
        ("posted_stays_posted", "truncate transfer cascade"),
        ("posted_stays_posted", "delete from transfer"),
        ("account_floor_held", "
            with t as (insert into transfer (id, kind, programme_id, application_id, effective_on, posted_at, posted_by)
                       select gen_random_uuid(), 'commitment', programme_id, id, now(), now(), 'person:x'
                       from application returning id, programme_id)
            insert into entry (transfer_id, line, programme_id, account, amount_vnd, account_version, balance_after_vnd)
            select t.id, row_number() over (order by a.kind), t.programme_id, a.kind, m.amount, a.version + 1,
                   a.balance_vnd + m.amount
            from t join account a on a.programme_id = t.programme_id
            join (values ('available', -900000000::bigint), ('committed', 900000000)) m(kind, amount)
              on m.kind = a.kind"),
        ("account_moves_with_its_entries", "update account set balance_vnd = balance_vnd + 1"),
        ("transfer_bank_reference_key", "
            insert into transfer (id, kind, programme_id, application_id, bank_reference, effective_on, posted_at, posted_by)
            select gen_random_uuid(), 'disbursement', programme_id, id, 'FT24080001', now(), now(), 'person:x'
            from application"),
        ("application_four_eyes", "update application set approver = appraiser"),
    ];
    let url = &office.house.stage.database(ServiceName::Funding).owner_url;
    let (owner, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for (constraint, statement) in cases {
        let refused = owner.batch_execute(statement).await.expect_err(statement);
        let told = refused.as_db_error().unwrap_or_else(|| panic!("{refused}"));
        assert_eq!(told.constraint(), Some(constraint), "{statement}: {told}");
    }
    // The service's own role may not even try.
    let url = &office
        .house
        .stage
        .database(ServiceName::Funding)
        .runtime_url;
    let (service, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for statement in [
        "delete from entry",
        "update account set balance_vnd = 0",
        "truncate transfer",
        "drop table entry",
    ] {
        service.batch_execute(statement).await.expect_err(statement);
    }
    let figures = office.figures().await;
    assert_eq!(
        (figures.disbursed_vnd, figures.committed_vnd),
        (40 * MILLION, 60 * MILLION)
    );
    office.ledger_holds().await;
}
