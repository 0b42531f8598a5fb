use std::path::Path;

use proptest::prelude::*;

use super::*;

/// Each of these was taken for a name once, or could be.
const CLASSES: [(&str, &str); 40] = [
    ("Cyrillic", "HTX В\u{456}nh Minh"),
    ("Greek", "HTX \u{391}n B\u{3af}nh"),
    ("Armenian", "HTX \u{555}ng"),
    ("Georgian", "HTX \u{10ff}inh"),
    ("Cherokee", "HTX \u{13aa}n"),
    ("Lisu", "HTX \u{a4d0}ình"),
    ("Coptic", "HTX \u{2c9e}ng"),
    ("Deseret", "HTX \u{10404}ng"),
    ("Canadian syllabics", "HTX \u{1587}ình"),
    ("Runes", "HTX \u{16b7}an"),
    ("Tifinagh", "HTX \u{2d54}ng"),
    ("Hebrew, which turns the line", "HTX \u{5d0}\u{5d1}"),
    ("Arabic, which turns the line", "HTX \u{645}"),
    ("Han", "HTX \u{4e00}"),
    ("full-width letters", "\u{ff28}\u{ff34}\u{ff38}"),
    ("mathematical letters", "\u{1d407}TX An"),
    ("letterlike letters", "HTX \u{2110}n"),
    ("small capitals", "HTX \u{1d0f}ng"),
    ("phonetic letters", "HTX \u{251}n"),
    ("circled letters", "\u{24bd}TX An"),
    ("Roman numerals of one sign", "Qu\u{fd} \u{2160}"),
    ("dotless and long letters", "B\u{131}nh"),
    ("ligatures", "\u{fb01}nance"),
    ("a fraction slash", "12\u{2044}2024"),
    ("a one-dot leader", "lienminh\u{2024}example"),
    ("tags", "HTX \u{e0041}"),
    ("variation selectors", "HTX\u{fe0f} An"),
    ("further variation selectors", "HTX\u{e0100} An"),
    ("Hangul fillers", "HTX \u{115f}\u{3164}\u{ffa0}"),
    ("soft hyphens", "Bình\u{ad}Minh"),
    ("joiners", "Bình\u{200d}\u{200c}Minh"),
    ("blanks without width", "Bình\u{200b}\u{feff}Minh"),
    ("marks of direction", "HTX \u{202e}A\u{2066}"),
    ("line ends of other systems", "HTX\u{2028}A\u{85}"),
    ("interlinear annotation", "HTX\u{fff9}A\u{fffb}"),
    ("private use", "HTX \u{f0b7} A"),
    ("what Unicode has not assigned", "HTX \u{378}\u{2fe0}"),
    ("blank Braille", "HTX\u{2800}A"),
    ("strokes through letters", "HTX A\u{338}n"),
    ("frames around letters", "HTX A\u{20dd}n"),
];

#[test]
fn what_passes_for_another_sign_or_hides_is_neither_a_name_nor_a_note() {
    for (class, text) in CLASSES {
        assert!(unfit(text, Room::Line).is_some(), "{class}: {text:?}");
        assert!(unfit(text, Room::Note).is_some(), "{class}: {text:?}");
    }
}

#[test]
fn an_encoded_word_is_refused_before_a_mail_program_decodes_it() {
    let word = "=?utf-8?q?=E2=80=AE=0D=0ABcc:_x=40example.com?=";
    for text in [word.to_owned(), format!("Lễ {word}"), format!("a\n{word}")] {
        assert_eq!(unfit(&text, Room::Line), Some(Unfit::EncodedWord));
        assert_eq!(unfit(&text, Room::Note), Some(Unfit::EncodedWord));
    }
}

#[test]
fn names_and_titles_of_ours_pass() {
    for text in [
        "HTX Nông nghiệp – Dịch vụ “Bình Minh” (An Bình)",
        "Kế hoạch số 123/KH-LMHTX, mục II.1: 12 – 15/4/2024…",
        "Diện tích 1.500 m² × 2 = ½ ha; 30 ‰; CO₂ ≤ 5 %; № 7 → № 8",
        "Lễ kỷ niệm 30 năm • Đắk Nông · Vie\u{323}\u{302}t Nam",
        "Buôn \u{180}ôn Ma Thuột, Č\u{1b0}\u{306} M’gar, xã Ea H’leo",
        "195.000.000 ₫ & 7.500 €, ngày 8\u{2011}3 « khẩn » ★ ✅ ☎ 0261 354 1234",
        "Nguyễn\u{a0}Văn\u{3000}An",
        "Škoda, Łódź, Győr, São Paulo, Zürich",
        "",
    ] {
        assert_eq!(unfit(text, Room::Line), None, "{text}");
        assert_eq!(unfit(text, Room::Note), None, "{text}");
    }
}

#[test]
fn a_note_has_lines_and_pictures_and_a_name_has_none() {
    for text in ["một\nhai\r\nba", "📍 Hội trường", "① hồ sơ", "β-glucan, Δt"] {
        assert_eq!(unfit(text, Room::Note), None, "{text}");
        assert!(unfit(text, Room::Line).is_some(), "{text}");
    }
    assert_eq!(unfit("một\rhai", Room::Note), Some(Unfit::Hidden('\r')));
}

#[test]
fn a_letter_bears_four_marks_and_no_fifth() {
    let marked = |count: usize| format!("HTX x{}", "\u{301}".repeat(count));
    assert_eq!(unfit(&marked(4), Room::Line), None);
    assert_eq!(unfit(&marked(5), Room::Line), Some(Unfit::Mark('\u{301}')));
    assert_eq!(unfit("\u{301}x", Room::Line), Some(Unfit::Mark('\u{301}')));
    assert_eq!(unfit("a \u{332}", Room::Note), Some(Unfit::Mark('\u{332}')));
}

#[test]
fn every_commune_and_every_file_of_ours_passes() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = [
        "services/vietnam/tests/data/communes.csv",
        "services/vietnam/data/provinces.csv",
        "services/vietnam/data/districts.csv",
        "services/vietnam/data/holidays.csv",
        "deploy/demo/roster-clusters.csv",
        "deploy/demo/roster-fund.csv",
        "deploy/demo/roster-office.csv",
        "deploy/demo/script.toml",
        "deploy/demo/units.csv",
        "deploy/demo/plans/123-dak-nong-2024.toml",
        "deploy/demo/plans/133-thua-thien-hue-2021.toml",
        "deploy/demo/plans/46-vca-2024.toml",
        "deploy/demo/plans/70-vca-2024.toml",
    ];
    let mut lines = 0;
    for file in files {
        let text = std::fs::read_to_string(house.join(file)).unwrap();
        // What makes the roster imperfect on purpose is for the importer to tell.
        for line in text.lines() {
            lines += 1;
            assert_eq!(unfit(line, Room::Line), None, "{file}: {line}");
        }
    }
    assert!(lines > 3_321, "{lines} lines");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_sign_of_a_class_that_shows_nothing_passes(text in r"[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Me}\p{Mc}&&[^\t\r\n]]") {
        for room in [Room::Line, Room::Note] {
            prop_assert!(unfit(&format!("a{text}b"), room).is_some(), "{:?}", text);
        }
    }

    #[test]
    fn what_shows_nothing_is_known_to(text in r"[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{DI}]") {
        prop_assert!(text.chars().all(is_hidden), "{:?}", text);
    }

    #[test]
    fn no_letter_of_another_script_is_a_name(text in r"[\p{L}&&[^\p{Latin}ªºµ]]") {
        prop_assert!(unfit(&text, Room::Line).is_some() || text.is_ascii(), "{:?}", text);
    }

    #[test]
    fn a_text_fits_however_it_is_composed(text in "[a-zA-ZàảãáạăằẳẵắặâầẩẫấậđĐèẻẽéẹêềểễếệơờởỡớợưừửữứự ]{0,40}") {
        let found = unfit(&text, Room::Line);
        prop_assert!(matches!(found, None | Some(Unfit::Legacy(_))), "{:?}", found);
        prop_assert_eq!(unfit(&super::super::nfd(&text), Room::Line), found);
    }
}
