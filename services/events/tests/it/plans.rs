//! Plans and their items.

use lienminh_proto::events::v1::{
    CreatePlanItemRequest, CreatePlanRequest, Event, GetEventRequest, GetPlanRequest,
    ListPlanItemsRequest, ListPlansRequest, LoadPlanRequest, LoadedEvent, LoadedItem, Plan,
    PlanItem,
};
use lienminh_proto::r#type::v1::{Date, Document};
use tonic::{Code, Status};

use crate::house::{self, Desk};
use crate::samples::{
    announced, at, ceremony, date, fields, organisation, reason, request_id, window,
};

fn plan(number: &str, day: Date) -> Plan {
    Plan {
        document: Some(Document {
            number_as_printed: number.into(),
            date: Some(day),
            ..Document::default()
        }),
        title: "Tháng hành động vì HTX năm 2024".into(),
        issuer: organisation(900),
        ..Plan::default()
    }
}

async fn enter(desk: &Desk, plan: Plan) -> Result<Plan, Status> {
    let request = CreatePlanRequest {
        plan: Some(plan),
        request_id: request_id(),
        validate_only: false,
    };
    desk.plans
        .clone()
        .create_plan(request)
        .await
        .map(tonic::Response::into_inner)
}

#[tokio::test]
async fn a_number_is_kept_as_printed_and_in_its_normal_form() {
    let house = house::open().await;
    let mut desk = house.officer();
    let mut new = plan("70 /KH-BTVLMHTXVN", date(2024, 2, 6));
    new.document.as_mut().unwrap().dates_seen = vec![date(2024, 2, 7), date(2024, 2, 6)];
    let entered = enter(&desk, new).await.unwrap();
    let document = entered.document.clone().unwrap();
    assert_eq!(document.number_as_printed, "70 /KH-BTVLMHTXVN");
    assert_eq!(document.number, "70/KH-BTVLMHTXVN");
    assert_eq!(document.dates_seen, [date(2024, 2, 7), date(2024, 2, 6)]);
    let request = GetPlanRequest {
        name: entered.name.clone(),
    };
    assert_eq!(
        desk.plans.get_plan(request).await.unwrap().into_inner(),
        entered
    );
    let facts = house.facts().await;
    assert_eq!(facts.len(), 1);
    assert_eq!(
        (facts[0].key.as_str(), facts[0].sequence),
        ("events.v1.plan.created", 1)
    );
    assert_eq!(facts[0].name, entered.name);
}

#[tokio::test]
async fn one_number_is_one_plan_per_issuer_and_year() {
    let house = house::open().await;
    let desk = house.officer();
    enter(&desk, plan("123 KH-LMHTX", date(2024, 2, 27)))
        .await
        .unwrap();
    let twin = enter(&desk, plan("Số: 123/KH-LMHTX", date(2024, 5, 1)))
        .await
        .unwrap_err();
    assert_eq!(
        reason(&twin),
        (Code::AlreadyExists, "DOCUMENT_NUMBER_TAKEN".into())
    );
    enter(&desk, plan("123/KH-LMHTX", date(2025, 2, 27)))
        .await
        .unwrap();
    let other = Plan {
        issuer: organisation(950),
        ..plan("123/KH-LMHTX", date(2024, 2, 27))
    };
    enter(&desk, other).await.unwrap();
    enter(&desk, plan("123/KH-CQLMHTX", date(2024, 2, 27)))
        .await
        .unwrap();
}

#[tokio::test]
async fn drafts_without_a_number_may_be_many() {
    let house = house::open().await;
    let desk = house.officer();
    for _ in 0..2 {
        let draft = enter(&desk, plan("Số:     /KH-LMHTX", date(2024, 2, 27)))
            .await
            .unwrap();
        assert_eq!(draft.document.unwrap().number, "");
    }
}

#[tokio::test]
async fn a_parent_that_does_not_exist_is_named() {
    let house = house::open().await;
    let desk = house.officer();
    let child = Plan {
        parent_plan: "plans/0190aaaa-0000-7000-8000-000000000001".into(),
        ..plan("123/KH-LMHTX", date(2024, 2, 27))
    };
    assert_eq!(
        fields(&enter(&desk, child).await.unwrap_err()),
        ["plan.parent_plan"]
    );
}

#[tokio::test]
async fn all_wrong_fields_of_a_plan_are_named_at_once() {
    let house = house::open().await;
    let desk = house.officer();
    let wrong = Plan {
        title: String::new(),
        issuer: "somebody".into(),
        document: Some(Document {
            number_as_printed: "kế hoạch".into(),
            uri: "ftp://example.vn".into(),
            date: Some(date(2024, 2, 30)),
            ..Document::default()
        }),
        ..Plan::default()
    };
    let mut named = fields(&enter(&desk, wrong).await.unwrap_err());
    named.sort_unstable();
    let expected = [
        "plan.document.date",
        "plan.document.number_as_printed",
        "plan.document.uri",
        "plan.issuer",
        "plan.title",
    ];
    assert_eq!(named, expected);
}

#[tokio::test]
async fn items_keep_the_order_of_the_plan_and_show_what_carries_them_out() {
    let house = house::open().await;
    let mut desk = house.officer();
    let parent = enter(&desk, plan("123/KH-LMHTX", date(2024, 2, 27)))
        .await
        .unwrap();
    for (number, title) in [("1", "Tuyên truyền"), ("2", "Hội nghị"), ("3", "Bản tin")] {
        let item = PlanItem {
            number: number.into(),
            title: title.into(),
            kind: "communication".into(),
            anchor: Some(window("quý I/2024", date(2024, 1, 1), date(2024, 3, 31))),
            remarks: vec!["Nguồn không ghi ngày; suy từ quý.".into()],
            short_title: format!("{title} 2024"),
            ..PlanItem::default()
        };
        let request = CreatePlanItemRequest {
            parent: parent.name.clone(),
            plan_item: Some(item),
            request_id: request_id(),
            validate_only: false,
        };
        desk.plans.create_plan_item(request).await.unwrap();
    }
    let list = |size, token| ListPlanItemsRequest {
        parent: parent.name.clone(),
        page_size: size,
        page_token: token,
    };
    let first = desk
        .plans
        .list_plan_items(list(2, String::new()))
        .await
        .unwrap()
        .into_inner();
    let event = Event {
        plan_item: first.plan_items[1].name.clone(),
        ..ceremony()
    };
    let event = announced(&desk, event, 0).await;
    let all = desk
        .plans
        .list_plan_items(list(0, String::new()))
        .await
        .unwrap()
        .into_inner();
    let titles: Vec<&str> = all
        .plan_items
        .iter()
        .map(|item| item.title.as_str())
        .collect();
    assert_eq!(titles, ["Tuyên truyền", "Hội nghị", "Bản tin"]);
    assert_eq!(all.plan_items[1].activities, [event.name]);
    assert_eq!(all.plan_items[2].short_title, "Bản tin 2024");
    assert_eq!(
        all.plan_items[0].remarks,
        ["Nguồn không ghi ngày; suy từ quý."]
    );
    let rest = desk
        .plans
        .list_plan_items(list(2, first.next_page_token))
        .await
        .unwrap();
    assert_eq!(rest.into_inner().plan_items.len(), 1);
}

#[tokio::test]
async fn an_event_of_an_unknown_item_is_refused() {
    let house = house::open().await;
    let mut desk = house.officer();
    let item =
        "plans/0190aaaa-0000-7000-8000-000000000001/items/0190aaaa-0000-7000-8000-000000000002";
    let request = lienminh_proto::events::v1::CreateEventRequest {
        event: Some(Event {
            plan_item: item.into(),
            ..ceremony()
        }),
        request_id: request_id(),
        ..Default::default()
    };
    let refused = desk.events.create_event(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["event.plan_item"]);
}

#[tokio::test]
async fn plans_are_listed_newest_document_first() {
    let house = house::open().await;
    let mut desk = house.officer();
    for (number, day) in [
        ("1/KH-LMHTX", date(2024, 1, 2)),
        ("9/KH-LMHTX", date(2024, 9, 2)),
        ("5/KH-LMHTX", date(2024, 5, 2)),
    ] {
        enter(&desk, plan(number, day)).await.unwrap();
    }
    let undated = Plan {
        document: None,
        ..plan("", date(2024, 1, 1))
    };
    enter(&desk, undated).await.unwrap();
    let mut numbers = Vec::new();
    let mut token = String::new();
    loop {
        let request = ListPlansRequest {
            page_size: 1,
            page_token: token,
        };
        let page = desk.plans.list_plans(request).await.unwrap().into_inner();
        numbers.extend(
            page.plans
                .into_iter()
                .map(|plan| plan.document.map(|document| document.number)),
        );
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let expected = [
        Some("09/KH-LMHTX"),
        Some("05/KH-LMHTX"),
        Some("01/KH-LMHTX"),
        None,
    ];
    assert_eq!(numbers, expected.map(|number| number.map(str::to_owned)));
}

fn loaded(plan: Plan, short_title: &str, events: Vec<Event>) -> LoadPlanRequest {
    let item = PlanItem {
        number: "1".into(),
        title: "Hội nghị tuyên truyền".into(),
        short_title: short_title.into(),
        kind: "meeting".into(),
        ..PlanItem::default()
    };
    let events = events.into_iter().map(|event| LoadedEvent {
        event: Some(event),
        invitees: Vec::new(),
    });
    LoadPlanRequest {
        plan: Some(plan),
        items: vec![LoadedItem {
            plan_item: Some(item),
            events: events.collect(),
            deadlines: Vec::new(),
        }],
        request_id: request_id(),
        ..Default::default()
    }
}

#[tokio::test]
async fn the_only_event_of_an_item_goes_by_its_short_title() {
    let house = house::open().await;
    let mut desk = house.officer();
    let nameless = || Event {
        short_title: String::new(),
        ..ceremony()
    };
    let own = || Event {
        short_title: "Lễ ra quân".into(),
        ..ceremony()
    };
    let mut number = 0;
    for (events, expected) in [
        (vec![nameless()], vec!["Tuyên truyền"]),
        (vec![own()], vec!["Lễ ra quân"]),
        // Two of them would look the same in a text message.
        (vec![nameless(), own()], vec!["", "Lễ ra quân"]),
    ] {
        number += 1;
        let plan = plan(&format!("{number}/KH-LMHTX"), date(2024, 2, 27));
        let request = loaded(plan, "Tuyên truyền", events);
        let answer = desk.plans.load_plan(request).await.unwrap().into_inner();
        let mut titles = Vec::new();
        for name in answer.events {
            let request = GetEventRequest {
                name,
                ..GetEventRequest::default()
            };
            let event = desk.events.get_event(request).await;
            titles.push(event.unwrap().into_inner().short_title);
        }
        assert_eq!(titles, expected);
    }
}

#[tokio::test]
async fn a_load_tells_of_a_day_that_is_over_whatever_else_is_wrong() {
    let house = house::open().await;
    let mut desk = house.officer();
    let wrong = Event {
        kind: "party".into(),
        anchor: Some(at("2023-04-11T08:00:00+07:00")),
        ..ceremony()
    };
    let request = loaded(plan("1/KH-LMHTX", date(2024, 2, 27)), "", vec![wrong]);
    let refused = desk.plans.load_plan(request).await.unwrap_err();
    let mut named = fields(&refused);
    named.sort();
    let path = "items[0].events[0].event";
    assert_eq!(named, [format!("{path}.anchor"), format!("{path}.kind")]);
}
