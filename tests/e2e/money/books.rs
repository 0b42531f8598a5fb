//! Whatever a program does, the database keeps the books: the same statements that a faulty
//! service, whoever has its password, or a tired administrator might issue.

use lienminh_local::ServiceName;
use lienminh_proto::funding::v1::LedgerFault;
use tokio_postgres::{Client, NoTls};
use tonic::Code;

use super::{MILLION, Office, disburse};

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// With the rights that the service has.
async fn as_service(office: &Office) -> Client {
    let stage = &office.house.stage;
    connect(&stage.database(ServiceName::Funding).runtime_url).await
}

/// With the rights of the schema's owner, who may do more than the service.
async fn as_owner(office: &Office) -> Client {
    let stage = &office.house.stage;
    connect(&stage.database(ServiceName::Funding).owner_url).await
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap()
}

/// Posts a transfer that moves `moves` on the accounts of an application's programme.
fn posting(kind: &str, application: &str, reference: &str, moves: &[(&str, i64)]) -> String {
    let of = if kind == "budget" { "null" } else { "id" };
    let moves = moves
        .iter()
        .map(|(account, amount)| format!("('{account}', {amount}::bigint)"));
    format!(
        "with t as (
            insert into transfer (id, kind, programme_id, application_id, bank_reference, effective_on, posted_at, posted_by)
            select gen_random_uuid(), '{kind}', programme_id, {of}, {reference}, now(), now(), 'person:x'
            from application where id = '{}' returning id, programme_id)
        insert into entry (transfer_id, line, programme_id, account, amount_vnd, account_version, balance_after_vnd)
        select t.id, row_number() over (order by a.kind), t.programme_id, a.kind, m.amount, a.version + 1,
               a.balance_vnd + m.amount
        from t join account a on a.programme_id = t.programme_id
        join (values {}) m (kind, amount) on m.kind = a.kind;",
        id(application),
        moves.collect::<Vec<_>>().join(", ")
    )
}

/// Changes one application, as the next version of it.
fn step(application: &str, changes: &str) -> String {
    format!(
        "update application set version = version + 1, {changes} where id = '{}';",
        id(application)
    )
}

async fn refused_by(client: &Client, constraint: &str, statement: &str) {
    let refused = client.batch_execute(statement).await.expect_err(statement);
    let told = refused.as_db_error().unwrap_or_else(|| panic!("{refused}"));
    assert_eq!(told.constraint(), Some(constraint), "{statement}: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_what_would_falsify_the_books() {
    let office = Office::open(500 * MILLION).await;
    let name = office.approved("M1", 100 * MILLION).await;
    office.pay(&name, 40 * MILLION, "FT24080001").await;
    for same in ["FT24080001", "ft24080001", "FT 2408 0001", "FT-24.08/0001"] {
        let second = disburse(&name, 40 * MILLION, same);
        let refused = office
            .disburser
            .funding()
            .disburse_application(second)
            .await;
        let refused = refused.unwrap_err();
        let once = "a bank reference is used once";
        assert_eq!(refused.code(), Code::AlreadyExists, "{once}: {refused:?}");
    }

    let owner = as_owner(&office).await;
    for (constraint, statement) in [
        (
            "transfer_balances",
            posting("disbursement", &name, "'FT9'", &[("disbursed", 5)]),
        ),
        (
            "account_floor_held",
            posting(
                "disbursement",
                &name,
                "'FT8'",
                &[("committed", -900 * MILLION), ("disbursed", 900 * MILLION)],
            ),
        ),
        (
            "transfer_bank_reference_key",
            posting("disbursement", &name, "'FT24080001'", &[("disbursed", 5)]),
        ),
        (
            "transfer_bank_reference_key",
            posting(
                "disbursement",
                &name,
                "U&'ft 2408-000\\FF11'",
                &[("disbursed", 5)],
            ),
        ),
        (
            "transfer_not_ahead",
            posting("disbursement", &name, "'FT9'", &[("disbursed", 5)])
                .replace("now(), now()", "now() + interval '2 days', now()"),
        ),
    ] {
        refused_by(&owner, constraint, &statement).await;
    }
    for (constraint, statement) in [
        (
            "posted_stays_posted",
            "update transfer set posted_by = 'person:y'",
        ),
        (
            "posted_stays_posted",
            "update entry set amount_vnd = amount_vnd + 1",
        ),
        ("posted_stays_posted", "delete from entry"),
        ("posted_stays_posted", "truncate entry"),
        ("posted_stays_posted", "truncate transfer cascade"),
        ("posted_stays_posted", "delete from transfer"),
        (
            "posted_stays_posted",
            "update programme set budget_vnd = budget_vnd * 2",
        ),
        ("posted_stays_posted", "delete from application"),
        (
            "account_moves_with_its_entries",
            "update account set balance_vnd = balance_vnd + 1",
        ),
    ] {
        refused_by(&owner, constraint, statement).await;
    }
    // The service's own role may not even try.
    let service = as_service(&office).await;
    for statement in [
        "delete from entry",
        "update account set balance_vnd = 0",
        "update programme set budget_vnd = budget_vnd * 2",
        "update movement set into_it = 'disbursed'",
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

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_services_password_moves_no_money_without_what_justifies_it() {
    let office = Office::open(500 * MILLION).await;
    let paid = office.approved("M1", 100 * MILLION).await;
    office.pay(&paid, 40 * MILLION, "FT24080001").await;
    let waiting = office.submit("M4", 100 * MILLION).await;
    office.appraise(&waiting).await;
    let decide = |approver: &str, vnd: i64| {
        step(
            &waiting,
            &format!(
                "state = 'approved', approver = {approver}, approved_vnd = {vnd}, decision_number = '9/QĐ'"
            ),
        )
    };
    let into_budget = [("available", MILLION), ("budget", -MILLION)];
    let commit = [("available", -MILLION), ("committed", MILLION)];
    let pay = [("committed", -MILLION), ("disbursed", MILLION)];
    let service = as_service(&office).await;
    for (constraint, statement) in [
        // A budget beside the programme's own.
        (
            "transfer_one_budget",
            posting("budget", &paid, "null", &into_budget),
        ),
        (
            "programme_is_booked",
            "insert into programme (id, title, kind, budget_vnd, organiser_id, lead_unit_id, lender,
                 document_number_as_printed, document_title, created_at, version)
             select gen_random_uuid(), 'x', 'grant', 1, organiser_id, lead_unit_id, '', '', '', now(), 1
             from programme limit 1"
                .to_owned(),
        ),
        // An approval without its commitment, a commitment without its approval.
        ("application_is_booked", decide("'person:x'", 5)),
        (
            "transfer_is_justified",
            posting("commitment", &waiting, "null", &commit),
        ),
        (
            "transfer_one_commitment",
            posting("commitment", &paid, "null", &commit),
        ),
        (
            "application_is_booked",
            format!(
                "{}{}",
                decide("'person:x'", 2 * MILLION),
                posting("commitment", &waiting, "null", &commit)
            ),
        ),
        (
            "transfer_is_justified",
            format!(
                "{}{}",
                decide("'person:y'", MILLION),
                posting("commitment", &waiting, "null", &commit)
            ),
        ),
        // A payment that the application does not count, one that is not booked.
        (
            "transfer_is_justified",
            posting("disbursement", &paid, "'FT7'", &pay),
        ),
        (
            "application_is_booked",
            step(&paid, "disbursed_vnd = disbursed_vnd + 1"),
        ),
        (
            "transfer_moves_by_its_kind",
            posting("disbursement", &paid, "'FT6'", &commit),
        ),
        (
            "payment_follows_approval",
            format!(
                "{}{}",
                step(&paid, &format!("disbursed_vnd = disbursed_vnd + {MILLION}")),
                posting("disbursement", &paid, "'FT4'", &pay).replace("now(), now()", "'2024-02-29', now()")
            ),
        ),
        // The same two eyes, written another way.
        (
            "application_four_eyes",
            decide("' ' || upper(appraiser)", MILLION),
        ),
        (
            "application_four_eyes",
            decide("replace(appraiser, '-', '.') || U&'\\200B.'", MILLION),
        ),
        (
            "application_four_eyes",
            decide("replace(appraiser, 'tham', U&'\\FF54ham') || '+2'", MILLION),
        ),
        (
            "disburser_is_a_third_person",
            format!(
                "{}{}",
                step(&paid, &format!("disbursed_vnd = disbursed_vnd + {MILLION}")),
                posting("disbursement", &paid, "'FT5'", &pay).replace("person:x", "Person:Phe-Duyet ")
            ),
        ),
        // Another history.
        (
            "application_version_follows",
            format!("update application set opinion = 'x' where id = '{}'", id(&paid)),
        ),
        (
            "application_request_stays",
            step(&waiting, "requested_vnd = requested_vnd * 9"),
        ),
        (
            "application_decision_stays",
            step(&paid, "approver = 'person:x'"),
        ),
        (
            "application_steps_known",
            step(&paid, "state = 'appraised'"),
        ),
        (
            "application_comes_in",
            "insert into application (id, programme_id, applicant_id, purpose, requested_vnd, approved_vnd,
                 state, appraiser, approver, decision_number, created_at, updated_at, version)
             select gen_random_uuid(), programme_id, applicant_id, 'x', 5, 5, 'approved', 'a', 'b', '1', now(), now(), 1
             from application limit 1"
                .to_owned(),
        ),
        (
            "obligation_sequence_follows",
            "update obligation set last_day = last_day + 1".to_owned(),
        ),
    ] {
        refused_by(&service, constraint, &statement).await;
    }
    office.ledger_holds().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_moved_past_the_service_is_shown_with_its_figures() {
    let office = Office::open(500 * MILLION).await;
    let paid = office.approved("M1", 100 * MILLION).await;
    let transfer = office.pay(&paid, 40 * MILLION, "FT24080001").await.name;
    let waiting = office.submit("M4", 30 * MILLION).await;
    office.ledger_holds().await;

    // Everything by the book, only that nobody called: the database cannot tell, the audit does.
    let by_the_book = [
        step(&waiting, "state = 'appraised', appraiser = 'person:a'"),
        step(
            &waiting,
            "state = 'approved', approver = 'person:x', approved_vnd = 1000000, decision_number = '9/QĐ'",
        ),
        posting(
            "commitment",
            &waiting,
            "null",
            &[("available", -MILLION), ("committed", MILLION)],
        ),
    ];
    as_service(&office)
        .await
        .batch_execute(&by_the_book.concat())
        .await
        .unwrap();
    let verified = office.verify().await;
    let found = |differences: &[lienminh_proto::funding::v1::LedgerDifference]| {
        let told = differences.iter();
        told.map(|each| {
            (
                each.fault(),
                each.resource.clone(),
                each.expected_vnd,
                each.found_vnd,
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(verified.differences.len(), 1, "{verified:?}");
    let posted = &verified.differences[0];
    assert_eq!(
        (posted.fault(), posted.found_vnd),
        (LedgerFault::NotAudited, MILLION)
    );
    assert!(posted.resource.starts_with("transfers/"), "{posted:?}");

    // The owner can switch every guard off.
    let owner = as_owner(&office).await;
    let (application, posting_id) = (id(&paid), id(&transfer));
    let unguarded = ["transfer", "entry", "programme", "application", "account"]
        .map(|table| format!("alter table {table} disable trigger user;"))
        .concat();
    let tampering = format!(
        "update programme set budget_vnd = 900000000;
         update application set approved_vnd = 90000000, disbursed_vnd = 0, approver = upper(appraiser) || ' '
         where id = '{application}';
         delete from entry where transfer_id = '{posting_id}';
         delete from transfer where id = '{posting_id}';"
    );
    owner
        .batch_execute("alter table application drop constraint application_four_eyes")
        .await
        .unwrap();
    owner
        .batch_execute(&format!("{unguarded}{tampering}"))
        .await
        .unwrap();
    let verified = office.verify().await;
    let found = found(&verified.differences);
    let programme = office.programme.clone();
    for expected in [
        (LedgerFault::Budget, programme, 900 * MILLION, 500 * MILLION),
        (
            LedgerFault::Commitment,
            paid.clone(),
            90 * MILLION,
            100 * MILLION,
        ),
        (LedgerFault::OnePerson, paid.clone(), 0, 0),
        (LedgerFault::NotBooked, transfer, 0, 0),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    for fault in [LedgerFault::Account, LedgerFault::NotAudited] {
        assert!(
            found.iter().any(|each| each.0 == fault),
            "{fault:?} in {found:?}"
        );
    }
    let budget = verified
        .differences
        .iter()
        .find(|each| each.fault() == LedgerFault::Budget)
        .unwrap();
    assert!(budget.text.contains("900.000.000"), "{budget:?}");
}
