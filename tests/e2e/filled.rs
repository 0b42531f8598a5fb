//! Databases that the programs of an earlier day have filled, as `tests/surface/filled` keeps them,
//! are migrated and served by today's: what was mailed then still answers.
//!
//! They are recorded only where they are missing: whoever wants newer ones deletes the folder
//! and records (`make surface`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use lienminh_cli::load::fresh_request_id;
use lienminh_local::sms::Receipt;
use lienminh_local::smtp::Behaviour;
use lienminh_local::{ServiceName, Stage, StageOptions};
use lienminh_proto::events::v1 as events;
use lienminh_proto::funding::v1 as funding;
use lienminh_proto::notifier::v1 as notifier;
use lienminh_tests::demo::join;
use lienminh_tests::surface::Surface;

use crate::done::{invitation, invitation_of};
use crate::house::{House, at, local, options, through, until};
use crate::member::{AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM, Member};
use crate::money::{MILLION, Office};

const FOLDER: &str = "filled";

/// When the earlier programs were stopped, in the middle of everything.
const END: &str = "2024-03-06T12:00";

const EVENT: &str = "Hội thảo";
const DEADLINE: &str = "Báo cáo quý I";

/// Its mobile takes nothing.
const SON_HA: Member = Member::new("S", "Sơn Hà").phone("0590000021");

/// Has neither mailbox nor telephone.
const HOA_LU: Member = Member::new("M5", "Hoa Lư");

/// What was known when they were filled.
type Known = BTreeMap<String, String>;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_last_surface_is_migrated_and_its_links_and_codes_answer() {
    let surface = Surface::committed();
    let known = surface.read("filled/known.json");
    if surface.records() && known.is_err() {
        return fill(&surface).await;
    }
    let known: Known = serde_json::from_str(&known.unwrap()).unwrap();
    let house = served(&surface).await;
    the_link_answers(&house, &known).await;
    the_code_answers(&house, &known).await;
    the_rest_is_there(&house, &known).await;
}

/// The suite of today on what was kept.
async fn served(surface: &Surface) -> House {
    let stage = Stage::prepare(&StageOptions::stepped(local(END)))
        .await
        .unwrap();
    let folder = surface.folder().join(FOLDER);
    copy(&folder.join("auth"), &stage.suite().auth_folder());
    for service in ServiceName::ALL {
        let dump = surface.read(&format!("{FOLDER}/{service}.sql")).unwrap();
        let name = &stage.database(service).name;
        let script = format!("\\connect \"{name}\"\n{dump}");
        stage.postgres().psql(&script, &[]).await.unwrap();
    }
    stage.suite().start().await.unwrap();
    let house = House::before(stage);
    release(&house).await;
    house
}

/// The notifier sees that its database has come from elsewhere and sends nothing before somebody
/// says what was accepted: here everything that its rows say.
async fn release(house: &House) {
    until("the sources are compared with", async || {
        let hold = house
            .officer
            .hold()
            .get_hold(notifier::GetHoldRequest {})
            .await;
        hold.unwrap().into_inner().compared
    })
    .await;
    let request = notifier::ReleaseHoldRequest {
        complete_channels: vec![
            notifier::Channel::Email.into(),
            notifier::Channel::Sms.into(),
        ],
        request_id: fresh_request_id(),
        ..Default::default()
    };
    house.officer.hold().release_hold(request).await.unwrap();
}

async fn the_link_answers(house: &House, known: &Known) {
    let pages = house.stage.suite().address(ServiceName::Events).public;
    let page = format!("http://{pages}/r/{}", known["token"]);
    let browser = reqwest::Client::new();
    let shown = browser.get(&page).send().await.unwrap();
    assert_eq!(shown.status(), 200);
    assert!(shown.text().await.unwrap().contains(EVENT));
    let sent = browser
        .post(&page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("answer=yes&attendees=2")
        .send();
    assert_eq!(sent.await.unwrap().status(), 200);
    let first = invitation_of(house, &known["event"], &known["M1"]).await;
    assert_eq!(first.state(), events::InvitationState::Accepted);
}

async fn the_code_answers(house: &House, known: &Known) {
    let request = events::AnswerByCodeRequest {
        code: known["code"].clone(),
        answer: events::CodeAnswer::No.into(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let answered = house.officer.answers().answer_by_code(request).await;
    assert_eq!(answered.unwrap().into_inner().organisation, known["M2"]);
    let second = invitation_of(house, &known["event"], &known["M2"]).await;
    assert_eq!(second.state(), events::InvitationState::Declined);
}

/// What was sent then is known, what was open goes on, and the sum holds.
async fn the_rest_is_there(house: &House, known: &Known) {
    assert_eq!(states(house).await, known["deliveries"]);
    let request = funding::GetApplicationRequest {
        name: known["application"].clone(),
    };
    let application = house.officer.funding().get_application(request).await;
    assert_eq!(application.unwrap().into_inner().requested_vnd, MILLION);
    let request = events::GetDeadlineRequest {
        name: known["deadline"].clone(),
        ..events::GetDeadlineRequest::default()
    };
    let deadline = house.officer.deadlines().get_deadline(request).await;
    assert_eq!(deadline.unwrap().into_inner().title, DEADLINE);
    let mut clock = house.stage.conductor().unwrap();
    clock.advance_to(local("2024-03-19T12:00")).await.unwrap();
    let letters = house.letters("anbinh@example.com");
    let reminded = letters.iter().any(|letter| letter.subject.contains(EVENT));
    assert!(reminded, "the ladder goes on");
    house.the_sum_holds().await;
}

/// How many rows stand in which state.
async fn states(house: &House) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in join::rows(&house.officer).await.unwrap() {
        let state = notifier::DeliveryState::as_str_name(&row.state());
        *counts.entry(state).or_default() += 1;
    }
    let counts = counts
        .into_iter()
        .map(|(state, count)| format!("{state} {count}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// Fills the databases of today's programs and keeps them.
async fn fill(surface: &Surface) {
    let members = [AN_BINH, BINH_MINH, CAO_NGUYEN, DONG_TAM, HOA_LU, SON_HA];
    let house = House::with(&options(), &members).await;
    house.stage.sms().rules().set("0590000021", Receipt::Failed);
    house
        .stage
        .smtp()
        .rules()
        .set("dongtam@example.com", Behaviour::RefuseRecipient(550));
    let mut office = Office::of(house, 100 * MILLION).await;
    let application = office.approved("M1", MILLION).await;
    let house = &mut office.house;
    let codes = ["M1", "M2", "M3", "M4", "M5", "S"];
    let event = house
        .announce("seminar", EVENT, Some(at("2024-03-22T08:00")), &codes)
        .await;
    let deadline = house
        .demand(DEADLINE, through("2024-03-25"), &["M1", "M2"])
        .await;
    house.to(END).await;
    let page = house
        .letters("anbinh@example.com")
        .iter()
        .find(|letter| letter.subject.contains(EVENT))
        .unwrap()
        .page();
    let second = invitation(house, &event.name, "M2").await;
    let known = [
        ("token", page.rsplit('/').next().unwrap().to_owned()),
        ("code", second.answer_code.clone()),
        ("event", event.name),
        ("deadline", deadline.name),
        ("application", application),
        ("deliveries", states(house).await),
        ("M1", house.member("M1")),
        ("M2", house.member("M2")),
    ];
    let known: Known = known.map(|(name, value)| (name.to_owned(), value)).into();
    keep(&office.house, surface, &known).await;
}

async fn keep(house: &House, surface: &Surface, known: &Known) {
    let folder = surface.folder().join(FOLDER);
    for service in ServiceName::ALL {
        house.stage.suite().stop(service).await.unwrap();
    }
    copy(&house.stage.suite().auth_folder(), &folder.join("auth"));
    for service in ServiceName::ALL {
        surface
            .hold(
                &format!("{FOLDER}/{service}.sql"),
                &dump(&house.stage, service),
            )
            .unwrap();
    }
    let text = serde_json::to_string_pretty(known).unwrap() + "\n";
    surface
        .hold(&format!("{FOLDER}/known.json"), &text)
        .unwrap();
}

/// Schema, rows, owners and grants as SQL.
fn dump(stage: &Stage, service: ServiceName) -> String {
    let postgres = stage.postgres();
    let output = Command::new(postgres.programs.join("pg_dump"))
        .arg("--dbname")
        .arg(postgres.url(&stage.database(service).name))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A folder with what is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}
