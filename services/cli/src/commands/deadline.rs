//! `lienminh deadline`: what is due by a day, who has submitted, and what an officer confirms.

use lienminh_proto::events::v1::{
    CancelDeadlineRequest, CompleteDeadlineRequest, CreateDeadlineRequest, Deadline, DeadlineState,
    ListSubmissionsRequest, RecordSubmissionRequest, RescheduleDeadlineRequest, Submission,
    SubmissionState,
};

use super::{call, find, table, told, words};
use crate::args::value::word;
use crate::args::{self, AddDeadline, MoveDeadline, Received};
use crate::connect::{Clients, PAGE, every};
use crate::files::plan::When;
use crate::language::phrase;
use crate::load::{Directory, fresh_request_id};
use crate::proto_values::{anchor, anchor_in_words, local};
use crate::screen::{say, warn};

pub(super) async fn run(clients: &Clients, command: args::Deadline) -> anyhow::Result<()> {
    match command {
        args::Deadline::Add(new) => add(clients, new).await,
        args::Deadline::Submissions { deadline } => submissions(clients, &deadline).await,
        args::Deadline::Received(what) => received(clients, what).await,
        args::Deadline::Move(to) => reschedule(clients, to).await,
        args::Deadline::Close { deadline } => close(clients, &deadline).await,
        args::Deadline::Cancel { deadline, reason } => cancel(clients, &deadline, reason).await,
    }
}

async fn add(clients: &Clients, new: AddDeadline) -> anyhow::Result<()> {
    let organiser = find::organisation(clients, &new.organiser).await?.name;
    let lead_unit = match &new.lead {
        Some(lead) => find::organisation(clients, lead).await?.name,
        None => organiser.clone(),
    };
    let deadline = Deadline {
        kind: word(&new.kind),
        title: new.title,
        short_title: new.short_title,
        anchor: Some(anchor(Some(&When::Day {
            date: new.day,
            before: new.before,
        }))),
        organiser,
        lead_unit,
        contents: new.contents,
        submit_to: new.submit_to,
        ..Default::default()
    };
    let request = CreateDeadlineRequest {
        deadline: Some(deadline),
        organisations: find::chosen(clients, &new.owed_by, new.members, &new.cluster).await?,
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let owed_by = request.organisations.len();
    let made = clients.deadlines().create_deadline(request).await?;
    tell(made.get_ref());
    if owed_by > 0 {
        say!(
            "{}",
            phrase!(
                "{owed_by} đơn vị phải nộp",
                "{owed_by} organisations owe it"
            )
        );
    }
    told_of(clients, made.get_ref()).await;
    Ok(())
}

async fn told_of(clients: &Clients, deadline: &Deadline) {
    told::of_change(
        clients,
        &deadline.name,
        &deadline.title,
        deadline.anchor_version,
    )
    .await;
}

const fn through(date: jiff::civil::Date) -> When {
    When::Day {
        date,
        before: false,
    }
}

/// Those of whom nothing came stand first.
async fn submissions(clients: &Clients, wanted: &str) -> anyhow::Result<()> {
    let name = find::deadline(clients, wanted).await?;
    let deadline = find::read_deadline(clients, name.clone()).await?;
    tell(&deadline);
    let mut submissions = all(clients, &name).await?;
    if submissions.is_empty() {
        nobody_owes(clients, &deadline).await;
        return Ok(());
    }
    let directory = Directory::read(clients).await?;
    submissions
        .sort_by_cached_key(|each| (each.state(), find::label_in(&directory, &each.organisation)));
    let silent = submissions
        .iter()
        .filter(|each| each.state() == SubmissionState::Awaited)
        .map(|each| each.organisation.clone());
    // Whoever may not read people sees the submissions all the same.
    let numbers = call::whom(clients, &silent.collect::<Vec<_>>()).await;
    let numbers = numbers.unwrap_or_default();
    let mut rows = table::with_headings(&[
        &phrase!("đơn vị", "organisation"),
        &phrase!("tình trạng", "state"),
        &phrase!("gọi ai", "call"),
        &phrase!("lúc", "at"),
        &phrase!("ghi chú", "remark"),
    ]);
    for each in &submissions {
        rows.add_row([
            find::label_in(&directory, &each.organisation),
            words::submission(each.state()),
            numbers.get(&each.organisation).cloned().unwrap_or_default(),
            table::at(each.state_time.as_ref().and_then(local)),
            each.remark.clone(),
        ]);
    }
    say!("{rows}");
    let states = submissions
        .iter()
        .map(|each| words::submission(each.state()));
    say!("{}", table::sums(states));
    Ok(())
}

/// Why the list is empty, and who does it instead.
async fn nobody_owes(clients: &Clients, deadline: &Deadline) {
    let lead = find::label_of(clients, &deadline.lead_unit).await;
    let title = &deadline.title;
    say!(
        "{}",
        phrase!(
            "Không có đơn vị nào phải nộp: việc này do {lead} thực hiện. Khi xong: lienminh deadline close \"{title}\"",
            "No organisation owes anything: {lead} does this. Once it is done: lienminh deadline close \"{title}\""
        )
    );
}

async fn all(clients: &Clients, parent: &str) -> Result<Vec<Submission>, tonic::Status> {
    every(|page_token| async move {
        let request = ListSubmissionsRequest {
            parent: parent.to_owned(),
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let page = clients
            .deadlines()
            .list_submissions(request)
            .await?
            .into_inner();
        Ok((page.submissions, page.next_page_token))
    })
    .await
}

async fn received(clients: &Clients, what: Received) -> anyhow::Result<()> {
    let parent = find::deadline(clients, &what.deadline).await?;
    let organisation = find::organisation(clients, &what.organisation).await?;
    let state = if what.exempt {
        SubmissionState::Exempt
    } else {
        SubmissionState::Submitted
    };
    let request = RecordSubmissionRequest {
        parent: parent.clone(),
        organisation: organisation.name.clone(),
        state: state.into(),
        remark: what.remark,
        request_id: fresh_request_id(),
    };
    let recorded = clients.deadlines().record_submission(request).await?;
    tell(&find::read_deadline(clients, parent).await?);
    let state = words::submission(recorded.get_ref().state());
    say!("{}: {state}", find::label(&organisation));
    Ok(())
}

async fn reschedule(clients: &Clients, to: MoveDeadline) -> anyhow::Result<()> {
    let request = RescheduleDeadlineRequest {
        name: find::deadline(clients, &to.deadline).await?,
        anchor: Some(anchor(Some(&through(to.to)))),
        reason: to.reason,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let changed = clients.deadlines().reschedule_deadline(request).await?;
    tell(changed.get_ref());
    told_of(clients, changed.get_ref()).await;
    Ok(())
}

async fn close(clients: &Clients, wanted: &str) -> anyhow::Result<()> {
    let request = CompleteDeadlineRequest {
        name: find::deadline(clients, wanted).await?,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    tell(
        clients
            .deadlines()
            .complete_deadline(request)
            .await?
            .get_ref(),
    );
    Ok(())
}

async fn cancel(clients: &Clients, wanted: &str, reason: String) -> anyhow::Result<()> {
    let request = CancelDeadlineRequest {
        name: find::deadline(clients, wanted).await?,
        reason,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let changed = clients.deadlines().cancel_deadline(request).await?;
    tell(changed.get_ref());
    told_of(clients, changed.get_ref()).await;
    Ok(())
}

/// What a deadline is now: title, until when, state, name; and what to look at again.
fn tell(deadline: &Deadline) {
    let when = anchor_in_words(deadline.anchor.as_ref());
    let state = match deadline.state() {
        DeadlineState::Unspecified => String::new(),
        DeadlineState::Open => phrase!("đang mở", "open"),
        DeadlineState::Closed => phrase!("đã kết thúc", "closed"),
        DeadlineState::Cancelled => phrase!("đã bãi bỏ", "cancelled"),
    };
    say!("{} ({when}): {state}\n{}", deadline.title, deadline.name);
    warn(&deadline.warnings);
}
