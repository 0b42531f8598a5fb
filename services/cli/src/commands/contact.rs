//! `lienminh contact`: people to reach.

use anyhow::bail;
use lienminh_proto::registry::v1::{
    Contact, CreateContactRequest, EndContactRequest, ListContactsRequest,
};
use vietnam::text::fold;

use super::{find, table};
use crate::args::{self, AddContact, value};
use crate::connect::{Clients, PAGE};
use crate::language::phrase;
use crate::load::fresh_request_id;
use crate::screen::{say, warn};

pub(super) async fn run(clients: &Clients, command: args::Contact) -> anyhow::Result<()> {
    match command {
        args::Contact::Add(new) => add(clients, new).await,
        args::Contact::End {
            organisation,
            person,
        } => end(clients, &organisation, &person).await,
        args::Contact::List { organisation } => {
            let found = find::organisation(clients, &organisation).await?;
            say!("{}", find::label(&found));
            list(clients, found.name).await
        }
    }
}

async fn add(clients: &Clients, new: AddContact) -> anyhow::Result<()> {
    let organisation = find::organisation(clients, &new.organisation).await?;
    let contact = Contact {
        person_name: new.name,
        salutation: new.salutation,
        position: new.position.into(),
        email: new.email.unwrap_or_default(),
        phone: new.phone.unwrap_or_default(),
        phone_shared: new.shared_phone,
        ..Default::default()
    };
    let request = CreateContactRequest {
        parent: organisation.name.clone(),
        contact: Some(contact),
        request_id: fresh_request_id(),
        validate_only: false,
    };
    let made = clients.contacts().create_contact(request).await?;
    warn(&made.get_ref().warnings);
    say!("{}", find::label(&organisation));
    list(clients, organisation.name).await
}

/// Who held a position holds it no longer; nobody writes there any more.
async fn end(clients: &Clients, organisation: &str, person: &str) -> anyhow::Result<()> {
    let organisation = find::organisation(clients, organisation).await?;
    let contacts = contacts(clients, organisation.name.clone()).await?;
    let meant =
        |contact: &&Contact| contact.name == person || fold(&contact.person_name) == fold(person);
    let found: Vec<&Contact> = contacts.iter().filter(meant).collect();
    let label = find::label(&organisation);
    let [only] = found.as_slice() else {
        bail!(phrase!(
            "{label} không có đúng một đầu mối tên “{person}”; xem: lienminh contact list",
            "{label} has not exactly one contact \"{person}\"; see: lienminh contact list"
        ));
    };
    let request = EndContactRequest {
        name: only.name.clone(),
        request_id: fresh_request_id(),
        ..Default::default()
    };
    let ended = clients.contacts().end_contact(request).await?;
    warn(&ended.get_ref().warnings);
    say!("{label}");
    list(clients, organisation.name).await
}

async fn contacts(clients: &Clients, parent: String) -> Result<Vec<Contact>, tonic::Status> {
    let request = ListContactsRequest {
        parent,
        page_size: PAGE,
        ..Default::default()
    };
    let answer = clients.contacts().list_contacts(request).await?;
    Ok(answer.into_inner().contacts)
}

/// The people to reach, by position.
pub(super) async fn list(clients: &Clients, parent: String) -> anyhow::Result<()> {
    let mut rows = table::with_headings(&[
        &phrase!("chức vụ", "position"),
        &phrase!("họ tên", "name"),
        "email",
        &phrase!("điện thoại", "telephone"),
        "SMS",
    ]);
    for contact in contacts(clients, parent).await? {
        let receives = if contact.phone_receives_sms {
            phrase!("có", "yes")
        } else {
            phrase!("không", "no")
        };
        let position = value::position_words(contact.position()).to_owned();
        let name = format!("{} {}", contact.salutation, contact.person_name);
        let phone = vietnam::phone::shown(&contact.phone);
        rows.add_row([
            position,
            name.trim().to_owned(),
            contact.email,
            phone,
            receives,
        ]);
    }
    table::show(
        &rows,
        &phrase!("chưa có đầu mối nào", "nobody to reach yet"),
    );
    Ok(())
}
