//! What the notifier asks: who is concerned now, and which obligations there are.

use std::collections::HashSet;

use lienminh_proto::events::v1::{
    AnswerInvitationRequest, BatchInviteRequest, Event, InvitationState,
};
use lienminh_proto::obligation::v1::{
    CheckPartiesRequest, ListObligationsRequest, PartyState, Position, StreamAudienceRequest,
};
use tonic::Code;

use crate::house::{self, Desk};
use crate::samples::{
    announced, at, audience, ceremony, collected, fields, invitations, obligation_of, organisation,
    organisations, parties, report, request_id, reschedule,
};

async fn answered(desk: &Desk, event: &Event, n: u16, state: InvitationState, attendees: i32) {
    let request = AnswerInvitationRequest {
        name: event.name.clone(),
        organisation: organisation(n),
        state: state.into(),
        attendees,
        attendee_names: String::new(),
        request_id: request_id(),
    };
    desk.events
        .clone()
        .answer_invitation(request)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_audience_comes_in_messages_of_two_hundred_in_order() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 450).await;
    let messages = audience(&desk, &event.name).await;
    let sizes: Vec<usize> = messages
        .iter()
        .map(|message| message.parties.len())
        .collect();
    assert_eq!(sizes, [200, 200, 50]);
    assert!(messages[0].obligation.is_some() && messages[1].obligation.is_none());
    let names: Vec<String> = messages
        .iter()
        .flat_map(|each| &each.parties)
        .map(|party| party.organisation.clone())
        .collect();
    assert_eq!(names, organisations(450));
    let tokens: HashSet<&str> = messages
        .iter()
        .flat_map(|each| &each.parties)
        .map(|party| party.reply_token.as_str())
        .collect();
    assert_eq!(tokens.len(), 450);
}

#[tokio::test]
async fn a_full_last_message_is_followed_by_an_end() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 200).await;
    let all = parties(&desk, &event.name).await;
    assert_eq!(all.len(), 200);
}

#[tokio::test]
async fn an_event_without_invitees_has_an_empty_audience() {
    let house = house::open().await;
    let desk = house.officer();
    let event = announced(&desk, ceremony(), 0).await;
    let messages = audience(&desk, &event.name).await;
    assert_eq!(messages.len(), 1);
    assert!(messages[0].obligation.is_some() && messages[0].parties.is_empty());
}

#[tokio::test]
async fn parties_tell_how_they_stand() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 2).await;
    let request = BatchInviteRequest {
        parent: event.name.clone(),
        organisations: vec![organisation(3)],
        positions: vec![Position::Director.into()],
        request_id: request_id(),
    };
    desk.events.batch_invite(request).await.unwrap();
    answered(&desk, &event, 1, InvitationState::Accepted, 4).await;
    answered(&desk, &event, 2, InvitationState::Declined, 0).await;
    let found = parties(&desk, &event.name).await;
    let states: Vec<PartyState> = found.iter().map(|party| party.state()).collect();
    assert_eq!(
        states,
        [
            PartyState::Confirmed,
            PartyState::Declined,
            PartyState::Concerned
        ]
    );
    assert_eq!(found[0].variables["attendees"], "4");
    assert!(found[0].state_time.is_some() && found[2].state_time.is_none());
    assert_eq!(found[2].positions, [i32::from(Position::Director)]);
    let codes: Vec<String> = invitations(&desk, &event)
        .await
        .into_iter()
        .map(|each| each.answer_code)
        .collect();
    let told: Vec<String> = found
        .iter()
        .map(|party| party.answer_code.clone())
        .collect();
    assert_eq!(told, codes);

    let elsewhen = reschedule(&event, at("2024-04-02T08:00:00+07"));
    desk.events.reschedule_event(elsewhen).await.unwrap();
    let kept = parties(&desk, &event.name).await;
    assert_eq!(kept[0].state(), PartyState::Confirmed);
    assert_eq!(kept[0].reason, "đã nhận lời theo lịch trước khi thay đổi");
}

#[tokio::test]
async fn readers_that_do_not_read_hold_no_connection() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1_000).await;
    let request = StreamAudienceRequest {
        obligation: obligation_of(&event.name),
    };
    let mut idle = Vec::new();
    // More than the pool has connections.
    for _ in 0..12 {
        idle.push(
            desk.source
                .stream_audience(request.clone())
                .await
                .unwrap()
                .into_inner(),
        );
    }
    let check = CheckPartiesRequest {
        obligation: request.obligation,
        organisations: vec![organisation(1)],
    };
    let found = desk.source.check_parties(check).await.unwrap().into_inner();
    assert_eq!(found.parties.len(), 1);
    for mut reader in idle {
        let mut parties = 0;
        while let Some(message) = reader.message().await.unwrap() {
            parties += message.parties.len();
        }
        assert_eq!(parties, 1_000);
    }
}

#[tokio::test]
async fn some_parties_are_checked_and_strangers_fall_out() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 3).await;
    let request = CheckPartiesRequest {
        obligation: obligation_of(&deadline.name),
        organisations: vec![organisation(3), organisation(77), organisation(1)],
    };
    let found = desk
        .source
        .check_parties(request)
        .await
        .unwrap()
        .into_inner();
    let names: Vec<String> = found
        .parties
        .into_iter()
        .map(|party| party.organisation)
        .collect();
    assert_eq!(names, [organisation(1), organisation(3)]);
    assert_eq!(found.obligation.unwrap().subject, deadline.name);

    let too_many = CheckPartiesRequest {
        obligation: obligation_of(&deadline.name),
        organisations: organisations(201),
    };
    let refused = desk.source.check_parties(too_many).await.unwrap_err();
    assert_eq!(fields(&refused), ["organisations"]);
}

#[tokio::test]
async fn a_draft_or_a_stranger_is_no_obligation() {
    let house = house::open().await;
    let mut desk = house.officer();
    let request = lienminh_proto::events::v1::CreateEventRequest {
        event: Some(ceremony()),
        request_id: request_id(),
        ..Default::default()
    };
    let draft = desk
        .events
        .create_event(request)
        .await
        .unwrap()
        .into_inner();
    for (name, code) in [
        (obligation_of(&draft.name), Code::NotFound),
        (
            "funding/obligations/application-1".to_owned(),
            Code::InvalidArgument,
        ),
        (String::new(), Code::InvalidArgument),
    ] {
        let request = StreamAudienceRequest { obligation: name };
        assert_eq!(
            desk.source
                .stream_audience(request)
                .await
                .unwrap_err()
                .code(),
            code
        );
    }
}

#[tokio::test]
async fn obligations_are_listed_as_they_were_last_told_oldest_change_first() {
    let house = house::open().await;
    let mut desk = house.officer();
    let first = announced(&desk, ceremony(), 0).await;
    let second = announced(&desk, ceremony(), 0).await;
    house.at("2024-02-28T01:00:00Z");
    let moved = reschedule(&first, at("2024-04-02T08:00:00+07"));
    desk.events.reschedule_event(moved).await.unwrap();

    let mut listed = Vec::new();
    let mut token = String::new();
    loop {
        let request = ListObligationsRequest {
            page_size: 1,
            page_token: token,
            ..Default::default()
        };
        let page = desk
            .source
            .list_obligations(request)
            .await
            .unwrap()
            .into_inner();
        listed.extend(page.obligations);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let subjects: Vec<&str> = listed.iter().map(|each| each.subject.as_str()).collect();
    assert_eq!(subjects, [second.name.as_str(), first.name.as_str()]);
    let (_, last_told) = house.obligations().await.pop().unwrap();
    assert_eq!(listed[1], last_told);

    let since: jiff::Timestamp = "2024-02-28T01:00:00Z".parse().unwrap();
    let request = ListObligationsRequest {
        updated_after_time: Some(kit::wire::timestamp(since)),
        ..Default::default()
    };
    let recent = desk
        .source
        .list_obligations(request)
        .await
        .unwrap()
        .into_inner()
        .obligations;
    assert_eq!(recent.len(), 1);
}
