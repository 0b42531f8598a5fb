//! The other services, as far as the desk asks them: what they hold is set by the test.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use lienminh_proto::obligation::v1 as pb;
use lienminh_proto::obligation::v1::obligation_source_service_server::{
    ObligationSourceService, ObligationSourceServiceServer,
};
use lienminh_proto::registry::v1 as registry;
use lienminh_proto::registry::v1::contact_service_server::{ContactService, ContactServiceServer};
use tokio_stream::Stream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

#[derive(Default)]
pub(crate) struct Held {
    pub(crate) obligations: BTreeMap<String, pb::Obligation>,
    pub(crate) parties: BTreeMap<String, Vec<pb::Party>>,
    pub(crate) reach: BTreeMap<String, registry::Reachability>,
}

/// Clones share what they hold.
#[derive(Clone, Default)]
pub(crate) struct World {
    held: Arc<Mutex<Held>>,
    down: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    cut: Arc<AtomicUsize>,
}

impl World {
    pub(crate) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// How often an audience was asked for.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The audience that is asked for as the so-manyth ends in an error after its
    /// first 1,200 parties.
    pub(crate) fn cut(&self, number: usize) {
        self.cut.store(number, Ordering::SeqCst);
    }

    /// An organisation with these contacts.
    pub(crate) fn organisation(&self, name: &str, contacts: Vec<registry::Contact>) -> String {
        let resource = format!("organisations/{}", Uuid::now_v7());
        self.held().reach.insert(
            resource.clone(),
            registry::Reachability {
                organisation: resource.clone(),
                effective_organisation: resource.clone(),
                display_name: name.to_owned(),
                status: registry::OrganisationStatus::Active.into(),
                membership_state: registry::MembershipState::Admitted.into(),
                contacts,
                ..registry::Reachability::default()
            },
        );
        resource
    }

    pub(crate) fn change(
        &self,
        organisation: &str,
        change: impl FnOnce(&mut registry::Reachability),
    ) {
        change(self.held().reach.get_mut(organisation).unwrap());
    }

    /// Listens on a port of its own; the address.
    pub(crate) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
        let server = tonic::transport::Server::builder()
            .add_service(ObligationSourceServiceServer::new(self.clone()))
            .add_service(ContactServiceServer::new(self.clone()))
            .serve_with_incoming(incoming);
        tokio::spawn(server);
        format!("http://{address}")
    }

    fn awake(&self) -> Result<(), Status> {
        if self.down.load(Ordering::SeqCst) {
            // Not UNAVAILABLE, which the client would patiently try again.
            return Err(Status::internal("down"));
        }
        Ok(())
    }
}

pub(crate) fn mailbox(email: &str) -> registry::Contact {
    registry::Contact {
        position: pb::Position::Director.into(),
        email: email.to_owned(),
        language: "vi".to_owned(),
        ..registry::Contact::default()
    }
}

pub(crate) fn mobile(phone: &str) -> registry::Contact {
    registry::Contact {
        position: pb::Position::Office.into(),
        phone: phone.to_owned(),
        phone_receives_sms: true,
        ..registry::Contact::default()
    }
}

pub(crate) fn landline(phone: &str) -> registry::Contact {
    registry::Contact {
        phone_receives_sms: false,
        ..mobile(phone)
    }
}

pub(crate) fn party(organisation: &str, state: pb::PartyState) -> pb::Party {
    pb::Party {
        organisation: organisation.to_owned(),
        state: state.into(),
        reply_token: "token".to_owned(),
        answer_code: "4827".to_owned(),
        ..pb::Party::default()
    }
}

#[tonic::async_trait]
impl ObligationSourceService for World {
    async fn list_obligations(
        &self,
        _: Request<pb::ListObligationsRequest>,
    ) -> Result<Response<pb::ListObligationsResponse>, Status> {
        self.awake()?;
        Ok(Response::new(pb::ListObligationsResponse {
            obligations: self.held().obligations.values().cloned().collect(),
            next_page_token: String::new(),
        }))
    }

    type StreamAudienceStream =
        Pin<Box<dyn Stream<Item = Result<pb::StreamAudienceResponse, Status>> + Send>>;

    async fn stream_audience(
        &self,
        request: Request<pb::StreamAudienceRequest>,
    ) -> Result<Response<Self::StreamAudienceStream>, Status> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.awake()?;
        let name = request.into_inner().obligation;
        let held = self.held();
        let parties = held.parties.get(&name).cloned().unwrap_or_default();
        let mut messages = vec![Ok(pb::StreamAudienceResponse {
            obligation: held.obligations.get(&name).cloned(),
            parties: Vec::new(),
        })];
        messages.extend(parties.chunks(200).map(|chunk| {
            Ok(pb::StreamAudienceResponse {
                obligation: None,
                parties: chunk.to_vec(),
            })
        }));
        if number == self.cut.load(Ordering::SeqCst) {
            messages.truncate(1 + 6);
            messages.push(Err(Status::internal("cut")));
        }
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn check_parties(
        &self,
        request: Request<pb::CheckPartiesRequest>,
    ) -> Result<Response<pb::CheckPartiesResponse>, Status> {
        self.awake()?;
        let request = request.into_inner();
        let held = self.held();
        let parties = held
            .parties
            .get(&request.obligation)
            .cloned()
            .unwrap_or_default();
        Ok(Response::new(pb::CheckPartiesResponse {
            obligation: held.obligations.get(&request.obligation).cloned(),
            parties: parties
                .into_iter()
                .filter(|party| request.organisations.contains(&party.organisation))
                .collect(),
        }))
    }
}

fn unused<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("the desk never asks this"))
}

#[tonic::async_trait]
impl ContactService for World {
    async fn create_contact(
        &self,
        _: Request<registry::CreateContactRequest>,
    ) -> Result<Response<registry::Contact>, Status> {
        unused()
    }

    async fn get_contact(
        &self,
        _: Request<registry::GetContactRequest>,
    ) -> Result<Response<registry::Contact>, Status> {
        unused()
    }

    async fn list_contacts(
        &self,
        _: Request<registry::ListContactsRequest>,
    ) -> Result<Response<registry::ListContactsResponse>, Status> {
        unused()
    }

    async fn update_contact(
        &self,
        _: Request<registry::UpdateContactRequest>,
    ) -> Result<Response<registry::Contact>, Status> {
        unused()
    }

    async fn end_contact(
        &self,
        _: Request<registry::EndContactRequest>,
    ) -> Result<Response<registry::Contact>, Status> {
        unused()
    }

    async fn record_consent(
        &self,
        _: Request<registry::RecordConsentRequest>,
    ) -> Result<Response<registry::Contact>, Status> {
        unused()
    }

    async fn batch_get_contacts(
        &self,
        request: Request<registry::BatchGetContactsRequest>,
    ) -> Result<Response<registry::BatchGetContactsResponse>, Status> {
        let names = request.into_inner().organisations;
        if names.len() > 200 {
            return Err(Status::invalid_argument("more than 200"));
        }
        let held = self.held();
        Ok(Response::new(registry::BatchGetContactsResponse {
            organisations: names
                .iter()
                .filter_map(|name| held.reach.get(name).cloned())
                .collect(),
        }))
    }
}
