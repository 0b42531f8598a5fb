//! Inviting, and the answers that officers take.

use std::collections::HashSet;

use lienminh_proto::events::v1::{
    AnswerInvitationRequest, AnswerSource, BatchInviteRequest, Event, InvitationState,
    ListInvitationsRequest,
};
use lienminh_proto::obligation::v1::Position;
use tonic::Code;

use crate::house;
use crate::samples::{
    announced, at, ceremony, fields, invitations, organisation, organisations, reason, request_id,
    reschedule,
};

fn answer(event: &Event, n: u16, state: InvitationState) -> AnswerInvitationRequest {
    AnswerInvitationRequest {
        name: event.name.clone(),
        organisation: organisation(n),
        state: state.into(),
        attendees: 0,
        attendee_names: String::new(),
        request_id: request_id(),
    }
}

#[tokio::test]
async fn a_thousand_are_invited_at_once_each_with_a_code_of_its_own() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 3).await;
    let request = BatchInviteRequest {
        parent: event.name.clone(),
        organisations: organisations(1_000),
        positions: vec![Position::Director.into(), Position::Chair.into()],
        request_id: request_id(),
    };
    let invited = desk
        .events
        .batch_invite(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!((invited.invited, invited.already_invited), (997, 3));

    let mut codes = HashSet::new();
    let mut token = String::new();
    loop {
        let request = ListInvitationsRequest {
            parent: event.name.clone(),
            page_size: 200,
            page_token: token,
        };
        let page = desk
            .events
            .list_invitations(request)
            .await
            .unwrap()
            .into_inner();
        codes.extend(page.invitations.into_iter().map(|each| each.answer_code));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(codes.len(), 1_000);
    assert!(codes.iter().all(|code| code.len() == 6));
}

#[tokio::test]
async fn who_was_invited_before_is_left_as_is() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let accepted = answer(&event, 1, InvitationState::Accepted);
    desk.events.answer_invitation(accepted).await.unwrap();
    let before = invitations(&desk, &event).await;
    let request = BatchInviteRequest {
        parent: event.name.clone(),
        organisations: vec![organisation(1), organisation(1)],
        positions: vec![Position::Accountant.into()],
        request_id: request_id(),
    };
    let invited = desk
        .events
        .batch_invite(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!((invited.invited, invited.already_invited), (0, 1));
    assert_eq!(invitations(&desk, &event).await, before);
}

#[tokio::test]
async fn more_than_a_thousand_invitees_are_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let request = BatchInviteRequest {
        parent: event.name,
        organisations: organisations(1_001),
        request_id: request_id(),
        ..BatchInviteRequest::default()
    };
    let refused = desk.events.batch_invite(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["organisations"]);
}

#[tokio::test]
async fn case_29_declined_then_accepted_again_until_the_start() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let no = answer(&event, 1, InvitationState::Declined);
    let declined = desk
        .events
        .answer_invitation(no)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(declined.state(), InvitationState::Declined);
    assert_eq!(declined.answered_by(), AnswerSource::Officer);
    let yes = AnswerInvitationRequest {
        attendees: 2,
        ..answer(&event, 1, InvitationState::Accepted)
    };
    let accepted = desk
        .events
        .answer_invitation(yes)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (accepted.state(), accepted.attendees),
        (InvitationState::Accepted, 2)
    );

    house.at("2024-03-29T00:30:00Z");
    let late = answer(&event, 1, InvitationState::Declined);
    let refused = desk.events.answer_invitation(late).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "ANSWERS_CLOSED".into())
    );
}

#[tokio::test]
async fn case_29_a_move_keeps_every_answer() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 2).await;
    let yes = answer(&event, 1, InvitationState::Accepted);
    desk.events.answer_invitation(yes).await.unwrap();
    let before = invitations(&desk, &event).await;
    let elsewhen = reschedule(&event, at("2024-04-02T07:30:00+07"));
    desk.events.reschedule_event(elsewhen).await.unwrap();
    assert_eq!(invitations(&desk, &event).await, before);
}

#[tokio::test]
async fn a_bound_caller_answers_for_its_own_organisation_only() {
    let house = house::open().await;
    let officer = house.officer();
    let event = announced(&officer, ceremony(), 2).await;
    let mut own = house.bound_to(&organisation(1));
    let yes = answer(&event, 1, InvitationState::Accepted);
    let answered = own.events.answer_invitation(yes).await.unwrap();
    assert_eq!(
        answered.into_inner().answered_by(),
        AnswerSource::Member,
        "no officer said so"
    );

    let existing = answer(&event, 2, InvitationState::Accepted);
    let missing = answer(&event, 77, InvitationState::Accepted);
    let existing = own.events.answer_invitation(existing).await.unwrap_err();
    let missing = own.events.answer_invitation(missing).await.unwrap_err();
    assert_eq!(
        reason(&existing),
        (Code::PermissionDenied, "OTHER_ORGANISATION".into())
    );
    assert_eq!(reason(&existing), reason(&missing));
    assert_eq!(existing.message(), missing.message());

    let others = invitations(&officer, &event).await.remove(1);
    let by_name = AnswerInvitationRequest {
        name: others.name,
        organisation: String::new(),
        ..answer(&event, 2, InvitationState::Declined)
    };
    let refused = own.events.answer_invitation(by_name).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(
        invitations(&officer, &event).await[1].state(),
        InvitationState::Invited
    );
}

#[tokio::test]
async fn an_invitation_of_another_event_is_not_found_under_this_one() {
    let house = house::open().await;
    let mut desk = house.officer();
    let (one, two) = (
        announced(&desk, ceremony(), 1).await,
        announced(&desk, ceremony(), 1).await,
    );
    let id = invitations(&desk, &one).await[0]
        .name
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let crossed = AnswerInvitationRequest {
        name: format!("{}/invitations/{id}", two.name),
        ..answer(&one, 1, InvitationState::Accepted)
    };
    let refused = desk.events.answer_invitation(crossed).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}
