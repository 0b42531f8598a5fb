//! `lienminh organisation`: rosters in, organisations out.

use anyhow::bail;
use comfy_table::Table;
use lienminh_proto::registry::v1::{
    AdmitMemberRequest, CreateOrganisationRequest, MembershipKind, MembershipState,
    Organisation as Body, RowOutcome, RowReport,
};

use super::{contact, find, table};
use crate::args::{AddOrganisation, Admit, Organisation};
use crate::connect::Clients;
use crate::files::{BadFile, Problem, roster};
use crate::language::phrase;
use crate::load;
use crate::load::roster::{How, Imported};
use crate::load::{Progress, fresh_request_id};
use crate::proto_values::{civil, date};
use crate::screen::say;

pub(super) async fn run(clients: &Clients, command: Organisation) -> anyhow::Result<()> {
    match command {
        Organisation::Add(new) => add(clients, new).await,
        Organisation::Show { organisation } => {
            let found = find::organisation(clients, &organisation).await?;
            tell(&found);
            contact::list(clients, found.name).await
        }
        Organisation::Admit(admit) => admit_member(clients, admit).await,
        Organisation::Import {
            file,
            good_rows,
            confirm,
            check,
        } => {
            let how = How {
                good_rows,
                check_only: check,
                confirmations: &confirm,
            };
            import(clients, &file, how).await
        }
        Organisation::Search { query } => search(clients, &query.join(" ")).await,
    }
}

async fn add(clients: &Clients, new: AddOrganisation) -> anyhow::Result<()> {
    let parent = match &new.parent {
        Some(parent) => find::organisation(clients, parent).await?.name,
        None => String::new(),
    };
    let organisation = Body {
        kind: new.kind.into(),
        display_name: new.display_name,
        roster_code: new.code,
        tax_code: new.tax_code,
        address: new.address,
        locality: new.locality,
        province_code: new.province,
        cluster: new.cluster,
        parent,
        ..Default::default()
    };
    let request = CreateOrganisationRequest {
        organisation: Some(organisation),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    tell(
        clients
            .organisations()
            .create_organisation(request)
            .await?
            .get_ref(),
    );
    Ok(())
}

async fn admit_member(clients: &Clients, admit: Admit) -> anyhow::Result<()> {
    let kind = if admit.affiliate {
        MembershipKind::Affiliate
    } else {
        MembershipKind::Official
    };
    let request = AdmitMemberRequest {
        name: find::organisation(clients, &admit.organisation).await?.name,
        kind: kind.into(),
        decision_number: admit.decision,
        admit_date: Some(date(admit.date)),
        batch: admit.batch,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    tell(
        clients
            .organisations()
            .admit_member(request)
            .await?
            .get_ref(),
    );
    Ok(())
}

/// What an organisation is now: name, code, membership, resource name.
fn tell(organisation: &Body) {
    say!("{}\n{}", find::label(organisation), organisation.name);
    let Some(membership) = &organisation.membership else {
        return;
    };
    let since = membership.admit_date.as_ref().and_then(civil);
    let since = since.map(vietnam::dates::short).unwrap_or_default();
    let decision = &membership.decision_number;
    match membership.state() {
        MembershipState::Admitted => say!(
            "{}",
            phrase!(
                "thành viên từ {since}, quyết định {decision}",
                "member since {since}, decision {decision}"
            )
        ),
        MembershipState::Applicant => say!("{}", phrase!("đang xin kết nạp", "applicant")),
        MembershipState::Suspended => say!("{}", phrase!("tạm đình chỉ", "suspended")),
        MembershipState::Withdrawn => say!("{}", phrase!("đã ra khỏi Liên minh", "has left")),
        MembershipState::Unspecified => {}
    }
}

async fn import(clients: &Clients, file: &std::path::Path, how: How<'_>) -> anyhow::Result<()> {
    let roster = roster::read(file)?;
    if !roster.problems.is_empty() && !how.good_rows {
        return Err(BadFile::new(file, roster.problems).into());
    }
    let progress = Progress::over(roster.rows.len());
    let imported = load::roster::import(clients, &roster.rows, how, &progress).await?;
    progress.end();

    if !imported.remarked.is_empty() || !roster.problems.is_empty() {
        say!("{}", remarks(&roster.problems, &imported.remarked));
    }
    let refused = imported.refused() + roster.problems.len();
    say!("{}", summary(&imported, refused));
    if imported.waiting() > 0 {
        say!(
            "{}",
            phrase!(
                "xem các dòng đang chờ, rồi nạp lại với --confirm và mã ghi ở cuối mỗi dòng",
                "look at the waiting rows, then import again with --confirm and what stands beside each"
            )
        );
    }
    if refused + imported.waiting() > 0 && !how.good_rows {
        bail!(phrase!(
            "chưa ghi gì: sửa hoặc xác nhận các dòng trên, hoặc thêm --good-rows để ghi các dòng còn lại",
            "nothing was written: mend or confirm the lines above, or pass --good-rows to write the others"
        ));
    }
    Ok(())
}

/// What became of the rows; a roster that brings nothing new says so.
fn summary(imported: &Imported, refused: usize) -> String {
    let Imported {
        created,
        updated,
        contacts,
        unchanged,
        ..
    } = imported;
    let waiting = imported.waiting();
    if created + updated + contacts == 0 && *unchanged > 0 && refused + waiting == 0 {
        return phrase!(
            "không có gì mới: {unchanged} dòng giống hệt dữ liệu đã có",
            "nothing new: {unchanged} rows say what is there already"
        );
    }
    phrase!(
        "{created} đơn vị mới, {updated} đơn vị cập nhật, {contacts} đầu mối đã ghi, {unchanged} dòng không đổi, {refused} dòng bị từ chối, {waiting} dòng chờ xác nhận",
        "{created} organisations created, {updated} updated, {contacts} contacts written, {unchanged} rows unchanged, {refused} rows refused, {waiting} waiting"
    )
}

fn remarks(problems: &[Problem], remarked: &[RowReport]) -> Table {
    let mut rows = table::with_headings(&[
        &phrase!("dòng", "line"),
        "",
        &phrase!("cột", "field"),
        &phrase!("nhận xét", "remark"),
        &phrase!("mã xác nhận", "confirmation"),
    ]);
    for problem in problems {
        rows.add_row([
            problem.line.to_string(),
            phrase!("từ chối", "refused"),
            problem.field.clone(),
            problem.reason.clone(),
            String::new(),
        ]);
    }
    for report in remarked {
        let outcome = match report.outcome() {
            RowOutcome::Refused => phrase!("từ chối", "refused"),
            RowOutcome::Waiting => phrase!("chờ", "waiting"),
            RowOutcome::Unspecified
            | RowOutcome::Created
            | RowOutcome::Updated
            | RowOutcome::Unchanged => phrase!("nhận", "taken"),
        };
        rows.add_row([
            report.line.to_string(),
            outcome,
            report.fields.join("\n"),
            report.remarks.join("\n"),
            report.confirmation.clone(),
        ]);
    }
    rows
}

async fn search(clients: &Clients, query: &str) -> anyhow::Result<()> {
    let found = find::search(clients, query).await?;
    if found.is_empty() {
        say!(
            "{}",
            phrase!(
                "không có đơn vị nào khớp “{query}”",
                "no organisation fits \"{query}\""
            )
        );
        return Ok(());
    }
    let mut rows = table::with_headings(&[
        &phrase!("mã", "code"),
        &phrase!("đơn vị", "organisation"),
        &phrase!("mã số thuế", "tax code"),
        &phrase!("cụm", "cluster"),
        &phrase!("tên", "name"),
    ]);
    for organisation in found {
        rows.add_row([
            organisation.roster_code,
            organisation.display_name,
            organisation.tax_code,
            organisation.cluster,
            organisation.name,
        ]);
    }
    say!("{rows}");
    Ok(())
}
