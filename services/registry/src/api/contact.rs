//! `ContactService`.

use std::collections::HashSet;

use kit::auth::Caller;
use kit::database::Tx;
use kit::error::{Error, OnConstraint, Result, Violation, Violations, answer};
use kit::mask::Mask;
use kit::mutation::Mutation;
use kit::{etag, page};
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::registry::v1::contact_service_server::ContactService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::bound::{follows_mergers, refuse_where_merged, visible};
use super::state::{State, cut, rows_for, under};
use super::{fact, wire};
use crate::domain::consent;
use crate::domain::contact::{CONTACTS_LIMIT, Contact, TERMS_LIMIT};
use crate::domain::id::{ContactId, ContactName, OrganisationId};
use crate::domain::warning::Warning;
use crate::store;
use crate::store::contact::After;

const CREATE: &str = "lienminh.registry.v1.ContactService/CreateContact";
const UPDATE: &str = "lienminh.registry.v1.ContactService/UpdateContact";
const END: &str = "lienminh.registry.v1.ContactService/EndContact";
const RECORD_CONSENT: &str = "lienminh.registry.v1.ContactService/RecordConsent";

/// The most organisations of one BatchGetContacts.
const BATCH_LIMIT: usize = 200;

/// The rpcs about people to reach.
#[derive(Clone, Debug)]
pub struct ContactApi(pub State);

#[tonic::async_trait]
impl ContactService for ContactApi {
    async fn create_contact(
        &self,
        request: Request<pb::CreateContactRequest>,
    ) -> Result<Response<pb::Contact>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            create(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn get_contact(
        &self,
        request: Request<pb::GetContactRequest>,
    ) -> Result<Response<pb::Contact>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            get(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn list_contacts(
        &self,
        request: Request<pb::ListContactsRequest>,
    ) -> Result<Response<pb::ListContactsResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            list(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn update_contact(
        &self,
        request: Request<pb::UpdateContactRequest>,
    ) -> Result<Response<pb::Contact>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            update(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn record_consent(
        &self,
        request: Request<pb::RecordConsentRequest>,
    ) -> Result<Response<pb::Contact>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            record_consent(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn end_contact(
        &self,
        request: Request<pb::EndContactRequest>,
    ) -> Result<Response<pb::Contact>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            end(&self.0, &caller, request.get_ref()).await,
        )
    }

    async fn batch_get_contacts(
        &self,
        request: Request<pb::BatchGetContactsRequest>,
    ) -> Result<Response<pb::BatchGetContactsResponse>, Status> {
        let caller = Caller::of(&request)?;
        answer(
            caller.language,
            batch_get(&self.0, &caller, request.get_ref()).await,
        )
    }
}

async fn create(
    state: &State,
    caller: &Caller,
    request: &pb::CreateContactRequest,
) -> Result<pb::Contact> {
    let organisation = OrganisationId::parse("parent", &request.parent).map_err(Error::invalid)?;
    visible(caller, organisation, &request.parent)?;
    let given = request.contact.as_ref();
    let given = given.ok_or_else(|| Error::invalid(Violation::required("contact")))?;
    let filled = Mask::read(wire::contact::TYPE, None, given, &wire::contact::ENTERABLE)?;
    filled.own_only(caller, "contact", &pb::Contact::default(), given)?;
    let contact = entered(state, organisation, given)?;
    Mutation::new(&state.mutations, caller, CREATE, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let contact = &contact;
            async move {
                refuse_where_merged(caller, &tx, organisation).await?;
                check_count(&tx, organisation).await?;
                store::contact::insert(&tx, std::slice::from_ref(contact))
                    .await
                    .on_constraint("contact_organisation_fkey", || {
                        Error::not_found(&request.parent)
                    })?;
                let warnings = warnings(&tx, contact, &given.phone).await?;
                let consents: Vec<_> = contact
                    .consents
                    .iter()
                    .map(|each| (contact.id, each.clone()))
                    .collect();
                store::consent::record(&tx, &consents).await?;
                kit::outbox::put(&tx, &[fact::contact_changed(contact)]).await?;
                tx.about(contact.name().to_string());
                Ok(wire::contact::encode_changed(
                    contact,
                    &warnings,
                    caller.language,
                ))
            }
        })
        .await
}

/// What a person should look at again once this contact is written; `phone` is its
/// telephone as it was typed.
async fn warnings(tx: &Tx, contact: &Contact, phone: &str) -> Result<Vec<Warning>> {
    let mut warnings: Vec<Warning> = Warning::of_phone(phone).into_iter().collect();
    if !contact.stands() {
        return Ok(warnings);
    }
    let position = contact.details.position;
    let held = store::contact::kind_where_another_holds(tx, contact).await?;
    if held.is_some_and(|kind| position.has_one_holder(kind)) {
        warnings.push(Warning::PositionIsHeld);
    }
    Ok(warnings)
}

fn entered(state: &State, organisation: OrganisationId, given: &pb::Contact) -> Result<Contact> {
    let now = state.now();
    let mut wrong = Violations::default();
    let details = wrong.nested("contact", wire::contact::decode(given))?;
    let mut consents = Vec::new();
    for (index, each) in given.consents.iter().enumerate() {
        let path = format!("contact.consents[{index}]");
        if let Some(given) = wrong.nested(&path, wire::contact::decode_consent(each, now))? {
            consent::record(&mut consents, given);
        }
    }
    let details = wrong.finish(details)?;
    let mut contact = Contact::entered(ContactId(Uuid::now_v7()), organisation, details, now);
    contact.consents = consents;
    Ok(contact)
}

/// Two at once may pass together; the bound keeps answers small and needs no more.
async fn check_count(tx: &Tx, organisation: OrganisationId) -> Result<()> {
    let (standing, kept) = store::contact::count(tx, organisation).await?;
    if standing < CONTACTS_LIMIT as i64 && kept < TERMS_LIMIT as i64 {
        return Ok(());
    }
    Err(Error::failed_precondition(
        "TOO_MANY_CONTACTS",
        format!("Đơn vị đã có {CONTACTS_LIMIT} đầu mối; xin sửa đầu mối cũ thay vì thêm mới."),
        format!(
            "The organisation has {CONTACTS_LIMIT} contacts; change one instead of adding another."
        ),
    ))
}

async fn get(
    state: &State,
    caller: &Caller,
    request: &pb::GetContactRequest,
) -> Result<pb::Contact> {
    let name = ContactName::parse("name", &request.name).map_err(Error::invalid)?;
    visible(caller, name.organisation, &request.name)?;
    let found = store::contact::get(&state.pool.get().await?, name).await?;
    let contact = found.ok_or_else(|| Error::not_found(&request.name))?;
    Ok(wire::contact::encode(&contact))
}

async fn list(
    state: &State,
    caller: &Caller,
    request: &pb::ListContactsRequest,
) -> Result<pb::ListContactsResponse> {
    let organisation = OrganisationId::parse("parent", &request.parent).map_err(Error::invalid)?;
    visible(caller, organisation, &request.parent)?;
    let size = page::size(request.page_size)?;
    let ended = if request.show_ended { "ended" } else { "" };
    let list = ["ListContacts", &request.parent, ended];
    let after: After = state
        .tokens
        .read(&list, &request.page_token)?
        .unwrap_or_default();
    let connection = state.pool.get().await?;
    let mut found = store::contact::list(
        &connection,
        organisation,
        after,
        rows_for(size),
        request.show_ended,
    )
    .await?;
    if found.is_empty()
        && store::organisation::get(&connection, organisation)
            .await?
            .is_none()
    {
        return Err(Error::not_found(&request.parent));
    }
    let more = cut(&mut found, size as usize);
    let next_page_token = match found.last().filter(|_| more) {
        None => String::new(),
        Some(last) => state.tokens.issue(&list, &After::contact(last))?,
    };
    Ok(pb::ListContactsResponse {
        contacts: found.iter().map(wire::contact::encode).collect(),
        next_page_token,
    })
}

async fn update(
    state: &State,
    caller: &Caller,
    request: &pb::UpdateContactRequest,
) -> Result<pb::Contact> {
    let given = request.contact.as_ref();
    let given = given.ok_or_else(|| Error::invalid(Violation::required("contact")))?;
    let name = ContactName::parse("contact.name", &given.name).map_err(Error::invalid)?;
    visible(caller, name.organisation, &given.name)?;
    let mask = Mask::read(
        wire::contact::TYPE,
        request.update_mask.as_ref(),
        given,
        &wire::contact::UPDATABLE,
    )?;
    let now = state.now();
    Mutation::new(&state.mutations, caller, UPDATE, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| {
            let mask = &mask;
            async move {
                let mut contact = locked(caller, &tx, name).await?;
                etag::check(&given.etag, contact.id.0, contact.version)?;
                let known = wire::contact::encode(&contact);
                mask.own_only(caller, "contact", &known, given)?;
                let after = mask.apply(&known, given)?;
                let details = under("contact", wire::contact::decode(&after))?;
                if details != contact.details {
                    contact.details = details;
                    contact.touch(now);
                    change(&tx, &contact).await?;
                }
                let warnings = warnings(&tx, &contact, &after.phone).await?;
                Ok(wire::contact::encode_changed(
                    &contact,
                    &warnings,
                    caller.language,
                ))
            }
        })
        .await
}

async fn record_consent(
    state: &State,
    caller: &Caller,
    request: &pb::RecordConsentRequest,
) -> Result<pb::Contact> {
    let name = ContactName::parse("name", &request.name).map_err(Error::invalid)?;
    visible(caller, name.organisation, &request.name)?;
    let given = request.consent.as_ref();
    let given = given.ok_or_else(|| Error::invalid(Violation::required("consent")))?;
    let now = state.now();
    let given = under("consent", wire::contact::decode_consent(given, now))?;
    Mutation::new(
        &state.mutations,
        caller,
        RECORD_CONSENT,
        &request.request_id,
    )
    .run(request, |tx| {
        let given = given.clone();
        async move {
            let mut contact = locked(caller, &tx, name).await?;
            officers_record(caller)?;
            store::consent::record(&tx, &[(contact.id, given.clone())]).await?;
            consent::record(&mut contact.consents, given);
            contact.touch(now);
            change(&tx, &contact).await
        }
    })
    .await
}

/// What a person agrees to or refuses is recorded by an officer, with the evidence: a
/// member speaks for itself, not for the people in it. That somebody wants no messages at
/// all it may say (`do_not_contact`).
fn officers_record(caller: &Caller) -> Result<()> {
    match caller.organisation {
        Some(_) => Err(Error::invalid(Violation::officers_only("consent"))),
        None => Ok(()),
    }
}

async fn end(
    state: &State,
    caller: &Caller,
    request: &pb::EndContactRequest,
) -> Result<pb::Contact> {
    let name = ContactName::parse("name", &request.name).map_err(Error::invalid)?;
    visible(caller, name.organisation, &request.name)?;
    let now = state.now();
    Mutation::new(&state.mutations, caller, END, &request.request_id)
        .validate_only(request.validate_only)
        .run(request, |tx| async move {
            let mut contact = locked(caller, &tx, name).await?;
            etag::check(&request.etag, contact.id.0, contact.version)?;
            if !contact.stands() {
                return Err(already_ended());
            }
            contact.end(now);
            contact.touch(now);
            change(&tx, &contact).await
        })
        .await
}

fn already_ended() -> Error {
    Error::failed_precondition(
        "ALREADY_ENDED",
        "Nhiệm kỳ của đầu mối này đã kết thúc từ trước.",
        "The term of this contact has ended already.",
    )
}

async fn locked(caller: &Caller, tx: &Tx, name: ContactName) -> Result<Contact> {
    refuse_where_merged(caller, tx, name.organisation).await?;
    let found = store::contact::lock(tx, name).await?;
    tx.about(name.to_string());
    found.ok_or_else(|| Error::not_found(name.to_string()))
}

async fn change(tx: &Tx, contact: &Contact) -> Result<pb::Contact> {
    store::contact::update(tx, std::slice::from_ref(contact)).await?;
    kit::outbox::put(tx, &[fact::contact_changed(contact)]).await?;
    Ok(wire::contact::encode(contact))
}

async fn batch_get(
    state: &State,
    caller: &Caller,
    request: &pb::BatchGetContactsRequest,
) -> Result<pb::BatchGetContactsResponse> {
    let mut asked = decode_batch(&request.organisations)?;
    if let Some(own) = caller.organisation {
        asked.retain(|id| id.0 == own);
    }
    let connection = state.pool.get().await?;
    let reachable =
        store::reachability::reach(&connection, &asked, follows_mergers(caller)).await?;
    Ok(pb::BatchGetContactsResponse {
        organisations: reachable
            .iter()
            .map(wire::contact::encode_reachable)
            .collect(),
    })
}

fn decode_batch(names: &[String]) -> Result<Vec<OrganisationId>> {
    let mut wrong = Violations::default();
    wrong.require(!names.is_empty(), || Violation::required("organisations"));
    wrong.require(names.len() <= BATCH_LIMIT, || {
        Violation::too_many("organisations", BATCH_LIMIT)
    });
    let mut seen = HashSet::new();
    let ids = names.iter().take(BATCH_LIMIT).enumerate();
    let ids: Vec<OrganisationId> = ids
        .filter_map(|(index, name)| {
            wrong.check(OrganisationId::parse(
                &format!("organisations[{index}]"),
                name,
            ))
        })
        .filter(|id| seen.insert(*id))
        .collect();
    wrong.into_result()?;
    Ok(ids)
}
