//! How a person is greeted: by name and position, as letters of an office do.

use super::{clean, wording};
use crate::domain::letter::{Addressee, LetterLanguage};
use crate::domain::party::Position;

/// `Bà Nguyễn Thị Lan, Giám đốc HTX Nông nghiệp An Bình`.
pub(super) fn named(person: &Addressee, organisation: &str, language: LetterLanguage) -> String {
    let name = clean::line(&person.name);
    let salutation = clean::line(&person.salutation);
    match language {
        LetterLanguage::Vi => {
            let place = held(person.position, &wording::shortened(organisation));
            format!("{salutation} {name}, {place}")
        }
        LetterLanguage::En => {
            let place = held_in_english(person.position, organisation);
            format!("{}{name}, {place}", english(&salutation))
        }
    }
}

/// The position with its organisation; without a title where only the house knows the right one.
fn held(position: Option<Position>, organisation: &str) -> String {
    let folded = vietnam::text::fold(organisation);
    let is_group = folded.starts_with("to hop tac");
    let title = match position {
        Some(Position::Chair | Position::Director) if is_group => "Tổ trưởng",
        Some(Position::Chair) => "Chủ tịch HĐQT",
        Some(Position::Director) => "Giám đốc",
        Some(Position::Accountant) => "Kế toán",
        Some(Position::Supervisor) => "Ban kiểm soát",
        Some(Position::Head) if folded.starts_with("phong ") || folded.starts_with("ban ") => {
            return format!("Trưởng {}", beginning_small(organisation));
        }
        Some(Position::Office | Position::Head | Position::Officer) | None => {
            return organisation.to_owned();
        }
    };
    format!("{title} {organisation}")
}

fn beginning_small(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn held_in_english(position: Option<Position>, organisation: &str) -> String {
    let title = match position {
        Some(Position::Chair) => "Chair of ",
        Some(Position::Director) => "Director of ",
        Some(Position::Accountant) => "Accountant of ",
        Some(Position::Supervisor) => "Supervisor of ",
        Some(Position::Office | Position::Head | Position::Officer) | None => "",
    };
    format!("{title}{organisation}")
}

/// Others than these have no English form.
fn english(salutation: &str) -> &'static str {
    match vietnam::text::fold(salutation).as_str() {
        "ong" => "Mr ",
        "ba" => "Ms ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greeted(position: Position, organisation: &str, language: LetterLanguage) -> String {
        let person = Addressee {
            salutation: "Bà".to_owned(),
            name: "Nguyễn Thị Lan".to_owned(),
            position: Some(position),
        };
        named(&person, organisation, language)
    }

    #[test]
    fn a_person_is_greeted_by_name_position_and_organisation() {
        use LetterLanguage::{En, Vi};
        for (position, organisation, language, greeting) in [
            (
                Position::Director,
                "Hợp tác xã Nông nghiệp An Bình",
                Vi,
                "Bà Nguyễn Thị Lan, Giám đốc HTX Nông nghiệp An Bình",
            ),
            (
                Position::Chair,
                "Tổ hợp tác Vận tải Đoàn Kết",
                Vi,
                "Bà Nguyễn Thị Lan, Tổ trưởng Tổ hợp tác Vận tải Đoàn Kết",
            ),
            (
                Position::Head,
                "Phòng Kế hoạch và Hỗ trợ",
                Vi,
                "Bà Nguyễn Thị Lan, Trưởng phòng Kế hoạch và Hỗ trợ",
            ),
            (
                Position::Officer,
                "Văn phòng Liên minh",
                Vi,
                "Bà Nguyễn Thị Lan, Văn phòng Liên minh",
            ),
            (
                Position::Director,
                "HTX An Bình",
                En,
                "Ms Nguyễn Thị Lan, Director of HTX An Bình",
            ),
        ] {
            assert_eq!(greeted(position, organisation, language), greeting);
        }
    }
}
