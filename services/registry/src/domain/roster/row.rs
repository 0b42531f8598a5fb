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
    let email = wrong.check(contact::email("email", &raw.email));
    let phone = wrong.check(contact::phone("phone", &raw.phone));
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
        email: email?,
        phone: phone?,
        advert_consent: advert_consent?,
    })
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
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2024, 2, 27);

    fn raw() -> RawRow {
        RawRow {
            line: 7,
            roster_code: "DN-017".to_owned(),
            kind: "HTX".to_owned(),
            display_name: "Hợp tác xã Bình Minh".to_owned(),
            ..RawRow::default()
        }
    }

    fn fields(raw: &RawRow) -> Vec<String> {
        match read(raw, TODAY) {
            Ok(_) => Vec::new(),
            Err(remarks) => remarks.into_iter().map(|remark| remark.field).collect(),
        }
    }

    #[test]
    fn every_bad_cell_of_a_row_is_reported_at_once() {
        let bad = RawRow {
            kind: "XYZ".to_owned(),
            tax_code: "0100233489".to_owned(),
            province_code: "6".to_owned(),
            membership: "danh dự".to_owned(),
            admit_date: "30/2/2019".to_owned(),
            position: "Phó Giám đốc".to_owned(),
            email: "lan@".to_owned(),
            phone: "không có".to_owned(),
            advert_consent: "chắc vậy".to_owned(),
            ..raw()
        };
        assert_eq!(
            fields(&bad),
            [
                "tax_code",
                "kind",
                "province_code",
                "admit_date",
                "membership",
                "email",
                "phone",
                "advert_consent",
                "position"
            ]
        );
    }

    #[test]
    fn case_24_cells_in_any_usual_form_are_understood() {
        let row = read(
            &RawRow {
                display_name: "Hợp ta\u{301}c xã Bi\u{300}nh Minh".to_owned(),
                membership: "Chính thức".to_owned(),
                admit_date: "15/3/2019".to_owned(),
                position: "GIÁM ĐỐC".to_owned(),
                person_name: "Nguyê\u{303}n Văn An".to_owned(),
                phone: "0169 123 4567".to_owned(),
                advert_consent: "CÓ".to_owned(),
                ..raw()
            },
            TODAY,
        )
        .map_err(|remarks| format!("{remarks:?}"))
        .unwrap();
        assert_eq!(row.display_name.as_deref(), Some("Hợp tác xã Bình Minh"));
        assert_eq!(row.membership.unwrap().admit_date, Some(date(2019, 3, 15)));
        let contact = row.contact.unwrap();
        assert_eq!(contact.person_name, "Nguyễn Văn An");
        assert_eq!(contact.phone.unwrap().e164(), "+84391234567");
        assert_eq!(
            (contact.position, contact.advert_consent),
            (Position::Director, Some(true))
        );
    }

    #[test]
    fn a_row_that_nothing_recognises_is_refused() {
        assert_eq!(
            fields(&RawRow {
                roster_code: " ".to_owned(),
                ..raw()
            }),
            ["roster_code"]
        );
    }

    #[test]
    fn an_address_without_a_position_belongs_to_the_office() {
        let row = RawRow {
            phone: "0590000001".to_owned(),
            ..raw()
        };
        let row = read(&row, TODAY).map_err(|_| "refused").unwrap();
        assert_eq!(row.contact.unwrap().position, Position::Office);
        assert_eq!(row.remarks[0].field, "position");
        let nobody = RawRow {
            position: "Giám đốc".to_owned(),
            ..raw()
        };
        assert!(
            read(&nobody, TODAY)
                .map_err(|_| "refused")
                .unwrap()
                .contact
                .is_none()
        );
    }

    #[test]
    fn nobody_was_admitted_tomorrow_or_in_the_year_24() {
        for (day, refused) in [("27/2/2024", false), ("28/2/2024", true), ("15/3/24", true)] {
            let row = RawRow {
                membership: "liên kết".to_owned(),
                admit_date: day.to_owned(),
                ..raw()
            };
            assert_eq!(!fields(&row).is_empty(), refused, "{day}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_makes_the_reader_fall(cells in prop::collection::vec("\\PC{0,30}", 8)) {
            let row = RawRow {
                tax_code: cells[0].clone(),
                kind: cells[1].clone(),
                admit_date: cells[2].clone(),
                position: cells[3].clone(),
                email: cells[4].clone(),
                phone: cells[5].clone(),
                membership: cells[6].clone(),
                display_name: cells[7].clone(),
                ..raw()
            };
            if let Err(remarks) = read(&row, TODAY) {
                prop_assert!(remarks.iter().all(|remark| !remark.field.is_empty()));
            }
        }
    }
}
