//! The document that a matter rests on, as letters cite it.

use jiff::civil::Date;

use super::super::{clean, wording};
use crate::domain::letter::{LetterLanguage, OccurrenceLetter};
use crate::domain::obligation::Document;

/// The document, once it is there: what will be issued later is not cited.
pub(super) fn issued(letter: &OccurrenceLetter, day: Date) -> Option<&Document> {
    let document = letter.document.as_ref()?;
    document
        .date
        .is_none_or(|date| date <= day)
        .then_some(document)
}

/// `Giấy mời số 45/GM-LMHTX ngày 01/3/2024`; a draft without a number is not cited.
pub(super) fn text(document: &Document, language: LetterLanguage) -> String {
    let number = clean::line(&document.number);
    if number.is_empty() {
        return String::new();
    }
    let date = document.date;
    match language {
        LetterLanguage::Vi => {
            let date = date
                .map(|date| format!(" ngày {}", vietnam::dates::short(date)))
                .unwrap_or_default();
            format!("{} số {number}{date}", document_kind(&number))
        }
        LetterLanguage::En => {
            let date = date
                .map(|date| format!(" of {}", wording::english_date(date)))
                .unwrap_or_default();
            format!("{} No. {number}{date}", english_kind(&number))
        }
    }
}

/// The kind behind an abbreviation (Decree 30/2020/NĐ-CP, appendix III); a number
/// without one belongs to a công văn.
fn document_kind(number: &str) -> &'static str {
    match abbreviation(number) {
        "GM" => "Giấy mời",
        "KH" => "Kế hoạch",
        "QĐ" => "Quyết định",
        "TB" => "Thông báo",
        "HD" => "Hướng dẫn",
        "CTr" => "Chương trình",
        "TTr" => "Tờ trình",
        "BC" => "Báo cáo",
        "NQ" => "Nghị quyết",
        "NĐ" | "" => "Văn bản",
        _ => "Công văn",
    }
}

/// The same for readers of English.
fn english_kind(number: &str) -> &'static str {
    match abbreviation(number) {
        "GM" => "Invitation",
        "KH" => "Plan",
        "QĐ" => "Decision",
        "TB" => "Notice",
        "HD" => "Guidance",
        "CTr" => "Programme",
        "TTr" => "Submission",
        "BC" => "Report",
        "NQ" => "Resolution",
        "NĐ" | "" => "Document",
        _ => "Official Letter",
    }
}

fn abbreviation(number: &str) -> &str {
    let after = number.split_once('/').map_or("", |(_, rest)| rest);
    after.split('-').next().unwrap_or_default()
}
