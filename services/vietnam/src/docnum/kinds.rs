use crate::text::{fold, nfc};

/// Abbreviations and what they stand for: the administrative documents of Decree 30/2020/NĐ-CP,
/// legal acts, those of the Party, and spellings in use before 2020.
const KINDS: [(&str, &str); 52] = [
    ("NQ", "Nghị quyết"),
    ("QĐ", "Quyết định"),
    ("CT", "Chỉ thị"),
    ("QC", "Quy chế"),
    ("QyĐ", "Quy định"),
    ("TC", "Thông cáo"),
    ("TB", "Thông báo"),
    ("HD", "Hướng dẫn"),
    ("CTr", "Chương trình"),
    ("KH", "Kế hoạch"),
    ("PA", "Phương án"),
    ("ĐA", "Đề án"),
    ("DA", "Dự án"),
    ("BC", "Báo cáo"),
    ("BB", "Biên bản"),
    ("TTr", "Tờ trình"),
    ("HĐ", "Hợp đồng"),
    ("CĐ", "Công điện"),
    ("BGN", "Bản ghi nhớ"),
    ("BTT", "Bản thỏa thuận"),
    ("GUQ", "Giấy ủy quyền"),
    ("GM", "Giấy mời"),
    ("GGT", "Giấy giới thiệu"),
    ("GNP", "Giấy nghỉ phép"),
    ("PG", "Phiếu gửi"),
    ("PC", "Phiếu chuyển"),
    ("PB", "Phiếu báo"),
    ("SY", "Bản sao y"),
    ("TrS", "Bản trích sao"),
    ("SL", "Bản sao lục"),
    ("GN", "Bản ghi nhớ"),
    ("TTh", "Bản thỏa thuận"),
    ("UQ", "Giấy ủy quyền"),
    ("GT", "Giấy giới thiệu"),
    ("NP", "Giấy nghỉ phép"),
    ("NĐ", "Nghị định"),
    ("TT", "Thông tư"),
    ("TTLT", "Thông tư liên tịch"),
    ("NQLT", "Nghị quyết liên tịch"),
    ("PL", "Pháp lệnh"),
    ("L", "Luật"),
    ("LCT", "Lệnh"),
    ("VBHN", "Văn bản hợp nhất"),
    ("CV", "Công văn"),
    ("KL", "Kết luận"),
    ("QT", "Quy trình"),
    ("QĐi", "Quy định"),
    ("BCĐ", "Báo cáo đề dẫn"),
    ("PLHĐ", "Phụ lục hợp đồng"),
    ("GCN", "Giấy chứng nhận"),
    ("TM", "Thư mời"),
    ("ThT", "Thông tri"),
];

/// What an abbreviation stands for.
///
/// ```
/// assert_eq!(vietnam::docnum::full_name("KH"), Some("Kế hoạch"));
/// ```
#[must_use]
pub fn full_name(abbreviation: &str) -> Option<&'static str> {
    find(abbreviation).map(|(_, name)| *name)
}

/// The abbreviations that are understood, in their own spelling.
///
/// ```
/// assert!(vietnam::docnum::known_abbreviations().any(|abbreviation| abbreviation == "QyĐ"));
/// ```
pub fn known_abbreviations() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(abbreviation, _)| *abbreviation)
}

/// The proper spelling of an abbreviation written in any case; without diacritics only where no
/// other abbreviation is written so.
pub(super) fn canonical(written: &str) -> Option<&'static str> {
    find(written).map(|(abbreviation, _)| *abbreviation)
}

fn find(written: &str) -> Option<&'static (&'static str, &'static str)> {
    let written = nfc(written);
    let exact = || KINDS.iter().find(|kind| kind.0 == written);
    let in_any_case = || {
        KINDS
            .iter()
            .find(|kind| small_letters(kind.0).eq(small_letters(&written)))
    };
    let plain = |kind: &&(&str, &str)| {
        small_letters(kind.0)
            .map(plain_d)
            .eq(small_letters(&written))
    };
    exact().or_else(in_any_case).or_else(|| {
        let mut candidates = KINDS.iter().filter(plain);
        candidates.next().filter(|_| candidates.next().is_none())
    })
}

fn small_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// The only letter of an abbreviation that has a mark.
const fn plain_d(c: char) -> char {
    if c == 'đ' { 'd' } else { c }
}

/// Whether words before a number only say what kind of document it is: `Kế hoạch số`, `Số:`.
pub(super) fn is_preamble(words: &str) -> bool {
    let folded = fold(words);
    let mut rest = folded.trim_matches(|c: char| !c.is_alphabetic());
    rest = rest
        .strip_suffix("so")
        .filter(|before| !before.ends_with(char::is_alphabetic))
        .unwrap_or(rest)
        .trim_end();
    rest.is_empty() || KINDS.iter().any(|(_, name)| fold(name) == rest)
}
