//! `lienminh plan`: plans in, plans out.

mod again;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use lienminh_proto::events::v1::{self as events, ListPlansRequest, LoadPlanRequest};
use vietnam::docnum::DocumentNumber;

use super::table;
use crate::args::Plan;
use crate::connect::{Clients, PAGE, every};
use crate::files::plan::PlanFile;
use crate::files::{BadFile, Problem, plan};
use crate::language::phrase;
use crate::load::{self, Directory};
use crate::proto_values::civil;
use crate::screen::{say, warn};

pub(super) async fn run(clients: &Clients, command: Plan) -> anyhow::Result<()> {
    match command {
        Plan::Load {
            file,
            announce,
            check,
        } => load_file(clients, &file, announce, check).await,
        Plan::List => list(clients).await,
    }
}

async fn load_file(
    clients: &Clients,
    path: &Path,
    announce: bool,
    check: bool,
) -> anyhow::Result<()> {
    let plan::Read { file, problems } = plan::read_all(path)?;
    let Some(file) = file else {
        return Err(BadFile::new(path, problems).into());
    };
    let known = known(clients).await;
    let (directory, plans) = match known {
        Ok(known) => known,
        // The form can be told all the same.
        Err(_) if !problems.is_empty() => return Err(BadFile::new(path, problems).into()),
        Err(status) => return Err(status.into()),
    };
    let loaded = plans
        .iter()
        .find(|known| is_the_same(known, &file, &directory));
    if let Some(known) = loaded.filter(|_| problems.is_empty()) {
        let number = number(known);
        say!(
            "{}",
            phrase!(
                "kế hoạch {number} đã được nạp trước đó",
                "the plan {number} was loaded before"
            )
        );
        return match announce && !check {
            true => again::announce(clients, &known.name, &file, &directory).await,
            false => Ok(()),
        };
    }
    let parents = plans.iter().map(|plan| (number(plan), plan.name.clone()));
    let found = checked(clients, &file, &directory, &parents.collect(), problems).await?;
    let request = found.map_err(|problems| BadFile::new(path, problems))?;
    let items = file.items.len();
    if check {
        let path = path.display();
        say!(
            "{}",
            phrase!(
                "{path}: {items} nội dung, không có gì sai",
                "{path}: {items} items, nothing wrong"
            )
        );
        return Ok(());
    }
    let request = LoadPlanRequest {
        announce,
        ..request
    };
    let loaded = load::plan::load(clients, &file, request).await?;
    let (name, events, deadlines) = (&loaded.plan, loaded.events.len(), loaded.deadlines.len());
    say!(
        "{}",
        phrase!(
            "{name}: {items} nội dung, {events} hoạt động, {deadlines} thời hạn",
            "{name}: {items} items, {events} events, {deadlines} deadlines"
        )
    );
    warn(&loaded.warnings);
    if !announce && events + deadlines > 0 {
        say!(
            "{}",
            phrase!(
                "Chưa ai được báo; --announce thông báo các hoạt động và mở các thời hạn.",
                "Nobody is told anything yet; --announce announces the events and opens the deadlines."
            )
        );
    }
    Ok(())
}

/// What a plan is checked against.
async fn known(clients: &Clients) -> Result<(Directory, Vec<events::Plan>), tonic::Status> {
    Ok((Directory::read(clients).await?, all(clients).await?))
}

/// What the service takes; else everything that is wrong: with the form, which was read before, with
/// codes that nobody has, and what the service refuses.
///
/// # Errors
/// The service refuses the whole.
async fn checked(
    clients: &Clients,
    file: &PlanFile,
    directory: &Directory,
    parents: &BTreeMap<String, String>,
    mut problems: Vec<Problem>,
) -> Result<Result<LoadPlanRequest, Vec<Problem>>, tonic::Status> {
    problems.extend(load::plan::unknown_codes(file, directory, parents));
    // Where nobody has the issuer's code another one stands in, so that the rest is looked at.
    let any = directory.iter().next().map(|any| any.name.clone());
    let organiser = directory.name(&file.issuer).or(any).unwrap_or_default();
    let request = load::plan::request(file, directory, &organiser, parents);
    let check = LoadPlanRequest {
        announce: true,
        validate_only: true,
        ..request.clone()
    };
    if let Err(status) = clients.plans().load_plan(check).await {
        let refused = load::plan::refused(file, &status);
        if refused.is_empty() && problems.is_empty() {
            return Err(status);
        }
        problems.extend(refused);
    }
    if problems.is_empty() {
        return Ok(Ok(request));
    }
    // A field that was told of is told of once.
    let mut told = HashSet::new();
    problems.retain(|problem| told.insert((problem.line, problem.field.clone())));
    Ok(Err(problems))
}

/// The same number of the same issuer in the same year.
fn is_the_same(known: &events::Plan, file: &PlanFile, directory: &Directory) -> bool {
    let document = known.document.as_ref();
    let date = document.and_then(|document| document.date.as_ref());
    let year = date.and_then(civil).map(|date| date.year());
    let normal = DocumentNumber::parse(&file.number).map(|parsed| parsed.normal());
    directory.name(&file.issuer).as_ref() == Some(&known.issuer)
        && normal.is_ok_and(|normal| normal == number(known))
        && year == file.date.map(|date| date.year())
}

async fn all(clients: &Clients) -> Result<Vec<events::Plan>, tonic::Status> {
    every(|page_token| async move {
        let request = ListPlansRequest {
            page_size: PAGE,
            page_token,
        };
        let page = clients.plans().list_plans(request).await?.into_inner();
        Ok((page.plans, page.next_page_token))
    })
    .await
}

fn number(plan: &events::Plan) -> String {
    let document = plan.document.as_ref();
    document
        .map(|document| document.number.clone())
        .unwrap_or_default()
}

async fn list(clients: &Clients) -> anyhow::Result<()> {
    let mut rows = table::with_headings(&[
        &phrase!("số", "number"),
        &phrase!("tiêu đề", "title"),
        &phrase!("tên", "name"),
    ]);
    for plan in all(clients).await? {
        rows.add_row([number(&plan), plan.title, plan.name]);
    }
    table::show(
        &rows,
        &phrase!("chưa có kế hoạch nào", "there are no plans"),
    );
    Ok(())
}
