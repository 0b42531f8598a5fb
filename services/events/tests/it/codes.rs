//! Answers by code.

use lienminh_proto::events::v1::{
    AnswerByCodeRequest, AnswerSource, CancelEventRequest, CodeAnswer, CreateEventRequest,
    InvitationState,
};
use tokio::task::JoinSet;
use tonic::Code;

use crate::house::{self, Desk};
use crate::samples::{
    announced, ceremony, collected, fields, invitations, organisation, organisations, reason,
    report, request_id, submissions,
};

fn said(code: &str, answer: CodeAnswer) -> AnswerByCodeRequest {
    AnswerByCodeRequest {
        code: code.into(),
        answer: answer.into(),
        attendees: 0,
        attendee_names: String::new(),
        request_id: request_id(),
    }
}

#[tokio::test]
async fn a_clerk_sees_whose_code_it_is_before_anything_is_recorded() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 2).await;
    let second = invitations(&desk, &event).await.remove(1);
    let spoken = format!("{} {}", &second.answer_code[..3], &second.answer_code[3..]);
    let look = said(&spoken, CodeAnswer::Unspecified);
    let shown = desk
        .answers
        .answer_by_code(look)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (shown.subject, shown.organisation),
        (event.name.clone(), organisation(2))
    );
    assert_eq!(shown.title, event.title);
    assert_eq!(shown.state, "chưa trả lời");
    assert_eq!(invitations(&desk, &event).await[1], second);

    let yes = AnswerByCodeRequest {
        attendees: 3,
        ..said(&spoken, CodeAnswer::Yes)
    };
    let recorded = desk.answers.answer_by_code(yes).await.unwrap().into_inner();
    assert_eq!(recorded.state, "sẽ dự");
    let after = invitations(&desk, &event).await.remove(1);
    assert_eq!(
        (after.state(), after.attendees),
        (InvitationState::Accepted, 3)
    );
    assert_eq!(after.answered_by(), AnswerSource::Code);
}

#[tokio::test]
async fn a_report_is_claimed_by_code() {
    let house = house::open().await;
    let mut desk = house.officer();
    let deadline = collected(&desk, report(), 1).await;
    let code = submissions(&desk, &deadline).await.remove(0).answer_code;
    let sent = said(&code, CodeAnswer::Sent);
    let recorded = desk
        .answers
        .answer_by_code(sent)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(recorded.subject, deadline.name);
    assert_eq!(recorded.state, "đơn vị báo đã gửi, chờ xác nhận");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let code = invitations(&desk, &event).await.remove(0).answer_code;
    let refused = desk
        .answers
        .answer_by_code(said(&code, CodeAnswer::Sent))
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "ANSWER_DOES_NOT_FIT".into())
    );
}

#[tokio::test]
async fn the_code_of_a_cancelled_event_answers_nothing() {
    let house = house::open().await;
    let mut desk = house.officer();
    let event = announced(&desk, ceremony(), 1).await;
    let code = invitations(&desk, &event).await.remove(0).answer_code;
    let request = CancelEventRequest {
        name: event.name.clone(),
        request_id: request_id(),
        ..CancelEventRequest::default()
    };
    desk.events.cancel_event(request).await.unwrap();
    let refused = desk
        .answers
        .answer_by_code(said(&code, CodeAnswer::Yes))
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::FailedPrecondition, "EVENT_CANCELLED".into())
    );
}

#[tokio::test]
async fn wrong_guesses_are_limited_per_caller() {
    let house = house::open().await;
    let (mut guesser, officer) = (house.desk("user:guess", "*", None, "en"), house.officer());
    let event = announced(&officer, ceremony(), 1).await;
    let code = invitations(&officer, &event).await.remove(0).answer_code;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        let look = said(wrong, CodeAnswer::Unspecified);
        let refused = guesser.answers.answer_by_code(look).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
    }
    let look = said(&code, CodeAnswer::Unspecified);
    let refused = guesser
        .answers
        .answer_by_code(look.clone())
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused),
        (Code::ResourceExhausted, "TOO_MANY_WRONG_CODES".into())
    );
    assert!(officer.answers.clone().answer_by_code(look).await.is_ok());
}

/// The codes of the answers to so many calls at once.
async fn at_once(desk: &Desk, code: &str, answer: CodeAnswer, calls: usize) -> Vec<Code> {
    let mut calling = JoinSet::new();
    for _ in 0..calls {
        let (mut desk, request) = (desk.clone(), said(code, answer));
        calling.spawn(async move {
            let answered = desk.answers.answer_by_code(request).await;
            answered.map_or_else(|refused| refused.code(), |_| Code::Ok)
        });
    }
    calling.join_all().await
}

fn count(codes: &[Code], of: Code) -> usize {
    codes.iter().filter(|code| **code == of).count()
}

#[tokio::test]
async fn of_a_hundred_wrong_guesses_at_once_ten_are_looked_up() {
    let house = house::open().await;
    let guesser = house.desk("user:guess", "*", None, "en");
    let mut codes = at_once(&guesser, "000000", CodeAnswer::Unspecified, 60).await;
    codes.extend(at_once(&guesser, "000000", CodeAnswer::Yes, 40).await);
    assert_eq!(count(&codes, Code::NotFound), 10, "{codes:?}");
    assert_eq!(count(&codes, Code::ResourceExhausted), 90, "{codes:?}");
}

#[tokio::test]
async fn of_forty_wrong_answers_at_once_ten_are_looked_up() {
    let house = house::open().await;
    let member = house.bound_to(&organisation(1));
    let codes = at_once(&member, "000000", CodeAnswer::Yes, 40).await;
    assert_eq!(count(&codes, Code::NotFound), 10, "{codes:?}");
    assert_eq!(count(&codes, Code::ResourceExhausted), 30, "{codes:?}");
    // Another organisation behind the same portal has guesses of its own.
    let other = house.bound_to(&organisation(2));
    let codes = at_once(&other, "000000", CodeAnswer::Unspecified, 1).await;
    assert_eq!(codes, [Code::NotFound]);
}

#[tokio::test]
async fn sixty_right_codes_at_once_are_no_guesses() {
    let house = house::open().await;
    let clerk = house.officer();
    let event = announced(&clerk, ceremony(), 1).await;
    let code = invitations(&clerk, &event).await.remove(0).answer_code;
    for answer in [CodeAnswer::Unspecified, CodeAnswer::Yes] {
        let codes = at_once(&clerk, &code, answer, 60).await;
        assert_eq!(count(&codes, Code::Ok), 60, "{codes:?}");
    }
}

#[tokio::test]
async fn a_repeated_answer_hears_the_same_also_when_guesses_are_used_up() {
    let house = house::open().await;
    let (mut clerk, officer) = (house.desk("user:clerk", "*", None, "en"), house.officer());
    let event = announced(&officer, ceremony(), 1).await;
    let code = invitations(&officer, &event).await.remove(0).answer_code;
    let yes = said(&code, CodeAnswer::Yes);
    let first = clerk.answers.answer_by_code(yes.clone()).await.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        let guess = said(wrong, CodeAnswer::Yes);
        clerk.answers.answer_by_code(guess).await.unwrap_err();
    }
    let again = clerk.answers.answer_by_code(yes).await.unwrap();
    assert_eq!(first.into_inner(), again.into_inner());
    let anew = said(&code, CodeAnswer::Yes);
    let refused = clerk.answers.answer_by_code(anew).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
}

#[tokio::test]
async fn a_malformed_code_is_no_guess() {
    let house = house::open().await;
    let mut desk = house.officer();
    for _ in 0..12 {
        let refused = desk
            .answers
            .answer_by_code(said("48a7", CodeAnswer::Yes))
            .await
            .unwrap_err();
        assert_eq!(fields(&refused), ["code"]);
    }
}

#[tokio::test]
async fn to_a_bound_caller_the_codes_of_others_are_unknown() {
    let house = house::open().await;
    let officer = house.officer();
    let event = announced(&officer, ceremony(), 2).await;
    let codes: Vec<String> = invitations(&officer, &event)
        .await
        .into_iter()
        .map(|each| each.answer_code)
        .collect();
    let mut own = house.bound_to(&organisation(1));
    assert!(
        own.answers
            .answer_by_code(said(&codes[0], CodeAnswer::Yes))
            .await
            .is_ok()
    );
    let refused = own
        .answers
        .answer_by_code(said(&codes[1], CodeAnswer::Yes))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

#[tokio::test]
async fn to_a_bound_caller_its_own_code_is_unknown_where_it_may_not_know_of_the_matter() {
    let house = house::open().await;
    let officer = house.officer();
    let draft = CreateEventRequest {
        event: Some(ceremony()),
        invitees: organisations(1),
        request_id: request_id(),
        ..CreateEventRequest::default()
    };
    let draft = officer.events.clone().create_event(draft).await.unwrap();
    let withdrawn = announced(&officer, ceremony(), 1).await;
    let mut member = house.bound_to(&organisation(1));
    let unknown = said("000000", CodeAnswer::Unspecified);
    let unknown = member.answers.answer_by_code(unknown).await.unwrap_err();
    for event in [draft.into_inner(), withdrawn.clone()] {
        let code = invitations(&officer, &event).await.remove(0).answer_code;
        if event == withdrawn {
            let all = "with w as (update invitation set state = 'withdrawn' returning 1)
                       select count(*) from w";
            assert_eq!(house.count(all).await, 2);
        }
        for answer in [CodeAnswer::Unspecified, CodeAnswer::Yes] {
            let refused = member.answers.answer_by_code(said(&code, answer)).await;
            let refused = refused.unwrap_err();
            assert_eq!(reason(&refused), reason(&unknown));
            assert_eq!(refused.message(), unknown.message());
        }
        let clerk = said(&code, CodeAnswer::Unspecified);
        let shown = officer.answers.clone().answer_by_code(clerk).await.unwrap();
        assert_eq!(shown.into_inner().subject, event.name);
    }
}
