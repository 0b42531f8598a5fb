#![allow(clippy::unwrap_used)]
// Of the many kinds of fields two matter here.
#![allow(clippy::wildcard_enum_match_arm)]

use prost::Message as _;
use prost_reflect::DynamicMessage;

use super::*;

const HIDDEN: &str = "HTX \u{202e}A";

/// Every text field of a request within four levels.
fn ways(message: &MessageDescriptor, above: &[FieldDescriptor]) -> Vec<Vec<FieldDescriptor>> {
    let mut all = Vec::new();
    for field in message.fields().filter(|_| above.len() < 4) {
        let way = [above, std::slice::from_ref(&field)].concat();
        match field.kind() {
            Kind::String => all.push(way),
            Kind::Message(inner) if !field.is_map() => all.extend(ways(&inner, &way)),
            _ => {}
        }
    }
    all
}

fn holding(message: &MessageDescriptor, way: &[FieldDescriptor], text: &str) -> DynamicMessage {
    let (field, rest) = way.split_first().unwrap();
    let value = match field.kind() {
        Kind::Message(inner) => Value::Message(holding(&inner, rest, text)),
        _ => Value::String(text.to_owned()),
    };
    let mut whole = DynamicMessage::new(message.clone());
    whole.set_field(
        field,
        if field.is_list() {
            Value::List(vec![value.clone(), value])
        } else {
            value
        },
    );
    whole
}

#[test]
fn a_hidden_sign_is_found_in_every_text_of_every_request() {
    let mut looked_at = 0;
    for method in pool()
        .services()
        .flat_map(|each| each.methods().collect::<Vec<_>>())
    {
        let input = method.input();
        for way in ways(&input, &[]) {
            let own = way.iter().any(|field| rule(field) == TextRule::Own);
            let bytes = holding(&input, &way, HIDDEN).encode_to_vec();
            let found = misfits(input.full_name(), &bytes);
            assert_eq!(found.is_empty(), own, "{} {way:?}", method.full_name());
            assert!(own || found[0].what == Unfit::Hidden('\u{202e}'));
            let good = holding(&input, &way, "Bình Minh").encode_to_vec();
            assert_eq!(misfits(input.full_name(), &good), []);
            looked_at += 1;
        }
    }
    assert!(looked_at > 150, "{looked_at} texts");
}

#[test]
fn a_misfit_is_named_by_its_way_and_its_place_in_a_list() {
    let request = crate::events::v1::CreateEventRequest {
        event: Some(crate::events::v1::Event {
            agenda: vec!["Khai mạc".to_owned(), HIDDEN.to_owned()],
            bring: "bút\ngiấy".to_owned(),
            title: "=?utf-8?q?=0D=0A?=".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let found = misfits(
        "lienminh.events.v1.CreateEventRequest",
        &request.encode_to_vec(),
    );
    let fields: Vec<&str> = found.iter().map(|each| each.field.as_str()).collect();
    assert_eq!(fields, ["event.title", "event.agenda[1]"]);
}

#[test]
fn answers_are_not_judged_and_what_is_no_message_is_left_to_the_decoder() {
    let bytes = crate::events::v1::Event {
        title: HIDDEN.to_owned(),
        ..Default::default()
    }
    .encode_to_vec();
    assert_eq!(misfits("lienminh.events.v1.Event", &bytes), []);
    let request = "lienminh.events.v1.CreateEventRequest";
    for garbage in [
        &[0xff][..],
        &[0x0a, 0x7f, 1],
        &[0x0a, 2, 0x12, 9],
        &[0x0b; 64],
    ] {
        assert_eq!(misfits(request, garbage), []);
    }
}
