use super::*;
use proptest::prelude::*;

fn parse(text: &str) -> DocumentNumber {
    DocumentNumber::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn numbers_as_printed_are_taken_apart() {
    for (text, normal, number, kind, issuer, party) in [
        (
            "70/KH-BTVLMHTXVN",
            "70/KH-BTVLMHTXVN",
            Some(70),
            Some("KH"),
            "BTVLMHTXVN",
            false,
        ),
        (
            "Số: 46/KH-CQLMHTXVN",
            "46/KH-CQLMHTXVN",
            Some(46),
            Some("KH"),
            "CQLMHTXVN",
            false,
        ),
        (
            "45/2021/NĐ-CP",
            "45/2021/NĐ-CP",
            Some(45),
            Some("NĐ"),
            "CP",
            false,
        ),
        (
            "17/2023/QH15",
            "17/2023/QH15",
            Some(17),
            None,
            "QH15",
            false,
        ),
        ("20-NQ/TW", "20-NQ/TW", Some(20), Some("NQ"), "TW", true),
        ("144-QĐ/TW", "144-QĐ/TW", Some(144), Some("QĐ"), "TW", true),
        (
            "12729/VPCP-KGVX",
            "12729/VPCP-KGVX",
            Some(12_729),
            None,
            "VPCP",
            false,
        ),
        ("45/LMHTX-VP", "45/LMHTX-VP", Some(45), None, "LMHTX", false),
        (
            "1328/QĐ-TTg",
            "1328/QĐ-TTg",
            Some(1_328),
            Some("QĐ"),
            "TTg",
            false,
        ),
        (
            "Số:      /KH-LMHTX",
            "/KH-LMHTX",
            None,
            Some("KH"),
            "LMHTX",
            false,
        ),
        (
            "Số: ……/KH-LMHTX",
            "/KH-LMHTX",
            None,
            Some("KH"),
            "LMHTX",
            false,
        ),
        ("Số:    -NQ/TW", "-NQ/TW", None, Some("NQ"), "TW", true),
        (
            "07a/TTr-LMHTX",
            "07a/TTr-LMHTX",
            Some(7),
            Some("TTr"),
            "LMHTX",
            false,
        ),
        (
            "06/2008/TTLT-BTP-BTC",
            "06/2008/TTLT-BTP-BTC",
            Some(6),
            Some("TTLT"),
            "BTP-BTC",
            false,
        ),
    ] {
        let read = parse(text);
        let parts = (
            read.normal(),
            read.number(),
            read.kind(),
            read.issuer(),
            read.is_party(),
        );
        assert_eq!(
            parts,
            (normal.to_owned(), number, kind, issuer, party),
            "{text}"
        );
    }
}

#[test]
fn sloppy_writing_gives_the_same_number() {
    for text in [
        "123/KH-LMHTX",
        "Số 123/KH-LMHTX",
        "số:123/KH-LMHTX",
        "123 / KH - LMHTX",
        "123/KH–LMHTX",
        "123KH-LMHTX",
        "123 KH-LMHTX",
        "123 KH LMHTX",
        "123/kh-lmhtx",
        "Kế hoạch số 123/KH-LMHTX",
        "Kế hoạch 123/KH-LMHTX",
        "123/KH-LMHTX V/v Tháng hành động",
        "123/KH-LMHTX về việc tổ chức",
        "123/KH-LMHTX ngày 27/2/2024",
        "0123/KH-LMHTX",
        "123/KH-LMHTX Tháng hành động",
        "123/KH-LMHTX.",
    ] {
        assert_eq!(parse(text).normal(), "123/KH-LMHTX", "{text}");
    }
}

#[test]
fn abbreviations_without_diacritics_are_spelled_out_only_where_they_are_clear() {
    assert_eq!(parse("45/2021/ND-CP").kind(), Some("NĐ"));
    // The Icelandic and the African letter, which look the same, and the former in small.
    for written in ["45/Q\u{d0}-LMHTX", "45/Q\u{189}-LMHTX", "45/q\u{f0}-LMHTX"] {
        let decision = parse(written);
        assert_eq!(decision.normal(), "45/QĐ-LMHTX", "{written}");
    }
    assert_eq!(parse("12/QD-UBND").kind(), Some("QĐ"));
    assert_eq!(
        parse("12/HD-LMHTX").kind(),
        Some("HD"),
        "hướng dẫn, not hợp đồng"
    );
    assert_eq!(parse("12/ttr-LMHTX").kind(), Some("TTr"));
}

#[test]
fn what_is_no_document_number_is_refused() {
    for text in [
        "",
        "  ",
        "abc",
        "12",
        "12/",
        "12/2024",
        "KH-LMHTX",
        "0/KH-LMHTX",
        "99999999999/KH-LM",
        "1/2/3/4/KH-LM",
        "12/KH-",
        "12/KH-<b>",
        "xin chào 12/KH-LM",
        "12-/",
    ] {
        assert!(
            DocumentNumber::parse(text).is_err(),
            "{text} was read as {:?}",
            DocumentNumber::parse(text)
        );
    }
}

#[test]
fn numbers_sort_within_their_series() {
    let mut numbers = [
        "10/KH-LMHTX",
        "2/KH-LMHTX",
        "3/BC-LMHTX",
        "1/KH-CQLMHTXVN",
        "2a/KH-LMHTX",
    ]
    .map(parse);
    numbers.sort();
    let sorted: Vec<String> = numbers.iter().map(DocumentNumber::normal).collect();
    assert_eq!(
        sorted,
        [
            "01/KH-CQLMHTXVN",
            "03/BC-LMHTX",
            "02/KH-LMHTX",
            "02a/KH-LMHTX",
            "10/KH-LMHTX"
        ]
    );
}

proptest! {
    #[test]
    fn the_normal_form_reads_back_as_itself(text in "[0-9]{0,4}[a-z]?[-/ ][A-ZĐa-z]{1,4}[-/ ][A-ZĐa-z0-9]{1,6}(-[A-Z]{1,3})?") {
        if let Ok(read) = DocumentNumber::parse(&text) {
            let normal = read.normal();
            prop_assert_eq!(DocumentNumber::parse(&normal).map(|again| again.normal()), Ok(normal));
        }
    }

    #[test]
    fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = DocumentNumber::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn the_signs_of_numbers_in_any_order_do_not_panic(text in "[0-9A-Za-zĐđ/ –V.ngày-]{0,30}") {
        let _ = DocumentNumber::parse(&text);
    }
}
