//! `lienminh application`: applications for support and what is paid out.

use anyhow::bail;
use lienminh_proto::funding::v1::{
    Application, ApplicationState, DisburseApplicationRequest, GetApplicationRequest,
    ListApplicationsRequest,
};
use vietnam::money::Dong;

use super::{find, table, words};
use crate::args::{self, Disburse};
use crate::connect::{Clients, PAGE, every};
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::proto_values::date;
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: args::Application) -> anyhow::Result<()> {
    match command {
        args::Application::List => list(clients).await,
        args::Application::Disburse(what) => disburse(clients, what).await,
    }
}

async fn list(clients: &Clients) -> anyhow::Result<()> {
    let mut known = find::Known::default();
    let mut rows = table::with_headings(&[
        &phrase!("đơn vị", "applicant"),
        &phrase!("mục đích", "purpose"),
        &phrase!("tình trạng", "state"),
        &phrase!("đề nghị", "requested"),
        &phrase!("phê duyệt", "approved"),
        &phrase!("đã giải ngân", "disbursed"),
        &phrase!("hồ sơ", "application"),
    ]);
    for each in all(clients).await? {
        let applicant = known.of(clients, &each.applicant).await;
        rows.add_row([
            applicant.map_or_else(|| each.applicant.clone(), find::label),
            each.purpose.clone(),
            words::application(each.state()),
            Dong(each.requested_vnd).figures(),
            Dong(each.approved_vnd).figures(),
            Dong(each.disbursed_vnd).figures(),
            each.name,
        ]);
    }
    table::show(
        &rows,
        &phrase!("chưa có hồ sơ nào", "there are no applications"),
    );
    Ok(())
}

async fn all(clients: &Clients) -> Result<Vec<Application>, tonic::Status> {
    every(|page_token| async move {
        let request = ListApplicationsRequest {
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let page = clients
            .funding()
            .list_applications(request)
            .await?
            .into_inner();
        Ok((page.applications, page.next_page_token))
    })
    .await
}

async fn disburse(clients: &Clients, what: Disburse) -> anyhow::Result<()> {
    let name = meant(clients, &what.application).await?;
    let request = DisburseApplicationRequest {
        name: name.clone(),
        amount_vnd: what.amount,
        bank_reference: what.reference,
        effective_date: Some(date(what.date)),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    clients.funding().disburse_application(request).await?;
    let answer = clients
        .funding()
        .get_application(GetApplicationRequest { name })
        .await?;
    let after = answer.into_inner();
    let applicant = find::label_of(clients, &after.applicant).await;
    let (paid, now) = (
        Dong(what.amount).figures(),
        Dong(after.disbursed_vnd).figures(),
    );
    let approved = Dong(after.approved_vnd).figures();
    say!(
        "{}",
        phrase!(
            "{applicant}: đã ghi giải ngân {paid} đồng; đến nay {now} trên {approved} đồng",
            "{applicant}: {paid} đồng recorded as paid; so far {now} of {approved} đồng"
        )
    );
    Ok(())
}

/// By name, or the only one of an applicant that still has money to come.
async fn meant(clients: &Clients, wanted: &str) -> anyhow::Result<String> {
    if wanted.starts_with("applications/") {
        return Ok(wanted.to_owned());
    }
    let applicant = find::organisation(clients, wanted).await?;
    let of_applicant = |each: &Application| {
        each.applicant == applicant.name && each.state() == ApplicationState::Approved
    };
    let all = all(clients).await?;
    let found: Vec<&Application> = all.iter().filter(|each| of_applicant(each)).collect();
    let label = find::label(&applicant);
    match found.as_slice() {
        [only] => Ok(only.name.clone()),
        [] => bail!(phrase!(
            "{label} không có hồ sơ nào đã phê duyệt và chưa giải ngân xong; xem: lienminh application list",
            "{label} has no approved application that is still to be paid; see: lienminh application list"
        )),
        _ => bail!(phrase!(
            "{label} có nhiều hồ sơ, hãy ghi tên hồ sơ như lienminh application list in ra",
            "{label} has several applications, give the name that lienminh application list prints"
        )),
    }
}
