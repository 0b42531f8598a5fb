//! Every change of support money.

use lienminh_cli::proto_values::date;
use lienminh_local::suite::Token;
use lienminh_proto::funding::v1 as funding;

use super::book::{Actor, Book};
use crate::house::{NOW, day, wall};

const MILLION: i64 = 1_000_000;

pub(super) async fn deeds(book: &mut Book<'_>) {
    let programme = funding::Programme {
        title: "Hỗ trợ máy móc năm 2024".to_owned(),
        kind: funding::ProgrammeKind::Grant.into(),
        budget_vnd: 500 * MILLION,
        organiser: book.house.alliance.clone(),
        lead_unit: book.house.unit.clone(),
        ..Default::default()
    };
    let request = funding::CreateProgrammeRequest {
        programme: Some(programme),
        ..Default::default()
    };
    let of_programme = |programme: &funding::Programme| programme.name.clone();
    let programme = book.does("CreateProgramme", request, of_programme).await;
    granted(book, &programme.name).await;
    let name = submitted(book, &programme.name).await;
    appraise(book, &name).await;
    let request = funding::RejectApplicationRequest {
        name,
        reason: "Không thuộc đối tượng".to_owned(),
        ..Default::default()
    };
    book.does("RejectApplication", request, of_application)
        .await;
}

async fn submitted(book: &mut Book<'_>, programme: &str) -> String {
    let application = funding::Application {
        programme: programme.to_owned(),
        applicant: book.house.member("M1"),
        purpose: "Mua máy sấy".to_owned(),
        requested_vnd: 100 * MILLION,
        ..Default::default()
    };
    let request = funding::SubmitApplicationRequest {
        application: Some(application),
        ..Default::default()
    };
    book.does("SubmitApplication", request, of_application)
        .await
        .name
}

/// From the dossier to the bank, through three people.
async fn granted(book: &mut Book<'_>, programme: &str) {
    let name = submitted(book, programme).await;
    let request = funding::RequestSupplementRequest {
        name: name.clone(),
        missing_papers: vec!["Báo giá".to_owned()],
        supplement_date: Some(date(day("2024-03-15"))),
        ..Default::default()
    };
    book.does("RequestSupplement", request, of_application)
        .await;
    let request = funding::SupplyPapersRequest {
        name: name.clone(),
        ..Default::default()
    };
    book.does("SupplyPapers", request, of_application).await;
    appraise(book, &name).await;
    let request = funding::ApproveApplicationRequest {
        name: name.clone(),
        approved_vnd: 80 * MILLION,
        decision_number: "15/QĐ-LMHTX".to_owned(),
        disbursement_date: Some(date(day("2024-03-20"))),
        ..Default::default()
    };
    let approver = person(book, "person:phe-duyet");
    book.does_as(&approver, "ApproveApplication", request, of_application)
        .await;
    let request = funding::DisburseApplicationRequest {
        name,
        amount_vnd: 80 * MILLION,
        bank_reference: "FT24080001".to_owned(),
        effective_date: Some(date(wall(NOW).date())),
        ..Default::default()
    };
    let disburser = person(book, "person:ke-toan");
    let of_transfer = |transfer: &funding::Transfer| transfer.name.clone();
    book.does_as(&disburser, "DisburseApplication", request, of_transfer)
        .await;
}

async fn appraise(book: &mut Book<'_>, name: &str) {
    let request = funding::AppraiseApplicationRequest {
        name: name.to_owned(),
        opinion: "Đủ điều kiện".to_owned(),
        ..Default::default()
    };
    let appraiser = person(book, "person:tham-dinh");
    book.does_as(&appraiser, "AppraiseApplication", request, of_application)
        .await;
}

fn person(book: &Book<'_>, subject: &str) -> Actor {
    book.actor(&Token::new(subject, "funding.*"))
}

fn of_application(application: &funding::Application) -> String {
    application.name.clone()
}
