//! Organisations (đơn vị).

use jiff::Timestamp;
use kit::error::{Error, Result, Violation, Violations};
use vietnam::taxcode::{TaxCode, TaxCodeError};

use super::id::OrganisationId;
use super::membership::Membership;

coded!(
    /// Kinds of organisations.
    Kind {
        /// Hợp tác xã.
        Cooperative => "cooperative",
        /// Tổ hợp tác.
        CooperativeGroup => "cooperative_group",
        /// Liên hiệp hợp tác xã.
        Union => "union",
        /// Quỹ tín dụng nhân dân.
        CreditFund => "credit_fund",
        /// Doanh nghiệp.
        Enterprise => "enterprise",
        /// The alliance itself (Liên minh HTX).
        Alliance => "alliance",
        /// A unit of the alliance (Văn phòng, Ban, Phòng, Trung tâm).
        Unit => "unit",
        /// A department, committee or people's committee.
        Authority => "authority",
        /// Any other body.
        Other => "other",
    }
);

coded!(
    /// Whether an organisation still exists.
    Status {
        /// Active.
        Active => "active",
        /// Has suspended its business.
        Suspended => "suspended",
        /// Dissolved.
        Dissolved => "dissolved",
        /// Merged into its successor.
        Merged => "merged",
    }
);

/// Shortest and longest full name, in characters.
pub const DISPLAY_NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=300;
/// Longest address, in characters.
pub const ADDRESS_LIMIT: usize = 500;
/// Longest locality, cluster and registration number, in characters.
pub const LABEL_LIMIT: usize = 120;
/// Longest roster code, in characters.
pub const ROSTER_CODE_LIMIT: usize = 40;
/// Longest reason for a tax code with a wrong check digit, in characters.
pub const REASON_LIMIT: usize = 300;

/// An organisation as the registry keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Identity.
    pub id: OrganisationId,
    /// What callers write.
    pub details: Details,
    /// The relation to the alliance; `None` when it is no member and did not apply.
    pub membership: Option<Membership>,
    /// Whether its codes were last written by its own member, whom no officer has
    /// confirmed since: what is recognised by them may be somebody else.
    pub codes_by_member: bool,
    /// When it was entered (business clock).
    pub created_at: Timestamp,
    /// When it last changed (business clock).
    pub updated_at: Timestamp,
    /// Rises by one with every change, from 1.
    pub version: i64,
}

impl Organisation {
    /// A new organisation.
    #[must_use]
    pub fn entered(id: OrganisationId, details: Details, now: Timestamp) -> Self {
        Self {
            id,
            details,
            membership: None,
            codes_by_member: false,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Takes what an officer, or its own member, wrote at `now`.
    pub fn rewrite(&mut self, details: Details, by_member: bool, now: Timestamp) {
        if details.codes() != self.details.codes() {
            self.codes_by_member = by_member;
        }
        self.details = details;
        self.touch(now);
    }

    /// Marks a change made at `now`.
    pub fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
        self.version += 1;
    }
}

/// What callers write about an organisation. Texts are composed, trimmed and
/// within their limits; "empty" means not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// What kind of body it is.
    pub kind: Kind,
    /// Full official name.
    pub display_name: String,
    /// Short name, at most 40 characters, never empty.
    pub short_name: String,
    /// Tax or cooperative code.
    pub tax_code: Option<TaxCode>,
    /// Why a tax code with a wrong check digit was accepted.
    pub tax_code_override_reason: String,
    /// Number of the registration certificate.
    pub registration_number: String,
    /// Code in the roster of the body that reports it.
    pub roster_code: Option<String>,
    /// Address as printed.
    pub address: String,
    /// Code of the province, two digits.
    pub province_code: String,
    /// Locality as printed.
    pub locality: String,
    /// The member cluster (cụm).
    pub cluster: String,
    /// A unit's alliance, a department's unit.
    pub parent: Option<OrganisationId>,
    /// Whether it still exists.
    pub status: Status,
    /// The successor, where it was merged.
    pub successor: Option<OrganisationId>,
}

impl Details {
    /// What imports recognise it by.
    fn codes(&self) -> (Option<&str>, Option<&TaxCode>) {
        (self.roster_code.as_deref(), self.tax_code.as_ref())
    }

    /// The rules that concern several fields.
    ///
    /// # Errors
    /// Violations of the fields that contradict each other.
    pub fn check(&self, id: OrganisationId) -> Result<()> {
        let mut violations = Violations::default();
        match (self.status, self.successor) {
            (Status::Merged, None) => violations.push(Violation::required("successor")),
            (Status::Active | Status::Suspended | Status::Dissolved, Some(_)) => {
                violations.push(Violation::new(
                    "successor",
                    "NOT_MERGED",
                    "Chỉ đơn vị đã sáp nhập mới có đơn vị kế thừa.",
                    "Only a merged organisation has a successor.",
                ))
            }
            _ => {}
        }
        violations.require(self.successor != Some(id), || itself("successor"));
        violations.require(self.parent != Some(id), || itself("parent"));
        violations.into_result()
    }
}

fn itself(field: &str) -> Violation {
    Violation::new(
        field,
        "ITSELF",
        "Đơn vị không thể trỏ tới chính mình.",
        "An organisation cannot point to itself.",
    )
}

/// A successor must stand itself: then no chain of mergers ever closes a circle.
///
/// # Errors
/// A violation of `successor` when that organisation was merged as well.
pub fn check_successor(status: Status) -> Result<()> {
    if status == Status::Merged {
        return Err(Error::invalid(Violation::new(
            "successor",
            "SUCCESSOR_MERGED",
            "Đơn vị kế thừa cũng đã sáp nhập; xin ghi đơn vị kế thừa cuối cùng.",
            "The successor was merged as well; name the one that stands now.",
        )));
    }
    Ok(())
}

/// Reads a full name.
///
/// # Errors
/// A violation of `field`: missing, too short or long, or unsafe characters.
pub fn display_name(field: &str, raw: &str) -> Result<String, Violation> {
    let name = kit::text::required_line(field, raw, *DISPLAY_NAME_LENGTH.end())?;
    if name.chars().count() < *DISPLAY_NAME_LENGTH.start() {
        return Err(Violation::malformed(
            field,
            "tên đầy đủ của đơn vị",
            "the full name of the organisation",
        ));
    }
    Ok(name)
}

/// Reads a tax code. Real records hold codes with a wrong check digit: one is
/// accepted when the caller gives its reason.
///
/// # Errors
/// A violation of `field`: another shape, or a wrong check digit without a reason.
pub fn tax_code(field: &str, raw: &str, has_reason: bool) -> Result<Option<TaxCode>, Violation> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    let code = TaxCode::read(raw).map_err(|error| match error {
        TaxCodeError::Shape | TaxCodeError::CheckDigit => Violation::malformed(
            field,
            "mã số 10 chữ số, 13 chữ số với đơn vị phụ thuộc, hoặc 12 chữ số với cá nhân, hộ gia đình",
            "a code of 10 digits, of 13 for a dependent unit, or of 12 for a person or household",
        ),
        TaxCodeError::Person => Violation::malformed(
            field,
            "số định danh cá nhân 12 chữ số đúng như trên giấy tờ",
            "the personal number of 12 digits as the papers show it",
        ),
        TaxCodeError::Branch => Violation::malformed(
            field,
            "mã số có phần đơn vị phụ thuộc từ 001 đến 999",
            "a code whose dependent unit is 001 to 999",
        ),
    })?;
    if code.is_valid() || has_reason {
        Ok(Some(code))
    } else {
        Err(Violation::new(
            field,
            "CHECK_DIGIT",
            "Mã số sai chữ số kiểm tra; nếu giấy tờ ghi đúng như vậy, xin nêu lý do chấp nhận.",
            "The check digit of the code is wrong; if the papers say so, give a reason to accept it.",
        ))
    }
}

/// Reads a province code.
///
/// # Errors
/// A violation of `field` when it is neither empty nor two digits.
pub fn province_code(field: &str, raw: &str) -> Result<String, Violation> {
    let code = raw.trim();
    if code.is_empty() || (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_digit())) {
        Ok(code.to_owned())
    } else {
        Err(Violation::malformed(
            field,
            "mã tỉnh gồm 2 chữ số",
            "a province code of 2 digits",
        ))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;

    /// A cooperative of which only the name is known.
    pub(crate) fn cooperative(name: &str) -> Details {
        Details {
            kind: Kind::Cooperative,
            display_name: name.to_owned(),
            short_name: crate::domain::short_name::derived(name),
            tax_code: None,
            tax_code_override_reason: String::new(),
            registration_number: String::new(),
            roster_code: None,
            address: String::new(),
            province_code: String::new(),
            locality: String::new(),
            cluster: String::new(),
            parent: None,
            status: Status::Active,
            successor: None,
        }
    }

    /// The same, entered.
    pub(crate) fn organisation(name: &str) -> Organisation {
        Organisation::entered(
            OrganisationId(Uuid::now_v7()),
            cooperative(name),
            Timestamp::UNIX_EPOCH,
        )
    }

    fn fields(result: Result<()>) -> Vec<String> {
        match result {
            Ok(()) => Vec::new(),
            Err(Error::InvalidArgument(violations)) => {
                violations.into_iter().map(|each| each.field).collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_merged_organisation_has_a_successor_and_only_such_a_one() {
        let id = OrganisationId(Uuid::now_v7());
        let other = OrganisationId(Uuid::now_v7());
        let mut details = cooperative("Hợp tác xã Bình Minh");
        assert!(fields(details.check(id)).is_empty());
        details.status = Status::Merged;
        assert_eq!(fields(details.check(id)), ["successor"]);
        details.successor = Some(other);
        assert!(fields(details.check(id)).is_empty());
        details.status = Status::Dissolved;
        assert_eq!(fields(details.check(id)), ["successor"]);
    }

    #[test]
    fn who_wrote_the_codes_last_is_remembered_until_they_change() {
        let mut known = organisation("Hợp tác xã Bình Minh");
        let code = |code: &str| Details {
            roster_code: Some(code.to_owned()),
            ..cooperative("Hợp tác xã Bình Minh")
        };
        known.rewrite(code("A"), true, Timestamp::UNIX_EPOCH);
        assert!(known.codes_by_member);
        known.rewrite(code("A"), false, Timestamp::UNIX_EPOCH);
        assert!(known.codes_by_member, "nobody has looked at the code");
        known.rewrite(code("B"), false, Timestamp::UNIX_EPOCH);
        assert!(!known.codes_by_member);
        assert_eq!(known.version, 4);
    }

    #[test]
    fn an_organisation_is_neither_its_own_parent_nor_its_own_successor() {
        let id = OrganisationId(Uuid::now_v7());
        let mut details = cooperative("Hợp tác xã Bình Minh");
        details.parent = Some(id);
        details.status = Status::Merged;
        details.successor = Some(id);
        assert_eq!(fields(details.check(id)), ["successor", "parent"]);
    }

    #[test]
    fn a_wrong_check_digit_needs_a_reason() {
        assert_eq!(
            tax_code("tax_code", "0100233489", false)
                .unwrap_err()
                .reason,
            "CHECK_DIGIT"
        );
        assert_eq!(
            tax_code("tax_code", "0100233489", true)
                .unwrap()
                .unwrap()
                .to_string(),
            "0100233489"
        );
        assert_eq!(
            tax_code("tax_code", "010023348", true).unwrap_err().reason,
            "MALFORMED"
        );
        assert_eq!(tax_code("tax_code", " ", false).unwrap(), None);
    }

    #[test]
    fn a_province_code_has_two_digits() {
        assert_eq!(province_code("province_code", "68").unwrap(), "68");
        assert!(province_code("province_code", "068").is_err());
        assert!(province_code("province_code", "6٨").is_err());
    }
}
