//! Whom to call in an organisation.

use std::collections::BTreeMap;

use lienminh_proto::registry::v1::{BatchGetContactsRequest, Contact};

use crate::connect::Clients;
use crate::language::phrase;

/// Organisations that one request takes.
const A_REQUEST: usize = 200;

/// "Bà Trần Thị Bé, 0590 000 009" of each of these organisations, by resource name.
pub(super) async fn whom(
    clients: &Clients,
    organisations: &[String],
) -> Result<BTreeMap<String, String>, tonic::Status> {
    let mut numbers = BTreeMap::new();
    for some in organisations.chunks(A_REQUEST) {
        let request = BatchGetContactsRequest {
            organisations: some.to_vec(),
        };
        let answer = clients.contacts().batch_get_contacts(request).await?;
        for found in answer.into_inner().organisations {
            let number = found.contacts.iter().find_map(number);
            let none = || phrase!("không có số", "no number");
            numbers.insert(found.organisation, number.unwrap_or_else(none));
        }
    }
    Ok(numbers)
}

/// The first by position who has a telephone and did not ask to be left alone.
fn number(contact: &Contact) -> Option<String> {
    if contact.phone.is_empty() || contact.do_not_contact {
        return None;
    }
    let phone = vietnam::phone::shown(&contact.phone);
    let name = format!("{} {}", contact.salutation, contact.person_name);
    Some(match name.trim() {
        "" => phone,
        name => format!("{name}, {phone}"),
    })
}
