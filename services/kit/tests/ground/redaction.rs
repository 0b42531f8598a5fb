//! What the contracts mark personal or restricted never enters the outbox.

use kit::facts::redact;
use lienminh_proto::obligation::v1::Party;
use lienminh_proto::registry::v1::{Contact, ListContactsResponse};
use prost::Message;
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, Value};

const MARKS: [&str; 2] = ["lienminh.auth.v1.personal", "lienminh.auth.v1.restricted"];

#[test]
fn personal_fields_are_gone_at_every_depth_and_the_rest_is_kept() {
    let contact = Contact {
        name: "organisations/1/contacts/2".to_owned(),
        person_name: "Nguyễn Văn A".to_owned(),
        phone: "+84590000001".to_owned(),
        ..Contact::default()
    };
    let page = ListContactsResponse {
        contacts: vec![contact],
        next_page_token: "next".to_owned(),
    };
    let bytes = redact(
        "lienminh.registry.v1.ListContactsResponse",
        &page.encode_to_vec(),
    )
    .unwrap();
    let left = ListContactsResponse::decode(bytes.as_slice()).unwrap();
    assert_eq!(left.next_page_token, "next");
    let [contact] = left.contacts.as_slice() else {
        panic!("the contact itself stays");
    };
    assert_eq!(contact.name, "organisations/1/contacts/2");
    assert!(contact.person_name.is_empty() && contact.phone.is_empty());
}

#[test]
fn restricted_fields_are_gone_too() {
    let party = Party {
        organisation: "organisations/1".to_owned(),
        reply_token: "secret".to_owned(),
        answer_code: "4827".to_owned(),
        ..Party::default()
    };
    let bytes = redact("lienminh.obligation.v1.Party", &party.encode_to_vec()).unwrap();
    let expected = Party {
        organisation: "organisations/1".to_owned(),
        ..Party::default()
    };
    assert_eq!(Party::decode(bytes.as_slice()).unwrap(), expected);
}

#[test]
fn an_unknown_type_is_refused() {
    assert!(redact("lienminh.registry.v1.Nonsense", &[]).is_err());
}

/// Fills every text field of every message with a canary, in singular messages,
/// lists and maps, and looks for it afterwards.
#[test]
fn no_marked_text_field_of_any_message_survives() {
    let mut marked_fields = 0;
    for descriptor in kit::descriptors::pool().all_messages() {
        if descriptor.is_map_entry() || !descriptor.full_name().starts_with("lienminh.") {
            continue;
        }
        let message = filled(&descriptor, 4);
        let bytes = redact(descriptor.full_name(), &message.encode_to_vec()).unwrap();
        let left = DynamicMessage::decode(descriptor.clone(), bytes.as_slice()).unwrap();
        assert!(
            !has_canary(&left),
            "{} keeps a marked field",
            descriptor.full_name()
        );
        marked_fields += descriptor.fields().filter(is_marked).count();
    }
    assert!(
        marked_fields > 5,
        "the marks of the contracts are not seen: {marked_fields}"
    );
}

const CANARY: &str = "canary";

fn is_marked(field: &prost_reflect::FieldDescriptor) -> bool {
    let options = field.options();
    MARKS.iter().any(|mark| {
        let extension = kit::descriptors::pool()
            .get_extension_by_name(mark)
            .unwrap();
        options.get_extension(&extension).as_bool() == Some(true)
    })
}

#[allow(clippy::wildcard_enum_match_arm)] // other kinds carry no text
fn filled(descriptor: &MessageDescriptor, depth: u32) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for field in descriptor.fields() {
        if field.is_map() {
            continue;
        }
        let one = match field.kind() {
            Kind::String if is_marked(&field) => Value::String(CANARY.to_owned()),
            Kind::Message(inner) if depth > 0 => Value::Message(filled(&inner, depth - 1)),
            _ => continue,
        };
        let value = if field.is_list() {
            Value::List(vec![one])
        } else {
            one
        };
        message.set_field(&field, value);
    }
    message
}

fn has_canary(message: &DynamicMessage) -> bool {
    #[allow(clippy::wildcard_enum_match_arm)] // other values carry no text
    fn holds(value: &Value) -> bool {
        match value {
            Value::String(text) => text == CANARY,
            Value::Message(message) => has_canary(message),
            Value::List(values) => values.iter().any(holds),
            _ => false,
        }
    }
    message.fields().any(|(_, value)| holds(value))
}
