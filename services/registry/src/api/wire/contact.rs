//! Contacts, consents and reachability on the wire.

use jiff::Timestamp;
use kit::error::{Result, Violations};
use kit::language::Language;
use kit::{etag, text};
use lienminh_proto::obligation::v1 as obligation;
use lienminh_proto::registry::v1 as pb;
use vietnam::phone::Phone;

use super::organisation::{encode_kind, encode_membership_state, encode_status};
use super::{encode_warnings, same_enum};
use crate::domain::consent::{Consent, EVIDENCE_LIMIT, Purpose};
use crate::domain::contact::{self, Contact, Details, PERSON_NAME_LIMIT, SALUTATION_LIMIT};
use crate::domain::email::Email;
use crate::domain::position::Position;
use crate::domain::warning::Warning;
use crate::store::reachability::Reachable;

same_enum!(Position, obligation::Position, encode_position, decode_position, {
    Chair => Chair,
    Director => Director,
    Accountant => Accountant,
    Supervisor => Supervisor,
    Office => Office,
    Head => Head,
    Officer => Officer,
});

same_enum!(Purpose, pb::ConsentPurpose, encode_purpose, decode_purpose, {
    Work => Work,
    Advert => Advert,
});

/// Full proto type of a contact.
pub(crate) const TYPE: &str = "lienminh.registry.v1.Contact";

/// The fields that callers may update; consents have an rpc of their own.
pub(crate) const UPDATABLE: [&str; 8] = [
    "person_name",
    "salutation",
    "position",
    "email",
    "phone",
    "phone_shared",
    "language",
    "do_not_contact",
];

/// The fields with which callers enter a contact.
pub(crate) const ENTERABLE: [&str; 9] = {
    let [a, b, c, d, e, f, g, h] = UPDATABLE;
    [a, b, c, d, e, f, g, h, "consents"]
};

pub(crate) fn encode(contact: &Contact) -> pb::Contact {
    let details = &contact.details;
    pb::Contact {
        name: contact.name().to_string(),
        person_name: details.person_name.clone(),
        salutation: details.salutation.clone(),
        position: encode_position(details.position).into(),
        email: details
            .email
            .as_ref()
            .map(Email::as_str)
            .unwrap_or_default()
            .to_owned(),
        phone: details.phone.as_ref().map(Phone::e164).unwrap_or_default(),
        phone_receives_sms: details.receives_sms(),
        phone_shared: details.phone_shared,
        language: details.language.code().to_owned(),
        do_not_contact: details.do_not_contact,
        consents: contact.consents.iter().map(encode_consent).collect(),
        etag: etag::of(contact.id.0, contact.version),
        update_time: Some(kit::wire::timestamp(contact.updated_at)),
        end_time: contact.ended_at.map(kit::wire::timestamp),
        warnings: Vec::new(),
    }
}

/// The answer to a change: the contact, and what a person should look at again.
pub(crate) fn encode_changed(
    contact: &Contact,
    warnings: &[Warning],
    language: Language,
) -> pb::Contact {
    pb::Contact {
        warnings: encode_warnings(warnings, language),
        ..encode(contact)
    }
}

fn encode_consent(consent: &Consent) -> pb::Consent {
    pb::Consent {
        purpose: encode_purpose(consent.purpose).into(),
        granted: consent.granted,
        evidence: consent.evidence.clone(),
        time: Some(kit::wire::timestamp(consent.recorded_at)),
    }
}

/// What a caller writes; the fields of the server are not looked at.
///
/// # Errors
/// Every wrong field, by its name in the contact.
pub(crate) fn decode(contact: &pb::Contact) -> Result<Details> {
    let mut wrong = Violations::default();
    let person_name = wrong.check(text::line(
        "person_name",
        &contact.person_name,
        PERSON_NAME_LIMIT,
    ));
    let salutation = wrong.check(text::line(
        "salutation",
        &contact.salutation,
        SALUTATION_LIMIT,
    ));
    let position = wrong.check(decode_position("position", contact.position));
    let email = wrong.check(contact::email("email", &contact.email));
    let phone = wrong.check(contact::phone("phone", &contact.phone));
    let language = wrong.check(contact::language("language", &contact.language));
    let details = (|| {
        Some(Details {
            person_name: person_name?,
            salutation: salutation?,
            position: position?,
            email: email?,
            phone: phone?,
            phone_shared: contact.phone_shared,
            language: language?,
            do_not_contact: contact.do_not_contact,
        })
    })();
    wrong.finish(details)
}

/// A consent or refusal given now.
///
/// # Errors
/// Every wrong field, by its name in the consent.
pub(crate) fn decode_consent(consent: &pb::Consent, now: Timestamp) -> Result<Consent> {
    let mut wrong = Violations::default();
    let purpose = wrong.check(decode_purpose("purpose", consent.purpose));
    let evidence = wrong.check(text::required_line(
        "evidence",
        &consent.evidence,
        EVIDENCE_LIMIT,
    ));
    let consent = (|| {
        Some(Consent {
            purpose: purpose?,
            granted: consent.granted,
            evidence: evidence?,
            recorded_at: now,
        })
    })();
    wrong.finish(consent)
}

pub(crate) fn encode_reachable(reachable: &Reachable) -> pb::Reachability {
    let effective = &reachable.effective;
    let state = effective
        .membership
        .as_ref()
        .map(|each| encode_membership_state(each.state));
    pb::Reachability {
        organisation: reachable.asked.to_string(),
        effective_organisation: effective.id.to_string(),
        display_name: effective.details.display_name.clone(),
        short_name: effective.details.short_name.clone(),
        kind: encode_kind(effective.details.kind).into(),
        status: encode_status(effective.details.status).into(),
        membership_state: state.unwrap_or(pb::MembershipState::Unspecified).into(),
        contacts: reachable.contacts.iter().map(encode).collect(),
        address: effective.details.address.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;
    use crate::domain::id::{ContactId, OrganisationId};

    #[test]
    fn what_was_encoded_decodes_to_the_same() {
        let details = decode(&pb::Contact {
            person_name: "Nguyễn Thị Lan".to_owned(),
            salutation: "Bà".to_owned(),
            position: obligation::Position::Director.into(),
            email: "lan@example.vn".to_owned(),
            phone: "0261 354 1234".to_owned(),
            ..pb::Contact::default()
        })
        .unwrap();
        let ids = (ContactId(Uuid::now_v7()), OrganisationId(Uuid::now_v7()));
        let sent = encode(&Contact::entered(
            ids.0,
            ids.1,
            details.clone(),
            Timestamp::UNIX_EPOCH,
        ));
        assert_eq!(decode(&sent).unwrap(), details);
        assert_eq!(
            (sent.phone.as_str(), sent.phone_receives_sms),
            ("+842613541234", false)
        );
        assert_eq!(sent.language, "vi");
    }

    #[test]
    fn a_consent_without_evidence_is_none() {
        let consent = pb::Consent {
            purpose: pb::ConsentPurpose::Advert.into(),
            granted: true,
            ..pb::Consent::default()
        };
        let kit::error::Error::InvalidArgument(violations) =
            decode_consent(&consent, Timestamp::UNIX_EPOCH).unwrap_err()
        else {
            panic!("another error");
        };
        assert_eq!(
            (violations[0].field.as_str(), violations[0].reason),
            ("evidence", "REQUIRED")
        );
    }

    #[test]
    fn every_position_survives_the_wire() {
        for position in Position::ALL {
            let sent = encode_position(*position).into();
            assert_eq!(decode_position("position", sent).unwrap(), *position);
        }
    }
}
