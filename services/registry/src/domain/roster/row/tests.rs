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
        salutation: "Lê Văn An".to_owned(),
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
            "salutation",
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
            salutation: "ĐỒNG CHÍ".to_owned(),
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
    assert_eq!(contact.salutation, "Đồng chí");
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

#[test]
fn a_telephone_that_may_be_a_landline_of_before_2017_is_taken_with_a_remark() {
    let with = |phone: &str| RawRow {
        position: "Giám đốc".to_owned(),
        person_name: "Lê Văn An".to_owned(),
        phone: phone.to_owned(),
        ..raw()
    };
    for (phone, e164) in [
        ("0838291234", "+84838291234"),
        ("076.3852.123", "+84763852123"),
        ("033 3852123", "+84333852123"),
    ] {
        let row = read(&with(phone), TODAY).unwrap();
        let contact = row.contact.unwrap();
        assert_eq!(contact.phone.unwrap().e164(), e164);
        let fields: Vec<&str> = row.remarks.iter().map(|each| each.field.as_str()).collect();
        assert_eq!(fields, ["phone"], "{phone}");
    }
    for phone in ["(08) 3829 1234", "0613842123", "0912 345 678"] {
        assert!(
            read(&with(phone), TODAY).unwrap().remarks.is_empty(),
            "{phone}"
        );
    }
}

#[test]
fn a_row_of_before_unicode_is_refused_by_field_and_encoding() {
    let row = RawRow {
        display_name: "Hîp t¸c x· B×nh Minh".to_owned(),
        person_name: "Nguyeãn Thò Lan".to_owned(),
        position: "Văn phòng".to_owned(),
        ..raw()
    };
    let Err(remarks) = read(&row, TODAY) else {
        panic!("it cannot be read")
    };
    let told: Vec<(&str, bool)> = remarks
        .iter()
        .map(|remark| {
            (
                remark.field.as_str(),
                remark.sentence.vi.contains("bảng mã"),
            )
        })
        .collect();
    assert_eq!(told, [("display_name", true), ("person_name", true)]);
}
