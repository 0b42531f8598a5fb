//! What a caller bound to one organisation may know of.

use lienminh_proto::events::v1::{
    AnswerInvitationRequest, CancelEventRequest, CreateEventRequest, CreatePlanItemRequest,
    CreatePlanRequest, Deadline, Event, GetDeadlineRequest, GetEventRequest, InvitationState,
    ListPlanItemsRequest, Plan, PlanItem, UpdateEventRequest,
};
use prost::Message as _;
use tonic::{Code, Status};

use crate::house::{self, Desk};
use crate::samples::{
    announced, ceremony, collected, organisation, organisations, reason, report, request_id,
    without_warnings,
};

const MISSING: &str = "0190a5c4-7b1e-7cc0-8f00-000000000001";

async fn get(desk: &Desk, name: &str) -> Result<Event, Status> {
    let request = GetEventRequest {
        name: name.into(),
        ..GetEventRequest::default()
    };
    let answer = desk.events.clone().get_event(request).await;
    answer.map(tonic::Response::into_inner)
}

async fn get_deadline(desk: &Desk, name: &str) -> Result<Deadline, Status> {
    let request = GetDeadlineRequest {
        name: name.into(),
        ..GetDeadlineRequest::default()
    };
    let answer = desk.deadlines.clone().get_deadline(request).await;
    answer.map(tonic::Response::into_inner)
}

/// A refusal without the name that was asked for.
fn told(status: &Status, name: &str) -> (Code, String, String) {
    let words = status.message().replace(name, "it");
    (status.code(), reason(status).1, words)
}

/// An event of this title with these invitees; announced or a draft.
async fn entered(desk: &Desk, event: Event, announce: bool, invitees: u16) -> Event {
    let request = CreateEventRequest {
        event: Some(event),
        announce,
        invitees: organisations(invitees),
        request_id: request_id(),
        validate_only: false,
    };
    let made = desk.events.clone().create_event(request).await;
    made.unwrap().into_inner()
}

fn public() -> Event {
    Event {
        public: true,
        ..ceremony()
    }
}

#[tokio::test]
async fn a_closed_meeting_of_others_looks_like_one_that_does_not_exist() {
    let house = house::open().await;
    let officer = house.officer();
    let event = announced(&officer, ceremony(), 1).await;
    for party in [
        organisation(1),
        event.lead_unit.clone(),
        event.organiser.clone(),
    ] {
        assert_eq!(
            get(&house.bound_to(&party), &event.name).await.unwrap(),
            event
        );
    }
    let other = house.bound_to(&organisation(2));
    let missing = format!("events/{MISSING}");
    let unknown = get(&other, &missing).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let closed = get(&other, &event.name).await.unwrap_err();
    assert_eq!(told(&closed, &event.name), told(&unknown, &missing));
}

#[tokio::test]
async fn what_officers_make_public_is_everybodys_once_it_is_announced() {
    let house = house::open().await;
    let mut officer = house.officer();
    let mut member = house.bound_to(&organisation(2));
    let fair = entered(&officer, public(), true, 0).await;
    let read = get(&member, &fair.name).await.unwrap();
    assert_eq!(read, without_warnings(fair));

    let closed = announced(&officer, ceremony(), 1).await;
    assert!(!closed.public, "closed unless an officer says so");
    let opened = |name: &str| UpdateEventRequest {
        event: Some(Event {
            name: name.to_owned(),
            public: true,
            ..Event::default()
        }),
        update_mask: Some(prost_types::FieldMask {
            paths: vec!["public".into()],
        }),
        request_id: request_id(),
        validate_only: false,
    };
    let refused = member.events.update_event(opened(&closed.name)).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    officer
        .events
        .update_event(opened(&closed.name))
        .await
        .unwrap();
    assert!(get(&member, &closed.name).await.unwrap().public);
    let facts = house.facts().await;
    let updated = facts
        .iter()
        .find(|fact| fact.key == "events.v1.event.updated");
    let payload = updated.unwrap().payload.as_slice();
    assert!(Event::decode(payload).unwrap().public, "others hear of it");

    // A draft was told to nobody, nor is it when it is dropped.
    let draft = entered(&officer, public(), false, 2).await;
    assert!(get(&member, &draft.name).await.is_err());
    let dropped = CancelEventRequest {
        name: draft.name.clone(),
        request_id: request_id(),
        ..CancelEventRequest::default()
    };
    officer.events.cancel_event(dropped).await.unwrap();
    assert_eq!(
        get(&member, &draft.name).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_report_is_known_to_who_owes_it_and_a_task_to_who_does_it() {
    let house = house::open().await;
    let officer = house.officer();
    let owed = collected(&officer, report(), 1).await;
    let task = Deadline {
        kind: "task".into(),
        ..report()
    };
    let task = collected(&officer, task, 0).await;
    let unit = house.bound_to(&owed.lead_unit);
    for deadline in [&owed, &task] {
        assert_eq!(
            &get_deadline(&unit, &deadline.name).await.unwrap(),
            deadline
        );
    }
    let owing = house.bound_to(&organisation(1));
    assert_eq!(get_deadline(&owing, &owed.name).await.unwrap(), owed);
    let missing = format!("deadlines/{MISSING}");
    let unknown = get_deadline(&owing, &missing).await.unwrap_err();
    let other = house.bound_to(&organisation(2));
    for (desk, name) in [
        (&owing, &task.name),
        (&other, &task.name),
        (&other, &owed.name),
    ] {
        let refused = get_deadline(desk, name).await.unwrap_err();
        assert_eq!(told(&refused, name), told(&unknown, &missing));
    }
}

/// A plan with one item.
async fn planned(desk: &mut Desk) -> (String, String) {
    let plan = Plan {
        title: "Tổ chức Tháng hành động vì HTX năm 2024".into(),
        issuer: organisation(900),
        ..Plan::default()
    };
    let request = CreatePlanRequest {
        plan: Some(plan),
        request_id: request_id(),
        validate_only: false,
    };
    let plan = desk.plans.create_plan(request).await.unwrap().into_inner();
    let item = PlanItem {
        title: "Lễ phát động".into(),
        kind: "ceremony".into(),
        ..PlanItem::default()
    };
    let request = CreatePlanItemRequest {
        parent: plan.name.clone(),
        plan_item: Some(item),
        request_id: request_id(),
        validate_only: false,
    };
    let item = desk.plans.create_plan_item(request).await.unwrap();
    (plan.name, item.into_inner().name)
}

async fn activities(desk: &Desk, plan: &str) -> Vec<String> {
    let request = ListPlanItemsRequest {
        parent: plan.to_owned(),
        ..ListPlanItemsRequest::default()
    };
    let answer = desk.plans.clone().list_plan_items(request).await.unwrap();
    answer.into_inner().plan_items.remove(0).activities
}

#[tokio::test]
async fn an_item_names_to_a_member_what_it_may_read_and_no_draft_nor_task() {
    let house = house::open().await;
    let mut officer = house.officer();
    let (plan, item) = planned(&mut officer).await;
    let of_item = |event: Event| Event {
        plan_item: item.clone(),
        ..event
    };
    let owed = |kind: &str| Deadline {
        kind: kind.into(),
        plan_item: item.clone(),
        ..report()
    };
    let draft = entered(&officer, of_item(public()), false, 1).await.name;
    let closed = entered(&officer, of_item(ceremony()), true, 0).await.name;
    let own = entered(&officer, of_item(ceremony()), true, 1).await.name;
    let fair = entered(&officer, of_item(public()), true, 0).await.name;
    let report = collected(&officer, owed("report"), 1).await.name;
    let task = collected(&officer, owed("task"), 0).await.name;
    let member = house.bound_to(&organisation(1));
    assert_eq!(
        activities(&member, &plan).await,
        [own.clone(), fair.clone(), report.clone()]
    );
    let stranger = house.bound_to(&organisation(2));
    assert_eq!(
        activities(&stranger, &plan).await,
        std::slice::from_ref(&fair)
    );
    let everything = [draft, closed, own, fair, report, task];
    assert_eq!(activities(&officer, &plan).await, everything);
}

#[tokio::test]
async fn an_invitation_to_a_draft_cannot_be_told_from_none() {
    let house = house::open().await;
    let officer = house.officer();
    let draft = entered(&officer, ceremony(), false, 1).await;
    let mut member = house.bound_to(&organisation(1));
    let missing = format!("events/{MISSING}");
    let mut told_of = Vec::new();
    for name in [&draft.name, &missing] {
        let request = AnswerInvitationRequest {
            name: name.clone(),
            organisation: organisation(1),
            state: InvitationState::Accepted.into(),
            request_id: request_id(),
            ..AnswerInvitationRequest::default()
        };
        let refused = member.events.answer_invitation(request).await.unwrap_err();
        told_of.push(told(&refused, name));
    }
    assert_eq!(told_of[0], told_of[1]);
}
