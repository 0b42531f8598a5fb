//! Organisations and memberships on the wire.

use kit::error::{Result, Violations};
use kit::{civil, etag, text};
use lienminh_proto::registry::v1 as pb;

use super::same_enum;
use crate::domain::id::OrganisationId;
use crate::domain::membership::{Membership, MembershipKind, MembershipState};
use crate::domain::organisation::{
    self, ADDRESS_LIMIT, Details, Kind, LABEL_LIMIT, Organisation, REASON_LIMIT, ROSTER_CODE_LIMIT,
    Status,
};
use crate::domain::short_name;

same_enum!(Kind, pb::OrganisationKind, encode_kind, decode_kind, {
    Cooperative => Cooperative,
    CooperativeGroup => CooperativeGroup,
    Union => Union,
    CreditFund => CreditFund,
    Enterprise => Enterprise,
    Alliance => Alliance,
    Unit => Unit,
    Authority => Authority,
    Other => Other,
});

same_enum!(Status, pb::OrganisationStatus, encode_status, decode_status, {
    Active => Active,
    Suspended => Suspended,
    Dissolved => Dissolved,
    Merged => Merged,
});

same_enum!(MembershipKind, pb::MembershipKind, encode_membership_kind, decode_membership_kind, {
    Official => Official,
    Affiliate => Affiliate,
});

// Callers never write a state: it moves by AdmitMember only.
pub(crate) const fn encode_membership_state(state: MembershipState) -> pb::MembershipState {
    match state {
        MembershipState::Applicant => pb::MembershipState::Applicant,
        MembershipState::Admitted => pb::MembershipState::Admitted,
        MembershipState::Suspended => pb::MembershipState::Suspended,
        MembershipState::Withdrawn => pb::MembershipState::Withdrawn,
    }
}

/// Full proto type of an organisation.
pub(crate) const TYPE: &str = "lienminh.registry.v1.Organisation";

/// The fields that callers may update.
pub(crate) const UPDATABLE: [&str; 14] = [
    "kind",
    "display_name",
    "short_name",
    "tax_code",
    "tax_code_override_reason",
    "registration_number",
    "roster_code",
    "address",
    "province_code",
    "locality",
    "cluster",
    "parent",
    "status",
    "successor",
];

pub(crate) fn encode(organisation: &Organisation) -> pb::Organisation {
    let details = &organisation.details;
    let name_of = |id: Option<OrganisationId>| id.map(|id| id.to_string()).unwrap_or_default();
    pb::Organisation {
        name: organisation.id.to_string(),
        kind: encode_kind(details.kind).into(),
        display_name: details.display_name.clone(),
        short_name: details.short_name.clone(),
        tax_code: details
            .tax_code
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        tax_code_override_reason: details.tax_code_override_reason.clone(),
        registration_number: details.registration_number.clone(),
        roster_code: details.roster_code.clone().unwrap_or_default(),
        address: details.address.clone(),
        province_code: details.province_code.clone(),
        locality: details.locality.clone(),
        cluster: details.cluster.clone(),
        parent: name_of(details.parent),
        status: encode_status(details.status).into(),
        successor: name_of(details.successor),
        membership: organisation.membership.as_ref().map(encode_membership),
        create_time: Some(kit::wire::timestamp(organisation.created_at)),
        update_time: Some(kit::wire::timestamp(organisation.updated_at)),
        etag: etag::of(organisation.id.0, organisation.version),
    }
}

fn encode_membership(membership: &Membership) -> pb::Membership {
    pb::Membership {
        kind: membership
            .kind
            .map_or(pb::MembershipKind::Unspecified, encode_membership_kind)
            .into(),
        state: encode_membership_state(membership.state).into(),
        decision_number: membership.decision_number.clone(),
        admit_date: membership.admit_date.map(civil::date),
        batch: membership.batch.clone(),
    }
}

/// What a caller writes; the fields of the server are not looked at.
///
/// # Errors
/// Every wrong field, by its name in the organisation.
pub(crate) fn decode(organisation: &pb::Organisation) -> Result<Details> {
    let mut wrong = Violations::default();
    let kind = wrong.check(decode_kind("kind", organisation.kind));
    let display_name = wrong.check(organisation::display_name(
        "display_name",
        &organisation.display_name,
    ));
    let short_name = wrong.check(text::line(
        "short_name",
        &organisation.short_name,
        short_name::SHORT_NAME_LIMIT,
    ));
    let reason = wrong.check(text::line(
        "tax_code_override_reason",
        &organisation.tax_code_override_reason,
        REASON_LIMIT,
    ));
    let has_reason = reason.as_ref().is_some_and(|reason| !reason.is_empty());
    let tax_code = wrong.check(organisation::tax_code(
        "tax_code",
        &organisation.tax_code,
        has_reason,
    ));
    let registration_number = wrong.check(text::line(
        "registration_number",
        &organisation.registration_number,
        LABEL_LIMIT,
    ));
    let roster_code = wrong.check(text::line(
        "roster_code",
        &organisation.roster_code,
        ROSTER_CODE_LIMIT,
    ));
    let address = wrong.check(text::line("address", &organisation.address, ADDRESS_LIMIT));
    let province_code = wrong.check(organisation::province_code(
        "province_code",
        &organisation.province_code,
    ));
    let locality = wrong.check(text::line("locality", &organisation.locality, LABEL_LIMIT));
    let cluster = wrong.check(text::line("cluster", &organisation.cluster, LABEL_LIMIT));
    let parent = wrong.check(OrganisationId::parse_optional(
        "parent",
        &organisation.parent,
    ));
    let status = match organisation.status {
        0 => Some(Status::Active),
        stated => wrong.check(decode_status("status", stated)),
    };
    let successor = wrong.check(OrganisationId::parse_optional(
        "successor",
        &organisation.successor,
    ));
    let details = (|| {
        let display_name = display_name?;
        let short_name = short_name?;
        Some(Details {
            kind: kind?,
            short_name: if short_name.is_empty() {
                short_name::derived(&display_name)
            } else {
                short_name
            },
            display_name,
            tax_code: tax_code?,
            tax_code_override_reason: reason?,
            registration_number: registration_number?,
            roster_code: Some(roster_code?).filter(|code| !code.is_empty()),
            address: address?,
            province_code: province_code?,
            locality: locality?,
            cluster: cluster?,
            parent: parent?,
            status: status?,
            successor: successor?,
        })
    })();
    wrong.finish(details)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use kit::error::Error;

    use super::*;

    #[test]
    fn what_was_encoded_decodes_to_the_same() {
        let mut known = organisation::tests::organisation("Hợp tác xã Bình Minh");
        known.details.tax_code = vietnam::taxcode::TaxCode::parse("0100233488").ok();
        known.details.roster_code = Some("DN-1".to_owned());
        known.membership = Some(Membership::applicant());
        let sent = encode(&known);
        assert_eq!(decode(&sent).unwrap(), known.details);
        assert_eq!(
            sent.membership.unwrap().state(),
            pb::MembershipState::Applicant
        );
    }

    #[test]
    fn every_value_of_an_enum_survives_the_wire_and_later_ones_are_refused() {
        for kind in Kind::ALL {
            assert_eq!(
                decode_kind("kind", encode_kind(*kind).into()).unwrap(),
                *kind
            );
        }
        for status in Status::ALL {
            assert_eq!(
                decode_status("status", encode_status(*status).into()).unwrap(),
                *status
            );
        }
        assert_eq!(decode_kind("kind", 0).unwrap_err().reason, "REQUIRED");
        assert_eq!(decode_kind("kind", 99).unwrap_err().reason, "UNKNOWN_VALUE");
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let wrong = pb::Organisation {
            display_name: "\u{202e}x".to_owned(),
            tax_code: "12".to_owned(),
            province_code: "x".to_owned(),
            parent: "organisations/1".to_owned(),
            status: 99,
            ..pb::Organisation::default()
        };
        let Err(Error::InvalidArgument(violations)) = decode(&wrong) else {
            panic!("accepted");
        };
        let fields: Vec<_> = violations.iter().map(|each| each.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "kind",
                "display_name",
                "tax_code",
                "province_code",
                "parent",
                "status"
            ]
        );
    }
}
