//! Who is invited, and what they answer.

use anyhow::ensure;
use lienminh_proto::events::v1::{
    AnswerInvitationRequest, AnswerSource, BatchInviteRequest, EventState, Invitation,
    InvitationState, ListInvitationsRequest,
};

use super::super::{call, find, table, told, words};
use super::tell;
use crate::args::{AnswerFor, Coming, Invite};
use crate::connect::{Clients, PAGE, every};
use crate::language::phrase;
use crate::load::{Directory, fresh_request_id};
use crate::proto_values::local;
use crate::screen::{say, warn};

pub(super) async fn invite(clients: &Clients, command: Invite) -> anyhow::Result<()> {
    let parent = find::event(clients, &command.event).await?;
    let named = &command.organisations;
    let organisations = find::chosen(clients, named, command.members, &command.cluster).await?;
    ensure!(
        !organisations.is_empty(),
        phrase!(
            "chưa ghi mời ai: ghi mã đơn vị, hoặc --members, hoặc --cluster CỤM",
            "nobody to invite: give roster codes, --members or --cluster CLUSTER"
        )
    );
    let request = BatchInviteRequest {
        parent: parent.clone(),
        organisations,
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let answer = clients.events().batch_invite(request).await?.into_inner();
    let event = find::read_event(clients, parent).await?;
    tell(&event);
    warn(&answer.warnings);
    let (now, before) = (answer.invited, answer.already_invited);
    say!(
        "{}",
        phrase!(
            "đã mời thêm {now} đơn vị; {before} đơn vị đã được mời từ trước",
            "{now} organisations invited; {before} had been invited before"
        )
    );
    if event.state() == EventState::Scheduled && now > 0 {
        told::of_change(clients, &event.name, &event.title, event.anchor_version).await;
    }
    Ok(())
}

/// Those who have not answered stand first: they are the ones to call.
pub(super) async fn list(clients: &Clients, wanted: &str) -> anyhow::Result<()> {
    let name = find::event(clients, wanted).await?;
    tell(&find::read_event(clients, name.clone()).await?);
    let directory = Directory::read(clients).await?;
    let mut invitations = invitations(clients, &name).await?;
    invitations
        .sort_by_cached_key(|each| (each.state(), find::label_in(&directory, &each.organisation)));
    let silent = invitations
        .iter()
        .filter(|each| each.state() == InvitationState::Invited)
        .map(|each| each.organisation.clone());
    // Whoever may not read people sees the answers all the same.
    let numbers = call::whom(clients, &silent.collect::<Vec<_>>()).await;
    let numbers = numbers.unwrap_or_default();
    let mut rows = table::with_headings(&[
        &phrase!("đơn vị", "organisation"),
        &phrase!("trả lời", "answer"),
        &phrase!("gọi ai", "call"),
        &phrase!("số người", "people"),
        &phrase!("ai dự", "who comes"),
        &phrase!("lúc", "at"),
        &phrase!("qua", "by"),
    ]);
    for each in &invitations {
        let people = Some(each.attendees).filter(|people| *people > 0);
        rows.add_row([
            find::label_in(&directory, &each.organisation),
            words::invitation(each.state()),
            numbers.get(&each.organisation).cloned().unwrap_or_default(),
            people.map(|people| people.to_string()).unwrap_or_default(),
            each.attendee_names.clone(),
            table::at(each.answer_time.as_ref().and_then(local)),
            by(each.answered_by()),
        ]);
    }
    table::show(
        &rows,
        &phrase!(
            "chưa mời đơn vị nào; mời bằng: lienminh event invite",
            "nobody is invited yet; invite with: lienminh event invite"
        ),
    );
    let states = invitations
        .iter()
        .map(|each| words::invitation(each.state()));
    say!("{}", table::sums(states));
    Ok(())
}

async fn invitations(clients: &Clients, parent: &str) -> Result<Vec<Invitation>, tonic::Status> {
    every(|page_token| async move {
        let request = ListInvitationsRequest {
            parent: parent.to_owned(),
            page_size: PAGE,
            page_token,
        };
        let page = clients
            .events()
            .list_invitations(request)
            .await?
            .into_inner();
        Ok((page.invitations, page.next_page_token))
    })
    .await
}

fn by(source: AnswerSource) -> String {
    match source {
        AnswerSource::Unspecified => String::new(),
        AnswerSource::Page => phrase!("liên kết", "link"),
        AnswerSource::Code => phrase!("mã số", "code"),
        AnswerSource::Officer => phrase!("cán bộ", "officer"),
        AnswerSource::Member => phrase!("tài khoản của đơn vị", "the member itself"),
    }
}

pub(super) async fn record(clients: &Clients, command: AnswerFor) -> anyhow::Result<()> {
    let name = find::event(clients, &command.event).await?;
    let organisation = find::organisation(clients, &command.organisation).await?;
    let state = match command.answer {
        Coming::Yes => InvitationState::Accepted,
        Coming::No => InvitationState::Declined,
    };
    let request = AnswerInvitationRequest {
        name: name.clone(),
        organisation: organisation.name.clone(),
        state: state.into(),
        attendees: command.attendees,
        attendee_names: command.names,
        request_id: fresh_request_id(),
    };
    let answered = clients.events().answer_invitation(request).await?;
    tell(&find::read_event(clients, name).await?);
    let state = words::invitation(answered.get_ref().state());
    say!("{}: {state}", find::label(&organisation));
    Ok(())
}
