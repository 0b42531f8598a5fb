//! One row of a roster, judged by itself.

use jiff::civil::Date;
use kit::error::{Violation, Violations};
use kit::text;
use vietnam::phone::Phone;
use vietnam::taxcode::TaxCode;
use vietnam::text::fold;

use super::Remark;
use crate::domain::email::Email;
use crate::domain::membership::{DECISION_NUMBER_LIMIT, MembershipKind, in_the_future};
use crate::domain::organisation::{ADDRESS_LIMIT, Kind, LABEL_LIMIT, ROSTER_CODE_LIMIT};
use crate::domain::position::Position;
use crate::domain::warning::Warning;
use crate::domain::{contact, organisation};

/// Years in which admissions can lie: before 1946 there were no cooperatives.
const ADMIT_YEARS: std::ops::RangeInclusive<i16> = 1946..=2199;

/// The cells of a row as they stand in the file; see the contract for each.
#[derive(Clone, Default)]
#[allow(missing_docs)] // the fields of `lienminh.registry.v1.RosterRow`
pub struct RawRow {
    pub line: i32,
    pub roster_code: String,
    pub kind: String,
    pub display_name: String,
    pub tax_code: String,
    pub address: String,
    pub locality: String,
    pub province_code: String,
    pub cluster: String,
    pub parent_code: String,
    pub membership: String,
    pub decision_number: String,
    pub admit_date: String,
    pub position: String,
    pub person_name: String,
    pub email: String,
    pub phone: String,
    pub advert_consent: String,
    pub salutation: String,
}

/// A row that makes sense by itself. `None` and empty mean that its cell says nothing.
#[derive(Clone)]
pub struct Row {
    /// Line in the caller's file.
    pub line: i32,
    /// Roster code.
    pub roster_code: Option<String>,
    /// Tax code.
    pub tax_code: Option<TaxCode>,
    /// Kind of body.
    pub kind: Option<Kind>,
    /// Full name.
    pub display_name: Option<String>,
    /// Address as printed.
    pub address: String,
    /// Locality as printed.
    pub locality: String,
    /// Province code.
    pub province_code: String,
    /// Cluster.
    pub cluster: String,
    /// Roster code of the parent.
    pub parent_code: Option<String>,
    /// Membership.
    pub membership: Option<RowMembership>,
    /// The person to reach.
    pub contact: Option<RowContact>,
    /// What is doubted so far.
    pub remarks: Vec<Remark>,
}

/// The membership that a row states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowMembership {
    /// Kind.
    pub kind: MembershipKind,
    /// Number of the decision; may be empty.
    pub decision_number: String,
    /// Day of admission.
    pub admit_date: Option<Date>,
}

/// The contact of a row.
#[derive(Clone)]
pub struct RowContact {
    /// Position held.
    pub position: Position,
    /// The person's name; empty for an office.
    pub person_name: String,
    /// Form of address; empty: not said.
    pub salutation: String,
    /// Email.
    pub email: Option<Email>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Whether the person agreed to adverts; `None`: not said.
    pub advert_consent: Option<bool>,
}

/// Reads a row; `today` is the local day of the business clock.
///
/// # Errors
/// Every reason for which the row is refused, each with its field.
pub fn read(raw: &RawRow, today: Date) -> Result<Row, Vec<Remark>> {
    let mut wrong = Violations::default();
    let roster_code = wrong.check(text::line(
        "roster_code",
        &raw.roster_code,
        ROSTER_CODE_LIMIT,
    ));
    let tax_code = wrong.check(organisation::tax_code("tax_code", &raw.tax_code, false));
    wrong.require(
        !(raw.roster_code.trim().is_empty() && raw.tax_code.trim().is_empty()),
        || {
            Violation::new(
                "roster_code",
                "REQUIRED",
                "Cần mã danh sách hoặc mã số thuế để nhận ra đơn vị.",
                "A roster code or a tax code is needed to recognise the organisation.",
            )
        },
    );
    let kind = wrong.check(kind(&raw.kind));
    let display_name = wrong.check(optional(
        &raw.display_name,
        organisation::display_name,
        "display_name",
    ));
    let address = wrong.check(text::line("address", &raw.address, ADDRESS_LIMIT));
    let locality = wrong.check(text::line("locality", &raw.locality, LABEL_LIMIT));
    let province_code = wrong.check(organisation::province_code(
        "province_code",
        &raw.province_code,
    ));
    let cluster = wrong.check(text::line("cluster", &raw.cluster, LABEL_LIMIT));
    let parent_code = wrong.check(text::line(
        "parent_code",
        &raw.parent_code,
        ROSTER_CODE_LIMIT,
    ));
    let membership = membership(raw, today, &mut wrong);
    let mut remarks = Vec::new();
    let contact = contact_of(raw, &mut wrong, &mut remarks);
    if let Err(kit::error::Error::InvalidArgument(violations)) = wrong.into_result() {
        return Err(violations.into_iter().map(Remark::from).collect());
    }
    Ok(Row {
        line: raw.line,
        roster_code: roster_code.filter(|code| !code.is_empty()),
        tax_code: tax_code.flatten(),
        kind: kind.flatten(),
        display_name: display_name.flatten(),
        address: address.unwrap_or_default(),
        locality: locality.unwrap_or_default(),
        province_code: province_code.unwrap_or_default(),
        cluster: cluster.unwrap_or_default(),
        parent_code: parent_code.filter(|code| !code.is_empty()),
        membership,
        contact,
        remarks,
    })
}

fn optional<T>(
    raw: &str,
    read: fn(&str, &str) -> Result<T, Violation>,
    field: &str,
) -> Result<Option<T>, Violation> {
    if raw.trim().is_empty() {
        Ok(None)
    } else {
        read(field, raw).map(Some)
    }
}

fn kind(raw: &str) -> Result<Option<Kind>, Violation> {
    let folded = fold(raw.trim());
    Ok(Some(match folded.as_str() {
        "" => return Ok(None),
        "htx" | "hop tac xa" => Kind::Cooperative,
        "tht" | "to hop tac" => Kind::CooperativeGroup,
        "lhhtx" | "lien hiep htx" | "lien hiep hop tac xa" => Kind::Union,
        "qtdnd" | "qtd" | "quy tin dung" | "quy tin dung nhan dan" => Kind::CreditFund,
        "dn" | "doanh nghiep" | "cong ty" => Kind::Enterprise,
        "lm" | "lmhtx" | "lien minh" | "lien minh htx" | "lien minh hop tac xa" => Kind::Alliance,
        "ban" | "phong" | "van phong" | "trung tam" | "don vi" => Kind::Unit,
        "cq" | "co quan" | "so" | "ubnd" => Kind::Authority,
        "khac" => Kind::Other,
        _ => {
            return Err(Violation::malformed(
                "kind",
                "một trong HTX, THT, LHHTX, QTDND, DN, LM, Ban, CQ, Khác",
                "one of HTX, THT, LHHTX, QTDND, DN, LM, Ban, CQ, Khác",
            ));
        }
    }))
}

fn membership(raw: &RawRow, today: Date, wrong: &mut Violations) -> Option<RowMembership> {
    let decision_number = wrong.check(text::line(
        "decision_number",
        &raw.decision_number,
        DECISION_NUMBER_LIMIT,
    ));
    let admit_date = wrong.check(admit_date(&raw.admit_date, today));
    let kind = match fold(raw.membership.trim()).as_str() {
        "" => return None,
        "chinh thuc" | "thanh vien chinh thuc" => MembershipKind::Official,
        "lien ket" | "thanh vien lien ket" => MembershipKind::Affiliate,
        _ => {
            wrong.push(Violation::malformed(
                "membership",
                "\"chính thức\", \"liên kết\" hoặc để trống",
                "\"chính thức\", \"liên kết\" or empty",
            ));
            return None;
        }
    };
    Some(RowMembership {
        kind,
        decision_number: decision_number?,
        admit_date: admit_date?,
    })
}

fn admit_date(raw: &str, today: Date) -> Result<Option<Date>, Violation> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    let date = vietnam::dates::parse_short(raw)
        .ok()
        .filter(|date| ADMIT_YEARS.contains(&date.year()))
        .ok_or_else(|| {
            Violation::malformed(
                "admit_date",
                "một ngày, ví dụ 15/3/2019",
                "a date such as 15/3/2019",
            )
        })?;
    if date > today {
        return Err(in_the_future("admit_date"));
    }
    Ok(Some(date))
}

fn contact_of(
    raw: &RawRow,
    wrong: &mut Violations,
    remarks: &mut Vec<Remark>,
) -> Option<RowContact> {
    let person_name = wrong.check(text::line(
        "person_name",
        &raw.person_name,
        contact::PERSON_NAME_LIMIT,
    ));
    let salutation = wrong.check(salutation(&raw.salutation));
    let email = wrong.check(contact::email("email", &raw.email));
    let phone = wrong.check(contact::phone("phone", &raw.phone));
    remarks.extend(Warning::of_phone(&raw.phone).map(Remark::from));
    let advert_consent = wrong.check(advert_consent(&raw.advert_consent));
    let somebody = [&raw.person_name, &raw.email, &raw.phone]
        .iter()
        .any(|cell| !cell.trim().is_empty());
    let position = match (raw.position.trim(), somebody) {
        ("", true) => {
            remarks.push(Remark::new(
                "position",
                "Chưa ghi chức danh; đã ghi là Văn phòng.",
                "No position is given; entered as the office.",
            ));
            Some(Position::Office)
        }
        ("", false) => None,
        (title, _) => wrong.check(Position::of_title(title).ok_or_else(unknown_position)),
    };
    if !somebody {
        return None;
    }
    Some(RowContact {
        position: position?,
        person_name: person_name?,
        salutation: salutation?,
        email: email?,
        phone: phone?,
        advert_consent: advert_consent?,
    })
}

/// A form of address, the usual ones as they are printed; a person's name is none.
fn salutation(raw: &str) -> Result<String, Violation> {
    let words = match fold(raw.trim()).as_str() {
        "" => "",
        "ong" => "Ông",
        "ba" => "Bà",
        "dong chi" | "d/c" | "dc" => "Đồng chí",
        _ => {
            return Err(Violation::malformed(
                "salutation",
                "\"Ông\", \"Bà\", \"Đồng chí\" hoặc để trống",
                "\"Ông\", \"Bà\", \"Đồng chí\" or empty",
            ));
        }
    };
    Ok(words.to_owned())
}

fn unknown_position() -> Violation {
    Violation::malformed(
        "position",
        "chức danh trong danh mục (Chủ tịch HĐQT, Giám đốc, Kế toán, Kiểm soát viên, Văn phòng, Trưởng ban, \
         Trưởng phòng, Cán bộ phụ trách)",
        "a known position (Chủ tịch HĐQT, Giám đốc, Kế toán, Kiểm soát viên, Văn phòng, Trưởng ban, Trưởng phòng, \
         Cán bộ phụ trách)",
    )
}

fn advert_consent(raw: &str) -> Result<Option<bool>, Violation> {
    match fold(raw.trim()).as_str() {
        "" => Ok(None),
        "co" => Ok(Some(true)),
        "khong" => Ok(Some(false)),
        _ => Err(Violation::malformed(
            "advert_consent",
            "\"có\", \"không\" hoặc để trống",
            "\"có\", \"không\" or empty",
        )),
    }
}

#[cfg(test)]
mod tests;
