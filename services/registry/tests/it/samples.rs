//! Things to enter, and ways to read refusals.

use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1 as pb;
use lienminh_proto::r#type::v1::Date;
use tonic::Status;
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::house::Desk;

pub fn request_id() -> String {
    Uuid::now_v7().to_string()
}

pub fn cooperative(name: &str) -> pb::Organisation {
    pb::Organisation {
        kind: pb::OrganisationKind::Cooperative.into(),
        display_name: name.to_owned(),
        ..pb::Organisation::default()
    }
}

pub fn of_kind(kind: pb::OrganisationKind, name: &str) -> pb::Organisation {
    pb::Organisation {
        kind: kind.into(),
        ..cooperative(name)
    }
}

pub const fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

pub fn director(name: &str, email: &str, phone: &str) -> pb::Contact {
    pb::Contact {
        person_name: name.to_owned(),
        position: Position::Director.into(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        ..pb::Contact::default()
    }
}

impl Desk {
    pub async fn enter(
        &mut self,
        organisation: pb::Organisation,
    ) -> Result<pb::Organisation, Status> {
        let request = pb::CreateOrganisationRequest {
            organisation: Some(organisation),
            request_id: request_id(),
            validate_only: false,
        };
        Ok(self
            .organisations
            .create_organisation(request)
            .await?
            .into_inner())
    }

    pub async fn get(&mut self, name: &str) -> Result<pb::Organisation, Status> {
        let request = pb::GetOrganisationRequest {
            name: name.to_owned(),
        };
        Ok(self
            .organisations
            .get_organisation(request)
            .await?
            .into_inner())
    }

    pub async fn change(
        &mut self,
        organisation: pb::Organisation,
        paths: &[&str],
    ) -> Result<pb::Organisation, Status> {
        let request = pb::UpdateOrganisationRequest {
            organisation: Some(organisation),
            update_mask: mask(paths),
            request_id: request_id(),
            validate_only: false,
        };
        Ok(self
            .organisations
            .update_organisation(request)
            .await?
            .into_inner())
    }

    pub async fn add(
        &mut self,
        organisation: &str,
        contact: pb::Contact,
    ) -> Result<pb::Contact, Status> {
        let request = pb::CreateContactRequest {
            parent: organisation.to_owned(),
            contact: Some(contact),
            request_id: request_id(),
            validate_only: false,
        };
        Ok(self.contacts.create_contact(request).await?.into_inner())
    }

    pub async fn admit(&mut self, organisation: &str) -> Result<pb::Organisation, Status> {
        let request = pb::AdmitMemberRequest {
            name: organisation.to_owned(),
            kind: pb::MembershipKind::Official.into(),
            decision_number: "15/QĐ-LMHTX".to_owned(),
            admit_date: Some(day(2024, 2, 20)),
            batch: "1/2024".to_owned(),
            etag: String::new(),
            request_id: request_id(),
        };
        Ok(self.organisations.admit_member(request).await?.into_inner())
    }
}

pub fn mask(paths: &[&str]) -> Option<prost_types::FieldMask> {
    (!paths.is_empty()).then(|| prost_types::FieldMask {
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
    })
}

/// The reason of a refusal.
pub fn reason(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

/// The fields that a refusal names.
pub fn fields(status: &Status) -> Vec<String> {
    let request = status.get_details_bad_request();
    let violations = request
        .into_iter()
        .flat_map(|request| request.field_violations);
    violations.map(|each| each.field).collect()
}

/// The sentence of a refusal in the caller's language.
pub fn sentence(status: &Status) -> String {
    status
        .get_details_localized_message()
        .map(|each| each.message)
        .unwrap_or_default()
}
