use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const COMMUNES: &str = include_str!("../../tests/data/communes.csv");

fn first<'a>(units: &'a Units, written: &str, on: Option<Date>) -> Option<&'a Unit> {
    units.find(written, on).first().copied()
}

#[test]
fn the_embedded_provinces_can_be_read() {
    assert_eq!(dataset::parse(PROVINCES).map(|units| units.len()), Ok(88));
}

#[test]
fn there_were_63_provinces_and_are_34() {
    let units = Units::provinces();
    for (day, count) in [
        (date(2024, 12, 31), 63),
        (date(2025, 6, 30), 63),
        (date(2025, 7, 1), 34),
        (date(2026, 5, 1), 34),
    ] {
        assert_eq!(units.existing_on(day).count(), count, "{day}");
    }
}

#[test]
fn seven_codes_changed_their_meaning() {
    let units = Units::provinces();
    let changed: Vec<(&str, &str, &str)> = units
        .changed_codes()
        .iter()
        .map(|(old, new)| (old.code.as_str(), old.name(), new.name()))
        .collect();
    assert_eq!(
        changed,
        [
            ("15", "Yên Bái", "Lào Cai"),
            ("24", "Bắc Giang", "Bắc Ninh"),
            ("44", "Quảng Bình", "Quảng Trị"),
            ("52", "Bình Định", "Gia Lai"),
            ("80", "Long An", "Tây Ninh"),
            ("82", "Tiền Giang", "Đồng Tháp"),
            ("91", "Kiên Giang", "An Giang"),
        ]
    );
}

#[test]
fn every_former_province_has_a_successor_today() {
    let units = Units::provinces();
    for unit in &units.units {
        assert_eq!(units.today(unit).len(), 1, "{}", unit.full_name);
    }
}

#[test]
fn dong_nai_is_a_city_since_its_day() {
    let units = Units::provinces();
    let name = |day| {
        units
            .province("75", day)
            .map(|unit| unit.full_name.as_str())
    };
    assert_eq!(name(date(2026, 4, 29)), Some("Tỉnh Đồng Nai"));
    assert_eq!(name(date(2026, 4, 30)), Some("Thành phố Đồng Nai"));
}

#[test]
fn provinces_are_found_as_people_write_them() {
    let units = Units::provinces();
    for (written, code) in [
        ("TT Huế", "46"),
        ("tp hải phòng", "31"),
        ("TP. Hải Phòng", "31"),
        ("Đăk Nông", "67"),
        ("ĐẮC NÔNG", "67"),
        ("daknong", "67"),
        ("Tỉnh Đắk Nông", "67"),
        ("TP.HCM", "79"),
        ("tphcm", "79"),
        ("HCM", "79"),
        ("Sài Gòn", "79"),
        ("BR-VT", "77"),
        ("Bà Rịa Vũng Tàu", "77"),
        ("vũng tàu", "77"),
        ("lâm đồng", "68"),
        ("Thừa Thiên", "46"),
        ("Hà Nội", "01"),
        ("Huế", "46"),
        ("hoà bình", "17"),
        ("hòa bình", "17"),
        ("Khánh Hoà", "56"),
        ("Quảng Trị", "44"),
        ("Lào Cai", "15"),
        ("thai binh", "34"),
        ("t. Lào Cai", "15"),
        ("Đồng Nai", "75"),
    ] {
        assert_eq!(
            first(&units, written, None).map(|unit| unit.code.as_str()),
            Some(code),
            "{written}"
        );
    }
    assert_eq!(
        first(&units, "Lào Cai", Some(date(2024, 1, 1))).map(|unit| unit.code.as_str()),
        Some("10")
    );
    for nobody in ["", " ", "x", "Atlantis", "tp", "--"] {
        assert_eq!(first(&units, nobody, None), None, "{nobody}");
    }
}

#[test]
fn the_communes_of_2026_can_be_loaded_and_found() {
    let units = Units::provinces().with_dataset(COMMUNES).unwrap();
    let count = |kind| units.units.iter().filter(|unit| unit.kind == kind).count();
    assert_eq!(
        [
            count(UnitKind::Commune),
            count(UnitKind::Ward),
            count(UnitKind::SpecialZone)
        ],
        [2_611, 697, 13]
    );
    let ba_dinh = first(&units, "p. Ba Đình", None);
    assert_eq!(
        ba_dinh.map(|unit| (unit.code.as_str(), unit.province.as_str())),
        Some(("00004", "01"))
    );
    assert_eq!(units.commune("00004", date(2026, 7, 25)), ba_dinh);
    assert_eq!(
        first(&units, "Lâm Đồng", None).map(|unit| unit.kind),
        Some(UnitKind::Province)
    );
}

#[test]
fn a_commune_name_can_stand_in_several_provinces() {
    let units = Units::provinces().with_dataset(COMMUNES).unwrap();
    let found = units.find("xã Tân Tiến", None);
    assert!(found.len() > 1);
    assert!(found.iter().all(|unit| unit.kind == UnitKind::Commune));
}

#[test]
fn the_former_districts_are_history() {
    assert_eq!(dataset::parse(DISTRICTS).map(|units| units.len()), Ok(696));
    let units = provinces().with_former_districts();
    let found = first(&units, "h. Đắk R’Lấp", None).unwrap();
    assert_eq!(
        (found.kind, found.kind.tier(), found.is_current()),
        (UnitKind::RuralDistrict, Tier::District, false)
    );
    assert_eq!(
        first(&units, "tp Gia Nghĩa", None).map(|unit| unit.kind),
        Some(UnitKind::ProvincialCity)
    );
    assert_eq!(
        first(&units, "Q. Ba Đình", None).map(|unit| unit.kind),
        Some(UnitKind::UrbanDistrict)
    );
    assert!(
        !units
            .existing_on(REORGANISED)
            .any(|unit| unit.kind.tier() == Tier::District)
    );
}

#[test]
fn every_former_district_lay_in_a_province_of_its_time() {
    let units = provinces().with_former_districts();
    let last_day = REORGANISED.yesterday().unwrap();
    for district in units
        .existing_on(last_day)
        .filter(|unit| unit.kind.tier() == Tier::District)
    {
        assert!(
            units.province(&district.province, last_day).is_some(),
            "{}",
            district.full_name
        );
    }
}

#[test]
fn lines_that_cannot_be_read_are_named() {
    let load = |text: String| {
        Units::provinces()
            .with_dataset(&text)
            .map(|_| ())
            .map_err(|error| error.line)
    };
    for line in [
        "1,Xã A,01",
        "00001,A,01",
        "00001,Xã A",
        "00001,Tỉnh A,01",
        "01,Xã A,01",
        "00001,Xã A,01,soon",
    ] {
        assert_eq!(load(format!("# x\n{line}")), Err(2), "{line}");
    }
}

#[test]
fn a_circle_of_successors_ends() {
    let units = Units::provinces()
        .with_dataset("00001,Xã A,01,,2025-06-30,00002\n00002,Xã B,01,,2025-06-30,00001")
        .unwrap();
    let start = units.find("Xã A", None)[0].clone();
    assert!(units.today(&start).is_empty());
}

proptest! {
    #[test]
    fn any_bytes_find_something_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..30)) {
        let _ = provinces().find(&String::from_utf8_lossy(&bytes), None);
    }

    #[test]
    fn any_bytes_load_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = dataset::parse(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn every_province_is_found_by_its_own_name_in_any_writing() {
    let units = provinces();
    for unit in &units.units {
        for written in [
            unit.full_name.clone(),
            crate::text::fold(&unit.full_name),
            unit.full_name.to_uppercase(),
            crate::text::nfd(unit.name()),
        ] {
            assert!(
                units
                    .find(&written, None)
                    .iter()
                    .any(|found| found.code == unit.code),
                "{written}"
            );
        }
    }
}

fn provinces() -> &'static Units {
    static UNITS: std::sync::LazyLock<Units> = std::sync::LazyLock::new(Units::provinces);
    &UNITS
}
