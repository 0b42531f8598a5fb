//! The relation of an organisation to the alliance (tư cách thành viên).

use jiff::civil::Date;
use kit::error::{Error, Result, Violation};

use super::organisation::{Kind, Organisation, Status};

coded!(
    /// Kinds of membership.
    MembershipKind {
        /// Thành viên chính thức.
        Official => "official",
        /// Thành viên liên kết.
        Affiliate => "affiliate",
    }
);

coded!(
    /// States of a membership.
    MembershipState {
        /// An application is being handled.
        Applicant => "applicant",
        /// A member.
        Admitted => "admitted",
        /// Suspended: told nothing until restored.
        Suspended => "suspended",
        /// Has left.
        Withdrawn => "withdrawn",
    }
);

/// A membership with the decision it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Kind; not known yet while an application is handled.
    pub kind: Option<MembershipKind>,
    /// Where it stands.
    pub state: MembershipState,
    /// Number of the admission decision as printed; empty when not known.
    pub decision_number: String,
    /// Member from this date: the day the decision was signed.
    pub admit_date: Option<Date>,
    /// The admission batch, "1/2024"; empty where admitted alone.
    pub batch: String,
}

/// Longest decision number, in characters.
pub const DECISION_NUMBER_LIMIT: usize = 60;
/// Longest name of a batch, in characters.
pub const BATCH_LIMIT: usize = 40;

impl Membership {
    /// A handled application.
    #[must_use]
    pub const fn applicant() -> Self {
        Self {
            kind: None,
            state: MembershipState::Applicant,
            decision_number: String::new(),
            admit_date: None,
            batch: String::new(),
        }
    }
}

/// A decision to admit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Kind of membership.
    pub kind: MembershipKind,
    /// Number of the decision as printed.
    pub decision_number: String,
    /// The day the decision was signed.
    pub admit_date: Date,
    /// The batch; empty where admitted alone.
    pub batch: String,
}

impl Admission {
    /// The membership of `organisation` once admitted. An organisation is a
    /// member from the day its decision was signed, so `today` bounds the date.
    ///
    /// # Errors
    /// A date in the future; an organisation that exists no more, is a body
    /// that does not join, or is a member already.
    pub fn membership_of(self, organisation: &Organisation, today: Date) -> Result<Membership> {
        if self.admit_date > today {
            return Err(Error::invalid(in_the_future("admit_date")));
        }
        may_join(organisation)?;
        match organisation.membership.as_ref().map(|each| each.state) {
            Some(MembershipState::Admitted) => Err(already_a_member()),
            Some(MembershipState::Suspended) => Err(Error::failed_precondition(
                "MEMBERSHIP_SUSPENDED",
                "Tư cách thành viên của đơn vị đang tạm dừng, cần được khôi phục chứ không kết nạp lại.",
                "The membership is suspended: it is restored, not admitted again.",
            )),
            Some(MembershipState::Applicant | MembershipState::Withdrawn) | None => {
                Ok(Membership {
                    kind: Some(self.kind),
                    state: MembershipState::Admitted,
                    decision_number: self.decision_number,
                    admit_date: Some(self.admit_date),
                    batch: self.batch,
                })
            }
        }
    }
}

/// Whether an organisation may apply and be admitted.
///
/// # Errors
/// An organisation that exists no more, or a body that does not join.
pub fn may_join(organisation: &Organisation) -> Result<()> {
    if !organisation.details.kind.joins() {
        return Err(Error::failed_precondition(
            "KIND_DOES_NOT_JOIN",
            "Loại đơn vị này không thuộc diện kết nạp thành viên.",
            "Bodies of this kind do not become members.",
        ));
    }
    match organisation.details.status {
        Status::Active | Status::Suspended => Ok(()),
        Status::Dissolved | Status::Merged => Err(Error::failed_precondition(
            "ORGANISATION_GONE",
            "Đơn vị đã giải thể hoặc đã sáp nhập.",
            "The organisation was dissolved or merged.",
        )),
    }
}

/// Whether an organisation that is named in a batch becomes an applicant by it;
/// one whose application is handled already stays one.
///
/// # Errors
/// As [`may_join`]; a member, also a suspended one, does not apply.
pub fn applies(organisation: &Organisation) -> Result<bool> {
    may_join(organisation)?;
    match organisation.membership.as_ref().map(|each| each.state) {
        Some(MembershipState::Admitted | MembershipState::Suspended) => Err(already_a_member()),
        Some(MembershipState::Applicant) => Ok(false),
        Some(MembershipState::Withdrawn) | None => Ok(true),
    }
}

impl Kind {
    /// Whether bodies of this kind become members: the alliance itself, its
    /// units and authorities do not.
    #[must_use]
    pub const fn joins(self) -> bool {
        !matches!(self, Self::Alliance | Self::Unit | Self::Authority)
    }
}

/// The day of a decision lies after today.
pub(crate) fn in_the_future(field: &str) -> Violation {
    Violation::new(
        field,
        "IN_THE_FUTURE",
        "Ngày ký quyết định không thể sau hôm nay.",
        "The day of the decision cannot lie after today.",
    )
}

fn already_a_member() -> Error {
    Error::failed_precondition(
        "ALREADY_A_MEMBER",
        "Đơn vị đã là đơn vị thành viên.",
        "The organisation is a member already.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;
    use crate::domain::organisation::tests::organisation;

    fn admission() -> Admission {
        Admission {
            kind: MembershipKind::Official,
            decision_number: "15/QĐ-LMHTX".to_owned(),
            admit_date: date(2024, 4, 5),
            batch: "1/2024".to_owned(),
        }
    }

    fn reason(error: &Error) -> &'static str {
        if let Error::FailedPrecondition(refusal) = error {
            return refusal.reason;
        }
        let Error::InvalidArgument(violations) = error else {
            panic!("{error}");
        };
        violations[0].reason
    }

    #[test]
    fn an_applicant_becomes_a_member_from_the_day_of_the_decision() {
        let mut applicant = organisation("Hợp tác xã Bình Minh");
        applicant.membership = Some(Membership::applicant());
        let membership = admission()
            .membership_of(&applicant, date(2024, 4, 5))
            .unwrap();
        assert_eq!(membership.state, MembershipState::Admitted);
        assert_eq!(membership.admit_date, Some(date(2024, 4, 5)));
    }

    #[test]
    fn who_left_may_come_back_but_a_member_is_not_admitted_twice() {
        let mut known = organisation("Hợp tác xã Bình Minh");
        for (state, refusal) in [
            (MembershipState::Withdrawn, None),
            (MembershipState::Admitted, Some("ALREADY_A_MEMBER")),
            (MembershipState::Suspended, Some("MEMBERSHIP_SUSPENDED")),
        ] {
            known.membership = Some(Membership {
                state,
                ..Membership::applicant()
            });
            let result = admission().membership_of(&known, date(2024, 4, 9));
            assert_eq!(result.as_ref().err().map(reason), refusal, "{state:?}");
        }
    }

    #[test]
    fn who_is_no_member_applies_and_a_member_does_not() {
        let mut known = organisation("Hợp tác xã Bình Minh");
        assert!(applies(&known).unwrap());
        known.membership = Some(Membership::applicant());
        assert!(!applies(&known).unwrap());
        known.membership = Some(Membership {
            state: MembershipState::Admitted,
            ..Membership::applicant()
        });
        assert_eq!(reason(&applies(&known).unwrap_err()), "ALREADY_A_MEMBER");
    }

    #[test]
    fn nobody_is_admitted_by_a_decision_of_tomorrow() {
        let known = organisation("Hợp tác xã Bình Minh");
        let error = admission()
            .membership_of(&known, date(2024, 4, 4))
            .unwrap_err();
        assert_eq!(reason(&error), "IN_THE_FUTURE");
    }

    #[test]
    fn units_and_dissolved_bodies_do_not_join() {
        let mut unit = organisation("Ban Chính sách");
        unit.details.kind = Kind::Unit;
        assert_eq!(reason(&may_join(&unit).unwrap_err()), "KIND_DOES_NOT_JOIN");
        let mut gone = organisation("Hợp tác xã Bình Minh");
        gone.details.status = Status::Dissolved;
        assert_eq!(reason(&may_join(&gone).unwrap_err()), "ORGANISATION_GONE");
    }
}
